"""Exports of queues: each app registers what its pages list, as columns and rows."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, cast

from django.http import HttpRequest, QueryDict

from competition.models import Edition, User
from competition.registries import exports


@dataclass(frozen=True)
class Export:
    """A table to download: the file's title, headings, and rows that are read when asked for.

    Rows hold text, numbers, dates or None; phones and documents masked, codes and references as text.
    """

    title: str
    columns: tuple[str, ...]
    rows: Callable[[], Iterable[list[Any]]]


@dataclass(frozen=True)
class Workbook:
    """An export of several sheets, filled in one pass: ``rows`` yields each row with the number of its sheet."""

    title: str
    sheets: tuple[tuple[str, tuple[str, ...]], ...]
    rows: Callable[[], Iterable[tuple[int, list[Any]]]]


def request_like(edition: Edition, user: User, query: str) -> HttpRequest:
    """A list's request with these filters, for whoever makes its export later."""
    request: Any = HttpRequest()
    request.method, request.GET, request.user = "GET", QueryDict(query), user
    request._edition = edition
    return cast(HttpRequest, request)


def export_of(name: str, edition: Edition, user: User, request: HttpRequest) -> Export | Workbook | None:
    """The export of that name with the filters of the request; None when there is none or ``user`` may not."""
    if name not in exports:
        return None
    found: Export | Workbook | None = exports[name](edition, user, request)
    return found
