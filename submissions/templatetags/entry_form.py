"""What the form's partials ask of fields, files and answers."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from itertools import groupby
from typing import Any

from django import template
from django.template.context import Context
from django.template.loader import get_template
from django.utils.safestring import SafeString, mark_safe

from competition.files import KINDS, kind_names
from competition.form_schema import BLANK_INDEX, BoundField, Choice, Condition, Field
from competition.handing import INLINE
from competition.reference import heading_of
from submissions.services.attachments import kinds_of

register = template.Library()
_KIND_NAMES = dict(KINDS.values())


@register.filter
def at(mapping: Mapping[str, Any] | None, key: str) -> Any:
    """The value under a key, or None."""
    return mapping.get(key) if mapping else None


@register.filter
def upload_hint(field: Field) -> str:
    """``PDF、JPG 图片，每个不超过 20 MB，最多 5 个``."""
    size = f"{field.max_mb // 1024} GB" if field.max_mb % 1024 == 0 else f"{field.max_mb} MB"
    most = f"，最多 {field.max_files} 个" if field.max_files > 1 else ""
    return f"{kind_names(kinds_of(field.accept))}，每个不超过 {size}{most}"


@register.filter
def upload_accept(field: Field) -> str:
    """``.pdf,.jpg`` for a file input."""
    return ",".join(f".{extension}" for extension in field.accept)


@register.filter
def kind_name(content_type: str) -> str:
    """``PDF`` for application/pdf; the content type itself for what no slot takes."""
    return _KIND_NAMES.get(content_type, content_type)


@register.filter
def viewable(content_type: str) -> bool:
    """Whether the page can show such a file: a PDF, a picture, a film."""
    return content_type in INLINE


@register.filter
def condition(bound: BoundField) -> str:
    """``name=a|b`` for data-show-if; '' without a condition that a page can see."""
    return _condition(bound.field.show_if, bound.show_if_name)


@register.filter
def required_condition(bound: BoundField) -> str:
    """``name=a|b`` or ``name>0`` for data-required-if."""
    return _condition(bound.field.required_if, bound.required_if_name)


def next_index(bound: BoundField) -> int:
    """The place for a new row: above every place and every number in a row's id, so that none is used twice."""
    numbers = [int(match[1]) + 1 for row in bound.rows if (match := re.fullmatch(r"[a-z](\d{1,6})", row.id))]
    return max([len(bound.rows), *numbers])


@register.simple_tag(takes_context=True)
def row_plan(context: Context, bound: BoundField) -> dict[str, Any]:
    """Whether the page shows an empty row after those that are there, and the place for the row after that.

    Two rows of one place would post under the same names, and one would be lost.
    """
    blank = context.get("blank_row") == bound.name or (not bound.rows and bound.field.min_rows > 0)
    return {"blank": blank, "next": next_index(bound) + blank}


@register.filter
def text_ids(fields: Iterable[BoundField]) -> str:
    """The ids of all texts below, for a counter over them."""
    return " ".join(_text_ids(fields))


@register.filter
def strange_values(bound: BoundField) -> list[str]:
    """What was typed into a look-up and is in no list."""
    return [value for value in bound.values if bound.field.choice(value) is None]


@register.filter
def by_heading(choices: Iterable[Choice]) -> list[tuple[str, list[Choice]]]:
    """A long list's choices under the headings of their standard; all under '' when it has none."""
    return [(heading, list(some)) for heading, some in groupby(choices, key=lambda one: heading_of(one.key))]


@register.simple_tag(takes_context=True)
def blank_row_now(context: Context, bound: BoundField) -> SafeString:
    """An empty row after those that are there, for pages without a script."""
    with context.push(f=bound, row=bound.blank_row):
        html = get_template("submissions/fields/_row.html").template.render(context)  # type: ignore[attr-defined]
    return mark_safe(html.replace(BLANK_INDEX, str(next_index(bound))))


def _condition(found: Condition | None, name: str) -> str:
    if found is None or not name:
        return ""
    return f"{name}>0" if found.positive else f"{name}={'|'.join(found.values)}"


def _text_ids(fields: Iterable[BoundField]) -> Iterator[str]:
    for bound in fields:
        if bound.parts:
            yield from _text_ids(bound.parts)
        elif bound.field.kind in ("text", "textarea") and not bound.field.derived:
            yield bound.id
