"""Approved teams write the application form, upload their material, freeze, stamp and submit."""

from __future__ import annotations

from copy import deepcopy
from typing import Any

from competition.config.rehearsal import breaches
from competition.config.rehearsal.cast import TeamPlan
from competition.config.rehearsal.ledger import Ledger, problems_of
from competition.config.rehearsal.scenes.author import Author, Spot
from competition.config.rehearsal.scenes.registering import team_of
from competition.config.rehearsal.theatre import Theatre
from competition.errors import StageClosed, WrongState
from registration import services as registration
from registration.models import Team
from registration.workflow import TeamStatus
from submissions import services
from submissions.models import Entry, Revision
from submissions.workflow import EntryStatus

BEGUN: float = 0.55


def entry_of(theatre: Theatre, plan: TeamPlan) -> Entry | None:
    """The entry of a plan's team; None when it was not approved."""
    team = team_of(theatre, plan)
    if team is None or team.status != TeamStatus.APPROVED:
        return None
    entries = Entry.objects.select_related("team__owner", "edition").defer(
        "edition__form", "edition__rubrics"
    )
    return entries.filter(team=team).first()


def begin(theatre: Theatre, plan: TeamPlan, ledger: Ledger) -> None:
    """Write a good part of the form; keen teams finish and submit, some leave."""
    entry = entry_of(theatre, plan)
    if entry is None:
        return
    if plan.habits.withdraws:
        registration.withdraw(entry.team, actor=entry.team.owner)
    elif plan.habits.submits_early:
        finish(theatre, plan, ledger)
    else:
        Author(entry, entry.team.owner, plan).save_rest({}, share=plan.rng("share").uniform(0.2, BEGUN))


def finish(theatre: Theatre, plan: TeamPlan, ledger: Ledger) -> None:
    """Complete the form, with what the team does wrong on the way, and submit."""
    entry = entry_of(theatre, plan)
    if entry is None or entry.status != EntryStatus.DRAFT or plan.habits.never_submits:
        return
    _try_forbidden(entry, plan, ledger)
    author = Author(entry, entry.team.owner, plan)
    wrong = _wrong_answers(author, plan)
    author.save_rest(wrong)
    author.attach_all(wrong)
    if wrong:
        _note_problems(author, wrong, ledger)
        for spot in wrong:
            author.save(spot, author.answers[spot])
        author.attach_all({})
    if plan.breaks(breaches.LATE_SUBMISSION):
        author.stamp(author.freeze())
    else:
        author.hand_in()


def _try_forbidden(entry: Entry, plan: TeamPlan, ledger: Ledger) -> None:
    team: Team = entry.team
    if plan.breaks(breaches.SECOND_PROJECT):
        second = services.open_entry(team)
        count = Entry.objects.filter(team=team).count()
        ledger.note(breaches.SECOND_PROJECT, caught=second.pk == entry.pk and count == 1)
    if plan.breaks(breaches.CHANGE_AFTER_APPROVAL):
        ledger.expect_refusal(
            breaches.CHANGE_AFTER_APPROVAL,
            lambda: registration.save_team(
                team, values={"name": f"{plan.name}改"}, version=team.version, actor=team.owner
            ),
            WrongState,
            "报名成功",
        )


def _wrong_answers(author: Author, plan: TeamPlan) -> dict[Spot, dict[str, Any]]:
    """What stands in the form at the first try of a team that breaks its rules."""
    wrong: dict[Spot, dict[str, Any]] = {}

    def spoil(section: str) -> dict[str, Any]:
        return wrong.setdefault((section, None), deepcopy(author.answers[(section, None)]))

    if plan.breaks(breaches.OVER_CAP):
        spoil("overview")["background"] = author.answers[("overview", None)]["background"] * 3
    if plan.breaks(breaches.ONE_INDICATOR):
        spoil("results")["effects"] = {"social": {"jobs": "12"}}
    if plan.breaks(breaches.NO_CASE):
        spoil("cases").pop("cases", None)
    if plan.breaks(breaches.UNKNOWN_INDUSTRY):
        spoil("application")["industries"] = ["999"]
    return wrong


def _note_problems(author: Author, wrong: dict[Spot, dict[str, Any]], ledger: Ledger) -> None:
    """Freezing must be refused at each place with its own sentence."""
    problems = problems_of(author.freeze)
    expected = (
        (breaches.OVER_CAP, "overview/background", "上限为500字"),
        (breaches.ONE_INDICATOR, "results/effects", "至少填写2项"),
        (breaches.NO_CASE, "cases/cases", "至少填写1个案例"),
        (breaches.UNKNOWN_INDUSTRY, "application/industries", "不是行业中类"),
    )
    for breach, place, words in expected:
        if author.plan.breaks(breach):
            ledger.expect_problem(breach, problems, path=place, words=words)


def submit_too_late(theatre: Theatre, plan: TeamPlan, ledger: Ledger) -> None:
    """The version is frozen and stamped, and the deadline has passed."""
    entry = entry_of(theatre, plan)
    revision = Revision.objects.filter(entry=entry).first() if entry else None
    if entry is None or revision is None:
        return
    ledger.expect_refusal(
        breaches.LATE_SUBMISSION,
        lambda: services.submit(revision, actor=entry.team.owner),
        StageClosed,
        "截止",
    )


def mend(theatre: Theatre, plan: TeamPlan, ledger: Ledger) -> None:
    """Put right what the formal check asked for, and submit a new version."""
    entry = entry_of(theatre, plan)
    if entry is None or entry.status != EntryStatus.RETURNED:
        return
    author = Author(entry, entry.team.owner, plan)
    answers = author.answers[("overview", None)]
    answers["scene"] = answers["scene"].rstrip("。") + "，并已按审查意见补充说明。"
    author.save(("overview", None), answers)
    author.hand_in()
