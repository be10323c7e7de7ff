"""Opens a rehearsal, takes one up again, and plays it: what the command and the demonstration call."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

from django.db import transaction

from competition import audit, clock
from competition.config.rehearsal import breaches
from competition.config.rehearsal.cast import cast
from competition.config.rehearsal.report import report
from competition.config.rehearsal.script import LAST, steps_of
from competition.config.rehearsal.theatre import CAST, Step, Theatre, alone
from competition.errors import Refusal
from competition.models import AuditEvent, Edition
from competition.services.editions import load_edition

MOST_TEAMS: Final = 2000


def open_rehearsal(folder: Path, *, slug: str, teams: int, seed: str) -> Theatre:
    """Load the edition under its own slug and draw the teams; refuses a slug that is taken."""
    if not breaches.LEAST_TEAMS <= teams <= MOST_TEAMS:
        raise Refusal(f"演练的团队数应为{breaches.LEAST_TEAMS}至{MOST_TEAMS}。")
    if Edition.objects.filter(slug=slug).exists():
        raise Refusal(f"“{slug}”已经存在。请加 --fresh 另开一场演练，或用 --edition 另取一个标识。")
    with transaction.atomic():
        edition = load_edition(folder, slug=slug, rehearsal=True)
        audit.record(None, CAST, edition, edition=edition, teams=teams, seed=seed)
        first = steps_of(edition)[0].scenes[0]
        clock.set_time(edition, first.opens)
        edition.articles.update(published_at=first.opens)
    return take_up(edition)


def free_slug(slug: str) -> str:
    """The slug itself, or with the next free number."""
    taken = set(Edition.objects.filter(slug__startswith=slug).values_list("slug", flat=True))
    numbered = (f"{slug}-{number}" for number in range(2, len(taken) + 3))
    return slug if slug not in taken else next(one for one in numbered if one not in taken)


def take_up(edition: Edition) -> Theatre:
    """The rehearsal of an edition, with the teams that were drawn when it was opened."""
    drawn = AuditEvent.objects.filter(edition=edition, verb=CAST).order_by("id").first()
    if drawn is None or not edition.is_rehearsal:
        raise Refusal(f"“{edition.slug}”不是一场演练。")
    seed = str(drawn.data["seed"])
    return Theatre(edition, cast(edition, teams=int(drawn.data["teams"]), seed=seed), seed=seed)


def next_step(theatre: Theatre) -> Step | None:
    """The first step that was not played to its end; None after the last."""
    done = theatre.done()
    return next((step for step in steps_of(theatre.edition) if step.key not in done), None)


def play(
    theatre: Theatre, *, until: str = LAST, say: Callable[[str], None] = lambda line: None
) -> dict[str, float]:
    """Play all steps up to and with ``until``; returns seconds per step. Refuses an unknown step."""
    steps = steps_of(theatre.edition)
    keys = [step.key for step in steps]
    if until not in keys:
        raise Refusal(f"没有“{until}”这个步骤，可用：{'、'.join(keys)}。")
    done = theatre.done()
    with alone(theatre.edition):
        return {
            step.key: round(theatre.play(step, say), 2)
            for step in steps[: keys.index(until) + 1]
            if step.key not in done
        }


def result(theatre: Theatre, seconds: dict[str, float]) -> dict[str, Any]:
    """The report of what was played so far."""
    return report(theatre.edition, theatre.plans, theatre.cases(), seconds)
