"""How officers narrow the queue of entries down and find one in it, without a join that counts."""

from __future__ import annotations

import re
from typing import Any, Final

from django.contrib import admin
from django.contrib.postgres.aggregates import ArrayAgg
from django.db.models import Case, IntegerField, OuterRef, Q, QuerySet, Subquery, Value, When
from django.http import HttpRequest

from competition import clock
from competition.admin.filters import TrackFilter, chosen_edition
from competition.models import Edition, Topic, User
from competition.roles import CHIEF, OFFICER
from registration.admin.queue import QueueEditionFilter, found_by
from registration.models import Team
from submissions.models import Entry, Hint, SupplementRequest
from submissions.workflow import EntryStatus, HintKind

__all__ = [
    "CorrectionFilter",
    "HintFilter",
    "OfficerFilter",
    "QueueEditionFilter",
    "SupplementFilter",
    "TopicTrackFilter",
    "in_order",
    "search",
]

_REFERENCE: Final = re.compile(r"[Ee](\d{1,9})", re.ASCII)
#: Hints that ask for a look: not the team's reasons why something does not apply, nor files without a text.
WORTH: Final = ~Q(data__contains={"na": True}) & ~Q(data__has_key="unread")


def in_order(entries: QuerySet[Entry]) -> QuerySet[Entry]:
    """Waiting entries first, and the kinds of hints with each."""
    first = When(status=EntryStatus.SUBMITTED, then=Value(0))
    hints = Hint.objects.filter(WORTH, revision__entry=OuterRef("pk")).order_by()
    kinds = hints.values("revision__entry").annotate(all=ArrayAgg("kind")).values("all")
    return entries.annotate(
        queue=Case(first, default=Value(1), output_field=IntegerField()), hint_kinds=Subquery(kinds)
    )


class TopicTrackFilter(TrackFilter):
    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        value = self.value()
        if not value or not value.isdecimal() or len(value) > 4:
            return queryset
        topics = Topic.objects.filter(track__edition__slug=chosen_edition(request), track__number=value)
        return queryset.filter(team__topic_id__in=topics.values("pk"))


class HintFilter(admin.SimpleListFilter):
    title = "自动提示"
    parameter_name = "hints"
    ANY, NONE = "any", "none"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [(self.ANY, "有提示"), *HintKind.choices, (self.NONE, "没有提示")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Entry]) -> QuerySet[Entry]:
        value = self.value()
        noticed = Hint.objects.filter(WORTH)
        if value == self.ANY:
            return queryset.filter(pk__in=noticed.values("revision__entry"))
        if value == self.NONE:
            return queryset.filter(submitted_at__isnull=False).exclude(
                pk__in=noticed.values("revision__entry")
            )
        if value in HintKind.values:
            return queryset.filter(pk__in=noticed.filter(kind=value).values("revision__entry"))
        return queryset


class CorrectionFilter(admin.SimpleListFilter):
    title = "补正"
    parameter_name = "correction"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("running", "补正期限内"), ("over", "补正期限已过")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Entry]) -> QuerySet[Entry]:
        returned = queryset.filter(status=EntryStatus.RETURNED)
        if self.value() == "running":
            return returned.filter(correction_until__gt=_now(request))
        if self.value() == "over":
            return returned.filter(correction_until__lte=_now(request))
        return queryset


class SupplementFilter(admin.SimpleListFilter):
    title = "补充材料"
    parameter_name = "supplement"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("waiting", "等待补充"), ("overdue", "逾期未补充"), ("answered", "已补充")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Entry]) -> QuerySet[Entry]:
        waiting = SupplementRequest.objects.filter(answered_at=None, withdrawn_at=None)
        if self.value() == "waiting":
            found = waiting.filter(until__gt=_now(request))
        elif self.value() == "overdue":
            found = waiting.filter(until__lte=_now(request))
        elif self.value() == "answered":
            found = SupplementRequest.objects.filter(answered_at__isnull=False)
        else:
            return queryset
        return queryset.filter(pk__in=found.values("entry"))


class OfficerFilter(admin.SimpleListFilter):
    title = "经办人"
    parameter_name = "officer"
    MINE, NOBODY = "mine", "nobody"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        officers = User.objects.filter(is_active=True, groups__name__in=[OFFICER, CHIEF]).distinct()
        others = officers.exclude(pk=request.user.pk).order_by("full_name", "pk")
        rows = [(str(one.pk), one.display_name) for one in others]
        return [(self.MINE, "我领取的"), (self.NOBODY, "无人领取"), *rows]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Entry]) -> QuerySet[Entry]:
        value = self.value() or ""
        if value == self.MINE:
            return queryset.filter(claimed_by_id=request.user.pk)
        if value == self.NOBODY:
            return queryset.filter(claimed_by_id=None, status=EntryStatus.SUBMITTED)
        if value.isdecimal() and len(value) < 18:
            return queryset.filter(claimed_by_id=int(value))
        return queryset


def search(entries: QuerySet[Entry], typed: str) -> QuerySet[Entry]:
    """By the entry's reference, or by what finds its team (T000123, phone, words of names and codes)."""
    text = typed.strip()
    if reference := _REFERENCE.fullmatch(text):
        return entries.filter(pk=int(reference[1]))
    return entries.filter(team__in=found_by(Team.objects.all(), text)) if text else entries


def _now(request: HttpRequest) -> Any:
    edition = Edition.objects.filter(slug=chosen_edition(request)).first()
    return clock.now(edition) if edition else clock.real_now()
