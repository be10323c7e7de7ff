"""What a rehearsal gave: numbers, what was planted and what was caught; the same for the same seed."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django.db.models import Count

from competition.config.rehearsal.breaches import ALL
from competition.config.rehearsal.cast import TeamPlan
from competition.config.rehearsal.theatre import ACT
from competition.models import AuditEvent, Edition, OutboxMessage
from registration.models import Team
from registration.workflow import TeamStatus
from submissions.models import Entry, Receipt
from submissions.workflow import EntryStatus


def report(edition: Edition, plans: Sequence[TeamPlan], seconds: dict[str, float]) -> dict[str, Any]:
    """The JSON of ``rehearse``; ``seconds`` per step are the only thing that differs between runs."""
    labels = {plan.number: plan.label for plan in plans}
    acts = list(
        AuditEvent.objects.filter(edition=edition, verb=ACT).order_by("id").values_list("data", flat=True)
    )
    submitted = Receipt.objects.filter(revision__entry__edition=edition).values("revision__entry_id")
    return {
        "teams": len(plans),
        "approved": Team.objects.filter(edition=edition, status=TeamStatus.APPROVED).count(),
        "submitted": _per_track(edition, Entry.objects.filter(pk__in=submitted)),
        "accepted": _per_track(edition, Entry.objects.filter(edition=edition, status=EntryStatus.ACCEPTED)),
        "planted": _rules(acts, "planted", labels),
        "caught": _rules(acts, "caught", labels),
        "mails": OutboxMessage.objects.filter(edition=edition).count(),
        "seconds": seconds,
    }


def _per_track(edition: Edition, entries: Any) -> dict[str, Any]:
    counted = dict(
        entries.values_list("team__topic__track__number")
        .annotate(Count("pk"))
        .order_by("team__topic__track__number")
    )
    tracks = edition.tracks.values_list("number", flat=True)
    return {
        "total": sum(counted.values()),
        "per_track": {str(number): counted.get(number, 0) for number in tracks},
    }


def _rules(acts: Iterable[dict[str, Any]], what: str, labels: dict[int, str]) -> list[dict[str, str]]:
    rules = {breach.key: breach.rule for breach in ALL}
    found = [
        {"team": labels[act["team"]], "rule": rules[key]}
        for act in acts
        for key in act[what]
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
