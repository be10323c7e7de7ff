"""Results: ranked, split into places, proposed by one with all inputs, confirmed by another after counting again."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction

from competition.config.rehearsal.scenes.deciding import settle_ties
from competition.config.rehearsal.theatre import Theatre
from competition.errors import Invalid, NotAllowed, WrongState
from competition.models import Edition, OutboxMessage, User
from judging import seats
from judging.forms.results import tied_keys
from judging.models import Draw, Expert, Gate, Result, Verification, Vote
from judging.ranking import Judged, cut_lines, rank
from judging.rubric import policy_of, round_of
from judging.scoring import sheet as sums
from judging.services import draws, lists, results, tidings
from judging.workflow import Pool, ResultStatus, Round
from submissions.models import Entry
from submissions.sealing import content_hash
from tests.contest import accepted_entry
from tests.judging import ranked
from tests.judging.ranked import CALLED, field_of, judges, preliminary, recommended, score, sheet

PRELIMINARY = Round.PRELIMINARY


@pytest.fixture
def small(edition: Edition) -> Edition:
    return ranked.small(edition)


@pytest.fixture
def panel(small: Edition) -> list[Expert]:
    return judges(small)


@pytest.fixture
def field(small: Edition, panel: list[Expert], lihua: User) -> list[Entry]:
    return field_of(small, lihua, panel)


def names(entries: list[Entry], *numbers: int) -> tuple[str, ...]:
    return tuple(str(entries[number].pk) for number in numbers)


@pytest.mark.rule("R18", "R19", "R20", "R21", "R22")
def test_preview_ranks_each_track_and_splits_the_places_by_what_passed_the_formal_check(
    small: Edition, field: list[Entry], lihua: User
) -> None:
    accepted_entry(small, lihua, topic="2-1")  # not recommended: it weighs, and cannot win

    made = results.preview(small, PRELIMINARY)

    assert made.wanted == []
    assert [(one.number, one.entries, one.able) for one in made.counts[:3]] == [
        (1, 4, 4),
        (2, 3, 2),
        (3, 0, 0),
    ]
    assert made.places is not None and made.places.excellence is not None
    assert (made.places.finalists.by_track[1], made.places.finalists.by_track[2]) == (2, 1)
    assert (made.places.excellence.by_track[1], made.places.excellence.by_track[2]) == (1, 1)
    assert [one.finalists.method for one in made.others] == [seats.Method.SAINTE_LAGUE, seats.Method.DHONDT]
    first = made.parts[0].ranking
    assert [(place.entry, place.rank) for place in first.places] == [
        (str(field[number].pk), number + 1) for number in range(4)
    ]


@pytest.mark.rule("R18", "R20")
def test_proposal_holds_all_inputs_and_can_be_counted_again_from_them(
    small: Edition, field: list[Entry], qianjin: User
) -> None:
    result = results.propose(small, round=PRELIMINARY, actor=qianjin)

    content = Result.objects.get(pk=result.pk).content
    assert content_hash(content) == result.sha256
    rubric, policy = round_of(small, PRELIMINARY), policy_of(small)
    for part in content["parts"]:
        judged = [
            Judged(
                one["entry"],
                tuple(
                    sums(rubric, {key: Decimal(value) for key, value in paper["marks"].items()})
                    for paper in one["sheets"]
                ),
            )
            for one in part["entries"]
        ]
        places = content["seats"]
        number = str(part["track"])
        cuts = cut_lines(places[pool]["seats"][number] for pool in ("finalists", "excellence"))
        again = rank(judged, policy=policy, cuts=cuts, votes=part["votes"])
        assert again.as_data() == part["ranking"]
    tracks = [seats.Track(one["track"], one["entries"], one["able"]) for one in content["seats"]["tracks"]]
    lists_again = seats.both_lists(tracks, finalists=3, excellence=2)
    assert lists_again.finalists.as_data() == content["seats"]["finalists"]
    assert "评委" not in str(content)


@pytest.mark.rule("R18", "R21", "R22", "R24")
def test_chief_confirms_and_every_listed_entry_is_to_be_verified(
    small: Edition, field: list[Entry], qianjin: User, sunli: User
) -> None:
    result = preliminary(small, qianjin, sunli)

    standing = lists.standing(small)
    assert (result.status, result.decided_by) == (ResultStatus.CONFIRMED, sunli)
    assert standing[1].finalists == names(field, 0, 1)
    assert standing[2].finalists == names(field, 4)
    assert (standing[1].excellence, standing[2].excellence) == (names(field, 2), names(field, 5))
    assert set(Verification.objects.values_list("entry_id", flat=True)) == {
        field[number].pk for number in (0, 1, 2, 4, 5)
    }


@pytest.mark.rule("R20", "R21")
def test_teams_that_are_on_neither_list_hear_of_it_once(
    small: Edition, field: list[Entry], qianjin: User, sunli: User
) -> None:
    result = preliminary(small, qianjin, sunli)

    told = tidings.tell_unlisted(result)
    again = tidings.tell_unlisted(result)

    letters = OutboxMessage.objects.filter(kind=tidings.KIND, channel="mail")
    listed = {field[number].reference for number in (0, 1, 2, 4, 5)}
    assert (told, again) == (letters.count(), 0)
    assert {one.subject for one in letters} == {one.reference for one in field} - listed
    assert OutboxMessage.objects.filter(channel=tidings.CHANNEL).count() == 1


def test_only_another_person_with_the_role_confirms(
    small: Edition, field: list[Entry], qianjin: User, sunli: User, zhaolei: User, staff: Any
) -> None:
    result = results.propose(small, round=PRELIMINARY, actor=sunli)

    for person in (sunli, qianjin, zhaolei, staff("supervisor"), staff("committee")):
        with pytest.raises(NotAllowed):
            results.confirm(result, actor=person)
    with pytest.raises(NotAllowed):
        results.refuse(result, actor=qianjin, note="不对")

    assert Result.objects.get().status == ResultStatus.PROPOSED


def test_the_office_alone_proposes_and_only_once(
    small: Edition, field: list[Entry], qianjin: User, zhaolei: User, staff: Any
) -> None:
    for person in (zhaolei, staff("host"), staff("expert")):
        with pytest.raises(NotAllowed):
            results.propose(small, round=PRELIMINARY, actor=person)
    results.propose(small, round=PRELIMINARY, actor=qianjin)

    with pytest.raises(WrongState):
        results.propose(small, round=PRELIMINARY, actor=qianjin)


@pytest.mark.parametrize("change", ["sheet", "withdrawn", "accepted", "tampered"])
def test_confirming_refuses_when_anything_changed_since(
    change: str,
    small: Edition,
    panel: list[Expert],
    field: list[Entry],
    lihua: User,
    qianjin: User,
    sunli: User,
) -> None:
    result = results.propose(small, round=PRELIMINARY, actor=qianjin)
    if change == "sheet":
        extra = judges(small, 1)[0]
        sheet(extra, field[3], 100)
    elif change == "withdrawn":
        Entry.objects.filter(pk=field[3].pk).update(status="withdrawn")
    elif change == "accepted":
        accepted_entry(small, lihua, topic="3-1")
    else:
        with connection.cursor() as cursor:  # as only a superuser could
            cursor.execute("SET session_replication_role = replica")
            cursor.execute("UPDATE judging_result SET content = jsonb_set(content, '{round}', '\"final\"')")
            cursor.execute("RESET session_replication_role")

    with pytest.raises(WrongState):
        results.confirm(result, actor=sunli)

    assert Result.objects.get().status == ResultStatus.PROPOSED


def test_refused_result_can_be_proposed_anew(
    small: Edition, field: list[Entry], qianjin: User, sunli: User
) -> None:
    result = results.propose(small, round=PRELIMINARY, actor=qianjin)
    with pytest.raises(Invalid):
        results.refuse(result, actor=sunli, note=" ")

    refused = results.refuse(result, actor=sunli, note="赛道1有评分表待更正")

    assert (refused.status, refused.note) == (ResultStatus.REFUSED, "赛道1有评分表待更正")
    assert preliminary(small, qianjin, sunli).status == ResultStatus.CONFIRMED


@pytest.mark.rule("R18")
def test_entry_short_of_sheets_is_named_and_holds_the_result_up(
    small: Edition, panel: list[Expert], field: list[Entry], lihua: User, qianjin: User
) -> None:
    lone = recommended(small, lihua)
    score(panel[:2], lone, 50)

    with pytest.raises(Invalid) as refused:
        results.propose(small, round=PRELIMINARY, actor=qianjin)

    assert lone.reference in refused.value.sentence
    assert results.preview(small, PRELIMINARY).short == (lone,)


@pytest.mark.rule("R18", "R20")
def test_tie_at_a_cut_line_needs_the_panels_vote(
    small: Edition, panel: list[Expert], field: list[Entry], lihua: User, qianjin: User, sunli: User
) -> None:
    equal = recommended(small, lihua)
    score(panel, equal, 80)  # like the second of track 1
    track = small.tracks.get(number=1)
    order = [equal.pk, field[1].pk]
    with pytest.raises(Invalid):
        results.propose(small, round=PRELIMINARY, actor=qianjin)
    for wrong in ([equal.pk], [equal.pk, field[0].pk], [equal.pk, field[1].pk, equal.pk]):
        with pytest.raises(Invalid):
            results.record_vote(
                small, round=PRELIMINARY, track=track, order=wrong, minutes="5票", actor=qianjin
            )

    results.record_vote(
        small, round=PRELIMINARY, track=track, order=order, minutes="到会5人，3票对2票", actor=qianjin
    )

    preliminary(small, qianjin, sunli)
    assert lists.standing(small)[1].finalists == (str(field[0].pk), str(equal.pk))
    assert lists.standing(small)[1].excellence == names(field, 1)
    assert Result.objects.get().content["parts"][0]["votes"] == [[str(one) for one in order]]


def test_vote_needs_minutes_the_office_and_no_proposed_result(
    small: Edition, panel: list[Expert], field: list[Entry], lihua: User, qianjin: User, zhaolei: User
) -> None:
    given = {"round": PRELIMINARY, "track": small.tracks.get(number=1), "order": [field[0].pk, field[1].pk]}
    with pytest.raises(NotAllowed):
        results.record_vote(small, minutes="5票", actor=zhaolei, **given)
    with pytest.raises(Invalid):
        results.record_vote(small, minutes=" ", actor=qianjin, **given)
    results.propose(small, round=PRELIMINARY, actor=qianjin)

    with pytest.raises(WrongState):
        results.record_vote(small, minutes="5票", actor=qianjin, **given)


@pytest.mark.rule("R19")
def test_equal_tracks_need_a_draw_of_places(
    small: Edition, panel: list[Expert], lihua: User, qianjin: User, sunli: User
) -> None:
    for number in range(1, 6):  # five tracks with one entry each for three places
        score(panel, recommended(small, lihua, f"{number}-1"), 80)
    made = results.preview(small, PRELIMINARY)
    kind = made.seat_ties[0][0]
    with pytest.raises(Invalid):
        results.propose(small, round=PRELIMINARY, actor=qianjin)

    numbers = [str(number) for number in range(1, 10)]
    drawn = draws.hold(
        draws.publish(small, kind=kind, items=numbers, labels=numbers, actor=qianjin),
        called=CALLED,
        actor=qianjin,
        witness=sunli,
    )

    preliminary(small, qianjin, sunli)
    chosen = [int(item) for item in drawn.record["order"] if int(item) < 6][:3]
    found = {number for number, one in lists.standing(small).items() if one.finalists}
    assert found == set(chosen)


def test_a_rehearsal_settles_equal_tracks_by_a_draw(small: Edition, panel: list[Expert], lihua: User) -> None:
    for number in range(1, 6):
        score(panel, recommended(small, lihua, f"{number}-1"), 80)
    Edition.objects.filter(pk=small.pk).update(is_rehearsal=True)
    small.refresh_from_db()

    settle_ties(Theatre(small, [], seed="7"), PRELIMINARY)

    assert results.preview(small, PRELIMINARY).seat_ties == []
    assert {draw.kind for draw in Draw.objects.exclude(held_at=None)} == {"finalist_seats"}


@pytest.mark.parametrize("statement", ["UPDATE judging_vote SET minutes = 'x'", "DELETE FROM judging_vote",
                                       "TRUNCATE judging_vote", "DELETE FROM judging_result",
                                       "TRUNCATE judging_result CASCADE",
                                       "UPDATE judging_result SET sha256 = 'x'",
                                       "UPDATE judging_result SET status = 'refused'"])  # fmt: skip
def test_votes_and_confirmed_results_are_immutable(
    statement: str, small: Edition, field: list[Entry], qianjin: User, sunli: User
) -> None:
    result = preliminary(small, qianjin, sunli)
    Vote.objects.create(
        edition=small,
        round=PRELIMINARY,
        order=[1, 2],
        minutes="5票",
        recorded_by=qianjin,
        at=result.decided_at,
    )

    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


@pytest.mark.rule("R17")
def test_entries_that_are_not_recommended_are_not_ranked(
    small: Edition, field: list[Entry], qianjin: User
) -> None:
    Gate.objects.filter(entry=field[0]).update(status="declined", opinion="不符", confirmed_by=qianjin)

    made = results.preview(small, PRELIMINARY)

    assert [place.entry for place in made.parts[0].ranking.places] == list(names(field, 1, 2, 3))
    assert made.counts[0].entries == 4


def test_preview_asks_the_same_number_of_questions_for_one_and_three_entries(
    small: Edition, panel: list[Expert], lihua: User, django_assert_num_queries: Any
) -> None:
    score(panel, recommended(small, lihua), 80)
    with django_assert_num_queries(5):
        results.preview(small, PRELIMINARY)
    for percent in (70, 60):
        score(panel, recommended(small, lihua), percent)

    with django_assert_num_queries(5):
        results.preview(small, PRELIMINARY)


def test_pools_are_those_of_the_edition(edition: Edition) -> None:
    assert {prize["pool"] for prize in edition.data["prizes"]} == set(Pool.values)


@pytest.mark.parametrize("text", ["9" * 5000, "1,,x,２", "", "\0"])
def test_tied_entries_are_read_from_whatever_was_sent(text: str) -> None:
    assert tied_keys(text) in ([], [1, 2])
