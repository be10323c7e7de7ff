"""Pages of a long list by key: the same cost for the first and the last page."""

from __future__ import annotations

import base64
import json
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Generic, TypeVar

from django.core.exceptions import ValidationError
from django.db.models import DateTimeField, Model, Q, QuerySet
from django.utils.dateparse import parse_datetime

M = TypeVar("M", bound=Model)


@dataclass(frozen=True)
class Page(Generic[M]):
    """One page; ``next`` is the cursor of the page after it, '' at the end."""

    items: list[M]
    next: str
    is_first: bool


def page_by(queryset: QuerySet[M], *, order: str, cursor: str, size: int = 20) -> Page[M]:
    """A page of ``queryset`` in descending (``order``, pk) after ``cursor``; a bad cursor gives page one."""
    key = _read(cursor, queryset.model._meta.get_field(order))
    rows = queryset.order_by(f"-{order}", "-pk")
    if key is not None:
        value, pk = key
        rows = rows.filter(Q(**{f"{order}__lt": value}) | Q(**{order: value, "pk__lt": pk}))
    items = list(rows[: size + 1])
    more = len(items) > size
    items = items[:size]
    return Page(items, _write(items[-1], order) if more else "", key is None)


def _write(row: Model, order: str) -> str:
    value = getattr(row, order)
    text = value.isoformat() if hasattr(value, "isoformat") else str(value)
    return base64.urlsafe_b64encode(json.dumps([text, row.pk]).encode()).decode().rstrip("=")


def _read(cursor: str, field: Any) -> tuple[Any, int] | None:
    if not cursor:
        return None
    try:
        text, pk = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
        value = parse_datetime(text) if isinstance(field, DateTimeField) else field.to_python(text)
        if isinstance(value, datetime):
            value = value.astimezone(UTC)  # beyond what a calendar has: OverflowError
        return None if value is None else (value, int(pk))
    except (ValueError, TypeError, OverflowError, RecursionError, ValidationError):
        return None
