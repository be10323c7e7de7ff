"""How places are split over the tracks: vectors worked by hand, and what holds for all counts."""

from __future__ import annotations

import json
from fractions import Fraction
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from judging.seats import Allotment, Method, Tie, Track, allot, both_lists

#: Nine tracks with 200 entries; 18 places give shares of 3.6 3.15 2.7 2.25 1.8 0.9 1.8 1.35 0.45.
COUNTS = (40, 35, 30, 25, 20, 10, 20, 15, 5)


def tracks(*counts: int, able: dict[int, int] | None = None) -> list[Track]:
    able = able or {}
    return [Track(number, count, able.get(number, count)) for number, count in enumerate(counts, start=1)]


@st.composite
def fields(draw: st.DrawFn, *, capped: bool = True) -> list[Track]:
    counts = draw(st.lists(st.integers(0, 120), min_size=1, max_size=9))
    return [
        Track(number, count, draw(st.integers(0, count)) if capped else count)
        for number, count in enumerate(counts, start=1)
    ]


def settled(field: list[Track], places: int, method: Method) -> Allotment:
    """With a draw that names every track."""
    return allot(field, places, method=method, draw=[one.number for one in field])


@pytest.mark.rule("R19", "R22")
def test_seats_follow_the_largest_remainders() -> None:
    field = tracks(*COUNTS)

    result = allot(field, 18)

    assert result.by_track == {1: 4, 2: 3, 3: 3, 4: 2, 5: 2, 6: 1, 7: 2, 8: 1, 9: 0}
    assert (result.given, result.unfilled, result.tie, len(result.rounds)) == (18, 0, None, 1)
    assert [line.share for line in result.rounds[0].lines] == [Fraction(18 * one, 200) for one in COUNTS]
    assert [line.extra for line in result.rounds[0].lines] == [1, 0, 1, 0, 1, 1, 1, 0, 0]


@pytest.mark.rule("R19")
def test_seats_of_a_short_track_are_dealt_out_again() -> None:
    # Track 1 has a share of 4 and can take 1; 3 places go over tracks 2 and 3 in shares of 2 and 1.
    field = tracks(40, 40, 20, able={1: 1})

    result = allot(field, 10)

    assert result.by_track == {1: 1, 2: 6, 3: 3}
    assert [one.places for one in result.rounds] == [10, 3]
    assert [(line.track, line.share) for line in result.rounds[1].lines] == [
        (2, Fraction(2)),
        (3, Fraction(1)),
    ]


@pytest.mark.rule("R19")
def test_equal_remainders_go_to_the_track_with_more_entries() -> None:
    # Shares 0.5 and 1.5: equal remainders, one place to give.
    field = tracks(10, 30)

    result = allot(field, 2)

    assert result.by_track == {1: 0, 2: 2}


@pytest.mark.rule("R19")
def test_equal_tracks_wait_for_a_draw() -> None:
    field = tracks(10, 10, 20)

    waiting = allot(field, 3)
    drawn = allot(field, 3, draw=[2, 3, 1])

    # Shares 0.75, 0.75 and 1.5: two places over the whole parts, both to the tracks with 0.75.
    assert waiting.by_track == {1: 1, 2: 1, 3: 1}
    assert waiting == drawn

    waiting = allot(field, 5)
    drawn = allot(field, 5, draw=[2, 3, 1])

    # Shares 1.25, 1.25 and 2.5: track 3 takes the one place left.
    assert waiting.by_track == {1: 1, 2: 1, 3: 3}
    assert waiting == drawn

    waiting = allot(tracks(10, 10), 3)

    assert waiting.tie == Tie((1, 2), 1)
    assert waiting.tie.sentence == "赛道1、赛道2的余数和作品数均相同，尚有1个名额，须抽签决定。"
    assert (waiting.by_track, waiting.unfilled) == ({1: 1, 2: 1}, 0)
    assert allot(tracks(10, 10), 3, draw=[2]).tie == waiting.tie
    assert allot(tracks(10, 10), 3, draw=[2, 1]).by_track == {1: 1, 2: 2}


@pytest.mark.rule("R19")
def test_divisor_methods_give_their_known_results() -> None:
    lague = allot(tracks(53000, 24000, 23000), 7, method=Method.SAINTE_LAGUE)
    dhondt = allot(tracks(100000, 80000, 30000, 20000), 8, method=Method.DHONDT)

    assert lague.by_track == {1: 3, 2: 2, 3: 2}
    assert dhondt.by_track == {1: 4, 2: 3, 3: 1, 4: 0}
    assert [step.track for step in dhondt.steps] == [1, 2, 1, 2, 1, 3, 2, 1]
    assert dhondt.steps[2].quotient == 50000


@pytest.mark.parametrize("method", [Method.SAINTE_LAGUE, Method.DHONDT])
def test_divisor_methods_wait_for_a_draw_too(method: Method) -> None:
    waiting = allot(tracks(10, 10), 3, method=method)
    drawn = allot(tracks(10, 10), 3, method=method, draw=[2, 1])

    assert (waiting.tie, waiting.by_track) == (Tie((1, 2), 1), {1: 1, 2: 1})
    assert drawn.by_track == {1: 1, 2: 2}


@pytest.mark.rule("R21", "R22")
def test_excellence_awards_leave_out_the_finalists() -> None:
    # Track 2 has two entries, one a finalist; its share of excellence awards is one too.
    field = tracks(34, 2, able={2: 2})

    lists = both_lists(field, finalists=18, excellence=18)

    assert lists.settled and lists.excellence is not None
    assert lists.finalists.by_track == {1: 17, 2: 1}
    assert lists.excellence.by_track == {1: 17, 2: 1}
    assert lists.excellence.rounds[0].lines[1].room == 1


@pytest.mark.rule("R21")
def test_excellence_awards_wait_for_the_finalists_draw() -> None:
    lists = both_lists(tracks(10, 10), finalists=3, excellence=2)

    assert (lists.settled, lists.excellence) == (False, None)


def test_fewer_entries_than_places_leave_places_unfilled() -> None:
    result = allot(tracks(3, 2), 18)

    assert (result.by_track, result.unfilled) == ({1: 3, 2: 2}, 13)


def test_nobody_taking_part_gives_nothing() -> None:
    result = allot(tracks(0, 0), 18)

    assert (result.by_track, result.unfilled, result.rounds) == ({1: 0, 2: 0}, 18, ())


@pytest.mark.parametrize(
    ("field", "places"),
    [([Track(1, 2, 3)], 1), ([Track(1, 2, -1)], 1), ([Track(1, 1, 1), Track(1, 2, 2)], 1), ([], -1)],
)
def test_counts_that_cannot_be_are_refused(field: list[Track], places: int) -> None:
    with pytest.raises(ValueError):
        allot(field, places)


def test_steps_are_plain_data() -> None:
    data = allot(tracks(10, 10), 3).as_data()

    assert json.loads(json.dumps(data)) == data
    assert data["rounds"][0]["lines"][0] == {
        "track": 1, "entries": 10, "room": 10, "share": "3/2", "whole": 1,
        "remainder": "1/2", "extra": 0, "taken": 1,
    }  # fmt: skip
    assert data["tie"] == {"tracks": [1, 2], "places": 1}


@pytest.mark.rule("R19", "R21", "R22")
@given(fields(), st.integers(0, 60), st.sampled_from(Method))
def test_all_places_are_given_and_no_track_gets_more_than_it_has(
    field: list[Track], places: int, method: Method
) -> None:
    result = settled(field, places, method)

    assert result.tie is None
    assert result.given == min(places, sum(one.able for one in field))
    assert all(0 <= result.by_track[one.number] <= one.able <= one.entries for one in field)


@pytest.mark.rule("R19")
@given(fields(), st.integers(0, 60), st.sampled_from(Method), st.randoms(use_true_random=False))
def test_the_order_of_the_tracks_has_no_influence(
    field: list[Track], places: int, method: Method, random: Random
) -> None:
    shuffled = random.sample(field, len(field))

    assert allot(shuffled, places, method=method) == allot(field, places, method=method)


@pytest.mark.rule("R19")
@given(fields(), st.integers(0, 60), st.sampled_from(Method), st.permutations(range(1, 10)))
def test_a_draw_changes_only_what_is_tied(
    field: list[Track], places: int, method: Method, order: list[int]
) -> None:
    waiting, drawn = allot(field, places, method=method), allot(field, places, method=method, draw=order)

    if waiting.tie is None:
        assert drawn == waiting
    else:
        assert len(waiting.tie.tracks) > waiting.tie.places > 0
        assert all(drawn.by_track[track] >= certain for track, certain in waiting.seats)


@pytest.mark.rule("R19")
@given(fields(capped=False), st.integers(0, 60))
def test_where_no_cap_binds_each_track_gets_its_share_rounded_up_or_down(
    field: list[Track], places: int
) -> None:
    whole = sum(one.entries for one in field)

    result = settled(field, places, Method.LARGEST_REMAINDER)

    if places <= whole and whole:
        for one in field:
            share = Fraction(places * one.entries, whole)
            assert int(share) <= result.by_track[one.number] <= -(-share.numerator // share.denominator)


@given(fields(), st.integers(0, 60))
def test_more_entries_never_get_fewer_places_unless_short(field: list[Track], places: int) -> None:
    result = settled(field, places, Method.LARGEST_REMAINDER)

    for one in field:
        for other in field:
            if one.entries > other.entries and result.by_track[one.number] < one.able:
                assert result.by_track[one.number] >= result.by_track[other.number]


@given(fields(), st.integers(0, 30), st.integers(0, 30))
def test_both_lists_together_stay_within_the_entries(
    field: list[Track], finalists: int, excellence: int
) -> None:
    order = [one.number for one in field]

    lists = both_lists(
        field, finalists=finalists, excellence=excellence, finalist_draw=order, excellence_draw=order
    )

    assert lists.settled and lists.excellence is not None
    for one in field:
        assert lists.finalists.by_track[one.number] + lists.excellence.by_track[one.number] <= one.able
    able = sum(one.able for one in field)
    assert lists.finalists.given == min(finalists, able)
    assert lists.excellence.given == min(excellence, able - lists.finalists.given)


@given(fields(), st.integers(0, 60))
def test_the_published_steps_add_up(field: list[Track], places: int) -> None:
    result = settled(field, places, Method.LARGEST_REMAINDER)

    left = places
    for one in result.rounds:
        assert one.places == left == sum(line.offered for line in one.lines)
        assert all(line.taken == min(line.offered, line.room) for line in one.lines)
        assert all(line.share == line.whole + line.remainder for line in one.lines)
        left -= sum(line.taken for line in one.lines)
    assert left == result.unfilled
