"""The order of entries, cut lines, and ties that only a vote can settle."""

from __future__ import annotations

import json
from decimal import Decimal
from fractions import Fraction
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from judging.ranking import Judged, OpenTie, Ranking, Unranked, cut_lines, rank
from judging.scoring import Policy, Sheet

POLICY = Policy()


def judged(entry: str, *totals: str, effects: str = "10", basis: str = "10") -> Judged:
    """Three sheets alike where one total is given."""
    criteria = {"effects": Decimal(effects), "data_basis": Decimal(basis)}
    given = totals if len(totals) > 1 else totals * 3
    return Judged(entry, tuple(Sheet(Decimal(total), criteria) for total in given))


def table(ranking: Ranking) -> list[tuple[str, int, int | None, str]]:
    return [(place.entry, place.rank, place.band, place.by) for place in ranking.places]


#: Few different marks, so that ties are frequent.
fields = st.lists(
    st.tuples(st.integers(80, 82), st.integers(9, 10), st.integers(9, 10), st.integers(2, 4)), max_size=9
).map(
    lambda rows: [
        judged(f"E{number}", *[str(total)] * sheets, effects=str(effects), basis=str(basis))
        for number, (total, effects, basis, sheets) in enumerate(rows)
    ]
)
sizes = st.lists(st.integers(0, 4), max_size=3)


@pytest.mark.rule("R18", "R20")
def test_ranks_compare_exact_values() -> None:
    # Both are shown as 83.33; the second is a sixth of a hundredth better.
    entries = [judged("A", "83.33"), judged("B", "83.33", "83.33", "83.34"), judged("C", "90")]

    ranking = rank(entries, policy=POLICY, cuts=(1, 2))

    assert table(ranking) == [("C", 1, 0, ""), ("B", 2, 1, ""), ("A", 3, 2, "")]
    assert ranking.places[1].score == Fraction(25000, 300)
    assert [ranking.band(number) for number in range(3)] == [("C",), ("B",), ("A",)]


@pytest.mark.rule("R18")
def test_equals_share_a_rank_where_no_cut_line_runs_through_them() -> None:
    entries = [judged("A", "80", effects="9"), judged("B", "80"), judged("C", "79")]

    ranking = rank(entries, policy=POLICY, cuts=(2,))

    assert table(ranking) == [("B", 1, 0, ""), ("A", 1, 0, ""), ("C", 3, 1, "")]


@pytest.mark.rule("R18")
def test_tie_at_a_cut_line_goes_by_effects_then_data_basis() -> None:
    entries = [
        judged("A", "80", effects="12", basis="8"),
        judged("B", "80", effects="12", basis="9"),
        judged("C", "80", effects="13", basis="1"),
    ]

    ranking = rank(entries, policy=POLICY, cuts=(1, 2))

    assert table(ranking) == [
        ("C", 1, 0, "effects"),
        ("B", 2, 1, "data_basis"),
        ("A", 3, 2, "data_basis"),
    ]


@pytest.mark.rule("R18")
def test_tie_that_nothing_separates_waits_for_a_vote() -> None:
    entries = [judged("A", "80"), judged("B", "80"), judged("C", "80"), judged("D", "90")]

    waiting = rank(entries, policy=POLICY, cuts=(2,))
    voted = rank(entries, policy=POLICY, cuts=(2,), votes=[("C", "A", "B")])

    assert waiting.ties == (OpenTie(("A", "B", "C"), 2, 2, Fraction(80)),)
    assert waiting.ties[0].sentence == (
        "A、B、C均为80.00分，比较各项后仍相同，其中1个可列入前2名，须由评审组表决并记录。"
    )
    assert table(waiting) == [("D", 1, 0, ""), ("A", 2, None, ""), ("B", 2, None, ""), ("C", 2, None, "")]
    with pytest.raises(ValueError, match="表决"):
        waiting.band(0)
    assert table(voted) == [("D", 1, 0, ""), ("C", 2, 0, "vote"), ("A", 3, 1, "vote"), ("B", 4, 1, "vote")]
    assert voted.settled


def test_vote_that_does_not_name_all_equals_settles_nothing() -> None:
    entries = [judged("A", "80"), judged("B", "80"), judged("C", "80")]

    ranking = rank(entries, policy=POLICY, cuts=(1,), votes=[("A", "B")])

    assert not ranking.settled


def test_vote_cannot_turn_what_the_sheets_decide() -> None:
    entries = [judged("A", "81"), judged("B", "80")]

    ranking = rank(entries, policy=POLICY, cuts=(1,), votes=[("B", "A")])

    assert ranking.band(0) == ("A",)


@pytest.mark.rule("R18")
def test_missing_sheets_are_absent_and_too_few_give_no_rank() -> None:
    entries = [judged("A", "80", "82"), judged("B", "60"), Judged("C", ())]

    ranking = rank(entries, policy=POLICY, cuts=(1,))

    assert table(ranking) == [("B", 1, 0, "")]
    assert ranking.unranked == (
        Unranked("A", "有效评分表2份，少于3份，不能排名。"),
        Unranked("C", "有效评分表0份，少于3份，不能排名。"),
    )


@pytest.mark.rule("R30", "R31")
def test_final_cuts_after_three_nine_and_eighteen() -> None:
    entries = [judged(f"E{number:02d}", str(90 - number)) for number in range(20)]

    ranking = rank(entries, policy=POLICY, cuts=cut_lines((3, 6, 9)))

    assert [len(ranking.band(number)) for number in range(4)] == [3, 6, 9, 2]
    assert ranking.band(0) == ("E00", "E01", "E02")


@pytest.mark.parametrize("cuts", [(2, 1), (-1,)])
def test_cut_lines_that_do_not_ascend_are_refused(cuts: tuple[int, ...]) -> None:
    with pytest.raises(ValueError):
        rank([], policy=POLICY, cuts=cuts)


def test_entry_given_twice_is_refused() -> None:
    with pytest.raises(ValueError):
        rank([judged("A", "80"), judged("A", "81")], policy=POLICY)


def test_ranking_is_plain_data() -> None:
    data = rank([judged("A", "80"), judged("B", "80"), Judged("C", ())], policy=POLICY, cuts=(1,)).as_data()

    assert json.loads(json.dumps(data)) == data
    assert data["ties"] == [{"entries": ["A", "B"], "first": 1, "cut": 1}]


@pytest.mark.rule("R18")
@given(fields, sizes, st.randoms(use_true_random=False))
def test_the_order_of_entries_and_sheets_has_no_influence(
    entries: list[Judged], bands: list[int], random: Random
) -> None:
    mixed = [
        Judged(one.entry, tuple(random.sample(one.sheets, len(one.sheets))))
        for one in random.sample(entries, len(entries))
    ]

    assert rank(mixed, policy=POLICY, cuts=cut_lines(bands)) == rank(
        entries, policy=POLICY, cuts=cut_lines(bands)
    )


@pytest.mark.rule("R18")
@given(fields, sizes, st.permutations([f"E{number}" for number in range(9)]))
def test_other_names_give_other_names_only(entries: list[Judged], bands: list[int], names: list[str]) -> None:
    """The code of an entry decides nothing: under new codes everybody keeps rank and band."""
    new = {f"E{number}": name for number, name in enumerate(names)}
    cuts = cut_lines(bands)

    before = rank(entries, policy=POLICY, cuts=cuts)
    after = rank([Judged(new[one.entry], one.sheets) for one in entries], policy=POLICY, cuts=cuts)

    assert {(new[place.entry], place.rank, place.band, place.by) for place in before.places} == {
        (place.entry, place.rank, place.band, place.by) for place in after.places
    }


@given(fields, sizes)
def test_everybody_is_ranked_or_told_why_and_ranks_never_contradict_scores(
    entries: list[Judged], bands: list[int]
) -> None:
    ranking = rank(entries, policy=POLICY, cuts=cut_lines(bands))

    assert sorted([place.entry for place in ranking.places] + [one.entry for one in ranking.unranked]) == [
        one.entry for one in entries
    ]
    assert [entry for group in ranking.groups for entry in group] == [p.entry for p in ranking.places]
    for first in ranking.places:
        for second in ranking.places:
            if first.score > second.score:
                assert first.rank < second.rank
    for position, place in enumerate(ranking.places):
        assert place.rank <= position + 1


@pytest.mark.rule("R18")
@given(fields, sizes, st.permutations([f"E{number}" for number in range(9)]))
def test_a_vote_settles_every_tie_and_fills_every_band(
    entries: list[Judged], bands: list[int], vote: list[str]
) -> None:
    waiting = rank(entries, policy=POLICY, cuts=cut_lines(bands))
    voted = rank(entries, policy=POLICY, cuts=cut_lines(bands), votes=[vote])

    assert voted.settled
    left = len(voted.places)
    for number, size in enumerate(bands):
        assert len(voted.band(number)) == min(size, left)
        left -= len(voted.band(number))
    certain = {(place.entry, place.band) for place in waiting.places if place.band is not None}
    assert certain <= {(place.entry, place.band) for place in voted.places}
