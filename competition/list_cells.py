"""Cells of an imported list: what they say, or the sentence that says what to do."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import Final

from competition import identity

_DAMAGED: Final = re.compile(r"-?\d(\.\d+)?E\+\d+", re.IGNORECASE | re.ASCII)
_DAY: Final = re.compile(
    r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?(?:\s+00:00(?::00)?)?", re.ASCII
)
_COMPACT_DAY: Final = re.compile(r"(\d{4})(\d{2})(\d{2})", re.ASCII)
_SERIAL: Final = re.compile(r"\d{5}", re.ASCII)
_SERIAL_ZERO: Final = date(1899, 12, 30)
_YEARS: Final = range(2000, 2101)
LONGEST_NAME: Final = 200
MOST_NAMES: Final = 20


class Problems:
    """What is wrong with a row: at most one sentence a column."""

    def __init__(self) -> None:
        self._sentences: dict[str, str] = {}

    def add(self, label: str, sentence: str) -> None:
        """Note a sentence unless the column has one."""
        self._sentences.setdefault(label, sentence)

    def items(self) -> list[tuple[str, str]]:
        """Column and sentence, in the order in which they were found."""
        return list(self._sentences.items())

    def within(self, label: str, text: str, most: int) -> str:
        """The text in one line; a problem when it is longer than ``most`` characters."""
        line = " ".join(text.split())
        if len(line) > most:
            self.add(label, f"最多{most}个字，现为{len(line)}个字。")
        return line[:most]

    @staticmethod
    def number(text: str) -> str:
        """The sentence about a long number that Excel has shortened; '' when it has not."""
        if not _DAMAGED.fullmatch(text):
            return ""
        return (
            f"“{short(text)}”被当作数字保存，后几位已经丢失，无法还原。"
            "请把这一列设为文本格式，重新填写完整的号码。"
        )


def short(text: str) -> str:
    """As much of a cell as a sentence quotes."""
    return text if len(text) <= 20 else f"{text[:20]}…"


def code(label: str, text: str, problems: Problems) -> str:
    """A credit code as it is compared; '' for an empty cell or a wrong code (R47)."""
    found = identity.normalise_credit_code(text)
    if not found:
        return ""
    if problem := problems.number(text.strip()) or identity.credit_code_problem(found):
        problems.add(label, problem)
        return ""
    return found


def names_of(label: str, text: str, problems: Problems) -> tuple[str, ...]:
    """Names in one cell, parted by 、 ； or line ends, each once."""
    found: dict[str, str] = {}
    for part in re.split(r"[、；;\n]", text):
        name = problems.within(label, part, LONGEST_NAME)
        if key := identity.name_key(name):
            found.setdefault(key, name)
    if len(found) > MOST_NAMES:
        problems.add(label, f"最多{MOST_NAMES}个名称，现有{len(found)}个，请分行填写。")
    return tuple(found.values())[:MOST_NAMES]


def day_of(label: str, text: str, problems: Problems) -> date | None:
    """A day as Excel or people write it; None for an empty cell or what is no day."""
    plain = text.strip()
    if not plain:
        return None
    match = _DAY.fullmatch(plain) or _COMPACT_DAY.fullmatch(plain)
    try:
        if match:
            found = date(*(int(part) for part in match.groups()))
        elif _SERIAL.fullmatch(plain):  # a date whose cell was given a number's format
            found = _SERIAL_ZERO + timedelta(days=int(plain))
        else:
            raise ValueError(plain)
    except ValueError:
        problems.add(label, f"“{short(plain)}”不是日期，请写成 2025-10-01 的样子。")
        return None
    if found.year not in _YEARS:
        problems.add(label, f"“{short(plain)}”的年份不对，请核对。")
        return None
    return found


def year_of(label: str, text: str, problems: Problems) -> int | None:
    """A year, with or without 年; None for an empty cell or what is no year."""
    plain = text.strip().removesuffix("届").removesuffix("年").strip()
    if not plain:
        return None
    if re.fullmatch(r"\d{4}", plain, re.ASCII) and int(plain) in _YEARS:
        return int(plain)
    problems.add(label, f"“{short(text)}”不是年份，请写成 2024 的样子。")
    return None
