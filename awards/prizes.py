"""Who gets which prize, and the money: tiers filled from the top by rank; amounts are integers of fen."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

from competition.edition_schema import PrizeData

FINALISTS: Final = "finalists"
EXCELLENCE: Final = "excellence"


@dataclass(frozen=True, slots=True)
class Prize:
    """An entry's prize: the tier's key and its amount in fen.

    `position` counts the pool's places from 1 and only tells the tier: pages show the rank, which equals share.
    `is_void` keeps the prize on record for an entry that lost it; nobody moves up and no money is due.
    """

    entry: str
    tier: str
    position: int
    amount_fen: int
    is_void: bool = False


@dataclass(frozen=True, slots=True)
class PrizeList:
    """All prizes of an edition with the places that stay empty, by tier."""

    prizes: tuple[Prize, ...]
    vacant: tuple[tuple[str, int], ...]

    @property
    def standing(self) -> tuple[Prize, ...]:
        """The prizes that are not void."""
        return tuple(prize for prize in self.prizes if not prize.is_void)

    @property
    def counts(self) -> dict[str, int]:
        """Tier -> prizes that are not void, zeros included."""
        counted = Counter(prize.tier for prize in self.standing)
        return {tier: counted[tier] for tier, _ in self.vacant}

    @property
    def total_fen(self) -> int:
        """What is due in all, in fen (R37)."""
        return sum(prize.amount_fen for prize in self.standing)

    def as_data(self) -> dict[str, Any]:
        """The list as JSON-ready data for a snapshot."""
        return {
            "prizes": [
                {
                    "entry": prize.entry,
                    "tier": prize.tier,
                    "position": prize.position,
                    "amount_fen": prize.amount_fen,
                    "void": prize.is_void,
                }
                for prize in self.prizes
            ],
            "vacant": dict(self.vacant),
            "total_fen": self.total_fen,
        }


def tier_sizes(tiers: Iterable[PrizeData], pool: str = FINALISTS) -> tuple[int, ...]:
    """How many each tier of a pool holds, from the top: 3, 6, 9 for the final (R31); feeds the cut lines."""
    return tuple(tier.count for tier in tiers if tier.pool == pool)


def planned_fen(tiers: Iterable[PrizeData]) -> int:
    """The money when every prize is given, in fen: 60 000 000 in the notice (R37, R39, R40, R41, R42)."""
    return sum(tier.count * tier.amount_fen for tier in tiers)


def award(
    tiers: Sequence[PrizeData],
    *,
    finalists: Sequence[str],
    excellence: Sequence[str],
    void: Collection[str] = (),
) -> PrizeList:
    """Prizes by the locked order of the final and the list of excellence awards (R31, R39, R40, R41, R42).

    Tiers fill from the top, so that with fewer finalists the last tier is shorter. Entries in `void` lost their
    prize after the order was locked: their place stays empty. Those who dropped out before are not in the lists.
    ValueError: an entry stands twice, a void one in neither list, or a list is longer than its tiers.
    """
    everybody = [*finalists, *excellence]
    if len(set(everybody)) != len(everybody):
        raise ValueError("an entry stands in the lists twice")
    if strangers := set(void) - set(everybody):
        raise ValueError(f"no prize to void: {', '.join(sorted(strangers))}")
    prizes: list[Prize] = []
    for pool, entries in ((FINALISTS, finalists), (EXCELLENCE, excellence)):
        places = list(_places(tiers, pool))
        if len(entries) > len(places):
            raise ValueError(f"{len(entries)} {pool} for {len(places)} prizes")
        prizes += [
            Prize(entry, tier.key, position, tier.amount_fen, entry in void)
            for position, (entry, tier) in enumerate(zip(entries, places, strict=False), start=1)
        ]
    held = Counter(prize.tier for prize in prizes if not prize.is_void)
    return PrizeList(tuple(prizes), tuple((tier.key, tier.count - held[tier.key]) for tier in tiers))


def _places(tiers: Iterable[PrizeData], pool: str) -> Iterator[PrizeData]:
    """The tier of each place of a pool, from the top."""
    for tier in tiers:
        if tier.pool == pool:
            yield from [tier] * tier.count


def yuan(amount_fen: int) -> str:
    """An amount in fen as pages print it: 5000000 is '50,000元', 12345 is '123.45元'. ValueError: negative."""
    if amount_fen < 0:
        raise ValueError("an amount must not be negative")
    whole, rest = divmod(amount_fen, 100)
    return f"{whole:,}.{rest:02d}元" if rest else f"{whole:,}元"
