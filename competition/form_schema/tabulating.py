"""A form as tables: one walk over the schema gives every column, the same walk reads a filled form into rows.

    book = tabulate(schema)
    book.tables[0].columns          # the form itself: one row an entry
    for at, row in book.rows(version): ...   # at: which table; row: values in the order of its columns

Choices become words, numbers numbers, dates dates. Every table of the form and the part that repeats for each unit
is a table of its own; long texts stand in the last one with their counts, and only their counts in the first.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import partial
from typing import Any, Final

from competition.chars import count_chars
from competition.form_schema.checking import shown
from competition.form_schema.comparing import Version
from competition.form_schema.fields import NOT_APPLICABLE, NUMBER_KINDS, ROW_ID, Choice, Field
from competition.form_schema.section import FormSchema, Section
from competition.form_schema.values import as_dict, as_list, as_rows, as_text, decimal_of, is_date

FORM: Final = "参赛项目"
TEXTS: Final = "长文本"
TEXT_COLUMNS: Final = ("部分", "参赛单位", "栏目", "字数", "内容")


@dataclass(frozen=True)
class Place:
    """Where a value is read: sibling answers, derived values, the files and the start of their keys."""

    answers: Mapping[str, Any]
    derived: Mapping[str, Any]
    files: Mapping[str, Sequence[Any]]
    keys: str


Read = Callable[[Place], Any]


@dataclass(frozen=True)
class Column:
    """A column: where its value comes from ('market.data_sources.public.kinds'), its heading, how it is read."""

    key: str
    label: str
    read: Read


@dataclass(frozen=True)
class LongText:
    """A text too long for a cell among others."""

    key: str
    label: str
    read: Read


@dataclass(frozen=True)
class Table:
    """A sheet: its title and columns; ``path`` leads to the rows within the section's answers."""

    title: str
    section: Section | None
    columns: tuple[Column, ...]
    texts: tuple[LongText, ...] = ()
    field: Field | None = None
    path: tuple[str, ...] = ()

    @property
    def labels(self) -> tuple[str, ...]:
        """The headings, those that say which row it is included."""
        if self.title == TEXTS:
            return TEXT_COLUMNS
        lead = {"": (), "unit": ("参赛单位",)}[self.section.repeat if self.section else ""]
        return (*lead, *(("序号",) if self.field else ()), *(column.label for column in self.columns))


@dataclass(frozen=True)
class Book:
    """All tables of a form: the form itself, the units, the tables in its order, the long texts."""

    tables: tuple[Table, ...]
    sections: tuple[tuple[Section, tuple[Column, ...], tuple[LongText, ...]], ...] = field(repr=False)

    def rows(self, version: Version) -> Iterator[tuple[int, list[Any]]]:
        """The rows of one filled form, each with the number of its table."""
        last = len(self.tables) - 1
        first: list[Any] = []
        for section, columns, texts in self.sections:
            place = _place(section, version, None)
            first.extend(column.read(place) for column in columns)
            for row in _texts(section, texts, place, ""):
                yield last, row
        yield 0, first
        for at, table in enumerate(self.tables[1:-1], start=1):
            for row in _rows_of(table, version):
                yield at, row
            if table.section is not None and table.texts:
                for unit, name in version.units.items():
                    for row in _texts(table.section, table.texts, _place(table.section, version, unit), name):
                        yield last, row


def tabulate(schema: FormSchema) -> Book:
    """The tables of a form. Nothing is listed by hand: a field that is added has its column."""
    sections, units, tables = [], [], []
    for section in schema.sections:
        columns, texts, inner = _columns(section.fields, "", section.key)
        titled = tuple(Column(one.key, f"{section.title} · {one.label}", one.read) for one in columns)
        if section.repeat == "unit":
            units.append(Table(section.title, section, tuple(columns), tuple(texts)))
        else:
            sections.append((section, titled, tuple(texts)))
        tables += [
            Table(_title(found), section, tuple(cells), field=found, path=path)
            for found, path, cells in inner
        ]
    whole = Table(FORM, None, tuple(column for _, columns, _ in sections for column in columns))
    return Book((whole, *units, *tables, Table(TEXTS, None, ())), tuple(sections))


def _title(found: Field) -> str:
    return found.row_label or found.label


def _place(section: Section, version: Version, unit: int | None) -> Place:
    answers = version.answers.get((section.key, unit), {})
    return Place(answers, version.derived.get(unit, {}), version.files, f"{section.key}.")


Tables = list[tuple[Field, tuple[str, ...], list[Column]]]


def _columns(
    fields: tuple[Field, ...], prefix: str, key: str, path: tuple[str, ...] = ()
) -> tuple[list[Column], list[LongText], Tables]:
    """Columns, long texts and tables of sibling fields; ``path`` leads to them from the section's answers."""
    columns: list[Column] = []
    texts: list[LongText] = []
    tables: Tables = []
    for one in fields:
        label, own = f"{prefix}{one.label}".rstrip("："), f"{key}.{one.key}"
        inside = partial(_inside, path, fields, one)
        if one.kind == "block":
            more = _columns(one.fields, f"{label} · ", own, (*path, one.key))
            columns += more[0]
            texts += more[1]
            tables += more[2]
        elif one.kind == "table":
            columns.append(Column(own, f"{label} · 数量", inside(_count)))
            tables.append((one, (*path, one.key), _cells(one, own)))
        elif one.kind == "textarea":
            columns.append(Column(own, f"{label} · 字数", inside(_chars)))
            texts.append(LongText(own, label, inside(_text)))
        else:
            columns += _plain(one, label, own, inside)
    return columns, texts, tables


def _cells(table: Field, key: str) -> list[Column]:
    """Columns of a table's row; its texts are short enough for their cells."""
    found: list[Column] = []
    for one in table.fields:
        own, inside = f"{key}.{one.key}", partial(_inside, (), table.fields, one)
        if one.kind == "block":
            found += [
                column
                for part in one.fields
                for column in _plain(
                    part,
                    f"{one.label} · {part.label}",
                    f"{own}.{part.key}",
                    partial(_inside, (one.key,), one.fields, part),
                )
            ]
        else:
            found += _plain(one, one.label, own, inside)
    return found


def _plain(one: Field, label: str, key: str, inside: Callable[[Any], Read]) -> list[Column]:
    """The columns of a field that is no block and no table: its value, then its details or reason."""
    if one.kind == "file":
        found = [Column(key, f"{label} · 文件数", inside(_file_count))]
        if one.not_applicable:
            found.append(Column(f"{key}.na", f"{label} · 不适用的理由", inside(_reason)))
        return found
    unit = f"（{one.unit}）" if one.unit and f"（{one.unit}）" not in label else ""
    found = [Column(key, label + unit, inside(_value))]
    found += _details(one, label, key, inside, ())
    return found


def _details(
    one: Field, label: str, key: str, inside: Callable[[Any], Read], above: tuple[tuple[Choice, Field], ...]
) -> Iterator[Column]:
    """The columns of what stands behind the choices, and behind theirs."""
    for choice, detail, _ in one.details():
        group = f"{choice.group} · " if choice.group else ""
        name, own = f"{label} · {group}{choice.label} · {detail.label}", f"{key}.{choice.key}.{detail.key}"
        unit = f"（{detail.unit}）" if detail.unit and f"（{detail.unit}）" not in name else ""
        steps = (*above, (choice, detail))
        yield Column(own, name + unit, inside(partial(_detail, steps)))
        yield from _details(detail, name, own, inside, steps)


def _inside(path: tuple[str, ...], siblings: tuple[Field, ...], one: Field, read: Any) -> Read:
    """Read a field where it stands; None where its condition does not hold."""

    def found(place: Place) -> Any:
        answers, keys = place.answers, place.keys
        for step in path:
            answers, keys = as_dict(answers.get(step)), f"{keys}{step}."
        if not shown(one, siblings, answers, place.derived):
            return None
        if one.derived:
            details = as_dict(place.derived.get(f"{one.derived}.details"))
            answers = {**details, one.key: place.derived.get(one.derived)}
        return read(one, one.key, Place(answers, place.derived, place.files, keys))

    return found


def _value(one: Field, key: str, place: Place) -> Any:
    raw = place.answers.get(key)
    if one.kind == "tick":
        return "是" if raw else None
    if one.choices:
        chosen = as_list(raw) or as_list(one.default if raw is None and not one.derived else None)
        return "；".join(_said(choice) for choice in one.choices if choice.key in chosen) or None
    text = as_text(raw) or one.blank_is
    if one.kind in NUMBER_KINDS:
        number = decimal_of(text)
        return number if number is not None else text or None
    if one.kind == "date" and is_date(text):
        return date.fromisoformat(text)
    return text or None


def _said(choice: Choice) -> str:
    return f"{choice.group}：{choice.label}" if choice.group else choice.label


def _detail(steps: tuple[tuple[Choice, Field], ...], one: Field, key: str, place: Place) -> Any:
    """The value behind the last of the choices, None unless all of them are ticked."""
    for choice, detail in steps:
        if choice.key not in as_list(place.answers.get(key)):
            return None
        one, key = detail, f"{key}__{choice.key}__{detail.key}"
    return _value(one, key, place)


def _text(one: Field, key: str, place: Place) -> Any:
    return as_text(place.answers.get(key)) or None


def _chars(one: Field, key: str, place: Place) -> int:
    return count_chars(as_text(place.answers.get(key)))


def _count(one: Field, key: str, place: Place) -> int:
    return len(as_rows(place.answers.get(key)))


def _file_count(one: Field, key: str, place: Place) -> int:
    return len(place.files.get(place.keys + key, ()))


def _reason(one: Field, key: str, place: Place) -> Any:
    return as_text(place.answers.get(key + NOT_APPLICABLE)) or None


def _rows_of(table: Table, version: Version) -> Iterator[list[Any]]:
    section = table.section
    if section is None:
        return
    for unit, name in version.units.items() if section.repeat == "unit" else [(None, "")]:
        lead = [name] if section.repeat == "unit" else []
        place = _place(section, version, unit)
        if table.field is None:
            yield [*lead, *(column.read(place) for column in table.columns)]
            continue
        for number, row in enumerate(_records(table, place), start=1):
            keys = f"{place.keys}{'.'.join(table.path)}.{as_text(row.get(ROW_ID)) or number - 1}."
            inner = Place(row, place.derived, place.files, keys)
            yield [*lead, number, *(column.read(inner) for column in table.columns)]


def _records(table: Table, place: Place) -> list[Mapping[str, Any]]:
    if table.field is not None and table.field.derived:
        return as_rows(place.derived.get(table.field.derived))
    answers: Any = place.answers
    for step in table.path[:-1]:
        answers = as_dict(answers.get(step))
    return as_rows(answers.get(table.path[-1]))


def _texts(section: Section, texts: Sequence[LongText], place: Place, unit: str) -> Iterator[list[Any]]:
    for one in texts:
        text = one.read(place)
        if text:
            yield [section.title, unit or None, one.label, count_chars(text), text]
