"""The computation of assignments: no conflict, nobody too much, evenly, and the same whatever the order."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from judging.matching import Able, Matching, Unserved, Wanted, match


@dataclass(frozen=True)
class Case:
    wanted: tuple[Wanted, ...]
    experts: tuple[Able, ...]
    conflicts: frozenset[tuple[int, int]]
    taken: frozenset[tuple[int, int]]

    def solve(self) -> Matching:
        return match(self.wanted, self.experts, conflicts=self.conflicts, taken=self.taken)


@st.composite
def cases(draw: st.DrawFn) -> Case:
    """Up to ten entries and eight experts of three tracks, with conflicts and pairs made before."""
    entries, experts = range(1, draw(st.integers(1, 10)) + 1), range(101, draw(st.integers(1, 8)) + 101)
    track = st.integers(1, 3)
    pairs = st.frozensets(st.tuples(st.sampled_from(experts), st.sampled_from(entries)), max_size=12)
    return Case(
        tuple(Wanted(entry, draw(track), draw(st.integers(0, 5))) for entry in entries),
        tuple(
            Able(expert, draw(st.frozensets(track, max_size=3)), draw(st.integers(0, 4)))
            for expert in experts
        ),
        draw(pairs),
        draw(pairs),
    )


@pytest.mark.rule("R07")
@pytest.mark.rule("R18")
@given(cases())
def test_pairs_are_of_the_track_once_and_never_barred(case: Case) -> None:
    track = {one.entry: one.track for one in case.wanted}
    tracks = {one.expert: one.tracks for one in case.experts}

    pairs = case.solve().pairs

    assert len(set(pairs)) == len(pairs)
    assert all(track[entry] in tracks[expert] for entry, expert in pairs)
    assert not {(expert, entry) for entry, expert in pairs} & (case.conflicts | case.taken)


@given(cases())
def test_nobody_gets_more_than_needed_and_every_unserved_is_named(case: Case) -> None:
    found = case.solve()

    given_to = Counter(entry for entry, _ in found.pairs)
    missing = {
        one.entry: one.need - given_to[one.entry] for one in case.wanted if one.need > given_to[one.entry]
    }
    assert all(given_to[one.entry] <= one.need for one in case.wanted)
    assert {one.entry: one.missing for one in found.unserved} == missing
    assert all(f"还缺{one.missing}名" in one.sentence for one in found.unserved)


@given(cases())
def test_loads_are_what_was_there_and_what_was_given(case: Case) -> None:
    found = case.solve()

    given_to = Counter(expert for _, expert in found.pairs)
    assert found.loads == {one.expert: one.load + given_to[one.expert] for one in case.experts}


@pytest.mark.rule("R18")
@given(st.integers(1, 12), st.integers(1, 9), st.integers(1, 5))
def test_loads_of_a_track_without_conflicts_differ_by_one_at_most(
    entries: int, experts: int, need: int
) -> None:
    found = match(
        [Wanted(one, 1, need) for one in range(entries)],
        [Able(one, frozenset({1})) for one in range(experts)],
    )

    loads = found.loads.values()
    assert max(loads) - min(loads) <= 1
    assert sum(loads) == entries * min(need, experts)


@given(cases())
def test_no_exchange_makes_the_loads_more_even(case: Case) -> None:
    found = case.solve()

    track = {one.entry: one.track for one in case.wanted}
    barred = case.conflicts | case.taken | {(expert, entry) for entry, expert in found.pairs}
    better = [
        (entry, expert, one.expert)
        for entry, expert in found.pairs
        for one in case.experts
        if track[entry] in one.tracks
        and (one.expert, entry) not in barred
        and found.loads[one.expert] + 1 < found.loads[expert]
    ]
    assert better == []


@given(cases(), st.frozensets(st.integers(1, 3)), st.integers(0, 4))
def test_one_expert_more_never_serves_less(case: Case, tracks: frozenset[int], load: int) -> None:
    more = replace(case, experts=(*case.experts, Able(999, tracks, load)))

    assert len(more.solve().pairs) >= len(case.solve().pairs)


@given(cases(), st.randoms(use_true_random=False))
def test_order_of_input_has_no_influence(case: Case, random: object) -> None:
    wanted, experts = list(case.wanted), list(case.experts)
    random.shuffle(wanted)  # type: ignore[attr-defined]
    random.shuffle(experts)  # type: ignore[attr-defined]

    shuffled = replace(case, wanted=tuple(wanted), experts=tuple(experts))

    assert shuffled.solve() == case.solve() == case.solve()


def test_an_exchange_serves_who_came_last() -> None:
    wanted = [Wanted(1, 1, 1), Wanted(2, 1, 2), Wanted(3, 1, 1)]
    experts = [Able(7, frozenset({1})), Able(8, frozenset({1})), Able(9, frozenset({2}))]

    found = match(wanted, experts, conflicts=[(7, 3)])

    assert found == Matching(((1, 7), (2, 7), (2, 8), (3, 8)), {7: 2, 8: 2, 9: 0}, ())


@pytest.mark.rule("R07")
def test_sentence_says_who_is_there_who_is_barred_and_what_is_missing() -> None:
    experts = [Able(one, frozenset({1})) for one in (7, 8, 9)]

    found = match([Wanted(1, 1, 2, has=1)], experts, conflicts=[(7, 1)], taken=[(8, 1)])

    sentence = "本赛道在册专家3名，其中1名须回避，只能安排2名，还缺1名；请增补本赛道专家。"
    assert found.unserved == (Unserved(1, 1, sentence),)


@pytest.mark.parametrize(
    ("wanted", "experts"),
    [
        ([Wanted(1, 1, -1)], []),
        ([Wanted(1, 1, 1), Wanted(1, 2, 1)], []),
        ([], [Able(1, frozenset()), Able(1, frozenset({1}))]),
    ],
)
def test_nonsense_is_refused(wanted: list[Wanted], experts: list[Able]) -> None:
    with pytest.raises(ValueError, match=r"negative|twice"):
        match(wanted, experts)


def test_nothing_wanted_gives_nothing() -> None:
    assert match([], []) == Matching((), {}, ())
