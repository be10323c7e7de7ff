"""What a rehearsal's second half gave: seats, awards, money, certificates, reports."""

from __future__ import annotations

from collections import Counter
from typing import Any

from django.db.models import Count, Sum

from awards.models import Award, Certificate, Report
from awards.workflow import AwardStatus, CertificateStatus
from competition.models import Edition
from judging.models import Gate, ListChange, Result
from judging.workflow import ChangeKind, GateStatus, Pool, ResultStatus, Round


def outcome(edition: Edition, cases: list[dict[str, str]]) -> dict[str, Any]:
    """Keys of the JSON from gatekeeping on; zero or empty for what was not played.

    ``awards`` and ``total_fen`` count confirmed awards of entries; what is missing from the full numbers stands
    in ``voided`` with ``replaced`` false.
    """
    confirmed = Award.objects.filter(edition=edition, entry__isnull=False, status=AwardStatus.CONFIRMED)
    counted = dict(confirmed.order_by().values_list("tier__key").annotate(Count("pk")))
    prizes = Certificate.objects.filter(award__edition=edition, award__entry__isnull=False)
    return {
        "recommended": Gate.objects.filter(edition=edition, status=GateStatus.RECOMMENDED).count(),
        "seats": _seats(edition),
        "awards": {
            one["key"]: counted[one["key"]] for one in edition.texts("prizes") if one["key"] in counted
        },
        "voided": [*_left_lists(edition), *_ended_awards(edition)],
        "total_fen": confirmed.aggregate(sum=Sum("amount_fen"))["sum"] or 0,
        "certificates": prizes.filter(status=CertificateStatus.ISSUED).count(),
        "reports": dict(
            Report.objects.filter(edition=edition)
            .order_by("status")
            .values_list("status")
            .annotate(Count("pk"))
        ),
        "revoked": Award.objects.filter(
            edition=edition, status__in=[AwardStatus.REVOKED, AwardStatus.RECLAIMED]
        ).count(),
        "cases": cases,
    }


def _seats(edition: Edition) -> dict[str, dict[str, int]]:
    """Seats per track as the confirmed result gave them: {list: {track number: seats}}."""
    result = Result.objects.filter(
        edition=edition, round=Round.PRELIMINARY, status=ResultStatus.CONFIRMED
    ).first()
    if result is None:
        return {"finalist": {}, "excellence": {}}
    seats = result.content["seats"]
    return {"finalist": dict(seats["finalists"]["seats"]), "excellence": dict(seats["excellence"]["seats"])}


def _left_lists(edition: Edition) -> list[dict[str, Any]]:
    """Entries that left a list before the awards, whether somebody of the track followed, and places left empty."""
    changes = ListChange.objects.filter(result__edition=edition).select_related("entry__team").order_by("id")
    followed, empty = Counter[tuple[int, str]](), Counter[tuple[int, str]]()
    for change in changes:
        followed[change.track_id, change.pool] += change.kind == ChangeKind.MOVE_UP
        empty[change.track_id, change.pool] += change.kind == ChangeKind.LEAVE_VACANT
    found = []
    for change in changes:
        place = (change.track_id, change.pool)
        if change.kind == ChangeKind.VOID and change.entry is not None and change.pool:
            replaced = followed[place] > 0
            followed[place] -= replaced
            empty[place] -= not replaced
            found.append(_lost(change.entry.team.name, change.pool, change.reason, replaced=replaced))
    for (_, pool), places in sorted(empty.items()):
        found += [_lost("", pool, "获优秀奖作品递补入围，所留名额空缺", replaced=False)] * max(places, 0)
    return found


def _lost(team: str, pool: str, why: str, *, replaced: bool) -> dict[str, Any]:
    where = "finalist" if pool == Pool.FINALISTS else pool
    return {"team": team, "from": where, "why": why, "replaced": replaced}


def _ended_awards(edition: Edition) -> list[dict[str, Any]]:
    """Awards that were cancelled or revoked: nobody follows."""
    ended = Award.objects.filter(
        edition=edition, status__in=[AwardStatus.VOID, AwardStatus.REVOKED, AwardStatus.RECLAIMED]
    ).select_related("entry__team", "tier")
    return [
        {
            "team": one.entry.team.name if one.entry else one.unit_name,
            "from": one.tier.key,
            "why": one.ended_why,
            "replaced": False,
        }
        for one in ended.order_by("tier__position", "position")
    ]
