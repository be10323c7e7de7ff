"""The steps of a rehearsal, in the order in which the edition's own stages open and close."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

from competition import stages
from competition.config.rehearsal import breaches, course
from competition.config.rehearsal.cast import TeamPlan
from competition.config.rehearsal.ledger import Ledger
from competition.config.rehearsal.scenes import checking, listing, registering, reviewing, writing
from competition.config.rehearsal.theatre import Scene, Step, Theatre, Work
from competition.errors import Refusal
from competition.models import Edition

REGISTRATION_OPEN: Final = "registration-open"
REGISTRATION_CLOSED: Final = "registration-closed"
SUBMISSION_OPEN: Final = "submission-open"
SUBMISSION_CLOSED: Final = "submission-closed"
FORMAL_CHECK: Final = "formal-check"
NAMES: Final = {
    REGISTRATION_OPEN: "报名进行中",
    REGISTRATION_CLOSED: "报名截止",
    SUBMISSION_OPEN: "提交进行中",
    SUBMISSION_CLOSED: "提交截止",
    FORMAL_CHECK: "形式审查完成",
    **course.NAMES,
}
LAST: Final = course.AWARDED
#: Time for late-comers to be refused, and for the formal check.
AFTERWARDS: Final = timedelta(hours=1)
CHECKING: Final = timedelta(hours=5)
SETTLING: Final = timedelta(days=4)

Act = Callable[[Theatre, TeamPlan, Ledger], None]
Who = Callable[[TeamPlan], bool]


def everybody(plan: TeamPlan) -> bool:
    """All teams."""
    return True


def early(plan: TeamPlan) -> bool:
    """Teams that register in good time."""
    return plan.is_early


def last(plan: TeamPlan) -> bool:
    """Teams that register in the last weeks."""
    return plan.is_last


def steps_of(edition: Edition) -> list[Step]:
    """The steps in order, from the first registration to the last certificate."""
    return [*_first_half(edition), *course.second_half(edition)]


def _first_half(edition: Edition) -> list[Step]:
    """Up to the formal check. Where submission opens before registration closes, so it does here."""
    times = _Times(edition)
    if times.submission_opens < times.registration_closes:
        settled = times.settled(times.submission_closes)
        return [
            _registration_open(times, times.submission_opens, with_last=False),
            _submission_open(times.submission_opens, times.registration_closes, with_last=True),
            _registration_closed(times, settled),
            _submission_closed(times, settled),
            _formal_check(times),
        ]
    middle = times.submission_opens + (times.submission_closes - times.submission_opens) / 2
    return [
        _registration_open(times, times.registration_closes, with_last=True),
        _registration_closed(times, times.settled(times.submission_opens)),
        _submission_open(times.submission_opens, middle, with_last=False),
        _submission_closed(times, middle),
        _formal_check(times),
    ]


class _Times:
    """The instants that matter here."""

    def __init__(self, edition: Edition) -> None:
        rows = {stage.key: stage for stage in edition.stages.all()}
        if not {stages.REGISTRATION, stages.SUBMISSION} <= rows.keys():
            raise Refusal("本届没有“报名”和“提交”阶段，不能演练。")
        registration, submission = rows[stages.REGISTRATION], rows[stages.SUBMISSION]
        self.registration_opens, self.registration_closes = registration.opens_at, registration.closes_at
        self.submission_opens, self.submission_closes = submission.opens_at, submission.closes_at

    def settled(self, before: datetime) -> datetime:
        """When the last registrations are reviewed: four days after the deadline, or half the time left."""
        return self.registration_closes + min(SETTLING, (before - self.registration_closes) / 2)


def _step(key: str, opens: datetime, closes: datetime, *scenes: tuple[str, Act, Who, float, float]) -> Step:
    """Scenes between shares (0 to 1) of a stretch of time; the clock rests at its last twentieth."""
    span = closes - opens
    return Step(
        key=key,
        name=NAMES[key],
        scenes=tuple(
            Scene(name, act, opens + span * start, opens + span * end, who)
            for name, act, who, start, end in scenes
        ),
        rests_at=opens + span * 0.95,
    )


def _registration_open(times: _Times, closes: datetime, *, with_last: bool) -> Step:
    scenes: list[tuple[str, Act, Who, float, float]] = [
        ("register", registering.register, early, 0.04, 0.55),
        ("review", reviewing.review, early, 0.56, 0.68),
        ("correct", registering.correct, early, 0.69, 0.78),
        ("review-again", reviewing.review, early, 0.79, 0.84),
    ]
    if with_last:
        scenes.append(("register-last", registering.register, last, 0.85, 0.94))
    step = _step(REGISTRATION_OPEN, times.registration_opens, closes, *scenes)
    between = step.scenes[0].closes
    lists = Work("lists", listing.bring_in, between, between, listing.not_brought_in)
    return replace(step, scenes=(step.scenes[0], lists, *step.scenes[1:]))


def _submission_open(opens: datetime, closes: datetime, *, with_last: bool) -> Step:
    scenes: list[tuple[str, Act, Who, float, float]] = [("begin", writing.begin, early, 0.05, 0.6)]
    if with_last:
        scenes.append(("register-last", registering.register, last, 0.62, 0.8))
    return _step(SUBMISSION_OPEN, opens, closes, *scenes)


def _registration_closed(times: _Times, settled: datetime) -> Step:
    return _step(
        REGISTRATION_CLOSED,
        min(times.registration_closes + AFTERWARDS, settled),
        settled,
        ("register-too-late", registering.register_too_late, _too_late, 0.0, 0.2),
        ("review-last", reviewing.review, last, 0.25, 0.9),
    )


def _too_late(plan: TeamPlan) -> bool:
    return plan.breaks(breaches.LATE_REGISTRATION)


def _late_submission(plan: TeamPlan) -> bool:
    return plan.breaks(breaches.LATE_SUBMISSION)


def _submission_closed(times: _Times, began: datetime) -> Step:
    span = times.submission_closes - began
    after = times.submission_closes + timedelta(minutes=10)
    late = Scene(
        "submit-too-late", writing.submit_too_late, after, after + timedelta(minutes=20), _late_submission
    )
    finish = Scene("finish", writing.finish, began, began + span * 0.97, everybody)
    return Step(SUBMISSION_CLOSED, NAMES[SUBMISSION_CLOSED], (finish, late), after + timedelta(minutes=25))


def _formal_check(times: _Times) -> Step:
    opens = times.submission_closes + AFTERWARDS
    return _step(
        FORMAL_CHECK,
        opens,
        opens + CHECKING,
        ("check", checking.check, everybody, 0.0, 0.5),
        ("mend", writing.mend, everybody, 0.52, 0.7),
        ("check-again", checking.check, everybody, 0.72, 0.9),
    )
