"""A section's fields together with their answers and problems, for a template to walk.

One partial per `bound.field.widget`; blocks have `parts`, tables `rows` and a `blank_row` to copy, choices `options`
with their `details`. Names and ids are those of parse and of Problem.path.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

from competition.chars import count_chars
from competition.form_schema.checking import Problem, chars_below, shown
from competition.form_schema.fields import NOT_APPLICABLE, ROW_ID, TEXT_KINDS, Choice, Field
from competition.form_schema.values import as_dict, as_list, as_rows, as_text

#: Stands for the row's place in the names of a blank row; a script replaces it.
BLANK_INDEX: Final = "__index__"
#: The lasting id of a row made from the blank one: 'n5' when the page gave it the place 5.
BLANK_ROW_ID: Final = f"n{BLANK_INDEX}"


@dataclass(frozen=True, slots=True)
class Option:
    """A choice on the page."""

    choice: Choice
    name: str
    id: str
    ticked: bool
    details: tuple[BoundField, ...]


@dataclass(frozen=True, slots=True)
class BoundRow:
    """A row of a table: its lasting id, its place on the page, its cells."""

    id: str
    index: str
    prefix: str
    label: str
    cells: tuple[BoundField, ...]


@dataclass(frozen=True, slots=True)
class BoundField:
    """A field with what stands in it."""

    field: Field
    name: str
    value: str
    values: tuple[str, ...]
    problems: tuple[Problem, ...]
    visible: bool
    required: bool
    used: int | None  #: characters so far, where a cap holds
    options: tuple[Option, ...]
    parts: tuple[BoundField, ...]
    rows: tuple[BoundRow, ...]
    blank_row: BoundRow | None
    attachment_key: str  #: of files and of derived ones ''
    na_reason: str
    show_if_name: str  #: the input that the field's condition looks at
    required_if_name: str

    @property
    def id(self) -> str:
        """The id of the input (or of the group's fieldset)."""
        return f"id_{self.name}"

    @property
    def errors(self) -> tuple[Problem, ...]:
        """Problems that stand in the way of a submission."""
        return tuple(problem for problem in self.problems if problem.blocking)

    @property
    def warnings(self) -> tuple[Problem, ...]:
        """Problems that do not."""
        return tuple(problem for problem in self.problems if not problem.blocking)

    @property
    def grouped_options(self) -> tuple[tuple[str, tuple[Option, ...]], ...]:
        """The options under their headings ('' when there are none)."""
        return tuple(
            (group, tuple(option for option in self.options if option.choice.group == group))
            for group in self.field.groups
        )

    @property
    def chosen(self) -> tuple[Option, ...]:
        """The ticked options."""
        return tuple(option for option in self.options if option.ticked)


@dataclass(frozen=True, slots=True)
class Binder:
    """What every step of the walk needs."""

    problems: Mapping[str, tuple[Problem, ...]]
    derived: Mapping[str, Any]
    prefix: str = ""
    keys: str = ""

    def below(self, key: str, file_key: str = "") -> Binder:
        """One step down."""
        return replace(self, prefix=f"{self.prefix}{key}-", keys=f"{self.keys}{file_key or key}.")


def bind_fields(
    fields: Iterable[Field], answers: Mapping[str, Any], binder: Binder
) -> tuple[BoundField, ...]:
    """Bind sibling fields to their answers."""
    siblings = tuple(fields)
    return tuple(
        _bind(field, field.key, answers, binder, shown(field, siblings, answers, binder.derived))
        for field in siblings
    )


def _bind(field: Field, key: str, answers: Mapping[str, Any], binder: Binder, visible: bool) -> BoundField:
    stored: Any = answers
    if field.derived:
        known = binder.derived.get(field.derived)
        stored = {**as_dict(binder.derived.get(f"{field.derived}.details")), key: known}
    value = stored.get(key)
    text = as_text(value)
    name = binder.prefix + key
    if value is None and field.default and not field.derived:
        text = field.default
    return BoundField(
        field=field,
        name=name,
        value=text,
        values=tuple(as_list(value) if field.kind == "choices" else as_list(text)),
        problems=binder.problems.get(name, ()),
        visible=visible,
        required=field.required,
        used=_used(field, text, value),
        options=_options(field, key, stored, binder, text),
        parts=bind_fields(field.fields, as_dict(value), binder.below(key)) if field.kind == "block" else (),
        rows=_rows(field, key, value, binder),
        blank_row=_blank_row(field, key, binder),
        attachment_key=binder.keys + key if field.kind == "file" else "",
        na_reason=as_text(stored.get(key + NOT_APPLICABLE)),
        show_if_name=binder.prefix + field.show_if.field if field.show_if else "",
        required_if_name=binder.prefix + field.required_if.field if field.required_if else "",
    )


def _used(field: Field, text: str, value: object) -> int | None:
    if field.max_chars is None and field.kind != "textarea":
        return None
    if field.kind == "block":
        return chars_below(field.fields, as_dict(value))
    return count_chars(text) if field.kind in TEXT_KINDS else None


def _options(
    field: Field, key: str, stored: Mapping[str, Any], binder: Binder, text: str
) -> tuple[Option, ...]:
    """The choices on the page; of a long look-up only what is ticked: the page has the list once."""
    ticked = as_list(stored.get(key)) if field.kind == "choices" else [text]
    name = binder.prefix + key
    return tuple(
        Option(
            choice,
            name,
            f"id_{name}__{choice.key}",
            choice.key in ticked,
            _details(field, key, choice, stored, binder),
        )
        for choice in field.choices
        if field.style != "lookup" or choice.key in ticked
    )


def _details(
    field: Field, key: str, choice: Choice, stored: Mapping[str, Any], binder: Binder
) -> tuple[BoundField, ...]:
    """Details are shown whether ticked or not: the page folds them, so that nothing typed is lost."""
    return tuple(
        _bind(detail, f"{key}__{choice.key}__{detail.key}", stored, binder, visible=True)
        for detail in choice.details
    )


def _rows(field: Field, key: str, value: object, binder: Binder) -> tuple[BoundRow, ...]:
    if field.kind != "table":
        return ()
    return tuple(_row(field, key, str(index), row, binder) for index, row in enumerate(as_rows(value)))


def _blank_row(field: Field, key: str, binder: Binder) -> BoundRow | None:
    return _row(field, key, BLANK_INDEX, {}, binder) if field.kind == "table" and not field.derived else None


def _row(field: Field, key: str, index: str, row: Mapping[str, Any], binder: Binder) -> BoundRow:
    row_id = as_text(row.get(ROW_ID)) or (BLANK_ROW_ID if index == BLANK_INDEX else "")
    inside = binder.below(key).below(index, row_id or index)
    label = f"{field.row_label}{int(index) + 1}" if index != BLANK_INDEX else field.row_label
    return BoundRow(row_id, index, inside.prefix, label, bind_fields(field.fields, row, inside))
