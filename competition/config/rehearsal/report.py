"""What a rehearsal gave: numbers, what was planted and what was caught; the same for the same seed."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django.db.models import Count, QuerySet

from competition.config.rehearsal.breaches import ALL
from competition.config.rehearsal.cast import TeamPlan
from competition.config.rehearsal.outcome import outcome
from competition.config.rehearsal.theatre import ACT
from competition.models import AuditEvent, Edition, OutboxMessage
from registration.models import Team
from registration.workflow import TeamStatus
from submissions.models import Receipt
from submissions.workflow import EntryStatus


def report(
    edition: Edition,
    plans: Sequence[TeamPlan],
    cases: list[dict[str, str]],
    seconds: dict[str, float],
) -> dict[str, Any]:
    """The JSON of ``rehearse``; ``seconds`` per step are the only thing that differs between runs."""
    labels = {plan.number: plan.label for plan in plans}
    acts = list(
        AuditEvent.objects.filter(edition=edition, verb=ACT).order_by("id").values_list("data", flat=True)
    )
    sealed = Receipt.objects.filter(revision__entry__edition=edition).values("revision__entry_id")
    approved = Team.objects.filter(edition=edition, status=TeamStatus.APPROVED)
    submitted = Team.objects.filter(entry__in=sealed)
    accepted = Team.objects.filter(entry__edition=edition, entry__status=EntryStatus.ACCEPTED)
    counted = {"approved": approved, "submitted": submitted, "accepted": accepted}
    return {
        "teams": len(plans),
        **{name: teams.count() for name, teams in counted.items()},
        "per_track": {name: _per_track(edition, teams) for name, teams in counted.items()},
        "planted": _rules(acts, "planted", labels),
        "caught": _rules(acts, "caught", labels),
        **outcome(edition, cases),
        "mails": OutboxMessage.objects.filter(edition=edition).count(),
        "seconds": seconds,
    }


def _per_track(edition: Edition, teams: QuerySet[Any]) -> dict[str, int]:
    counted = dict(
        teams.order_by("topic__track__number").values_list("topic__track__number").annotate(Count("pk"))
    )
    return {str(number): counted.get(number, 0) for number in edition.tracks.values_list("number", flat=True)}


def _rules(acts: Iterable[dict[str, Any]], what: str, labels: dict[int, str]) -> list[dict[str, str]]:
    rules = {breach.key: breach.rule for breach in ALL}
    found = [
        {"team": labels[act["team"]], "rule": rules[key]}
        for act in acts
        for key in act.get(what, [])
        if act["team"] in labels
    ]
    return sorted(found, key=lambda one: (one["team"], one["rule"]))


def not_caught(result: dict[str, Any]) -> list[dict[str, str]]:
    """Planted breaches that nobody refused or found."""
    left = list(result["caught"])
    missed = []
    for one in result["planted"]:
        if one in left:
            left.remove(one)
        else:
            missed.append(one)
    return missed


def lost(result: dict[str, Any]) -> list[dict[str, Any]]:
    """Places and awards that ended with nobody in them: they are missing from ``awards`` and ``total_fen``."""
    return [one for one in result["voided"] if not one["replaced"]]
