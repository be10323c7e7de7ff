"""What the pages of assignments show: numbers per track, entries short of experts, who may be added by hand."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import (
    Case,
    Count,
    Exists,
    IntegerField,
    OuterRef,
    Prefetch,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
)
from django.db.models.functions import Coalesce

from competition.models import Edition, Track
from judging.models import Assignment, AssignmentRun, Conflict, Expert, ExpertUnit
from judging.querysets import judgeable
from judging.services.assignments import LIVE
from judging.services.experts import with_loads
from judging.workflow import AssignmentStatus, Round
from registration.models import Representative, Unit
from submissions.models import Entry


@dataclass(frozen=True, slots=True)
class Candidate:
    """An expert of the track who does not have the entry, and why the expert cannot have it ('' if possible)."""

    expert: Any
    barred: str


def least_sheets(edition: Edition) -> int:
    """How many score sheets an entry needs at least to be ranked."""
    return int(edition.data["scoring"]["least_sheets"])


def with_experts(edition: Edition) -> QuerySet[Any]:
    """Entries to judge, each with ``experts``: how many score it or have scored it."""
    live = Assignment.objects.filter(entry=OuterRef("pk"), round=Round.PRELIMINARY, status__in=LIVE)
    return judgeable(edition).annotate(experts=_number(live, "entry"))


def short_of_experts(edition: Edition) -> QuerySet[Any]:
    """Entries to judge with fewer experts than an entry needs sheets."""
    return with_experts(edition).filter(experts__lt=least_sheets(edition))


def by_track(edition: Edition) -> list[Any]:
    """Tracks in order with their numbers; one query.

    ``entries`` to judge, ``short`` of experts, ``judges`` who take part, sheets ``open`` and ``submitted``.
    """
    sheets = Assignment.objects.filter(entry__team__topic__track=OuterRef("pk"), round=Round.PRELIMINARY)
    experts = Expert.objects.filter(tracks=OuterRef("pk"), is_active=True)
    here = {"team__topic__track": OuterRef("pk")}
    rows = edition.tracks.annotate(
        entries=_number(judgeable(edition).filter(**here), "team__topic__track"),
        short=_number(short_of_experts(edition).filter(**here), "team__topic__track"),
        judges=_number(experts, "tracks"),
        open=_number(sheets.filter(status=AssignmentStatus.OPEN), "entry__team__topic__track"),
        submitted=_number(sheets.filter(status=AssignmentStatus.SUBMITTED), "entry__team__topic__track"),
    )
    return list(rows.order_by("number"))


def last_run(edition: Edition) -> AssignmentRun | None:
    """The last computation, with who made it."""
    return AssignmentRun.objects.filter(edition=edition).select_related("made_by").order_by("-pk").first()


def reasons(run: AssignmentRun | None) -> dict[int, str]:
    """Why the last computation could not serve an entry, by the entry's key."""
    return {one["entry"]: one["sentence"] for one in run.content["unserved"]} if run else {}


def of_track(edition: Edition, track: Track) -> QuerySet[Any]:
    """A track's entries to judge, each with ``live``: its assignments with experts' accounts; two queries."""
    live = (
        Assignment.objects.filter(round=Round.PRELIMINARY, status__in=LIVE)
        .select_related("expert__user")
        .order_by("pk")
    )
    rows = judgeable(edition).filter(team__topic__track=track).select_related("team")
    return rows.prefetch_related(Prefetch("assignments", queryset=live, to_attr="live"))


def candidates(entry: Entry) -> list[Candidate]:
    """Experts of the entry's track who take part and do not have it, the least loaded first; one query (R07).

    With each, why the expert cannot have the entry. What counts as a conflict is what ``conflicts_of`` says.
    """
    there = Assignment.objects.filter(expert=OuterRef("pk"), entry=entry, round=Round.PRELIMINARY)
    experts = Expert.objects.filter(
        edition=entry.edition, is_active=True, tracks__topics__teams__entry=entry
    ).annotate(there=Subquery(there.values("status")), conflict=_conflict(entry))
    found = [
        Candidate(one, _why_not(one))
        for one in with_loads(experts).select_related("user")
        if one.there not in LIVE
    ]
    return sorted(
        found, key=lambda one: (bool(one.barred), one.expert.open + one.expert.submitted, one.expert.pk)
    )


def _conflict(entry: Entry) -> Case:
    """Noted, by a unit's code or name, or of the own team."""
    units = Unit.objects.filter(team=entry.team_id)
    same = Q(name_key__in=units.values("name_key")) | (
        ~Q(credit_key="") & Q(credit_key__in=units.values("credit_key"))
    )
    on_team = Representative.objects.filter(team=entry.team_id, mobile_hash=OuterRef("user__phone_hash"))
    barred = (
        Exists(Conflict.objects.filter(expert=OuterRef("pk"), entry=entry))
        | Exists(ExpertUnit.objects.filter(same, expert=OuterRef("pk")))
        | Q(user=entry.team.owner_id)
        | (~Q(user__phone_hash="") & Exists(on_team))
    )
    return Case(When(barred, then=Value(True)), default=Value(False))


def _why_not(expert: Any) -> str:
    if expert.there == AssignmentStatus.RECUSED:
        return "已回避"
    return "存在利益冲突" if expert.conflict else ""


def _number(rows: QuerySet[Any], key: str) -> Coalesce:
    """How many rows there are with the same ``key`` as the outer row, as a part of another query."""
    counted = rows.order_by().values(key).annotate(_n=Count("pk", distinct=True)).values("_n")
    return Coalesce(Subquery(counted, output_field=IntegerField()), 0)
