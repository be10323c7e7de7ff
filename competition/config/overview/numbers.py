"""Counts of an edition, aggregated by the database: five queries whatever the number of teams."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any, Final, cast

from django.core.cache import cache
from django.db.models import (
    Aggregate,
    Count,
    DurationField,
    Exists,
    F,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
)
from django.db.models.functions import Coalesce, Left, TruncDate
from django.utils import timezone

from awards.services.notices import calendar
from competition import clock, roles
from competition.models import Edition, User
from competition.reference import region_children
from competition.workdays import Calendar
from registration.models import Review, Team
from registration.workflow import TeamStatus, Verdict
from submissions.models import Entry, FormalCheck, Receipt
from submissions.workflow import EntryStatus, FormalVerdict

SECONDS: Final = 60
SHANXI: Final = "140000"
OUTSIDE: Final = "省外"
UNKNOWN_PLACE: Final = "所在地未填"
NO_TOPIC: Final = "赛题未选"
HANDED_IN: Final = [EntryStatus.SUBMITTED, EntryStatus.RETURNED, EntryStatus.ACCEPTED]
STEPS: Final = {
    "started": "开始报名",
    "submitted": "提交报名",
    "approved": "报名成功",
    "handed": "提交作品",
    "accepted": "形式审查通过",
}
#: Working days that a case waits: (most, words); the last has no end.
AGES: Final = (
    (0, "当天"),
    (1, "1天"),
    (2, "2天"),
    (3, "3天"),
    (5, "4至5天"),
    (10, "6至10天"),
    (None, "10天以上"),
)


class Median(Aggregate):
    """The value in the middle, found by PostgreSQL."""

    function = "PERCENTILE_CONT"
    name = "median"
    output_field = DurationField()  # type: ignore[assignment]
    template = "%(function)s(0.5) WITHIN GROUP (ORDER BY %(expressions)s)"


@dataclass
class Place:
    """How many teams of a track or a city are in each state, and how many of their entries came."""

    name: str
    states: dict[str, int] = field(default_factory=lambda: dict.fromkeys(TeamStatus.values, 0))
    handed: int = 0
    accepted: int = 0

    @property
    def total(self) -> int:
        return sum(self.states.values())

    def add(self, row: Mapping[str, Any]) -> None:
        self.states[row["status"]] += row["teams"]
        self.handed += row["handed"]
        self.accepted += row["accepted"]


@dataclass(frozen=True)
class Officer:
    """What an officer has in hand and has decided; ``hours`` from submit to decision, half took longer."""

    name: str
    claimed: int
    decided: int
    hours: float | None


@dataclass(frozen=True)
class Numbers:
    """Everything on the page, as of ``at``."""

    at: datetime
    tracks: list[Place]
    cities: list[Place]
    funnel: list[tuple[date, dict[str, int]]]
    ages: list[tuple[str, int]]
    officers: list[Officer]

    @property
    def steps(self) -> dict[str, int]:
        """How many came how far, all in all."""
        return self.funnel[-1][1] if self.funnel else dict.fromkeys(STEPS, 0)


def numbers_of(edition: Edition) -> Numbers:
    """The edition's numbers, at most a minute old."""
    found = cache.get_or_set(f"overview:{edition.pk}", lambda: count(edition), SECONDS)
    return cast(Numbers, found)


def count(edition: Edition) -> Numbers:
    """Count now; six queries."""
    now = clock.now(edition)
    tracks, cities = _places(edition)
    days = _days(edition)
    waiting = days.pop("waiting", {})
    return Numbers(
        at=now,
        tracks=tracks,
        cities=cities,
        funnel=_cumulated(days),
        ages=_ages(waiting, timezone.localtime(now).date(), calendar(edition) if waiting else None),
        officers=_officers(edition),
    )


def _places(edition: Edition) -> tuple[list[Place], list[Place]]:
    """By track and by city of the lead unit, each in its usual order; two queries."""
    tracks: dict[int | None, Place] = {
        number: Place(name)
        for number, name in edition.tracks.order_by("number").values_list("number", "name")
    }
    cities = {one.code[:4]: Place(one.name) for one in region_children(SHANXI)}
    outside, unknown, no_topic = Place(OUTSIDE), Place(UNKNOWN_PLACE), Place(NO_TOPIC)
    rows = Team.objects.filter(edition=edition).values(
        "status", number=F("topic__track__number"), city=Left("lead_region", 4)
    )
    rows = rows.order_by().annotate(
        teams=Count("pk"),
        handed=Count("entry", filter=Q(entry__status__in=HANDED_IN)),
        accepted=Count("entry", filter=Q(entry__status=EntryStatus.ACCEPTED)),
    )
    for row in rows:
        tracks.get(row["number"], no_topic).add(row)
        cities.get(row["city"], outside if row["city"] else unknown).add(row)
    return (
        [*tracks.values(), *([no_topic] if no_topic.total else [])],
        [*cities.values(), outside, *([unknown] if unknown.total else [])],
    )


def _days(edition: Edition) -> dict[str, dict[date, int]]:
    """How many took each step on which day, and since when cases wait; one query."""
    teams = Team.objects.filter(edition=edition)
    earlier = Receipt.objects.filter(revision__entry=OuterRef("revision__entry"), pk__lt=OuterRef("pk"))
    receipts = Receipt.objects.filter(revision__entry__edition=edition).exclude(Exists(earlier))
    reviews = Review.objects.filter(team__edition=edition, verdict=Verdict.APPROVE)
    checks = FormalCheck.objects.filter(
        receipt__revision__entry__in=Entry.objects.filter(edition=edition), verdict=FormalVerdict.ACCEPT
    )
    parts = [
        _by_day("started", teams, "created_at"),
        _by_day("submitted", teams.filter(submitted_at__isnull=False), "submitted_at"),
        _by_day("approved", reviews, "at"),
        _by_day("handed", receipts, "submitted_at"),
        _by_day("accepted", checks, "at"),
        _by_day("waiting", teams.filter(status=TeamStatus.SUBMITTED), "submitted_at"),
    ]
    days: dict[str, dict[date, int]] = defaultdict(dict)
    for what, day, number in parts[0].union(*parts[1:], all=True):
        days[what][day] = number
    return days


def _by_day(what: str, rows: QuerySet[Any], instant: str) -> QuerySet[Any]:
    grouped = rows.order_by().annotate(_day=TruncDate(instant)).values("_day").annotate(_n=Count("pk"))
    found: QuerySet[Any] = grouped.annotate(_what=Value(what)).values_list("_what", "_day", "_n")
    return found


def _cumulated(days: dict[str, dict[date, int]]) -> list[tuple[date, dict[str, int]]]:
    """For each day on which something happened how many had come so far."""
    so_far, found = dict.fromkeys(STEPS, 0), []
    for day in sorted({day for step in days.values() for day in step}):
        so_far = {step: number + days.get(step, {}).get(day, 0) for step, number in so_far.items()}
        found.append((day, so_far))
    return found


def _ages(waiting: dict[date, int], today: date, worked: Calendar | None) -> list[tuple[str, int]]:
    counts = [0] * len(AGES)
    for day, number in waiting.items():
        age = workdays_between(day, today, worked) if worked else 0
        counts[next(place for place, (most, _) in enumerate(AGES) if most is None or age <= most)] += number
    return [(words, number) for (_, words), number in zip(AGES, counts, strict=True)]


def workdays_between(first: date, last: date, worked: Calendar) -> int:
    """Working days after ``first`` up to ``last``; where the calendar ends, Monday to Friday."""
    days = (first + timedelta(days=number) for number in range(1, (last - first).days + 1))
    return sum(day.weekday() < 5 if (known := worked(day)) is None else known for day in days)


def _officers(edition: Edition) -> list[Officer]:
    """Whoever decides on registrations, the one with most decisions first; one query."""
    reviews = Review.objects.filter(team__edition=edition, officer=OuterRef("pk")).order_by()
    claims = Team.objects.filter(edition=edition, status=TeamStatus.SUBMITTED, claimed_by=OuterRef("pk"))
    waited = Median(F("at") - F("team__submitted_at"), filter=Q(at__gte=F("team__submitted_at")))
    people = User.objects.filter(
        Q(groups__name__in=roles.ADMIN_SITE, is_active=True) | Q(Exists(reviews)) | Q(Exists(claims))
    )
    rows = people.distinct().annotate(
        claimed=_number(claims.order_by().values("claimed_by").annotate(_n=Count("pk"))),
        decided=_number(reviews.values("officer").annotate(_n=Count("pk"))),
        waited=Subquery(reviews.values("officer").annotate(_w=waited).values("_w")),
    )
    return [
        Officer(
            one.display_name,
            one.claimed,
            one.decided,
            round(one.waited.total_seconds() / 3600, 1) if one.waited is not None else None,
        )
        for one in sorted(rows, key=lambda one: (-one.decided, -one.claimed, one.pk))
    ]


def _number(grouped: QuerySet[Any]) -> Coalesce:
    return Coalesce(Subquery(grouped.values("_n"), output_field=IntegerField()), 0)
