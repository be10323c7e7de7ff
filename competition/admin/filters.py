"""Filters of the secretariat's lists: one edition at a time, and its tracks."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, ClassVar

from django.conf import settings
from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from competition.models import Edition, Track


def chosen_edition(request: HttpRequest) -> str:
    """The slug of the edition that a list is about: the current one unless another was chosen."""
    return request.GET.get("edition") or settings.CURRENT_EDITION


class EditionFilter(admin.SimpleListFilter):
    """One edition at a time, so that a rehearsal never stands among real cases."""

    title = "届"
    parameter_name = "edition"
    path: ClassVar[str] = "edition"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        rows = Edition.objects.values_list("slug", "short_name", "is_rehearsal").order_by("-pk")
        return [
            (slug, f"{name}（演练 {slug}）" if rehearsal else f"{name}（{slug}）")
            for slug, name, rehearsal in rows
        ]

    def choices(self, changelist: Any) -> Iterator[dict[str, Any]]:
        current = self.value() or settings.CURRENT_EDITION
        for slug, label in self.lookup_choices:
            query = changelist.get_query_string({self.parameter_name: slug}, ["track"])
            yield {"selected": slug == current, "query_string": query, "display": label}

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        return queryset.filter(**{f"{self.path}__slug": self.value() or settings.CURRENT_EDITION})


class TrackEditionFilter(EditionFilter):
    """The same for what belongs to an edition by its track."""

    path = "track__edition"


class TrackFilter(admin.SimpleListFilter):
    """The tracks of the edition that the list is about; ``path`` leads from the row to its track."""

    title = "赛道"
    parameter_name = "track"
    path: ClassVar[str] = "track"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        tracks = Track.objects.filter(edition__slug=chosen_edition(request)).order_by("number")
        return [(str(number), name) for number, name in tracks.values_list("number", "name")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        value = self.value()
        return queryset.filter(**{f"{self.path}__number": value}) if value and value.isdecimal() else queryset
