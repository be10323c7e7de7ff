"""Reads the first visible sheet of an xlsx file, in a process of its own with little memory and time.

``python -I child.py <file> <most rows>`` prints ``{"rows": [[cell, ...], ...]}`` or ``{"problem": "<why>"}``. It is
run as a file and imports nothing of ours, so that no setting and no secret is in the process that opens a stranger's
file. Row ``n`` of the answer is row ``n + 1`` of the sheet. Formulas give the values that were stored with them.
"""

from __future__ import annotations

import json
import resource
import sys
from datetime import date, datetime, time, timedelta
from typing import Any, Final

MEMORY: Final = 1_200_000_000
CPU_SECONDS: Final = 30
MOST_COLUMNS: Final = 60
MOST_EMPTY: Final = 1_000
LONGEST: Final = 2_000
#: Excel keeps 15 digits of a number.
EXACT: Final = 10**15


def _limit() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def text_of(value: Any) -> str:
    """What a cell says; a number too long for Excel stays as ``9.11401E+17``, so that it is seen as damaged."""
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, int | float):
        if value != value or abs(value) >= EXACT:
            return f"{value:E}"
        return str(int(value)) if value == int(value) else repr(value)
    if isinstance(value, datetime):
        midnight = value.time() == time()
        return value.date().isoformat() if midnight else value.isoformat(sep=" ", timespec="seconds")
    if isinstance(value, date | time):
        return value.isoformat()
    if isinstance(value, timedelta):
        return str(value)
    plain = str(value).encode("utf-8", "ignore").decode()
    return "".join(char for char in plain if char == "\n" or char.isprintable() or char == "\u3000").strip()[
        :LONGEST
    ]


def _read(file: str, most: int) -> dict[str, Any]:
    # Loaded after the limits are set.
    from python_calamine import CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

    book = CalamineWorkbook.from_path(file)
    names = [
        sheet.name
        for sheet in book.sheets_metadata
        if sheet.typ == SheetTypeEnum.WorkSheet and sheet.visible == SheetVisibleEnum.Visible
    ]
    if not names:
        return {"problem": "empty"}
    rows: list[list[str]] = []
    filled = empty = 0
    for cells in book.get_sheet_by_name(names[0]).iter_rows():
        row = [text_of(cell) for cell in cells[:MOST_COLUMNS]]
        while row and not row[-1]:
            row.pop()
        rows.append(row)
        filled, empty = (filled + 1, 0) if row else (filled, empty + 1)
        if filled > most:
            return {"problem": "too_many"}
        if empty > MOST_EMPTY:
            break
    while rows and not rows[-1]:
        rows.pop()
    return {"rows": rows} if rows else {"problem": "empty"}


def _main(file: str, most: str) -> None:
    _limit()
    try:
        answer = _read(file, int(most))
    except MemoryError:
        answer = {"problem": "too_heavy"}
    except BaseException as error:
        answer = {"problem": "broken", "error": type(error).__name__}
    sys.stdout.write(json.dumps(answer))


if __name__ == "__main__":
    _main(*sys.argv[1:])
