"""Assignments: who gets what, what keeps, who is told, and what becomes of those that are taken away."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from competition import roles
from competition.errors import Invalid, NotAllowed, Refusal, WrongState
from competition.models import Edition, OutboxMessage, User
from judging.models import Assignment, AssignmentRun, Conflict, Expert, Gate
from judging.services import assignments, workload
from submissions.models import Entry
from submissions.services import close_entry
from tests.contest import accepted_entry, expert
from tests.factories import credit_code
from tests.fixtures import make_user
from tests.judging.ranked import judges, recommended


def given_to(entry: Entry) -> set[int]:
    """Experts who score the entry or have scored it."""
    live = Assignment.objects.filter(entry=entry, status__in=assignments.LIVE)
    return set(live.values_list("expert", flat=True))


@pytest.fixture
def conflicted(edition: Edition, sunmei: User, lihua: User, qianjin: User) -> Callable[[str], Any]:
    """An expert and an entry in conflict, by the way it is named."""

    def make(how: str) -> tuple[Expert, Entry]:
        person = lihua if how in {"owner", "member"} else sunmei
        owner = make_user("other-owner", "吴刚") if how == "member" else lihua
        entry = accepted_entry(edition, owner, also=lihua if how == "member" else None)
        Gate.objects.filter(entry=entry).update(status="recommended")
        unit = entry.team.units.get()
        one = expert(edition, person, unit=unit.name if how == "name" else "太原某研究院")
        if how == "code":
            one.units.update(credit_key=unit.credit_key)
        if how == "declared":
            assignments.note_conflict(one, entry, actor=person, reason="近亲属参赛")
        if how == "staff":
            assignments.note_conflict(one, entry, actor=qianjin, reason="曾任顾问")
        return one, entry

    return make


@pytest.mark.rule("R18")
def test_every_recommended_entry_gets_experts_of_its_track_evenly(
    edition: Edition, lihua: User, qianjin: User
) -> None:
    mine = [recommended(edition, lihua) for _ in range(4)]
    other = recommended(edition, lihua, topic="2-1")
    of_one, of_two = judges(edition, 6), judges(edition, 5)
    for group, number in ((of_one, 1), (of_two, 2)):
        for one in group:
            one.tracks.set(edition.tracks.filter(number=number))

    run = assignments.assign(edition, actor=qianjin)

    loads = Counter(Assignment.objects.values_list("expert", flat=True))
    assert [len(given_to(entry)) for entry in mine] == [5, 5, 5, 5]
    assert given_to(other) == {one.pk for one in of_two}
    assert sorted(loads[one.pk] for one in of_one) == [3, 3, 3, 3, 4, 4]
    assert (run.per_entry, run.content["unserved"]) == (5, [])


@pytest.mark.parametrize("role", [role for role in roles.LABELS if role not in (roles.OFFICER, roles.CHIEF)])
def test_only_officers_and_chiefs_assign(
    edition: Edition, lihua: User, staff: Callable[..., User], role: str
) -> None:
    person, entry, one = staff(role), recommended(edition, lihua), judges(edition, 1)[0]

    with pytest.raises(NotAllowed):
        assignments.assign(edition, actor=person)
    with pytest.raises(NotAllowed):
        assignments.assign_one(entry, one, actor=person, reason="增补")


@pytest.mark.rule("R17")
def test_entries_that_are_not_recommended_are_not_assigned(
    edition: Edition, lihua: User, qianjin: User
) -> None:
    waiting, one = accepted_entry(edition, lihua), judges(edition, 3)[0]

    assignments.assign(edition, actor=qianjin)

    assert not Assignment.objects.exists()
    with pytest.raises(WrongState):
        assignments.assign_one(waiting, one, actor=qianjin, reason="增补")


def test_running_again_fills_the_gaps_alone(edition: Edition, lihua: User, qianjin: User) -> None:
    first = recommended(edition, lihua)
    judges(edition, 3)
    assignments.assign(edition, actor=qianjin, per_entry=3)
    before = set(Assignment.objects.values_list("pk", "code"))

    second = recommended(edition, lihua)
    run = assignments.assign(edition, actor=qianjin, per_entry=3)
    again = assignments.assign(edition, actor=qianjin, per_entry=3)

    assert before < set(Assignment.objects.values_list("pk", "code"))
    assert {entry for entry, _ in run.content["pairs"]} == {second.pk}
    assert (again.content["pairs"], len(given_to(first))) == ([], 3)


@pytest.mark.parametrize("number", [2, 16])
def test_number_of_experts_is_within_its_bounds(edition: Edition, qianjin: User, number: int) -> None:
    with pytest.raises(Invalid):
        assignments.assign(edition, actor=qianjin, per_entry=number)

    assert not AssignmentRun.objects.exists()


def test_what_cannot_be_served_is_named_with_the_reason(edition: Edition, lihua: User, qianjin: User) -> None:
    entry, (one, _) = recommended(edition, lihua), judges(edition, 2)
    assignments.note_conflict(one, entry, actor=qianjin, reason="曾任顾问")

    run = assignments.assign(edition, actor=qianjin)

    assert run.content["unserved"] == [
        {
            "entry": entry.pk,
            "missing": 4,
            "sentence": "本赛道在册专家2名，其中1名须回避，只能安排1名，还缺4名；请增补本赛道专家。",
        }
    ]


@pytest.mark.rule("R07")
@pytest.mark.parametrize("how", ["code", "name", "owner", "member", "declared", "staff"])
def test_conflict_is_never_assigned_by_anybody(
    edition: Edition, qianjin: User, conflicted: Callable[[str], Any], how: str
) -> None:
    one, entry = conflicted(how)
    others = judges(edition, 3)

    assignments.assign(edition, actor=qianjin, per_entry=4)
    with pytest.raises(Refusal, match="利益冲突"):
        assignments.assign_one(entry, one, actor=qianjin, reason="增补")
    with pytest.raises(IntegrityError), transaction.atomic():
        Assignment.objects.create(
            edition=edition, round="preliminary", expert=one, entry=entry, assigned_at=entry.submitted_at
        )

    assert given_to(entry) == {other.pk for other in others}
    assert [(found.expert.pk, found.barred) for found in workload.candidates(entry)] == [
        (one.pk, "存在利益冲突")
    ]


def test_former_unit_with_another_code_is_no_conflict(
    edition: Edition, sunmei: User, lihua: User, qianjin: User
) -> None:
    one, entry = expert(edition, sunmei), recommended(edition, lihua)
    one.units.update(credit_key=credit_code(1))

    made = assignments.assign_one(entry, one, actor=qianjin, reason="增补")

    assert made.status == "open"


@pytest.mark.rule("R07")
@pytest.mark.parametrize("who", ["expert", "officer"])
def test_recused_expert_is_replaced_and_not_given_it_again(
    edition: Edition, lihua: User, qianjin: User, who: str
) -> None:
    entry, (one, *_) = recommended(edition, lihua), judges(edition, 3)
    assignments.assign(edition, actor=qianjin, per_entry=3)
    made = Assignment.objects.get(expert=one)
    person = one.user if who == "expert" else qianjin
    with pytest.raises(Invalid):
        assignments.recuse(made, actor=person, reason="")

    assignments.recuse(made, actor=person, reason="曾共事")
    spare = judges(edition, 1)[0]
    assignments.assign(edition, actor=qianjin, per_entry=3)

    assert one.pk not in given_to(entry)
    assert spare.pk in given_to(entry)
    assert Conflict.objects.get().source == ("declared" if who == "expert" else "staff")
    with pytest.raises(WrongState):
        assignments.recuse(made, actor=person, reason="曾共事")
    with pytest.raises(Refusal):
        assignments.assign_one(entry, one, actor=qianjin, reason="增补")


def test_stranger_and_another_expert_do_not_recuse(
    edition: Edition, lihua: User, qianjin: User, zhaolei: User
) -> None:
    entry, (one, other) = recommended(edition, lihua), judges(edition, 2)
    made = assignments.assign_one(entry, one, actor=qianjin, reason="增补")

    for person in (zhaolei, lihua, other.user):
        with pytest.raises(NotAllowed):
            assignments.recuse(made, actor=person, reason="曾共事")


@pytest.mark.rule("R18")
def test_one_by_hand_is_of_the_track_active_once_and_with_a_reason(
    edition: Edition, lihua: User, qianjin: User
) -> None:
    entry, (one, foreign, gone) = recommended(edition, lihua), judges(edition, 3)
    foreign.tracks.set(edition.tracks.filter(number=2))
    gone.is_active = False
    gone.save()
    with pytest.raises(Invalid):
        assignments.assign_one(entry, one, actor=qianjin, reason=" ")

    made = assignments.assign_one(entry, one, actor=qianjin, reason="按专业领域增补")

    assert (made.status, made.run) == ("open", None)
    for person in (one, foreign, gone):
        with pytest.raises(WrongState):
            assignments.assign_one(entry, person, actor=qianjin, reason="增补")


@pytest.mark.rule("R60")
def test_assignments_of_an_entry_that_left_are_closed(edition: Edition, lihua: User, qianjin: User) -> None:
    gone, stays = recommended(edition, lihua), recommended(edition, lihua)
    judges(edition, 3)
    assignments.assign(edition, actor=qianjin, per_entry=3)
    Assignment.objects.filter(pk=Assignment.objects.filter(entry=gone)[0].pk).update(status="submitted")

    close_entry(gone.team, "disqualified")

    assert set(gone.assignments.values_list("status", flat=True)) == {"void"}
    assert set(stays.assignments.values_list("status", flat=True)) == {"open"}


@pytest.mark.rule("R16")
def test_codes_are_unique_and_mail_names_no_entry(edition: Edition, lihua: User, qianjin: User) -> None:
    entries = [recommended(edition, lihua) for _ in range(3)]
    people = judges(edition, 3)

    assignments.assign(edition, actor=qianjin, per_entry=3)

    codes = Assignment.objects.values_list("code", flat=True)
    told = OutboxMessage.objects.filter(kind="assignment.made")
    assert len(set(codes)) == len(codes) == 9
    assert {one.recipient for one in told} == {one.user.email for one in people}
    for one in told:
        secrets = [
            secret
            for entry in entries
            for secret in (entry.reference, entry.team.name, entry.team.project_name)
            if secret in one.subject + one.body
        ]
        assert (secrets, "3项作品" in one.body) == ([], True)


def test_officer_runs_adds_and_recuses_on_the_pages(
    edition: Edition, lihua: User, qianjin: User, as_user: Callable[[User | None], Client]
) -> None:
    client, entry, (one, _) = as_user(qianjin), recommended(edition, lihua), judges(edition, 2)
    page, track = reverse("judging:assignments"), reverse("judging:assignments") + "?track=1"
    before = client.get(page).content.decode()
    refused = client.post(reverse("judging:assignments_run"), {"per_entry": 2})
    client.post(reverse("judging:assignments_run"), {"per_entry": 3})
    short = client.get(page).content.decode()
    spare = judges(edition, 1)[0]
    add = reverse("judging:assignments_add", args=[entry.pk])
    unsaid = client.post(add, {"expert": spare.pk, "reason": ""})
    added = client.post(add, {"expert": spare.pk, "reason": "按专业领域增补"})
    made = Assignment.objects.get(expert=one)
    client.post(reverse("judging:assignments_recuse", args=[made.pk]), {"reason": "曾共事"})
    listed = client.get(track).content.decode()

    assert (refused.status_code, unsaid.status_code) == (422, 422)
    assert all(word in before for word in (entry.reference, "尚未分配"))
    assert "还缺1名；请增补本赛道专家" in short
    assert added["Location"] == track
    assert (str(spare) in listed, f"recuse/{made.pk}" in listed) == (True, False)
    assert reverse("judging:assignments_recuse", args=[made.pk]) not in listed


def test_desk_counts_entries_with_too_few_experts(
    edition: Edition, lihua: User, qianjin: User, as_user: Callable[[User | None], Client]
) -> None:
    short, served = recommended(edition, lihua), recommended(edition, lihua)
    for one in judges(edition, 3):
        assignments.assign_one(served, one, actor=qianjin, reason="增补")

    found = list(workload.short_of_experts(edition))
    numbers = workload.by_track(edition)[0]

    assert [(one.pk, one.experts) for one in found] == [(short.pk, 0)]
    assert (numbers.entries, numbers.short, numbers.judges, numbers.open, numbers.submitted) == (
        2,
        1,
        3,
        3,
        0,
    )


@pytest.mark.parametrize("query", ["", "?track=1"])
def test_pages_ask_as_much_for_one_entry_as_for_three(
    edition: Edition, lihua: User, qianjin: User, as_user: Callable[[User | None], Client], query: str
) -> None:
    client, address, counts = as_user(qianjin), reverse("judging:assignments") + query, []
    judges(edition, 2)

    for more in (1, 2):
        for _ in range(more):
            recommended(edition, lihua)
        assignments.assign(edition, actor=qianjin)
        client.get(address)
        with CaptureQueriesContext(connection) as queries:
            client.get(address)
        counts.append(len(queries))

    assert counts[0] == counts[1]
    assert counts[1] <= 12
