"""How far scoring is: sheets in per track, and experts whose sheets are not in (R18, R29)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Max, Q
from django.utils import timezone

from competition import clock
from competition.models import Edition, OutboxMessage
from judging.models import Assignment
from judging.workflow import AssignmentStatus, Round

_COUNTED = (AssignmentStatus.OPEN, AssignmentStatus.SUBMITTED)


@dataclass(frozen=True)
class TrackProgress:
    """Sheets of a track (of the final: of all) that are in, of how many, and of how many entries."""

    label: str
    entries: int
    done: int
    total: int

    @property
    def percent(self) -> int:
        """0 to 100, rounded down."""
        return 100 * self.done // self.total if self.total else 0


@dataclass(frozen=True)
class Late:
    """An expert with open sheets: for the office's eyes alone."""

    expert: int
    name: str
    round: str
    round_label: str
    open: int
    total: int
    last: datetime | None
    reminded: bool


def progress_of(edition: Edition) -> list[TrackProgress]:
    """Per round and track; one query."""
    rows = (
        Assignment.objects.filter(edition=edition, status__in=_COUNTED)
        .values("round", "entry__team__topic__track__number", "entry__team__topic__track__name")
        .annotate(
            entries=Count("entry", distinct=True),
            total=Count("pk"),
            done=Count("pk", filter=Q(status=AssignmentStatus.SUBMITTED)),
        )
        .order_by("entry__team__topic__track__number")
    )
    found = [
        TrackProgress(row["entry__team__topic__track__name"], row["entries"], row["done"], row["total"])
        for row in rows
        if row["round"] == Round.PRELIMINARY
    ]
    final = [row for row in rows if row["round"] == Round.FINAL]
    if final:
        sums = [sum(row[name] for row in final) for name in ("entries", "done", "total")]
        found.append(TrackProgress(Round.FINAL.label, *sums))
    return found


def late_experts(edition: Edition) -> list[Late]:
    """Experts with open sheets, those with the most first; two queries."""
    today = timezone.localtime(clock.real_now()).date().isoformat()
    reminded = set(
        OutboxMessage.objects.filter(
            kind="sheet.remind", edition=edition, occurrence__endswith=today
        ).values_list("subject", "occurrence")
    )
    rows = (
        Assignment.objects.filter(edition=edition, status__in=_COUNTED, expert__is_active=True)
        .values("expert", "expert__user__full_name", "expert__user__email", "round")
        .annotate(
            total=Count("pk", distinct=True),
            open=Count("pk", filter=Q(status=AssignmentStatus.OPEN), distinct=True),
            last=Max("sheets__submitted_at"),
        )
        .filter(open__gt=0)
        .order_by("-open", "expert")
    )
    return [
        Late(
            row["expert"],
            row["expert__user__full_name"] or row["expert__user__email"].partition("@")[0],
            row["round"],
            Round(row["round"]).label,
            row["open"],
            row["total"],
            row["last"],
            (str(row["expert"]), f"{row['round']}:{today}") in reminded,
        )
        for row in rows
    ]
