"""The work desk: pages of the apps for staff, by the steps of the contest."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any, cast

from django.conf import settings
from django.db.models import Count, QuerySet, Subquery, Value
from django.urls import reverse

from competition.models import Edition, User
from competition.registries import desk_pages


@dataclass(frozen=True)
class DeskPage:
    """A page that somebody may open at the desk.

    ``order`` is the place in the contest's course (gates 10, experts 20, blind material 30, assignments 40,
    scoring 50, results 60, verification 70, final 80, awards 90, publicity 100, reports 110, certificates 120,
    payouts 130, library 140); ``count`` says how many things wait there for this person. Better than ``count``: give
    the rows that wait in ``waiting``; those of all pages are counted in one question.
    """

    order: int
    title: str
    text: str
    url: str
    count: int = 0
    group: str = ""
    waiting: QuerySet[Any] | None = None


def address_in(edition: Edition, name: str, **kwargs: Any) -> str:
    """The address of a page within an edition for who has no request: at the root for the current one."""
    if edition.slug != settings.CURRENT_EDITION:
        kwargs["edition_slug"] = edition.slug
    return reverse(name, kwargs=kwargs)


def pages_of(edition: Edition, user: User) -> list[DeskPage]:
    """The pages that concern ``user``, in the order of the contest."""
    pages: list[DeskPage] = [page for _, offer in desk_pages for page in offer(edition, user)]
    return sorted(_counted(edition, pages), key=lambda page: page.order)


def menu_of(pages: Iterable[DeskPage], path: str) -> list[dict[str, Any]]:
    """The side menu of the desk for the page at ``path``: the longest address that it starts with is current."""
    pages = list(pages)
    under = [page.url for page in pages if path.startswith(page.url)]
    here = max(under, key=len, default="")
    return [
        {
            "label": page.title,
            "url": page.url,
            "group": page.group,
            "current": page.url == here,
            "state": "act" if page.count else "",
            "sign": str(page.count) if page.count else "",
        }
        for page in pages
    ]


def _counted(edition: Edition, pages: list[DeskPage]) -> list[DeskPage]:
    """The pages with ``count`` set where they name the rows that wait; one query for all of them."""
    asked = {f"n{place}": page for place, page in enumerate(pages) if page.waiting is not None}
    if not asked:
        return pages
    numbers = {name: _number(page.waiting) for name, page in asked.items() if page.waiting is not None}
    row = cast("dict[str, int | None]", Edition.objects.filter(pk=edition.pk).values(**numbers).get())
    return [replace(page, count=row.get(f"n{place}") or page.count) for place, page in enumerate(pages)]


def _number(rows: QuerySet[Any]) -> Subquery:
    """How many rows there are, as a part of another query; no value for none."""
    grouped = rows.order_by().annotate(_all=Value(1)).values("_all").annotate(_n=Count("pk"))
    return Subquery(grouped.values("_n"))
