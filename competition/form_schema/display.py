"""A section as something to read: labels, values, ticks and tables, without a word about HTML or PDF."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from competition.form_schema.binding import BoundField, BoundRow, Option
from competition.form_schema.fields import NUMBER_KINDS, Field
from competition.form_schema.values import decimal_of

TEXT: Final = "text"
PARAGRAPHS: Final = "paragraphs"
CHOICES: Final = "choices"
GROUP: Final = "group"
TABLE: Final = "table"
FILES: Final = "files"


@dataclass(frozen=True, slots=True)
class Tick:
    """A choice with its box; `details` are there only when it is ticked."""

    key: str
    label: str
    group: str
    ticked: bool
    details: tuple[Row, ...] = ()


@dataclass(frozen=True, slots=True)
class Record:
    """A row of a table: lasting id, '案例1', and its cells in the order of the columns."""

    id: str
    label: str
    cells: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class Row:
    """One labelled thing to show. `form` says which of the parts below holds it.

    text: `text`; paragraphs: `text` with line ends; choices: `ticks`; group: `parts`; table: `records` (with
    `columns` as headings and `text` as the count line); files: `attachment_key`, to be resolved by the caller,
    or `text` with the reason why it does not apply.
    """

    field: Field
    name: str
    form: str
    text: str = ""
    ticks: tuple[Tick, ...] = ()
    parts: tuple[Row, ...] = ()
    columns: tuple[str, ...] = ()
    records: tuple[Record, ...] = ()
    attachment_key: str = ""

    @property
    def label(self) -> str:
        """The field's label, verbatim."""
        return self.field.label

    @property
    def blind(self) -> str:
        """What an expert of the blind round may see of it."""
        return self.field.blind

    @property
    def blank(self) -> bool:
        """True when nothing was filled in (files are the caller's to know)."""
        if self.form == GROUP:
            return all(part.blank for part in self.parts)
        if self.form == CHOICES:
            return not any(tick.ticked for tick in self.ticks)
        return not self.records if self.form == TABLE else not self.text

    @property
    def chosen(self) -> str:
        """The ticked choices in one line: '企业管理：采购销售、其他（甲）；…'."""
        by_group: dict[str, list[str]] = {}
        for tick in self.ticks:
            if tick.ticked:
                inside = "，".join(detail.plain for detail in tick.details if not detail.blank)
                by_group.setdefault(tick.group, []).append(
                    f"{tick.label}（{inside}）" if inside else tick.label
                )
        return "；".join(
            f"{group}：{'、'.join(v)}" if group else "、".join(v) for group, v in by_group.items()
        )

    @property
    def plain(self) -> str:
        """The value in one line of text, whatever its form; for exports and comparison."""
        if self.form == CHOICES:
            return self.chosen
        if self.form == GROUP:
            return "；".join(f"{part.label}：{part.plain}" for part in self.parts if not part.blank)
        if self.form == TABLE:
            return "；".join(
                f"{record.label}："
                + "，".join(f"{cell.label} {cell.plain}" for cell in record.cells if not cell.blank)
                for record in self.records
            )
        return self.text


def rows_of(bound: Iterable[BoundField]) -> tuple[Row, ...]:
    """What there is to read of bound fields; those whose condition does not hold are left out."""
    return tuple(_row(one) for one in bound if one.visible)


def _row(bound: BoundField) -> Row:
    field = bound.field
    if field.kind == "block":
        return Row(field, bound.name, GROUP, parts=rows_of(bound.parts), text=_used_of(bound))
    if field.kind == "table":
        return _table(bound)
    if field.kind == "file":
        reason = f"不适用：{bound.na_reason}" if bound.na_reason else ""
        return Row(field, bound.name, FILES, text=reason, attachment_key=bound.attachment_key)
    if field.kind == "tick":
        tick = Tick("1", field.label, "", bool(bound.value))
        return Row(field, bound.name, CHOICES, ticks=(tick,))
    if field.choices:
        return _choices(bound)
    form = PARAGRAPHS if field.kind == "textarea" else TEXT
    return Row(field, bound.name, form, text=_value(bound))


def _used_of(bound: BoundField) -> str:
    return f"{bound.used}字" if bound.used else ""


def _choices(bound: BoundField) -> Row:
    """Short lists show every box; long look-ups only what was chosen."""
    if bound.field.style in ("lookup", "select"):
        return Row(bound.field, bound.name, CHOICES, ticks=tuple(_tick(option) for option in bound.chosen))
    return Row(bound.field, bound.name, CHOICES, ticks=tuple(_tick(option) for option in bound.options))


def _tick(option: Option) -> Tick:
    details = rows_of(option.details) if option.ticked else ()
    return Tick(option.choice.key, option.choice.label, option.choice.group, option.ticked, details)


def _table(bound: BoundField) -> Row:
    field = bound.field
    columns = tuple(column.label for column in field.fields)
    records = tuple(_record(row) for row in bound.rows)
    count = f"{field.count_label}：{len(records)}{field.count_unit}" if field.count_label else ""
    return Row(field, bound.name, TABLE, text=count, columns=columns, records=records)


def _record(row: BoundRow) -> Record:
    """Every column keeps its place; one whose condition does not hold stays blank."""
    cells = tuple(_row(cell) if cell.visible else Row(cell.field, cell.name, TEXT) for cell in row.cells)
    return Record(row.id, row.label, cells)


def _value(bound: BoundField) -> str:
    field = bound.field
    value = bound.value or field.blank_is
    if field.kind in NUMBER_KINDS and decimal_of(value) is not None:
        unit = field.unit if field.unit and f"（{field.unit}）" not in field.label else ""
        return f"{value}{' ' if unit and unit.isascii() and unit != '%' else ''}{unit}"
    return value
