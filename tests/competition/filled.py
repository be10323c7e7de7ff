"""A form filled in with just what it asks for, made from its own declaration."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from competition.form_schema import Field, FlatPost, FormSchema, Section, read_form

FOLDER = Path(__file__).resolve().parents[2] / "competition" / "editions" / "shanxi-2025"
FORM: FormSchema = read_form(FOLDER / "form.yaml")
PLAIN = {"number": "12.5", "integer": "3", "date": "2015-07-01", "month": "2024-03", "tick": "1"}

Values = dict[str, str | list[str]]


def section(key: str) -> Section:
    """A section of the real form."""
    found = FORM.section(key)
    assert found is not None
    return found


def parsed(key: str, values: Values) -> dict[str, object]:
    """The answers that a section of the real form reads from a post."""
    return section(key).parse(FlatPost(values))


def filled(key: str) -> Values:
    """A post of a section that leaves nothing to mend."""
    values: Values = {}
    _fill(section(key).fields, "", values)
    return values


def _fill(fields: Iterable[Field], prefix: str, values: Values) -> None:
    for field in fields:
        if not field.derived and field.show_if is None:
            _fill_one(field, prefix + field.key, values)


def _fill_one(field: Field, name: str, values: Values) -> None:
    if field.kind == "table":
        for index in range(max(field.min_rows, 1 if field.required else 0)):
            _fill(field.fields, f"{name}-{index}-", values)
    elif field.kind == "block":
        parts = [part for part in field.fields if not field.one_of or part.key == field.one_of[0]]
        _fill(parts, f"{name}-", values)
        if field.min_filled or field.one_of:
            values |= {one: "2" for one in _leaves(parts, f"{name}-") if one not in values}
    elif field.choices:
        first = field.choices[0]
        values[name] = [first.key] if field.kind == "choices" else first.key
        _fill(first.details, f"{name}__{first.key}__", values)
    elif field.kind in ("text", "textarea"):
        values[name] = "数据" * min(20, (field.max_chars or 100) // 2)
    elif field.kind != "file" and field.required:
        values[name] = PLAIN[field.kind]


def _leaves(fields: Iterable[Field], prefix: str) -> list[str]:
    names: list[str] = []
    for field in fields:
        inside = _leaves(field.fields, f"{prefix}{field.key}-") if field.fields else [prefix + field.key]
        names += inside
    return names
