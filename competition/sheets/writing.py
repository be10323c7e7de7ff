"""Write xlsx files whose cells are what they say: text stays text, whatever it begins with."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from io import BytesIO
from typing import IO, Any, Final

import xlsxwriter
from django.utils import timezone
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

LONGEST_CELL: Final = 32_767
LONGEST_TITLE: Final = 31
#: Excel keeps 15 digits of a number; longer ones are written as text.
EXACT: Final = 10**15
NARROWEST, WIDEST = 10, 40


@dataclass(frozen=True)
class Sheet:
    """A table: its title, the headings, and rows of text, numbers, dates or None, read once."""

    title: str
    columns: list[str]
    rows: Iterable[list[Any]]


_OPTIONS: Final = {
    "constant_memory": True,
    "strings_to_formulas": False,
    "strings_to_numbers": False,
    "strings_to_urls": False,
}


def workbook(sheets: Iterable[Sheet]) -> bytes:
    """An xlsx file with a frozen heading row and filters; rows are written as they come, in constant memory."""
    target = BytesIO()
    with xlsxwriter.Workbook(target, _OPTIONS) as book:
        formats = _formats(book)
        for title, sheet in _titled(sheets):
            page = book.add_worksheet(title)
            _head(page, sheet, formats)
            last = 0
            for last, row in enumerate(sheet.rows, start=1):
                _write_row(page, last, row, formats)
            _foot(page, sheet, last)
    return target.getvalue()


def write_workbook(target: IO[bytes], sheets: Sequence[Sheet], rows: Iterable[tuple[int, list[Any]]]) -> None:
    """The same into an open file, for rows that come mixed, each with the number of its sheet: one pass over large
    data fills all sheets, in constant memory. ``sheets`` give titles and columns; their own rows are not read."""
    with xlsxwriter.Workbook(target, _OPTIONS) as book:
        formats = _formats(book)
        pages = [book.add_worksheet(title) for title, _ in _titled(sheets)]
        for page, sheet in zip(pages, sheets, strict=True):
            _head(page, sheet, formats)
        last = [0] * len(pages)
        for at, row in rows:
            last[at] += 1
            _write_row(pages[at], last[at], row, formats)
        for page, sheet, end in zip(pages, sheets, last, strict=True):
            _foot(page, sheet, end)


def _formats(book: xlsxwriter.Workbook) -> dict[str, Format]:
    return {
        "head": book.add_format({"bold": True, "bg_color": "#F4F6FA", "bottom": 1}),
        "day": book.add_format({"num_format": "yyyy-mm-dd"}),
        "instant": book.add_format({"num_format": "yyyy-mm-dd hh:mm"}),
        "text": book.add_format({"num_format": "@"}),
    }


def _head(page: Worksheet, sheet: Sheet, formats: dict[str, Format]) -> None:
    for column, label in enumerate(sheet.columns):
        page.write_string(0, column, label, formats["head"])
        page.set_column(column, column, min(max(len(label) * 2 + 4, NARROWEST), WIDEST))


def _write_row(page: Worksheet, number: int, row: list[Any], formats: dict[str, Format]) -> None:
    for column, value in enumerate(row):
        _write(page, number, column, value, formats)


def _foot(page: Worksheet, sheet: Sheet, last: int) -> None:
    page.freeze_panes(1, 0)
    if sheet.columns:
        page.autofilter(0, 0, last, len(sheet.columns) - 1)


def _write(page: Worksheet, row: int, column: int, value: Any, formats: dict[str, Format]) -> None:
    if value is None or value == "":
        return
    if isinstance(value, bool):
        page.write_string(row, column, "是" if value else "否")
    elif isinstance(value, int | float | Decimal) and -EXACT < value < EXACT:
        page.write_number(row, column, value)
    elif isinstance(value, datetime):
        local = timezone.localtime(value) if timezone.is_aware(value) else value
        page.write_datetime(row, column, local.replace(tzinfo=None), formats["instant"])
    elif isinstance(value, date):
        page.write_datetime(row, column, value, formats["day"])
    else:
        page.write_string(row, column, str(value)[:LONGEST_CELL], formats["text"])


def _titled(sheets: Iterable[Sheet]) -> Iterator[tuple[str, Sheet]]:
    """Each sheet with a title that Excel accepts and no other sheet has."""
    seen: set[str] = set()
    for number, sheet in enumerate(sheets, start=1):
        title = re.sub(r"[\[\]:*?/\\\x00-\x1f]", " ", sheet.title).strip().strip("'")[:LONGEST_TITLE] or "表"
        if title.upper() in seen:
            title = f"{title[: LONGEST_TITLE - 4]}{number}"
        seen.add(title.upper())
        yield title, sheet
