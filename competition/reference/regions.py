"""Administrative divisions of China: province, city, county, as a cascade."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Final

FILE: Final = Path(__file__).with_name("regions.csv")
SHANXI: Final = "140000"
#: Regions that are provinces in the list but not among the 31 sources of an entry.
_NOT_A_SOURCE: Final = frozenset({"710000", "810000", "820000"})
XPCC: Final = ("xpcc", "新疆生产建设兵团")
CHANNEL: Final = ("channel", "推荐渠道")


@dataclass(frozen=True, slots=True)
class Region:
    """One division; `level` is province, city or county, `parent` the code of the one above."""

    code: str
    name: str
    level: str
    parent: str
    alias: str = ""


@cache
def _all() -> Mapping[str, Region]:
    with FILE.open(encoding="utf-8", newline="") as lines:
        return MappingProxyType({row["code"]: Region(**row) for row in csv.DictReader(lines)})


@cache
def _children() -> Mapping[str, tuple[Region, ...]]:
    below: dict[str, list[Region]] = {}
    for region in _all().values():
        below.setdefault(region.parent, []).append(region)
    return MappingProxyType({code: tuple(regions) for code, regions in below.items()})


def region(code: str) -> Region | None:
    """The division with this six-digit code, or None."""
    return _all().get(code)


def provinces() -> tuple[Region, ...]:
    """The 34 provincial regions in the order of their codes."""
    return region_children("")


def region_children(code: str) -> tuple[Region, ...]:
    """What stands one step below; counties of a municipality hang on the province. Empty for unknown codes."""
    return _children().get(code, ())


def region_path(code: str) -> tuple[Region, ...]:
    """The division and everything above it, province first; empty for an unknown code."""
    path: list[Region] = []
    current = region(code)
    while current is not None:
        path.insert(0, current)
        current = region(current.parent)
    return tuple(path)


def region_label(code: str) -> str:
    """'山西省太原市小店区', or '' for an unknown code."""
    return "".join(step.name for step in region_path(code))


def is_complete_region(code: str) -> bool:
    """True when the code exists and nothing stands below it, so that an address names its county."""
    return region(code) is not None and not region_children(code)


def province_choices() -> tuple[tuple[str, str], ...]:
    """34 provincial regions and 新疆生产建设兵团, as (key, label), for a case's 所属省份."""
    return (*((province.code, province.name) for province in provinces()), XPCC)


def source_choices() -> tuple[tuple[str, str], ...]:
    """31 provinces, 新疆生产建设兵团 and 推荐渠道, as (key, label), for an entry's 项目来源."""
    listed = ((one.code, one.name) for one in provinces() if one.code not in _NOT_A_SOURCE)
    return (*listed, XPCC, CHANNEL)
