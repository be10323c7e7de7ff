"""Awards in a few rows, without the judging before them: the ground of certificates, library and payouts."""

from __future__ import annotations

from typing import Any

from django.utils import timezone

from awards.models import Award, PrizeBudget, PrizeTier
from awards.workflow import AwardStatus
from competition import clock
from competition.models import Edition, User
from submissions.models import Entry


def tier_of(edition: Edition, key: str) -> PrizeTier:
    """A prize of the edition as its data says it."""
    PrizeBudget.objects.get_or_create(
        edition=edition, defaults={"total_fen": edition.data["prize_total_fen"]}
    )
    rows: list[dict[str, Any]] = [*edition.data["prizes"], *edition.data["unit_awards"]]
    position, row = next((place, row) for place, row in enumerate(rows, start=1) if row["key"] == key)
    tier, _ = PrizeTier.objects.get_or_create(
        edition=edition,
        key=key,
        defaults={
            "name": row["name"],
            "code": row["code"],
            "position": position,
            "count": row.get("count"),
            "amount_fen": row.get("amount_fen", 0),
            "pool": row.get("pool", ""),
        },
    )
    return tier


def given(
    edition: Edition,
    by: User,
    entry: Entry | None = None,
    *,
    tier: str = "first",
    unit: str = "",
    status: str = AwardStatus.CONFIRMED,
) -> Award:
    """An award of ``entry``, or of ``unit`` by its name, in a state; what follows it has not followed."""
    prize = tier_of(edition, tier)
    place = Award.objects.filter(tier=prize).count() + 1
    award = Award.objects.create(
        edition=edition,
        tier=prize,
        entry=entry,
        unit_name=unit,
        reason="积极组织征集作品" if unit else "",
        position=place,
        amount_fen=prize.amount_fen,
        proposed_by=by,
        proposed_at=timezone.now(),
    )
    Award.objects.filter(pk=award.pk).update(
        status=status, confirmed_at=clock.now(edition) if status == AwardStatus.CONFIRMED else None
    )
    return Award.objects.get(pk=award.pk)
