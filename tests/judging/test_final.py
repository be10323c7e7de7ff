"""The final: listed, drawn so that anybody can repeat it, presented one by one, locked by two people."""

from __future__ import annotations

from datetime import timedelta
from hashlib import sha256
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.urls import reverse

from competition import clock
from competition.errors import Invalid, NotAllowed, WrongState
from competition.models import Edition, OutboxMessage, User
from judging import draws as rules
from judging.models import Assignment, Conflict, Draw, Expert, FinalSession, Presentation, Result
from judging.services import draws, final, lists, results
from judging.workflow import FinalStatus, Round
from submissions.models import Entry
from tests.judging import ranked
from tests.judging.ranked import CALLED, field_of, judges, listed_final, passed, preliminary, score

FINAL = Round.FINAL


@pytest.fixture
def small(edition: Edition) -> Edition:
    return ranked.small(edition)


@pytest.fixture
def panel(small: Edition) -> list[Expert]:
    return judges(small, 4)


@pytest.fixture
def host(staff: Any) -> User:
    return staff("host", "何主持")


@pytest.fixture
def supervisor(staff: Any) -> User:
    return staff("supervisor", "宋监督")


@pytest.fixture
def field(small: Edition, panel: list[Expert], lihua: User, qianjin: User, sunli: User) -> list[Entry]:
    """Finalists are 0, 1 and 4."""
    entries = field_of(small, lihua, panel)
    preliminary(small, qianjin, sunli)
    return entries


@pytest.fixture
def drawn(small: Edition, panel: list[Expert], field: list[Entry], host: User, supervisor: User) -> Draw:
    listed_final(small, host, panel)
    return final.draw(small, called=CALLED, actor=host, witness=supervisor)


def present(edition: Edition, host: User) -> None:
    for one in Presentation.objects.filter(session__edition=edition, is_void=False):
        final.check_in(one, actor=host)
        final.begin(one, actor=host)
        final.end(one, actor=host)


@pytest.mark.rule("R21", "R27", "R28")
def test_list_is_published_when_everything_is_settled(
    small: Edition, panel: list[Expert], field: list[Entry], host: User, qianjin: User
) -> None:
    where: dict[str, Any] = {"starts_at": clock.now(small) + timedelta(days=1), "place": "一层大厅"}
    with pytest.raises(WrongState):
        final.publish_list(small, actor=host)
    final.prepare(small, actor=host, **where)
    with pytest.raises(WrongState, match="技术验证"):
        final.publish_list(small, actor=host)
    passed(small)
    with pytest.raises(Invalid, match="评委"):
        final.publish_list(small, actor=host)
    ranked.final_panel(small, panel)
    lists.void(field[0], reason="退出")
    with pytest.raises(WrongState, match="空缺"):
        final.publish_list(small, actor=host)
    fill(small, field[2], qianjin)

    draw = final.publish_list(small, actor=host)

    assert draw.items == [str(field[number].pk) for number in (1, 2, 4)]
    assert draw.commitment == sha256(draw.secret.encode()).hexdigest()
    assert FinalSession.objects.get().status == FinalStatus.LISTED
    assert OutboxMessage.objects.filter(kind="final.team").count() == 3


def fill(edition: Edition, entry: Entry, officer: User) -> None:
    """Who is next moves up; the place behind stays empty."""
    chief = ranked.make_user("chief2", "吴主任", role="chief")
    track = edition.tracks.get(number=1)
    for pool, who in (("finalists", entry), ("excellence", None)):
        made = lists.propose_replacement(
            edition, track=track, pool=pool, entry=who, reason="依次递补", actor=officer
        )
        lists.confirm_replacement(made, actor=chief)


@pytest.mark.rule("R28")
def test_published_record_lets_anybody_repeat_the_draw(drawn: Draw, field: list[Entry]) -> None:
    record = drawn.record
    seed = sha256(f"{record['secret']}|{drawn.list_hash}|17,42".encode()).hexdigest()
    lots = {item: sha256(f"{seed}|{item}".encode()).hexdigest() for item in drawn.items}

    order = list(Presentation.objects.order_by("position").values_list("entry_id", flat=True))

    assert record["seed"] == seed
    assert [str(entry) for entry in order] == sorted(drawn.items, key=lots.__getitem__) == record["order"]
    assert sha256(record["secret"].encode()).hexdigest() == drawn.commitment
    called = tuple(rules.Called(one["caller"], one["number"]) for one in record["called"])
    again = rules.Draw(
        tuple(record["items"]), record["list_hash"], record["commitment"], record["secret"], called,
        record["seed"], tuple(record["order"]),
    )  # fmt: skip
    assert rules.problems(again) == []


@pytest.mark.rule("R29")
def test_every_juror_without_a_conflict_gets_a_sheet_for_every_finalist(
    small: Edition, panel: list[Expert], field: list[Entry], host: User, supervisor: User, qianjin: User
) -> None:
    Conflict.objects.create(
        expert=panel[0], entry=field[0], source="staff", reason="师生", by=qianjin, at=clock.now(small)
    )
    listed_final(small, host, panel)

    final.draw(small, called=CALLED, actor=host, witness=supervisor)

    rows = Assignment.objects.filter(round=FINAL).values_list("expert_id", "entry_id")
    expected = {(one.pk, field[number].pk) for one in panel for number in (0, 1, 4)}
    assert set(rows) == expected - {(panel[0].pk, field[0].pk)}


def test_draw_is_held_once_witnessed_by_another_and_with_two_numbers(
    small: Edition, panel: list[Expert], field: list[Entry], host: User, supervisor: User, zhaolei: User
) -> None:
    listed_final(small, host, panel)
    for called in ([], CALLED[:1], [("甲", 1), ("甲", 2)], [("甲", 1), ("乙", 1_000_000)]):
        with pytest.raises(Invalid):
            final.draw(small, called=called, actor=host, witness=supervisor)
    for actor, witness in ((zhaolei, supervisor), (host, host), (host, zhaolei), (supervisor, host)):
        with pytest.raises(NotAllowed):
            final.draw(small, called=CALLED, actor=actor, witness=witness)
    final.draw(small, called=CALLED, actor=host, witness=supervisor)

    with pytest.raises(WrongState):
        final.draw(small, called=CALLED, actor=host, witness=supervisor)
    with pytest.raises(WrongState):
        draws.publish(small, kind="presentation", items=["1", "2"], labels=["甲", "乙"], actor=host)


def test_list_can_be_taken_back_and_a_newcomer_forces_it(
    small: Edition,
    panel: list[Expert],
    field: list[Entry],
    host: User,
    supervisor: User,
    qianjin: User,
    client: Client,
) -> None:
    listed_final(small, host, panel)
    lists.void(field[1], reason="退出")
    fill(small, field[2], qianjin)
    with pytest.raises(WrongState, match="收回"):
        final.draw(small, called=CALLED, actor=host, witness=supervisor)

    final.take_back_list(small, actor=host)
    public = client.get(reverse("judging:final_draw"))
    final.publish_list(small, actor=host)
    final.draw(small, called=CALLED, actor=host, witness=supervisor)

    assert set(Presentation.objects.values_list("entry_id", flat=True)) == {
        field[number].pk for number in (0, 2, 4)
    }
    assert Draw.objects.filter(held_at=None).count() == 1
    assert "这份名单已经收回" in public.content.decode()


@pytest.mark.rule("R28", "R29")
def test_presentations_begin_after_check_in_and_one_at_a_time(
    small: Edition, drawn: Draw, host: User, zhaolei: User
) -> None:
    first, second, third = Presentation.objects.all()
    with pytest.raises(WrongState):
        final.begin(first, actor=host)
    final.check_in(first, actor=host)
    final.check_in(second, actor=host)
    with pytest.raises(NotAllowed):
        final.begin(first, actor=zhaolei)
    final.begin(first, actor=host)

    for act, one in (
        (final.begin, first),
        (final.begin, second),
        (final.end, second),
        (final.check_in, first),
    ):
        with pytest.raises(WrongState):
            act(one, actor=host)
    final.end(first, actor=host)
    final.begin(second, actor=host)

    assert FinalSession.objects.get().status == FinalStatus.RUNNING
    assert third.started_at is None


@pytest.mark.rule("R29", "R30", "R31")
def test_final_ranks_over_all_tracks_and_is_locked_by_two(
    small: Edition,
    panel: list[Expert],
    field: list[Entry],
    drawn: Draw,
    host: User,
    supervisor: User,
    qianjin: User,
) -> None:
    present(small, host)
    for number, percent in ((0, 70), (1, 90), (4, 80)):
        score(panel, field[number], percent, round=FINAL)
    result = results.propose(small, round=FINAL, actor=host)
    for person in (host, qianjin):
        with pytest.raises(NotAllowed):
            results.confirm(result, actor=person)

    results.confirm(result, actor=supervisor)

    assert [entry.pk for entry in results.final_order(small)] == [field[number].pk for number in (1, 4, 0)]
    assert FinalSession.objects.get().status == FinalStatus.LOCKED
    assert result.content["parts"][0]["ranking"]["cuts"] == [1, 2, 3]
    with pytest.raises(WrongState):
        final.check_in(Presentation.objects.first(), actor=host)  # type: ignore[arg-type]


@pytest.mark.rule("R30")
def test_final_result_waits_for_presentations_sheets_and_votes(
    small: Edition, panel: list[Expert], field: list[Entry], drawn: Draw, host: User, supervisor: User
) -> None:
    with pytest.raises(WrongState):
        results.propose(small, round=FINAL, actor=host)
    first = Presentation.objects.first()
    assert first is not None
    final.check_in(first, actor=host)
    final.begin(first, actor=host)
    with pytest.raises(WrongState):
        results.propose(small, round=FINAL, actor=host)
    final.end(first, actor=host)
    present_rest(small, host)
    with pytest.raises(Invalid, match="评分表"):
        results.propose(small, round=FINAL, actor=host)
    for number in (0, 1, 4):
        score(panel, field[number], 80, round=FINAL)
    with pytest.raises(Invalid, match="表决"):
        results.propose(small, round=FINAL, actor=host)

    order = [field[number].pk for number in (4, 0, 1)]
    results.record_vote(small, round=FINAL, track=None, order=order, minutes="一致同意", actor=host)
    results.confirm(results.propose(small, round=FINAL, actor=host), actor=supervisor)

    assert [entry.pk for entry in results.final_order(small)] == order


def present_rest(edition: Edition, host: User) -> None:
    for one in Presentation.objects.filter(session__edition=edition, checked_in_at=None):
        final.check_in(one, actor=host)
        final.begin(one, actor=host)
        final.end(one, actor=host)


def test_absent_and_void_finalists_have_no_place(
    small: Edition, panel: list[Expert], field: list[Entry], drawn: Draw, host: User, sunli: User
) -> None:
    absent = Presentation.objects.get(entry=field[4])
    lists.void(field[0], reason="退出")
    one = Presentation.objects.get(entry=field[1])
    for act in (final.check_in, final.begin, final.end):
        act(one, actor=host)
    score(panel, field[1], 80, round=FINAL)

    results.confirm(results.propose(small, round=FINAL, actor=host), actor=sunli)

    assert [entry.pk for entry in results.final_order(small)] == [field[1].pk]
    assert Presentation.objects.get(pk=absent.pk).position == absent.position
    assert Result.objects.filter(round=FINAL, status="confirmed").exists()


def test_moved_date_is_told_and_a_running_final_keeps_it(small: Edition, drawn: Draw, host: User) -> None:
    later = clock.now(small) + timedelta(days=3)
    final.prepare(small, actor=host, starts_at=later, place="二层报告厅", minutes_each=20)
    told = OutboxMessage.objects.filter(kind="final.team", occurrence__startswith="moved.").count()
    present(small, host)

    with pytest.raises(WrongState):
        final.prepare(small, actor=host, starts_at=later, place="三层")

    assert told == 3


@pytest.mark.parametrize(("minutes", "place"), [(0, "大厅"), (121, "大厅"), (15, " "), (15, "厅" * 201)])
def test_odd_preparations_are_refused(small: Edition, host: User, minutes: int, place: str) -> None:
    with pytest.raises(Invalid):
        final.prepare(small, actor=host, starts_at=clock.now(small), place=place, minutes_each=minutes)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE judging_draw SET record = '{}'",
        "UPDATE judging_draw SET commitment = 'x'",
        "DELETE FROM judging_draw",
        "TRUNCATE judging_draw CASCADE",
    ],
)
def test_held_draw_is_immutable(statement: str, drawn: Draw) -> None:
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


def test_secret_is_encrypted_in_the_database(drawn: Draw) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT secret FROM judging_draw")
        (stored,) = cursor.fetchone()

    assert drawn.secret not in stored
