"""The outcome for everybody: lists, awards, and where each stands."""

from __future__ import annotations

from itertools import groupby
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from awards.models import Award
from awards.services import outcome
from awards.workflow import AwardStatus, WorkStatus
from competition.middleware import edition_of
from submissions.models import Entry

STATES = {AwardStatus.PUBLISHED: ("official", "公示中"), AwardStatus.CONFIRMED: ("done", "已确认")}


@login_not_required
@require_safe
def page(request: HttpRequest, **kwargs: Any) -> HttpResponse:
    """Awards by prize once they are under publicity, and the lists of the preliminary once confirmed."""
    edition = edition_of(request)
    tiers = [
        {"tier": tier, "rows": [_award(award) for award in awards]}
        for tier, awards in groupby(outcome.awarded(edition), key=lambda award: award.tier)
    ]
    tracks = [
        {
            "track": one.track,
            "finalists": [_named(entry) for entry in one.finalists],
            "excellence": [_named(entry) for entry in one.excellence],
        }
        for one in outcome.listed(edition)
    ]
    return render(request, "awards/results.html", {"tiers": tiers, "tracks": tracks})


def _award(award: Award) -> dict[str, Any]:
    state, word = STATES[AwardStatus(award.status)]
    row = {"state": state, "word": word, "notice": award.notice, "work": None, "track": ""}
    if award.entry is None:
        return {**row, "name": award.unit_name, "units": []}
    work = getattr(award, "work", None)
    shown = work is not None and work.status == WorkStatus.PUBLISHED and state == "done"
    topic = award.entry.team.topic
    return {
        **row,
        **_named(award.entry),
        "work": work if shown else None,
        "track": topic.track if topic else "",
    }


def _named(entry: Entry) -> dict[str, Any]:
    units = sorted(entry.team.units.all(), key=lambda unit: (not unit.is_lead, unit.position))
    return {"name": entry.team.project_name, "units": [unit.name for unit in units]}
