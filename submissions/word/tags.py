"""The names of the form's places inside a Word document: what stands in ``w:tag`` of its content controls.

overview/background                     a field
market/data_sources=public              a box to tick
market/data_sources__public__kinds=open a box among the details of a choice
cases/cases-r1-period-start             a cell of the row whose lasting id is r1
cases/cases-new2-needs                  a cell of an empty row, for a case that is not there yet
units@12/intro                          a unit's section; units.1/intro in the blank form, where units have no id
=team/team_name                         printed from the registration, never read back
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import Final

#: Word refuses a document with a longer tag.
LONGEST: Final = 64
_TAG: Final = re.compile(
    r"(=?)([a-z0-9_]{1,40})(?:([@.])(\d{1,12}))?/([a-z0-9_-]{1,120})(?:=([a-z0-9_]{1,40}))?", re.ASCII
)
_NEW: Final = re.compile(r"new\d{1,3}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Tag:
    """A place in a document. ``unit_id`` of a team's own form, ``ordinal`` of the blank one."""

    section: str
    path: str
    unit_id: int | None = None
    ordinal: int | None = None
    option: str = ""
    printed: bool = False

    def __str__(self) -> str:
        unit = f"@{self.unit_id}" if self.unit_id is not None else ""
        unit = f".{self.ordinal}" if self.ordinal is not None else unit
        option = f"={self.option}" if self.option else ""
        return f"{'=' if self.printed else ''}{self.section}{unit}/{self.path}{option}"

    @classmethod
    def parse(cls, text: str) -> Tag | None:
        """The place that a tag names, or None when it is none of ours."""
        match = _TAG.fullmatch(text)
        if match is None:
            return None
        number = int(match[4]) if match[4] else None
        return cls(
            section=match[2],
            path=match[5],
            unit_id=number if match[3] == "@" else None,
            ordinal=number if match[3] == "." else None,
            option=match[6] or "",
            printed=bool(match[1]),
        )

    def below(self, key: str) -> Tag:
        """The place one step down."""
        return replace(self, path=f"{self.path}-{key}" if self.path else key)

    def at(self, option: str) -> Tag:
        """The box of a choice."""
        return replace(self, option=option)


def new_row(number: int) -> str:
    """The id that an empty row bears in a document."""
    return f"new{number}"


def is_new_row(row_id: str) -> bool:
    """Whether a row's id in a document says that it is not stored yet."""
    return bool(_NEW.fullmatch(row_id))
