"""Tiers filled from the top by rank, voids, and the money in fen."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from awards.prizes import EXCELLENCE, Prize, award, planned_fen, tier_sizes, yuan
from competition.edition_schema import read_edition

TIERS = read_edition(Path(__file__).parents[2] / "competition" / "editions" / "shanxi-2025").prizes
FINALISTS = [f"F{number:02d}" for number in range(1, 19)]
EXCELLENT = [f"Y{number:02d}" for number in range(1, 19)]


@pytest.mark.rule("R31", "R37", "R39", "R40", "R41", "R42")
def test_full_lists_give_every_prize_and_all_the_money() -> None:
    result = award(TIERS, finalists=FINALISTS, excellence=EXCELLENT)

    assert result.counts == {"first": 3, "second": 6, "third": 9, "excellence": 18}
    assert result.total_fen == planned_fen(TIERS) == 60_000_000
    assert result.vacant == (("first", 0), ("second", 0), ("third", 0), ("excellence", 0))
    assert result.prizes[2:4] == (
        Prize("F03", "first", 3, 5_000_000),
        Prize("F04", "second", 4, 3_000_000),
    )
    assert result.prizes[18] == Prize("Y01", "excellence", 1, 500_000)


@pytest.mark.rule("R31")
def test_tier_sizes_are_the_cut_lines_of_the_final() -> None:
    assert tier_sizes(TIERS) == (3, 6, 9)
    assert tier_sizes(TIERS, EXCELLENCE) == (18,)


@pytest.mark.rule("R31")
@pytest.mark.parametrize(
    ("finalists", "counts"),
    [
        (17, {"first": 3, "second": 6, "third": 8, "excellence": 0}),
        (7, {"first": 3, "second": 4, "third": 0, "excellence": 0}),
        (0, {"first": 0, "second": 0, "third": 0, "excellence": 0}),
    ],
)
def test_fewer_finalists_shorten_the_last_tier(finalists: int, counts: dict[str, int]) -> None:
    assert award(TIERS, finalists=FINALISTS[:finalists], excellence=()).counts == counts


@pytest.mark.rule("R37", "R54")
def test_void_prize_stays_empty_and_nobody_moves_up() -> None:
    before = award(TIERS, finalists=FINALISTS, excellence=EXCELLENT)

    after = award(TIERS, finalists=FINALISTS, excellence=EXCELLENT, void={"F01", "Y18"})

    assert after.counts == {"first": 2, "second": 6, "third": 9, "excellence": 17}
    assert after.vacant == (("first", 1), ("second", 0), ("third", 0), ("excellence", 1))
    assert after.total_fen == 60_000_000 - 5_000_000 - 500_000
    assert after.prizes == (
        replace(before.prizes[0], is_void=True),
        *before.prizes[1:-1],
        replace(before.prizes[-1], is_void=True),
    )


@pytest.mark.parametrize(
    ("finalists", "excellence", "void"),
    [
        (["A", "A"], [], ()),
        (["A"], ["A"], ()),
        (["A"], [], ("B",)),
        ([*FINALISTS, "F19"], [], ()),
        ([], [*EXCELLENT, "Y19"], ()),
    ],
)
def test_lists_that_cannot_be_are_refused(
    finalists: list[str], excellence: list[str], void: tuple[str, ...]
) -> None:
    with pytest.raises(ValueError):
        award(TIERS, finalists=finalists, excellence=excellence, void=void)


def test_prize_list_is_plain_data() -> None:
    data = award(TIERS, finalists=FINALISTS, excellence=EXCELLENT, void={"F01"}).as_data()

    assert json.loads(json.dumps(data)) == data
    assert data["prizes"][0] == {
        "entry": "F01", "tier": "first", "position": 1, "amount_fen": 5_000_000, "void": True,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("amount_fen", "text"), [(0, "0元"), (5_000_000, "50,000元"), (12_345, "123.45元"), (5, "0.05元")]
)
def test_amounts_are_printed_in_yuan(amount_fen: int, text: str) -> None:
    assert yuan(amount_fen) == text


def test_negative_amount_is_refused() -> None:
    with pytest.raises(ValueError):
        yuan(-1)


@pytest.mark.rule("R31", "R37")
@given(st.integers(0, 18), st.integers(0, 18), st.sets(st.sampled_from([*FINALISTS, *EXCELLENT])))
def test_money_and_places_never_exceed_the_plan(finalists: int, excellence: int, lost: set[str]) -> None:
    first, second = FINALISTS[:finalists], EXCELLENT[:excellence]
    void = lost & {*first, *second}

    result = award(TIERS, finalists=first, excellence=second, void=void)

    amounts = {tier.key: tier.amount_fen for tier in TIERS}
    missing = sum(amounts[tier] * places for tier, places in result.vacant)
    assert result.total_fen == planned_fen(TIERS) - missing
    assert all(places >= 0 for _, places in result.vacant)
    assert len(result.standing) == finalists + excellence - len(void)
    final = [prize.amount_fen for prize in result.prizes if prize.tier != EXCELLENCE]
    assert final == sorted(final, reverse=True)
