"""The second half of a rehearsal: judged, verified, awarded, published, certified, paid."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Final

from competition import stages
from competition.config.rehearsal.ledger import Cases
from competition.config.rehearsal.scenes import (
    deciding,
    finals,
    gating,
    judging,
    publishing,
    rewarding,
    verifying,
)
from competition.config.rehearsal.theatre import Step, Theatre, Work
from competition.errors import Refusal
from competition.models import Edition

GATEKEEPING: Final = "gatekeeping"
JUDGING: Final = "judging"
PRELIMINARY: Final = "preliminary-result"
VERIFICATION: Final = "verification"
FINAL: Final = "final"
PUBLICITY: Final = "publicity"
AWARDED: Final = "awarded"
NAMES: Final = {
    GATEKEEPING: "初步把关完成",
    JUDGING: "专家评审进行中",
    PRELIMINARY: "初赛结果确认",
    VERIFICATION: "技术验证完成",
    FINAL: "决赛成绩锁定",
    PUBLICITY: "公示进行中",
    AWARDED: "公示结束，颁证领奖",
}

Act = Callable[[Theatre, int, Cases], None]
Rows = Callable[[Theatre], list[int]]


def second_half(edition: Edition) -> list[Step]:
    """The steps after the formal check, within the edition's own stages."""
    windows = {stage.key: (stage.opens_at, stage.closes_at) for stage in edition.stages.all()}
    wanted = (stages.PRELIMINARY, stages.VERIFICATION, stages.FINAL, stages.PUBLICITY, stages.CEREMONY)
    if not windows.keys() >= set(wanted):
        raise Refusal("本届没有初赛以后的全部阶段，不能演练。")
    return [
        *_preliminary(*windows[stages.PRELIMINARY]),
        _step(VERIFICATION, *windows[stages.VERIFICATION], *_VERIFICATION),
        _step(FINAL, *windows[stages.FINAL], *_FINAL),
        _publicity(*windows[stages.PUBLICITY]),
        _step(AWARDED, *windows[stages.CEREMONY], *_AWARDED),
    ]


def _step(key: str, opens: datetime, closes: datetime, *works: tuple[str, Act, Rows, float, float]) -> Step:
    span = closes - opens
    return Step(
        key=key,
        name=NAMES[key],
        scenes=tuple(
            Work(name, act, opens + span * start, opens + span * end, rows)
            for name, act, rows, start, end in works
        ),
        rests_at=opens + span * max(end for *_, end in works),
    )


def _preliminary(opens: datetime, closes: datetime) -> list[Step]:
    return [
        _step(
            GATEKEEPING,
            opens,
            closes,
            ("gate", gating.decide_gate, gating.waiting_gates, 0.01, 0.12),
            ("gate-confirm", gating.confirm_gate, gating.gates_to_confirm, 0.13, 0.16),
            ("roll", gating.make_roll, gating.no_roll, 0.17, 0.18),
        ),
        _step(
            JUDGING,
            opens,
            closes,
            ("release", gating.release, gating.unreleased, 0.2, 0.28),
            ("assign", gating.assign, gating.unassigned, 0.3, 0.31),
            ("score", judging.score, judging.first_half, 0.32, 0.55),
            ("disqualify", judging.disqualify, judging.not_disqualified, 0.56, 0.57),
        ),
        _step(
            PRELIMINARY,
            opens,
            closes,
            ("score-rest", judging.score, judging.preliminary_sheets, 0.6, 0.85),
            ("decide", deciding.decide_preliminary, judging.preliminary_undecided, 0.9, 0.95),
        ),
    ]


_VERIFICATION: Final = (
    ("verify", verifying.verify, verifying.waiting, 0.05, 0.6),
    ("replace", verifying.replace, verifying.vacancies, 0.65, 0.7),
    ("verify-newcomers", verifying.verify, verifying.waiting, 0.75, 0.9),
)
_FINAL: Final = (
    ("draw", finals.draw, finals.not_drawn, 0.1, 0.12),
    ("present", finals.present, finals.to_present, 0.3, 0.6),
    ("score-final", judging.score, finals.sheets_of_the_final, 0.62, 0.7),
    ("lock", deciding.decide_final, finals.not_locked, 0.75, 0.8),
)
_AWARDED: Final = (
    ("rule", publishing.rule_after_publicity, publishing.unruled, 0.01, 0.05),
    ("place", rewarding.name_place, rewarding.no_place, 0.1, 0.11),
    ("hand-over", rewarding.hand_over, rewarding.due, 0.2, 0.5),
    ("works", rewarding.publish_work, rewarding.works, 0.52, 0.6),
    ("late-report", publishing.report_late, publishing.no_late_report, 0.7, 0.75),
    ("reclaim", rewarding.reclaim, rewarding.reclaiming, 0.8, 0.85),
)


def _publicity(opens: datetime, closes: datetime) -> Step:
    """Published on the first morning; rests on the third day, so that the end comes with the next step."""
    morning = opens + timedelta(hours=10)
    return Step(
        PUBLICITY,
        NAMES[PUBLICITY],
        (
            Work("propose", publishing.propose, morning, morning, publishing.not_proposed),
            Work("publish", publishing.publish, morning, morning, publishing.not_published),
            Work(
                "report",
                publishing.report_in_time,
                morning + timedelta(days=1),
                morning + timedelta(days=2),
                publishing.not_reported,
            ),
        ),
        rests_at=morning + timedelta(days=2),
    )
