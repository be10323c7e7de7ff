"""Experts score, one of the teams is disqualified meanwhile, and the preliminary's result is settled."""

from __future__ import annotations

from decimal import Decimal
from random import Random
from typing import Final

from competition import roles
from competition.config.rehearsal.ledger import Cases
from competition.config.rehearsal.scenes.gating import outcast_plan
from competition.config.rehearsal.scenes.registering import team_of
from competition.config.rehearsal.theatre import Theatre
from judging import scoring
from judging.models import Assignment, Result
from judging.rubric import round_of
from judging.services import sheets
from judging.workflow import AssignmentStatus, ResultStatus, Round
from registration import services as registration
from registration.workflow import TeamStatus
from submissions.models import Entry

#: How far an expert's mark strays from an entry's worth, as a share of the points.
STRAY: Final = 0.07
FALSE_MATERIAL: Final = "经核实，应用案例的合同系伪造，属于虚假信息，取消参赛资格。"
MINUTES: Final = "评审组全体成员到场，对总分及各比较项均相同的作品进行了现场表决。"


def open_sheets(theatre: Theatre, round_: str) -> list[int]:
    """Assignments that wait for their sheet; the named people of a demonstration score themselves, or last."""
    rows = Assignment.objects.filter(
        edition=theatre.edition, round=round_, status=AssignmentStatus.OPEN
    ).order_by("entry_id", "expert_id")
    return list(rows.values_list("pk", flat=True))


def first_half(theatre: Theatre) -> list[int]:
    """Open sheets of the synthetic experts, until half of all are in."""
    all_ = Assignment.objects.filter(edition=theatre.edition, round=Round.PRELIMINARY)
    mine = all_.filter(expert__user__username__startswith=f"{theatre.edition.slug}-{roles.EXPERT}")
    waiting = mine.filter(status=AssignmentStatus.OPEN).order_by("expert_id", "entry_id")
    wanted = all_.count() // 2 - all_.filter(status=AssignmentStatus.SUBMITTED).count()
    return list(waiting.values_list("pk", flat=True)[: max(wanted, 0)])


def preliminary_sheets(theatre: Theatre) -> list[int]:
    """Every sheet of the preliminary that is not in."""
    return open_sheets(theatre, Round.PRELIMINARY)


def score(theatre: Theatre, pk: int, cases: Cases) -> None:
    """An expert scores an entry: its worth, as this expert sees it."""
    assignment = Assignment.objects.select_related("expert__user", "entry__team", "edition").get(pk=pk)
    if assignment.status != AssignmentStatus.OPEN:
        return
    dice = theatre.rng(assignment.entry, f"{assignment.round}:{_key(assignment)}")
    worth = theatre.rng(assignment.entry, "worth").uniform(0.55, 0.93)
    sheets.submit(
        assignment,
        actor=assignment.expert.user,
        marks=_marks(theatre, assignment.round, worth, dice),
        comment="数据来源清楚，应用成效有数据支撑，建议进一步说明推广条件。",
    )


def _key(assignment: Assignment) -> str:
    """The expert's name in the theatre, the same in every rehearsal of a seed."""
    return assignment.expert.user.email.partition("@")[0]


def _marks(theatre: Theatre, round_: str, worth: float, dice: Random) -> dict[str, str]:
    marks = {}
    for item in scoring.items(round_of(theatre.edition, round_)):
        share = min(1.0, max(0.0, worth + dice.gauss(0, STRAY)))
        marks[item.key] = str((item.points * Decimal(str(round(share, 3)))).quantize(Decimal("0.1")))
    return marks


def not_disqualified(theatre: Theatre) -> list[int]:
    """The edition, while the planted team still takes part."""
    plan = outcast_plan(theatre)
    team = team_of(theatre, plan) if plan else None
    return [theatre.edition.pk] if team is not None and team.status == TeamStatus.APPROVED else []


def disqualify(theatre: Theatre, pk: int, cases: Cases) -> None:
    """False material comes to light while experts judge it (R57): its sheets count no more."""
    plan = outcast_plan(theatre)
    team = team_of(theatre, plan) if plan else None
    if plan is None or team is None:
        return
    entry = Entry.objects.get(team=team)
    registration.disqualify(team, officer=theatre.staff(roles.CHIEF), reason=FALSE_MATERIAL)
    counted = sheets.counted(theatre.edition, Round.PRELIMINARY).get(entry.pk, [])
    left = Assignment.objects.filter(entry=entry).exclude(status=AssignmentStatus.VOID).count()
    cases.note("disqualified_in_judging", plan.name, "out" if not counted and not left else "still judged")


def undecided(theatre: Theatre, round_: str) -> list[int]:
    """The edition, while a round has no confirmed result."""
    there = Result.objects.filter(edition=theatre.edition, round=round_, status=ResultStatus.CONFIRMED)
    return [] if there.exists() else [theatre.edition.pk]


def preliminary_undecided(theatre: Theatre) -> list[int]:
    """The edition, while the preliminary has no confirmed result."""
    return undecided(theatre, Round.PRELIMINARY)
