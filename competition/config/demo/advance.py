"""Moves the demonstration on by one step, in the background; the page asks how far it is."""

from __future__ import annotations

from dataclasses import dataclass

from django.core.cache import cache

from competition.config.rehearsal import house
from competition.config.rehearsal.script import NAMES, steps_of
from competition.config.rehearsal.theatre import is_playing
from competition.errors import Refusal
from competition.models import Edition

#: A request that no worker has taken up after this many seconds counts as lost.
LOST_AFTER = 60
#: How long the page says why the last step broke off.
KEPT_FOR = 3600


@dataclass(frozen=True)
class StepView:
    """A step as the page shows it; state is done, now (being played), next or later."""

    key: str
    name: str
    state: str


@dataclass(frozen=True)
class Progress:
    """Where the demonstration stands."""

    steps: list[StepView]
    next_name: str
    running: bool
    done: int
    total: int
    failure: str = ""

    @property
    def percent(self) -> int:
        """0 to 100 of the step that is being played."""
        return min(100, 100 * self.done // self.total) if self.total else 0


def progress(edition: Edition) -> Progress:
    """How far the contest and the step that is being played are."""
    theatre = house.take_up(edition)
    finished, steps = theatre.done(), steps_of(edition)
    step = next((one for one in steps if one.key not in finished), None)
    running = is_playing(edition) or _requested(edition)
    done, total = theatre.progress(step) if step is not None and running else (0, 0)
    views = []
    for one in steps:
        state = "done" if one.key in finished else "later"
        if step is not None and one.key == step.key:
            state = "now" if running else "next"
        views.append(StepView(one.key, one.name, state))
    failure = "" if running else cache.get(_failure_key(edition), "")
    return Progress(views, step.name if step else "", running and step is not None, done, total, failure)


def request(edition: Edition) -> None:
    """Ask a worker for the next step; refuses while one is being played and after the last."""
    # The task calls play_next() below.
    from competition.config.tasks import advance_demo

    step = house.next_step(house.take_up(edition))
    if step is None:
        raise Refusal("演练已经到最后一步。")
    if is_playing(edition) or _requested(edition):
        raise Refusal("上一次推进还在进行，请稍候。")
    cache.delete(_failure_key(edition))
    cache.set(_key(edition), step.key, LOST_AFTER)
    if advance_demo.delay(edition.pk, step.key) is None:
        forget(edition)
        raise Refusal("后台任务没有启动，请确认 Redis 和 worker 正在运行，然后再试。")


def play_next(edition_pk: int, step: str) -> None:
    """Play one step if it is still the next; safe to call twice."""
    edition = Edition.objects.get(pk=edition_pk)
    theatre = house.take_up(edition)
    upcoming = house.next_step(theatre)
    try:
        if upcoming is not None and upcoming.key == step:
            house.play(theatre, until=step)
    except Exception as error:
        cache.set(_failure_key(edition), _sentence(error), KEPT_FOR)
        raise
    finally:
        forget(edition)


def forget(edition: Edition) -> None:
    """The request for a step has been taken up or given up."""
    cache.delete(_key(edition))


def _sentence(error: Exception) -> str:
    """What the page says of a step that broke off; what was done until then stays done."""
    why = (
        error.sentence
        if isinstance(error, Refusal)
        else f"程序出错（{type(error).__name__}），详见运行日志。"
    )
    return f"{why}已经办完的事项保留着，可以再按一次，从断开的地方继续。"


def _failure_key(edition: Edition) -> str:
    return f"demo.failed.{edition.pk}"


def _requested(edition: Edition) -> bool:
    return cache.get(_key(edition)) in NAMES


def _key(edition: Edition) -> str:
    return f"demo.advance.{edition.pk}"
