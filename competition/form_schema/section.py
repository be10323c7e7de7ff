"""A section (one editing page) and the whole form."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Iterator, Mapping
from dataclasses import asdict, dataclass
from functools import cached_property
from typing import Any

from competition.form_schema.binding import Binder, BoundField, BoundRow, bind_fields
from competition.form_schema.checking import Problem, Where, chars_below, check_fields, over_cap
from competition.form_schema.display import Row, rows_of
from competition.form_schema.fields import Field
from competition.form_schema.posting import Post, canonical_inputs, initial_fields, parse_fields, unknown_keys


@dataclass(frozen=True, slots=True)
class Progress:
    """How many of the things that must be filled in are in order."""

    done: int
    total: int

    @property
    def percent(self) -> int:
        """0 to 100; a section that asks for nothing is complete."""
        return 100 * self.done // self.total if self.total else 100

    @property
    def complete(self) -> bool:
        """True when nothing is left."""
        return self.done >= self.total


@dataclass(frozen=True, slots=True)
class Slot:
    """A place for files that the answers open up: its key, its field, and in which row it stands ('案例1')."""

    key: str
    field: Field
    name: str
    row_label: str
    na_reason: str

    @property
    def label(self) -> str:
        """What the slot is called: '案例1 · 合同证明'."""
        return f"{self.row_label} · {self.field.label}" if self.row_label else self.field.label


@dataclass(frozen=True)
class Section:
    """One page of the form. `answers` are those of this section alone (for `repeat` == 'unit': of one unit).

    `files` are the attachment keys that hold at least one file; `derived` holds the read-only values by the names
    that the fields' `derived` give ('unit.name'; the details of a derived choice under '<name>.details').
    """

    key: str
    title: str
    part: str
    heading: str
    fields: tuple[Field, ...]
    block: str = ""  #: the label of the annex's block that the fields are items of
    required: bool = False  #: the block carries the star
    guide: str = ""
    repeat: str = ""  #: '' or 'unit'
    max_chars: int | None = None  #: of all texts together

    def parse(self, post: Post) -> dict[str, Any]:
        """The answers in a post (see posting.py for the names); never raises, ignores what it does not know."""
        return parse_fields(self.fields, post)

    def canonical(self, post: Post) -> list[tuple[str, str, str]]:
        """Numbers and dates that are stored otherwise than typed: input name, as typed, as stored."""
        return list(canonical_inputs(self.fields, post))

    def initial(self, answers: Mapping[str, Any]) -> dict[str, str | list[str]]:
        """Input name -> value as stored, right or wrong; the inverse of parse."""
        return initial_fields(self.fields, answers)

    def unknown(self, answers: Mapping[str, Any]) -> list[str]:
        """Paths in stored answers that this form does not know."""
        return unknown_keys(self.fields, answers)

    def check(
        self,
        answers: Mapping[str, Any],
        *,
        complete: bool,
        files: Collection[str] = (),
        derived: Mapping[str, Any] | None = None,
    ) -> list[Problem]:
        """Problems in the order of the form; with `complete` also what is missing (R65, R100-R104)."""
        where = Where(complete=complete, files=files, derived=derived or {}, keys=f"{self.key}.")
        problems = list(check_fields(self.fields, answers, where))
        if self.max_chars is not None:
            first = self.fields[0]
            for sentence, kind in over_cap(chars_below(self.fields, answers), self.max_chars):
                problems.append(Problem(first.key, self.heading or self.title, f"各部分合计{sentence}", kind))
        return problems

    def used_chars(self, answers: Mapping[str, Any]) -> int:
        """Characters of all texts together, for the counter of the section's cap."""
        return chars_below(self.fields, answers)

    def progress(
        self,
        answers: Mapping[str, Any],
        *,
        files: Collection[str] = (),
        derived: Mapping[str, Any] | None = None,
    ) -> Progress:
        """How many of the section's required items are in order."""
        return self.progress_with(self.check(answers, complete=True, files=files, derived=derived))

    def progress_with(self, problems: Collection[Problem]) -> Progress:
        """The same, when all that is wrong and missing is known already."""
        troubled = {problem.path.split("-")[0].split("__")[0] for problem in problems if problem.blocking}
        items = [field.key for field in self.fields if not field.derived and _asks(field)]
        items += [key for key in troubled if key not in items]
        return Progress(sum(key not in troubled for key in items), len(items))

    @cached_property
    def has_files(self) -> bool:
        """Whether anything in it is a file."""
        return any(one.kind == "file" for field in self.fields for one in field.walk())

    def bind(
        self,
        answers: Mapping[str, Any],
        *,
        problems: Collection[Problem] = (),
        derived: Mapping[str, Any] | None = None,
    ) -> tuple[BoundField, ...]:
        """The fields with answers and problems, for the editing page."""
        by_path: dict[str, tuple[Problem, ...]] = {}
        for problem in problems:
            by_path[problem.path] = (*by_path.get(problem.path, ()), problem)
        return bind_fields(self.fields, answers, Binder(by_path, derived or {}, keys=f"{self.key}."))

    def rows(
        self, answers: Mapping[str, Any], *, derived: Mapping[str, Any] | None = None
    ) -> tuple[Row, ...]:
        """The section to read: PDF, read-only page, blind view and comparison are made from it."""
        return rows_of(self.bind(answers, derived=derived))

    def slots(self, answers: Mapping[str, Any]) -> tuple[Slot, ...]:
        """The places for files that these answers open up; a file under any other key is an orphan."""
        return tuple(_slots(self.bind(answers)))


def _asks(field: Field) -> bool:
    """True when the field, or something inside it, must be filled in whatever else is said."""
    if field.kind == "table":
        return field.required or field.min_rows > 0
    return field.required or any(_asks(part) for part in field.fields)


def _slots(bound: tuple[BoundField, ...], row: BoundRow | None = None) -> Iterator[Slot]:
    for one in bound:
        if one.attachment_key and one.visible:
            yield Slot(one.attachment_key, one.field, one.name, row.label if row else "", one.na_reason)
        yield from _slots(one.parts, row)
        for inner in one.rows:
            yield from _slots(inner.cells, inner)


@dataclass(frozen=True, slots=True)
class CoverLine:
    """A line of the form's cover, filled from elsewhere."""

    key: str
    label: str
    derived: str


@dataclass(frozen=True, slots=True)
class ScanRule:
    """What the scan of the stamped form may be."""

    label: str
    accept: tuple[str, ...]
    max_mb: int


@dataclass(frozen=True)
class FormSchema:
    """The application form of an edition."""

    title: str
    cover: tuple[CoverLine, ...]
    scan: ScanRule
    sections: tuple[Section, ...]

    def section(self, key: str) -> Section | None:
        """The section with this key, or None."""
        return next((section for section in self.sections if section.key == key), None)

    def find_slot(self, key: str) -> tuple[Section, Field] | None:
        """The section and file field that an attachment key belongs to, whatever row it names; None if there is none."""
        parts = key.split(".")
        section = self.section(parts[0])
        field = _descend(section.fields, parts[1:]) if section else None
        return (section, field) if section and field and field.kind == "file" else None

    @cached_property
    def digest(self) -> str:
        """SHA-256 (hex) of the whole declaration; the same for the same form, whatever the file's layout."""
        plain = json.dumps(asdict(self), ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        return hashlib.sha256(plain.encode()).hexdigest()


def _descend(fields: tuple[Field, ...], path: list[str]) -> Field | None:
    field = next((one for one in fields if path and one.key == path[0]), None)
    if field is None or len(path) == 1:
        return field
    if field.kind == "table":
        return _descend(field.fields, path[2:]) if len(path) > 2 else None
    return _descend(field.fields, path[1:]) if field.kind == "block" else None
