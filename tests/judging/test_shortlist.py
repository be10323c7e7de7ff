"""A track's provisional lists: voids, vacancies and who moves up."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from judging.shortlist import (
    EXCELLENCE,
    FINALISTS,
    POOLS,
    Move,
    Shortlist,
    candidates,
    first_lists,
    leave_vacant,
    move_up,
    void,
)

GROUPS = (("A",), ("B",), ("C",), ("D",), ("E", "F"), ("G",))


def lists() -> Shortlist:
    return first_lists(GROUPS, finalist_seats=2, excellence_seats=2)


@pytest.mark.rule("R20", "R21", "R22")
def test_first_lists_follow_the_ranking() -> None:
    assert (lists().finalists, lists().excellence) == (("A", "B"), ("C", "D"))
    assert [lists().vacancies(pool) for pool in POOLS] == [0, 0]


@pytest.mark.parametrize(("finalists", "excellence"), [(5, 1), (2, 3), (6, 2)])
def test_lists_with_an_open_vote_or_too_many_places_are_refused(finalists: int, excellence: int) -> None:
    with pytest.raises(ValueError):
        first_lists(GROUPS, finalist_seats=finalists, excellence_seats=excellence)


@pytest.mark.rule("R24")
def test_excellence_winner_who_moves_up_opens_a_vacancy_there() -> None:
    failed = void(lists(), "A")

    moved, move = move_up(failed, FINALISTS, "C")

    assert candidates(failed, FINALISTS) == ("C",)
    assert move == Move("C", FINALISTS, EXCELLENCE, verify_first=False)
    assert (moved.finalists, moved.excellence, moved.void) == (("B", "C"), ("D",), ("A",))
    assert [moved.vacancies(pool) for pool in POOLS] == [0, 1]


@pytest.mark.rule("R24")
def test_newcomer_is_verified_first_and_equals_need_a_vote() -> None:
    failed = void(lists(), "D")

    moved, move = move_up(failed, EXCELLENCE, "F")

    assert candidates(failed, EXCELLENCE) == ("E", "F")
    assert move == Move("F", EXCELLENCE, "ranking", verify_first=True)
    assert moved.excellence == ("C", "F")


def test_voided_newcomer_lets_the_next_be_asked() -> None:
    failed = void(void(lists(), "D"), "E")

    assert candidates(failed, EXCELLENCE) == ("F",)
    assert candidates(void(failed, "F"), EXCELLENCE) == ("G",)


def test_vacancy_that_is_closed_stays_closed() -> None:
    closed = leave_vacant(void(lists(), "A"), FINALISTS)

    assert (closed.finalists, closed.vacancies(FINALISTS), candidates(closed, FINALISTS)) == (("B",), 0, ())
    with pytest.raises(ValueError):
        leave_vacant(closed, FINALISTS)
    with pytest.raises(ValueError):
        move_up(closed, FINALISTS, "C")


def test_nobody_jumps_the_queue() -> None:
    with pytest.raises(ValueError):
        move_up(void(lists(), "A"), FINALISTS, "D")
    with pytest.raises(ValueError):
        void(lists(), "Z")
    with pytest.raises(ValueError):
        lists().vacancies("else")


def test_void_twice_changes_nothing() -> None:
    once = void(lists(), "A")

    assert void(once, "A") == once


@pytest.mark.rule("R21", "R22", "R24")
@given(st.data())
def test_whatever_happens_the_lists_stay_right(data: st.DataObject) -> None:
    count = data.draw(st.integers(1, 12))
    finalists = data.draw(st.integers(0, count))
    excellence = data.draw(st.integers(0, count - finalists))
    names = [f"E{number:02d}" for number in range(count)]
    start = first_lists([(name,) for name in names], finalist_seats=finalists, excellence_seats=excellence)

    now = start
    for _ in range(data.draw(st.integers(0, 12))):
        pool = data.draw(st.sampled_from(POOLS))
        action = data.draw(st.sampled_from(["void", "move", "leave"]))
        if action == "void":
            now = void(now, data.draw(st.sampled_from(names)))
        elif action == "move" and (next_up := candidates(now, pool)):
            now, _ = move_up(now, pool, next_up[0])
        elif action == "leave" and now.vacancies(pool):
            now = leave_vacant(now, pool)

    everybody = [*now.finalists, *now.excellence, *now.void]
    assert len(set(everybody)) == len(everybody)
    assert now.finalist_seats <= finalists and now.excellence_seats <= excellence
    assert all(now.vacancies(pool) >= 0 for pool in POOLS)
    assert Shortlist.from_data(json.loads(json.dumps(now.as_data()))) == now
