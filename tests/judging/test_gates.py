"""Gatekeeping: departments recommend, the secretariat confirms, the related stand aside."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from competition import roles
from competition.errors import Invalid, NotAllowed, WrongState
from competition.models import Department, Edition, Organisation, OutboxMessage, Topic, User
from judging.models import Gate, GateDecision
from judging.querysets import judgeable
from judging.services import gates
from judging.workflow import GateStatus
from registration.models import Unit
from registration.registries import cards_of
from submissions.models import Entry
from submissions.services import close_entry
from tests.contest import accepted_entry
from tests.fixtures import make_user

REASON = "所用数据与赛题方向不符。"


def reviewer_of(entry: Entry, name: str = "周康") -> User:
    """A reviewer of the department of the entry's topic."""
    user = make_user(f"reviewer-{User.objects.count()}", name, role=roles.DEPARTMENT)
    assert entry.team.topic is not None
    user.department = entry.team.topic.department
    user.save()
    return user


@pytest.fixture
def entry(edition: Edition, lihua: User) -> Entry:
    """Lihua's accepted entry, gated by the department of its topic."""
    return accepted_entry(edition, lihua)


@pytest.fixture
def zhoukang(entry: Entry) -> User:
    return reviewer_of(entry)


@pytest.fixture
def recused(edition: Edition, lihua: User) -> Gate:
    """The gate of an entry of a subordinate of the department."""
    department = Topic.objects.get(track__edition=edition, code="1-1").department
    return accepted_entry(edition, lihua, unit=f"{department}信息中心").gate


@pytest.mark.rule("R17")
def test_acceptance_opens_the_gate_of_the_topics_department_once(entry: Entry) -> None:
    again = gates.open_gate(entry)

    assert entry.team.topic is not None
    assert Gate.objects.get() == again
    assert (again.department, again.status, again.recusal) == (
        entry.team.topic.department,
        GateStatus.WAITING,
        "",
    )
    assert again.department is not None


@pytest.mark.rule("R17")
def test_reviewer_recommends_and_the_entry_is_judged(entry: Entry, zhoukang: User, edition: Edition) -> None:
    before = list(judgeable(edition))

    gate = gates.recommend(entry.gate, actor=zhoukang, opinion=" 同意推荐 ")

    assert (before, list(judgeable(edition))) == ([], [entry])
    assert (gate.opinion, gate.decided_by, gate.confirmed_by) == ("同意推荐", zhoukang, None)
    assert [(one.to, one.by) for one in gate.decisions.all()] == [(GateStatus.RECOMMENDED, zhoukang)]


@pytest.mark.rule("R17")
def test_not_recommended_needs_a_reason_and_a_second_person_and_is_told(
    entry: Entry, zhoukang: User, qianjin: User, edition: Edition
) -> None:
    with pytest.raises(Invalid, match="理由"):
        gates.decline(entry.gate, actor=zhoukang, opinion="  ")
    gate = gates.decline(entry.gate, actor=zhoukang, opinion=REASON)
    told_before = OutboxMessage.objects.filter(kind="gate.declined").exists()

    gate = gates.confirm(gate, actor=qianjin)

    told = OutboxMessage.objects.get(kind="gate.declined")
    assert (gate.status, gate.decided_by, gate.confirmed_by) == (GateStatus.DECLINED, zhoukang, qianjin)
    assert (told_before, told.recipient, REASON in told.body) == (False, entry.team.owner.email, True)
    assert "周康" not in told.body
    assert not judgeable(edition).exists()


@pytest.mark.parametrize("who", ["stranger", "other department", "officer", "chief"])
def test_only_the_departments_reviewer_decides(
    entry: Entry, zhaolei: User, qianjin: User, sunli: User, edition: Edition, who: str
) -> None:
    other = make_user("other", "吴敏", role=roles.DEPARTMENT)
    other.department = Department.objects.exclude(pk=entry.gate.department_id).filter(edition=edition)[0]
    other.save()
    person = {"stranger": zhaolei, "other department": other, "officer": qianjin, "chief": sunli}[who]

    with pytest.raises(NotAllowed):
        gates.recommend(entry.gate, actor=person)
    with pytest.raises(NotAllowed):
        gates.decline(entry.gate, actor=person, opinion=REASON)


def test_nobody_gates_the_own_teams_entry(edition: Edition) -> None:
    topic = Topic.objects.get(track__edition=edition, code="1-1")
    wuhao = make_user("wuhao", "吴浩", role=roles.DEPARTMENT, phone="+8613800138009")
    wuhao.department = topic.department
    wuhao.save()
    entry = accepted_entry(edition, wuhao)

    with pytest.raises(NotAllowed):
        gates.recommend(entry.gate, actor=wuhao)


def test_reviewer_and_department_do_not_confirm(entry: Entry, zhoukang: User) -> None:
    gate = gates.decline(entry.gate, actor=zhoukang, opinion=REASON)

    for person in (zhoukang, reviewer_of(entry, "郑洁")):
        with pytest.raises(NotAllowed):
            gates.confirm(gate, actor=person)


def test_decided_gate_is_not_decided_again(entry: Entry, zhoukang: User, qianjin: User) -> None:
    gate = gates.recommend(entry.gate, actor=zhoukang)

    with pytest.raises(WrongState):
        gates.decline(gate, actor=zhoukang, opinion=REASON)
    with pytest.raises(WrongState):
        gates.confirm(gate, actor=qianjin)
    with pytest.raises(WrongState):
        gates.recuse(gate, actor=qianjin, reason="下属单位")


def test_sent_back_gate_is_decided_anew_and_keeps_its_history(
    entry: Entry, zhoukang: User, qianjin: User
) -> None:
    gate = gates.decline(entry.gate, actor=zhoukang, opinion=REASON)
    with pytest.raises(Invalid):
        gates.send_back(gate, actor=qianjin, reason=" ")

    gate = gates.send_back(gate, actor=qianjin, reason="请说明是哪一项数据。")
    gate = gates.recommend(gate, actor=zhoukang)

    assert gate.status == GateStatus.RECOMMENDED
    assert [(one.to, one.opinion) for one in gate.decisions.order_by("id")] == [
        (GateStatus.DECLINING, REASON),
        (GateStatus.WAITING, "请说明是哪一项数据。"),
        (GateStatus.RECOMMENDED, ""),
    ]
    assert OutboxMessage.objects.get(kind="gate.sent_back").recipient == zhoukang.email


@pytest.mark.rule("R17")
def test_department_of_a_subordinate_unit_is_recused_and_two_of_the_office_gate(
    recused: Gate, qianjin: User, sunli: User, edition: Edition
) -> None:
    zhoukang = reviewer_of(recused.entry)
    with pytest.raises(NotAllowed):
        gates.recommend(recused, actor=zhoukang)

    gate = gates.recommend(recused, actor=qianjin)
    with pytest.raises(NotAllowed):
        gates.confirm(gate, actor=qianjin)
    judged_by_one = judgeable(edition).exists()
    gate = gates.confirm(gate, actor=sunli)

    assert "信息中心" in gate.recusal
    assert not Gate.objects.visible_to(zhoukang).exists()
    assert (judged_by_one, gate.status) == (False, GateStatus.RECOMMENDED)


@pytest.mark.parametrize("how", ["parent", "alias"])
def test_affiliation_is_seen_in_parent_and_aliases(entry: Entry, how: str) -> None:
    department = entry.gate.department
    assert department is not None
    unit = entry.team.units.get()
    Organisation.objects.filter(name=department.name).update(aliases=["晋能办"])
    named = (
        {"parent_name": f"{department.name}机关服务中心"} if how == "parent" else {"name": "晋能办数据公司"}
    )
    before = gates.relation_to(entry, department)
    for name, value in named.items():
        setattr(unit, name, value)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")  # past the freeze of approved teams
        Unit.objects.filter(pk=unit.pk).update(**named)
        cursor.execute("SET LOCAL session_replication_role = DEFAULT")

    found = gates.relation_to(Entry.objects.get(pk=entry.pk), department)

    assert before == ""
    assert department.name in found


@pytest.mark.parametrize("who", ["reviewer", "officer"])
def test_declared_recusal_gives_the_gate_to_the_office(
    entry: Entry, zhoukang: User, qianjin: User, zhaolei: User, who: str
) -> None:
    with pytest.raises(NotAllowed):
        gates.recuse(entry.gate, actor=zhaolei, reason="下属单位")
    with pytest.raises(Invalid):
        gates.recuse(entry.gate, actor=zhoukang, reason="")

    gate = gates.recuse(
        entry.gate, actor=zhoukang if who == "reviewer" else qianjin, reason="牵头单位为我厅下属"
    )

    assert (gate.status, gate.recusal) == (GateStatus.WAITING, "牵头单位为我厅下属")
    assert gates.recommend(gate, actor=qianjin).status == GateStatus.RECOMMENDING


@pytest.mark.rule("R17")
def test_office_gates_a_topic_without_department_alone(
    edition: Edition, lihua: User, qianjin: User, sunli: User
) -> None:
    Topic.objects.filter(track__edition=edition, code="9-0").update(department=None)
    one, two = (accepted_entry(edition, lihua, topic="9-0").gate for _ in range(2))

    recommended = gates.recommend(one, actor=qianjin)
    declining = gates.decline(two, actor=qianjin, opinion=REASON)
    with pytest.raises(NotAllowed):
        gates.confirm(declining, actor=qianjin)

    assert recommended.status == GateStatus.RECOMMENDED
    assert gates.confirm(declining, actor=sunli).status == GateStatus.DECLINED


@pytest.mark.rule("R54")
def test_gate_of_an_entry_that_left_is_void(entry: Entry, zhoukang: User) -> None:
    for _ in range(2):
        gates.close_gate(entry, "withdrawn")

    entry.gate.refresh_from_db()
    assert entry.gate.status == GateStatus.VOID
    with pytest.raises(WrongState):
        gates.recommend(entry.gate, actor=zhoukang)


@pytest.mark.rule("R60")
def test_team_that_leaves_takes_its_entry_from_the_gate(entry: Entry) -> None:
    close_entry(entry.team, "disqualified")

    entry.gate.refresh_from_db()
    assert entry.gate.status == GateStatus.VOID


def test_gate_is_found_in_its_edition_alone(
    entry: Entry, edition: Edition, qianjin: User, as_user: Callable[[User | None], Client]
) -> None:
    Edition.objects.create(
        slug="other", name="另一届", short_name="另一届", digest="other", data=edition.data, form=edition.form
    )

    def get(slug: str) -> int:
        address = reverse("judging:gates_case", kwargs={"edition_slug": slug, "pk": entry.gate.pk})
        return as_user(qianjin).get(address).status_code

    assert (get(edition.slug), get("other")) == (200, 404)


def test_team_is_told_only_that_it_is_not_recommended(edition: Edition, lihua: User, qianjin: User) -> None:
    kept, out = (accepted_entry(edition, lihua) for _ in range(2))
    zhoukang = reviewer_of(kept)

    gates.recommend(kept.gate, actor=zhoukang)
    gates.decline(out.gate, actor=zhoukang, opinion=REASON)
    before = cards_of(out.team, lihua)
    gates.confirm(out.gate, actor=qianjin)

    titles = [[card.title for card in cards_of(one.team, lihua)] for one in (kept, out)]
    assert "作品未获推荐进入评审" not in [card.title for card in before] + titles[0]
    assert "作品未获推荐进入评审" in titles[1]


def test_database_keeps_reason_second_person_and_history(entry: Entry, zhoukang: User) -> None:
    gate = gates.recommend(entry.gate, actor=zhoukang)
    wrong: list[dict[str, Any]] = [
        {"status": GateStatus.DECLINING, "opinion": ""},
        {"status": GateStatus.DECLINED, "opinion": REASON},
        {"confirmed_by": zhoukang},
    ]

    for changes in wrong:
        with pytest.raises(IntegrityError), transaction.atomic():
            Gate.objects.filter(pk=gate.pk).update(**changes)
    with pytest.raises(Exception, match="gate_decision"), transaction.atomic():
        GateDecision.objects.update(opinion="改")


def test_reviewer_reads_and_decides_on_the_page(
    entry: Entry, zhoukang: User, as_user: Callable[[User | None], Client]
) -> None:
    client = as_user(zhoukang)
    page = reverse("judging:gates_case", args=[entry.gate.pk])

    shown = client.get(page).content.decode()
    refused = client.post(reverse("judging:gates_decline", args=[entry.gate.pk]), {"opinion": ""})
    done = client.post(reverse("judging:gates_recommend", args=[entry.gate.pk]), {"opinion": "同意"})

    assert entry.team.project_name in shown
    assert "数据来源" in shown
    assert (refused.status_code, "不推荐须写明理由" in refused.content.decode()) == (422, True)
    assert done["Location"] == reverse("judging:gates_list")
    assert Gate.objects.get().status == GateStatus.RECOMMENDED


def test_page_shows_nothing_of_persons(
    entry: Entry, zhoukang: User, qianjin: User, as_user: Callable[[User | None], Client]
) -> None:
    unit = entry.team.units.get()
    people = list(entry.team.representatives.all())
    content = entry.revisions.get().content["registration"]
    secrets = [unit.contact, unit.contact_way, content["units"][0]["contact_way"]]
    for person, kept in zip(people, content["team"]["members"], strict=True):
        secrets += [
            person.document_number,
            person.mobile.removeprefix("+86"),
            kept["document_number"],
            kept["mobile"],
        ]

    for user in (zhoukang, qianjin):
        shown = as_user(user).get(reverse("judging:gates_case", args=[entry.gate.pk])).content.decode()
        assert [secret for secret in secrets if secret in shown] == []


def test_sealed_file_is_handed_to_its_reviewer_alone(
    edition: Edition, lihua: User, zhaolei: User, as_user: Callable[[User | None], Client]
) -> None:
    entry = accepted_entry(edition, lihua, blind_pdf=b"%PDF-1.7 anonymous")
    named = next(
        one for one in entry.revisions.get().content["attachments"] if one["slot"] == "attachments.anonymous"
    )
    scan = entry.revisions.get().receipt.scan
    zhoukang = reviewer_of(entry)

    def get(user: User, key: Any) -> int:
        return as_user(user).get(reverse("judging:gates_file", args=[entry.gate.pk, key])).status_code

    assert (get(zhoukang, named["key"]), get(zhoukang, scan.key), get(zhaolei, named["key"])) == (
        200,
        404,
        404,
    )


def test_list_shows_what_waits_and_finds_by_state_and_name(
    edition: Edition, lihua: User, as_user: Callable[[User | None], Client]
) -> None:
    waiting, done = (accepted_entry(edition, lihua) for _ in range(2))
    zhoukang = reviewer_of(waiting)
    gates.recommend(done.gate, actor=zhoukang)
    client, address = as_user(zhoukang), reverse("judging:gates_list")

    def found(**query: str) -> set[str]:
        text = client.get(address, query).content.decode()
        return {one.reference for one in (waiting, done) if one.reference in text}

    assert found() == {waiting.reference}
    assert found(status="recommended") == {done.reference}
    assert found(status="all", q=done.team.project_name) == {done.reference}
    assert found(status="nonsense") == {waiting.reference}


def test_list_asks_as_much_for_one_as_for_three(
    edition: Edition, lihua: User, qianjin: User, as_user: Callable[[User | None], Client]
) -> None:
    client, address = as_user(qianjin), reverse("judging:gates_list") + "?status=all"
    counts = []
    accepted_entry(edition, lihua)
    client.get(address)

    for more in (0, 2):
        for _ in range(more):
            accepted_entry(edition, lihua)
        with CaptureQueriesContext(connection) as queries:
            client.get(address)
        counts.append(len(queries))

    assert counts[0] == counts[1]
    assert counts[1] <= 12
