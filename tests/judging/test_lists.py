"""The lists after they were confirmed: voids, vacancies, who moves up by two people, and until when."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction

from competition.errors import Invalid, NotAllowed, WrongState
from competition.models import Edition, OutboxMessage, Track, User
from judging.models import Expert, ListChange, Presentation, Verification
from judging.services import final, lists, results
from judging.workflow import ChangeKind, Pool, ResultStatus, Round
from registration.services import disqualify
from submissions.models import Entry
from tests.judging import ranked
from tests.judging.ranked import CALLED, field_of, judges, listed_final, passed, preliminary

EMPTY = "无可递补作品，名额空缺"


@pytest.fixture
def small(edition: Edition) -> Edition:
    return ranked.small(edition)


@pytest.fixture
def panel(small: Edition) -> list[Expert]:
    return judges(small)


@pytest.fixture
def field(small: Edition, panel: list[Expert], lihua: User, qianjin: User, sunli: User) -> list[Entry]:
    """Confirmed: finalists 0, 1 and 4; excellence 2 and 5; 3 is next in track 1."""
    entries = field_of(small, lihua, panel)
    preliminary(small, qianjin, sunli)
    return entries


@pytest.fixture
def track(small: Edition) -> Track:
    return small.tracks.get(number=1)


def ids(entries: list[Entry], *numbers: int) -> tuple[str, ...]:
    return tuple(str(entries[number].pk) for number in numbers)


@pytest.mark.rule("R24", "R54")
def test_void_entry_leaves_its_list_once_and_for_good(
    small: Edition, field: list[Entry], sunli: User
) -> None:
    lists.void(field[0], reason="技术验证未通过", actor=sunli)
    lists.void(field[0], reason="技术验证未通过", actor=sunli)

    one = lists.standing(small)[1]
    assert (one.finalists, one.void, one.vacancies(Pool.FINALISTS)) == (ids(field, 1), ids(field, 0), 1)
    assert ListChange.objects.get().pool == Pool.FINALISTS


def test_void_before_there_are_lists_does_nothing(small: Edition, panel: list[Expert], lihua: User) -> None:
    entry = field_of(small, lihua, panel)[0]

    lists.void(entry, reason="退出")

    assert (lists.standing(small), ListChange.objects.count()) == ({}, 0)


@pytest.mark.rule("R24")
def test_excellence_winner_moves_up_and_a_newcomer_is_verified_first(
    small: Edition, field: list[Entry], track: Track, qianjin: User, sunli: User
) -> None:
    passed(small)
    lists.void(field[1], reason="退出")
    up = lists.propose_replacement(
        small, track=track, pool=Pool.FINALISTS, entry=field[2], reason="依次递补", actor=qianjin
    )
    lists.confirm_replacement(up, actor=sunli)
    second = lists.propose_replacement(
        small, track=track, pool=Pool.EXCELLENCE, entry=field[3], reason="依次递补", actor=qianjin
    )
    lists.confirm_replacement(second, actor=sunli)

    one = lists.standing(small)[1]
    assert (one.finalists, one.excellence) == (ids(field, 0, 2), ids(field, 3))
    assert Verification.objects.get(entry=field[3]).status == "waiting"
    assert [entry.pk for entry in lists.finalists(small)] == [field[0].pk, field[2].pk, field[4].pk]
    assert [entry.pk for entry in lists.excellence(small)] == [field[5].pk]
    assert OutboxMessage.objects.filter(kind="list.moved_up").count() == 2


def test_replacement_takes_two_people_and_the_right_ones(
    small: Edition, field: list[Entry], track: Track, qianjin: User, sunli: User, zhaolei: User, staff: Any
) -> None:
    lists.void(field[0], reason="退出")
    given: dict[str, Any] = {"track": track, "pool": Pool.FINALISTS, "entry": field[2], "reason": "依次递补"}
    with pytest.raises(NotAllowed):
        lists.propose_replacement(small, actor=zhaolei, **given)
    proposed = lists.propose_replacement(small, actor=sunli, **given)

    for person in (sunli, qianjin, zhaolei, staff("host")):
        with pytest.raises(NotAllowed):
            lists.confirm_replacement(proposed, actor=person)
    with pytest.raises(WrongState):
        lists.propose_replacement(small, actor=qianjin, **given)
    refused = lists.refuse_replacement(proposed, actor=staff("chief"))

    assert refused.status == ResultStatus.REFUSED
    assert lists.standing(small)[1].vacancies(Pool.FINALISTS) == 1


def test_only_the_next_in_line_moves_up_and_only_into_a_vacancy(
    small: Edition, field: list[Entry], track: Track, qianjin: User
) -> None:
    given: dict[str, Any] = {"track": track, "pool": Pool.FINALISTS, "reason": "依次递补", "actor": qianjin}
    with pytest.raises(WrongState):
        lists.propose_replacement(small, entry=field[2], **given)
    lists.void(field[0], reason="退出")

    for wrong in (field[3], field[5], field[0]):
        with pytest.raises(Invalid):
            lists.propose_replacement(small, entry=wrong, **given)
    with pytest.raises(Invalid):
        lists.propose_replacement(small, entry=field[2], **{**given, "reason": " "})


def test_vacancy_can_be_left_by_two_people(
    small: Edition, field: list[Entry], track: Track, qianjin: User, sunli: User
) -> None:
    lists.void(field[0], reason="退出")

    left = lists.propose_replacement(
        small, track=track, pool=Pool.FINALISTS, entry=None, reason=EMPTY, actor=qianjin
    )
    lists.confirm_replacement(left, actor=sunli)

    assert lists.standing(small)[1].vacancies(Pool.FINALISTS) == 0
    assert lists.standing(small)[1].finalists == ids(field, 1)
    assert ListChange.objects.last().kind == ChangeKind.LEAVE_VACANT


@pytest.mark.rule("R24")
def test_equals_need_a_vote_before_one_moves_up(
    small: Edition, panel: list[Expert], lihua: User, qianjin: User, sunli: User, track: Track
) -> None:
    entries = field_of(small, lihua, panel)
    equal = ranked.recommended(small, lihua)
    ranked.score(panel, equal, 60)
    preliminary(small, qianjin, sunli)
    lists.void(entries[2], reason="退出")
    given: dict[str, Any] = {"track": track, "pool": Pool.EXCELLENCE, "reason": "依次递补", "actor": qianjin}
    with pytest.raises(Invalid):
        lists.propose_replacement(small, entry=equal, **given)

    results.record_vote(
        small,
        round=Round.PRELIMINARY,
        track=track,
        order=[equal.pk, entries[3].pk],
        minutes="3票对2票",
        actor=qianjin,
    )

    with pytest.raises(Invalid):
        lists.propose_replacement(small, entry=entries[3], **given)
    assert lists.propose_replacement(small, entry=equal, **given).entry == equal


@pytest.mark.rule("R28")
def test_after_the_draw_nobody_moves_up(
    small: Edition, panel: list[Expert], field: list[Entry], track: Track, qianjin: User, staff: Any
) -> None:
    host = staff("host")
    listed_final(small, host, panel)
    final.draw(small, called=CALLED, actor=host, witness=staff("supervisor"))
    lists.void(field[0], reason="退出")

    with pytest.raises(WrongState):
        lists.propose_replacement(
            small, track=track, pool=Pool.FINALISTS, entry=field[2], reason="依次递补", actor=qianjin
        )

    assert Presentation.objects.get(entry=field[0]).is_void
    assert Presentation.objects.filter(is_void=False).count() == 2


@pytest.mark.rule("R54", "R60")
def test_disqualified_team_leaves_list_and_order_by_the_registry(
    small: Edition, panel: list[Expert], field: list[Entry], qianjin: User, staff: Any
) -> None:
    listed_final(small, staff("host"), panel)

    disqualify(field[4].team, officer=qianjin, reason="材料虚假")

    assert lists.standing(small)[2].finalists == ()
    assert Presentation.objects.get(entry=field[4]).is_void
    assert [entry.pk for entry in lists.finalists(small)] == [field[0].pk, field[1].pk]


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE judging_listchange SET reason = 'x'",
        "DELETE FROM judging_listchange",
        "TRUNCATE judging_listchange",
    ],
)
def test_list_changes_are_immutable(statement: str, field: list[Entry]) -> None:
    lists.void(field[0], reason="退出")

    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
