"""Prepares the demonstration's edition: sixty teams up to 'submission open', and the named people."""

from __future__ import annotations

import sys
from typing import Final

from django.conf import settings

from competition.config.demo import story
from competition.config.rehearsal import house
from competition.config.rehearsal.script import REGISTRATION_OPEN, SUBMISSION_OPEN
from competition.config.rehearsal.theatre import Theatre
from competition.errors import Refusal
from competition.models import AuditEvent, Edition

TEAMS: Final = 60
SEED: Final = "2025"
FOLDER: Final = "shanxi-2025"


def prepare(teams: int = TEAMS) -> None:
    """Rehearse up to 'submission open' once; a later start finds it done, a broken-off one goes on."""
    edition = Edition.objects.filter(slug=settings.CURRENT_EDITION).first()
    if edition is not None and not edition.is_rehearsal:
        raise Refusal(f"“{edition.slug}”是正式赛事，不能用于演示；请去掉 CURRENT_EDITION。")
    if edition is not None and AuditEvent.objects.filter(edition=edition, verb=story.WRITTEN).exists():
        return
    sys.stderr.write(f"Preparing the demonstration: {teams} teams register and write (a minute, once) ...\n")
    theatre = _theatre(edition, teams)
    story.confirm_stages(theatre.edition)
    house.play(theatre, until=REGISTRATION_OPEN)
    story.tell_registrations(theatre)
    house.play(theatre, until=SUBMISSION_OPEN)
    story.tell_half_written(theatre)


def _theatre(edition: Edition | None, teams: int) -> Theatre:
    if edition is not None:
        return house.take_up(edition)
    folder = settings.BASE_DIR / "competition" / "editions" / FOLDER
    return house.open_rehearsal(folder, slug=settings.CURRENT_EDITION, teams=teams, seed=SEED)
