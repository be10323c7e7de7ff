"""What differs between two states of a form: one walk over the schema, field by field. Values in, values out.

    changes = compare(schema, Version(answers, derived, files, units), Version(...))

Rows of a table are matched by their lasting id, files by their hash, choices one by one; in texts the words that
went and came are marked (wording.py).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final

from competition.form_schema.display import CHOICES, FILES, GROUP, PARAGRAPHS, TABLE, Record, Row, Tick
from competition.form_schema.section import FormSchema, Section
from competition.form_schema.wording import DELETED, INSERTED, SAME, Part, marked

CHANGED: Final = "changed"
ADDED: Final = "added"
REMOVED: Final = "removed"
MOVED: Final = "moved"


@dataclass(frozen=True)
class Version:
    """A state of the form.

    ``answers`` by (section, unit); ``derived`` by unit (None for the rest); ``files`` by attachment key, each with
    ``name`` and ``sha256``; ``units`` are the units' names in their order.
    """

    answers: Mapping[tuple[str, int | None], Mapping[str, Any]]
    derived: Mapping[int | None, Mapping[str, Any]] = field(default_factory=dict)
    files: Mapping[str, Sequence[Mapping[str, Any]]] = field(default_factory=dict)
    units: Mapping[int, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Change:
    """One difference: where (``market/data_sources``, ``units@12/intro``), what it is called, its kind, its words."""

    place: str
    section: str  #: the section's title, with the unit's name
    label: str
    kind: str
    parts: tuple[Part, ...]


@dataclass(frozen=True)
class _Walk:
    place: str
    section: str
    before: Version
    after: Version
    labels: tuple[str, ...] = ()

    def below(self, label: str) -> _Walk:
        return replace(self, labels=(*self.labels, label)) if label else self

    def change(self, path: str, kind: str, parts: Iterable[Part], label: str = "") -> Change:
        names = (*self.labels, label) if label else self.labels
        return Change(f"{self.place}/{path}", self.section, " · ".join(names), kind, tuple(parts))


def compare(schema: FormSchema, before: Version, after: Version) -> list[Change]:
    """Every difference in the form's order; an empty list when nothing differs."""
    return [change for section in schema.sections for change in _section(section, before, after)]


def _section(section: Section, before: Version, after: Version) -> Iterator[Change]:
    units: list[int | None] = [None]
    if section.repeat == "unit":
        units = list(dict.fromkeys((*before.units, *after.units)))
    for unit in units:
        name = after.units.get(unit) or before.units.get(unit, "") if unit is not None else ""
        walk = _Walk(
            section.key + (f"@{unit}" if unit is not None else ""),
            f"{section.title}：{name}" if name else section.title,
            before,
            after,
        )
        if unit is not None and (unit in before.units) != (unit in after.units):
            kind, op = (ADDED, INSERTED) if unit in after.units else (REMOVED, DELETED)
            yield walk.change("", kind, [Part(op, name)], "参赛单位")
        yield from _pairs(walk, _rows(section, before, unit), _rows(section, after, unit))


def _rows(section: Section, version: Version, unit: int | None) -> tuple[Row, ...]:
    if unit is not None and unit not in version.units:
        return ()
    derived = version.derived.get(unit, {})
    return section.rows(version.answers.get((section.key, unit), {}), derived=derived)


def _pairs(walk: _Walk, before: Sequence[Row], after: Sequence[Row]) -> Iterator[Change]:
    """Sibling rows by their field's key, in the order of the form."""
    old = {row.field.key: row for row in before}
    new = {row.field.key: row for row in after}
    for key in dict.fromkeys((*old, *new)):
        yield from _row(walk, old.get(key), new.get(key))


def _row(walk: _Walk, before: Row | None, after: Row | None) -> Iterator[Change]:
    known = after or before
    if known is None:
        return
    if known.form == GROUP:
        yield from _pairs(
            walk.below(known.label), before.parts if before else (), after.parts if after else ()
        )
    elif known.form == TABLE:
        yield from _table(walk.below(known.label), known, before, after)
    elif known.form == FILES:
        yield from _files(walk, known, before, after)
    elif CHOICES in (before and before.form, after and after.form):
        yield from _choices(walk, known, before, after)
    else:
        yield from _text(walk, known, before.text if before else "", after.text if after else "")


def _text(walk: _Walk, row: Row, before: str, after: str) -> Iterator[Change]:
    if before != after:
        whole = row.form != PARAGRAPHS and row.field.kind != "text"
        yield walk.change(row.name, _kind(before, after), marked(before, after, whole=whole), row.label)


def _kind(before: object, after: object) -> str:
    if before and after:
        return CHANGED
    return ADDED if after else REMOVED


def _choices(walk: _Walk, row: Row, before: Row | None, after: Row | None) -> Iterator[Change]:
    """Boxes that were ticked or cleared, then what changed behind the boxes that stayed ticked."""
    old, new = _ticked(before), _ticked(after)
    if old.keys() != new.keys():
        parts = [
            Part(SAME, _name(tick))
            if key in old and key in new
            else Part(DELETED if key in old else INSERTED, _said(tick))
            for key, tick in {**old, **new}.items()
        ]
        yield walk.change(row.name, _kind(old, new), _listed(parts), row.label)
    for key in (one for one in new if one in old):
        inside = walk.below(row.label).below(new[key].label)
        yield from _pairs(inside, old[key].details, new[key].details)


def _ticked(row: Row | None) -> dict[str, Tick]:
    return {tick.key: tick for tick in row.ticks if tick.ticked} if row is not None else {}


def _name(tick: Tick) -> str:
    return f"{tick.group}：{tick.label}" if tick.group else tick.label


def _said(tick: Tick) -> str:
    name = _name(tick)
    inside = "，".join(detail.plain for detail in tick.details if not detail.blank)
    return f"{name}（{inside}）" if inside else name


def _listed(parts: Sequence[Part]) -> Iterator[Part]:
    for number, part in enumerate(parts):
        if number:
            yield Part(SAME, "、")
        yield part


def _files(walk: _Walk, row: Row, before: Row | None, after: Row | None) -> Iterator[Change]:
    """Files by their hash: the same file under another name is no change."""
    old = _file_names(walk.before, before)
    new = _file_names(walk.after, after)
    reasons = before.text if before else "", after.text if after else ""
    if old.keys() != new.keys() or reasons[0] != reasons[1]:
        parts = [
            Part(SAME if key in old and key in new else DELETED if key in old else INSERTED, name)
            for key, name in {**old, **new}.items()
        ]
        if reasons[0] != reasons[1]:
            ops = (DELETED, INSERTED)
            parts += [Part(op, reason) for op, reason in zip(ops, reasons, strict=True) if reason]
        had, has = bool(old or reasons[0]), bool(new or reasons[1])
        yield walk.change(row.name, _kind(had, has), _listed(parts), row.label)


def _file_names(version: Version, row: Row | None) -> dict[str, str]:
    if row is None:
        return {}
    return {
        file["sha256"]: f"{file['name']}（{file['sha256'][:8]}）"
        for file in version.files.get(row.attachment_key, ())
    }


def _table(walk: _Walk, row: Row, before: Row | None, after: Row | None) -> Iterator[Change]:
    old, new = _records(before), _records(after)
    for key, record in new.items():
        if key in old:
            yield from _pairs(walk.below(record.label), old[key].cells, record.cells)
        else:
            yield walk.change(row.name, ADDED, [Part(INSERTED, _summary(record))], record.label)
    for key, record in old.items():
        if key not in new:
            yield walk.change(row.name, REMOVED, [Part(DELETED, _summary(record))], record.label)
    stayed = [key for key in old if key in new]
    if stayed != [key for key in new if key in old]:
        lists = (
            (DELETED, "、".join(old[key].label for key in stayed)),
            (INSERTED, "、".join(old[key].label for key in new if key in old)),
        )
        yield walk.change(row.name, MOVED, [Part(op, text) for op, text in lists], "行的顺序")


def _records(row: Row | None) -> dict[str, Record]:
    """By lasting id; rows that have none (members) by their first cell."""
    found: dict[str, Record] = {}
    for record in row.records if row is not None else ():
        key = record.id or (record.cells[0].plain if record.cells else "")
        while key in found:
            key += "+"
        found[key] = record
    return found


def _summary(record: Record) -> str:
    return "；".join(f"{cell.label}：{cell.plain}" for cell in record.cells if not cell.blank)
