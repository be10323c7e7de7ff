"""Complete answers to any form: the least that a section accepts."""

from __future__ import annotations

from typing import Any

from competition.form_schema import Field, Section
from competition.form_schema.fields import NUMBER_KINDS, ROW_ID


def complete(section: Section) -> dict[str, Any]:
    """Answers of a section with which nothing is missing but files."""
    return _fields(section.fields)


def _fields(fields: tuple[Field, ...]) -> dict[str, Any]:
    answers: dict[str, Any] = {}
    for field in fields:
        if not field.derived:
            _fill(field, field.key, answers)
    return answers


def _fill(field: Field, key: str, answers: dict[str, Any]) -> None:
    value = _value(field)
    if value:
        answers[key] = value
    if field.not_applicable:
        answers[f"{key}__na"] = "本项目不涉及此类材料。"
    ticked = value if isinstance(value, list) else [value]
    for choice in field.choices:
        if choice.key in ticked:
            for detail in choice.details:
                _fill(detail, field.detail_key(choice, detail), answers)


def _value(field: Field) -> Any:
    if field.kind == "block":
        if field.one_of:
            return {field.one_of[0]: "10"}
        return _fields(field.fields)
    if field.kind == "table":
        return [{ROW_ID: f"r{n + 1}", **_fields(field.fields)} for n in range(field.min_rows)]
    if field.kind == "choices":
        return [field.choices[0].key]
    if field.kind == "choice":
        if field.default:
            return field.default
        return (
            "enterprise" if field.choice("enterprise") and field.key == "org_type" else field.choices[0].key
        )
    if field.kind in NUMBER_KINDS:
        return "0" if field.unit == "个" else "12"
    return {
        "date": "2015-06-01",
        "month": "2024-03",
        "tick": "",
        "file": None,
        "textarea": f"{field.label}的说明：汇聚多源数据，支撑业务应用。",
        "text": "示例名称",
    }[field.kind]
