"""Stages are derived from their rows on every read: nothing has to run for a deadline to hold."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from django.utils import timezone

from competition import clock
from competition.errors import StageClosed
from competition.models import Edition, Stage

REGISTRATION: Final = "registration"
SUBMISSION: Final = "submission"
PRELIMINARY: Final = "preliminary"
VERIFICATION: Final = "verification"
FINAL: Final = "final"
PUBLICITY: Final = "publicity"
CEREMONY: Final = "ceremony"


class Phase(StrEnum):
    BEFORE = "before"
    OPEN = "open"
    OVER = "over"


@dataclass(frozen=True)
class StageView:
    """A stage as pages show it; ``when`` is the month alone while the stage is provisional."""

    key: str
    name: str
    phase: Phase
    opens_at: datetime
    closes_at: datetime
    provisional: bool
    when: str


def format_instant(instant: datetime) -> str:
    """``2025年7月18日 18:00（周五）`` in the portal's time zone."""
    local = timezone.localtime(instant)
    weekday = "一二三四五六日"[local.weekday()]
    return f"{local.year}年{local.month}月{local.day}日 {local:%H:%M}（周{weekday}）"


def format_end(instant: datetime) -> str:
    """An instant at which something ends: midnight belongs to the day before, ``2025年7月31日 24:00（周四）``."""
    local = timezone.localtime(instant)
    if (local.hour, local.minute, local.second) != (0, 0, 0):
        return format_instant(instant)
    return format_instant(instant - timedelta(days=1)).replace("00:00", "24:00")


def phase_of(stage: Stage, instant: datetime) -> Phase:
    """A stage is open from ``opens_at`` to just before ``closes_at`` (decision on deadlines)."""
    if instant < stage.opens_at:
        return Phase.BEFORE
    return Phase.OPEN if instant < stage.closes_at else Phase.OVER


def overview(edition: Edition) -> list[StageView]:
    """All stages of an edition in order, as of its time now; one query."""
    instant = clock.now(edition)
    return [_view(stage, instant) for stage in edition.stages.all()]


def view(edition: Edition, key: str) -> StageView | None:
    """One stage as of now, or None when the edition has no such stage."""
    stage = edition.stages.filter(key=key).first()
    return None if stage is None else _view(stage, clock.now(edition))


def is_open(edition: Edition, key: str, *, at: datetime | None = None) -> bool:
    """Whether a stage is open at a real instant (now when absent); for showing, not for enforcing."""
    stage = edition.stages.filter(key=key).first()
    instant = clock.now(edition) if at is None else clock.at(edition, at)
    return stage is not None and phase_of(stage, instant) is Phase.OPEN


def require_open(edition: Edition, key: str, *, at: datetime | None) -> Stage:
    """Refuse unless the stage is open at the request's arrival ``at`` (real time; None means now).

    Must run inside the transaction of the change: it takes a share lock on the stage row, so that
    nobody moves the deadline in between. A request that arrived in time is honoured for
    the edition's ``grace`` after the deadline (R12, R13, R77). Raises StageClosed.
    """
    stage = _lock(edition, key)
    arrived = clock.now(edition) if at is None else clock.at(edition, at)
    phase = phase_of(stage, arrived)
    if phase is Phase.BEFORE:
        raise StageClosed(f"{stage.name}尚未开始，将于{format_instant(stage.opens_at)}开始。")
    late = clock.now(edition) - stage.closes_at
    if phase is Phase.OVER or late >= edition.honoured_for:
        raise StageClosed(f"{stage.name}已于{format_end(stage.closes_at)}截止，不能再提交。")
    return stage


def require_not_over(edition: Edition, key: str, *, at: datetime | None) -> None:
    """Refuse when the stage's deadline has passed; drafting before it opens is free.

    What arrived in time is honoured for the edition's ``grace`` here, too: a body may dawdle for hours.
    """
    stage = _lock(edition, key)
    arrived = clock.now(edition) if at is None else clock.at(edition, at)
    late = clock.now(edition) - stage.closes_at
    if phase_of(stage, arrived) is Phase.OVER or late >= edition.honoured_for:
        raise StageClosed(f"{stage.name}已于{format_end(stage.closes_at)}截止，不能再修改。")


def _lock(edition: Edition, key: str) -> Stage:
    rows = Stage.objects.raw(
        "SELECT * FROM competition_stage WHERE edition_id = %s AND key = %s FOR SHARE", [edition.pk, key]
    )
    stage = next(iter(rows), None)
    if stage is None:
        raise StageClosed("本届赛事没有设置这个阶段。")
    return stage


def _view(stage: Stage, instant: datetime) -> StageView:
    when = (
        stage.month_text
        if stage.provisional
        else f"{format_instant(stage.opens_at)}至{format_end(stage.closes_at)}"
    )
    return StageView(
        key=stage.key,
        name=stage.name,
        phase=phase_of(stage, instant),
        opens_at=stage.opens_at,
        closes_at=stage.closes_at,
        provisional=stage.provisional,
        when=when,
    )
