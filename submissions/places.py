"""Where something in an entry stands: a section (of a unit), an input within it, or one place for files."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

_PLACE: Final = re.compile(r"([a-z0-9_]{1,40})(?:@(\d{1,18}))?(?:/([A-Za-z0-9_.-]{1,200}))?", re.ASCII)


@dataclass(frozen=True, slots=True)
class Place:
    """``market``, ``market/data_sources``, ``units@12/intro``; as text a key in JSON and forms.

    A path with dots is one place for files, by the lasting ids of its rows: ``cases/cases.r1.contract``.
    """

    section: str
    unit_id: int | None = None
    path: str = ""

    def __str__(self) -> str:
        unit = f"@{self.unit_id}" if self.unit_id is not None else ""
        return f"{self.section}{unit}" + (f"/{self.path}" if self.path else "")

    @classmethod
    def parse(cls, text: str) -> Place | None:
        """The place that a text names, or None."""
        match = _PLACE.fullmatch(text)
        if match is None:
            return None
        return cls(match[1], int(match[2]) if match[2] else None, match[3] or "")

    @classmethod
    def of_slot(cls, key: str) -> Place:
        """The place of an attachment key: ``attachments.video`` is a field, ``cases.cases.r1.contract`` in a row."""
        section, _, path = key.partition(".")
        return cls(section, None, path)

    @property
    def field(self) -> str:
        """The key of the top field: ``ip-patents-0-name`` is in ``ip``, ``data_sources__public__kinds`` in itself."""
        return self.path.split(".")[0].split("-")[0].split("__")[0]

    @property
    def slot(self) -> str:
        """The attachment key of a single place for files; '' for anything else."""
        return f"{self.section}.{self.path}" if "." in self.path else ""

    def covers(self, other: Place) -> bool:
        """Whether ``other`` is this place or lies in it; a section covers its fields, a field what is in it.

        One place for files covers itself alone: not its row's texts, not its neighbours' files.
        """
        if (self.section, self.unit_id) != (other.section, other.unit_id):
            return False
        if "." in self.path:
            return self.path == other.path
        return not self.path or self.field == other.field
