"""How officers narrow the queue down and find a case in it, without a join that counts or a scan that grows."""

from __future__ import annotations

import re
from datetime import datetime, time, timedelta
from typing import Any, Final

from django.contrib import admin
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils import timezone

from competition import clock, identity
from competition.admin.filters import EditionFilter, TrackFilter, chosen_edition
from competition.holidays import published_calendar
from competition.models import Edition, Topic, User
from competition.phones import phone_hash
from competition.reference import region, region_children
from competition.roles import CHIEF, OFFICER
from competition.services.lists import imported_days
from competition.workdays import CorrectedCalendar
from registration.models import Representative, Team
from registration.workflow import TeamStatus

#: Working days after which a case has waited too long.
LATE: Final = 3
_REFERENCE: Final = re.compile(r"[Tt](\d{1,9})", re.ASCII)


class QueueEditionFilter(EditionFilter):
    """One edition at a time, by its number: the list counts its rows without a join."""

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        editions = Edition.objects.filter(slug=chosen_edition(request))
        return queryset.filter(edition_id__in=editions.values("pk"))


class TopicTrackFilter(TrackFilter):
    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        value = self.value()
        if not value or not value.isdecimal() or len(value) > 4:
            return queryset
        topics = Topic.objects.filter(track__edition__slug=chosen_edition(request), track__number=value)
        return queryset.filter(topic_id__in=topics.values("pk"))


class CityFilter(admin.SimpleListFilter):
    title = "牵头单位所在市"
    parameter_name = "city"
    OUTSIDE = "outside"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        cities = [(city.code, city.name) for city in region_children("140000")]
        return [*cities, (self.OUTSIDE, "省外")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Team]) -> QuerySet[Team]:
        value = self.value()
        if value == self.OUTSIDE:
            return queryset.exclude(lead_region="").exclude(lead_region__startswith="14")
        if value and region(value):
            return queryset.filter(lead_region__startswith=value[:4])
        return queryset


class FindingFilter(admin.SimpleListFilter):
    title = "自动核查"
    parameter_name = "found"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [
            ("block", "有不符合项"),
            ("staff", "有需判断项"),
            ("due", "信用记录待查"),
            ("clear", "无异常"),
            ("ready", "无异常且已查"),
        ]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Team]) -> QuerySet[Team]:
        wanted = {
            "block": Q(blocks__gt=0),
            "staff": Q(doubts__gt=0),
            "due": Q(lookups_due__gt=0, status=TeamStatus.SUBMITTED),
            "clear": Q(blocks=0, doubts=0) & ~Q(status=TeamStatus.DRAFT),
            "ready": Q(blocks=0, doubts=0, lookups_due=0, status=TeamStatus.SUBMITTED),
        }.get(self.value() or "")
        return queryset if wanted is None else queryset.filter(wanted)


class AgeFilter(admin.SimpleListFilter):
    title = "等待时间"
    parameter_name = "age"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("today", "今天提交"), ("days", f"{LATE}个工作日以内"), ("late", f"超过{LATE}个工作日")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Team]) -> QuerySet[Team]:
        if self.value() not in {"today", "days", "late"}:
            return queryset
        edition = Edition.objects.filter(slug=chosen_edition(request)).first()
        today = midnight(clock.now(edition) if edition else timezone.now())
        late, waiting = late_before(today, edition), queryset.filter(status=TeamStatus.SUBMITTED)
        if self.value() == "today":
            return waiting.filter(submitted_at__gte=today)
        if self.value() == "days":
            return waiting.filter(submitted_at__lt=today, submitted_at__gte=late)
        return waiting.filter(submitted_at__lt=late)


def midnight(at: datetime) -> datetime:
    """When the day of an instant began here."""
    return timezone.make_aware(datetime.combine(timezone.localtime(at).date(), time()))


def late_before(today: datetime, edition: Edition | None) -> datetime:
    """Submitted before this instant, a case has waited more than three working days; one query.

    Days that the office imported count before the published calendar (R89); days that neither knows count
    by the day of the week.
    """
    calendar = CorrectedCalendar(imported_days(edition) if edition else {}, published_calendar)
    day, worked = timezone.localtime(today).date(), 0
    while worked < LATE:
        said = calendar(day)
        worked += (day.weekday() < 5) if said is None else said
        day -= timedelta(days=1)
    return timezone.make_aware(datetime.combine(day + timedelta(days=1), time()))


class OfficerFilter(admin.SimpleListFilter):
    title = "经办人"
    parameter_name = "officer"
    MINE, NOBODY = "mine", "nobody"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        officers = User.objects.filter(is_active=True, groups__name__in=[OFFICER, CHIEF]).distinct()
        others = officers.exclude(pk=request.user.pk).order_by("full_name", "pk")
        rows = [(str(one.pk), one.display_name) for one in others]
        return [(self.MINE, "我领取的"), (self.NOBODY, "无人领取"), *rows]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Team]) -> QuerySet[Team]:
        value = self.value() or ""
        if value == self.MINE:
            return queryset.filter(claimed_by_id=request.user.pk)
        if value == self.NOBODY:
            return queryset.filter(claimed_by_id=None, status=TeamStatus.SUBMITTED)
        if value.isdecimal() and len(value) < 18:
            return queryset.filter(claimed_by_id=int(value))
        return queryset


def found_by(queryset: QuerySet[Team], typed: str) -> QuerySet[Team]:
    """The teams that a typed reference, phone, or words of names and codes lead to.

    A reference is the row's number; a whole phone is compared by its keyed hash. Each word must stand in
    ``Team.search``: three characters and more are answered by its trigram index, a word of one or two has
    no trigram and is looked for in the rows of the edition, which the other filters have narrowed down.
    """
    text = typed.strip()
    if reference := _REFERENCE.fullmatch(text):
        return queryset.filter(pk=int(reference[1]))
    if text and not identity.mobile_problem(text):
        return queryset.filter(pk__in=_with_phone(identity.normalise_mobile(text)))
    words = [key for word in text.split() if (key := identity.name_key(word))]
    if not words:
        return queryset if not text else queryset.none()
    for word in words:
        queryset = queryset.filter(search__contains=word)
    return queryset


def _with_phone(number: str) -> list[int]:
    """Numbers of the teams that a phone represents or registers: two queries by the hashes' indexes."""
    sought = phone_hash(number)
    people = Representative.objects.filter(mobile_hash=sought).values_list("team_id", flat=True)
    owners = list(User.objects.filter(phone_hash=sought).values_list("pk", flat=True))
    return list(people.union(Team.objects.filter(owner_id__in=owners).values_list("pk", flat=True)))
