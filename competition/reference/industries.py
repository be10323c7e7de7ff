"""GB/T 4754-2017: 20 sections, 97 divisions, 473 groups (the notice's 行业中类, R101)."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Final

FILE: Final = Path(__file__).with_name("industries.csv")
_LEVELS: Final = {1: "section", 2: "division", 3: "group"}


@dataclass(frozen=True, slots=True)
class Industry:
    """One entry of the standard; `level` is section (A), division (01) or group (011)."""

    code: str
    name: str
    level: str
    parent: str


@cache
def _all() -> Mapping[str, Industry]:
    """Every entry; what stands above a line is the last line of the level above."""
    found: dict[str, Industry] = {}
    last: dict[int, str] = {0: ""}
    with FILE.open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines):
            code, depth = row["code"], len(row["code"])
            last[depth] = code
            found[code] = Industry(code, row["name"], _LEVELS[depth], last[depth - 1])
    return MappingProxyType(found)


def industry(code: str) -> Industry | None:
    """The entry with this code, or None."""
    return _all().get(code)


@cache
def _at(level: str) -> tuple[Industry, ...]:
    return tuple(one for one in _all().values() if one.level == level)


def sections() -> tuple[Industry, ...]:
    """The 20 sections A to T."""
    return _at("section")


def divisions() -> tuple[Industry, ...]:
    """The 97 divisions."""
    return _at("division")


def industry_groups() -> tuple[Industry, ...]:
    """The 473 groups."""
    return _at("group")


def industry_label(code: str) -> str:
    """'011 谷物种植', or '' when the code is unknown."""
    one = industry(code)
    return f"{one.code} {one.name}" if one else ""


def heading_of(code: str) -> str:
    """What a group stands under: '06 煤炭开采和洗选业（采矿业）'; '' for a code that is no group's."""
    one = industry(code)
    if one is None or one.level != "group":
        return ""
    division, section = _above(one)
    return f"{division.code} {division.name}（{section.name}）"


def industry_choices() -> tuple[tuple[str, str], ...]:
    """The groups as (code, label)."""
    return tuple((one.code, industry_label(one.code)) for one in industry_groups())


def _above(one: Industry) -> tuple[Industry, ...]:
    chain: list[Industry] = []
    current = industry(one.parent)
    while current is not None:
        chain.append(current)
        current = industry(current.parent)
    return tuple(chain)
