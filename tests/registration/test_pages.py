"""My teams, a team's page, withdrawing, the confirmation by link, private files."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from competition import limits
from competition.models import AuditEvent, Edition, User
from registration import services
from registration.models import Representative, Team, UnitProof
from registration.registries import TeamCard, team_cards
from registration.services.confirmation import CANNOT
from registration.steps import Step
from registration.views.confirmation import ADDRESS
from registration.workflow import TeamStatus
from tests import factories
from tests.registration.conftest import MOST_QUERIES, queries_of, step_url
from tests.solving import solved

TEAMS = "/team/"


def text(response: Any) -> str:
    return str(response.content.decode())


def test_empty_list_says_what_will_appear(lihua_client: Client, edition: Edition) -> None:
    page = text(lihua_client.get(TEAMS))

    assert "还没有团队" in page
    assert "开始报名后，团队的填写进度、审核结果和参赛项目都会显示在这里。" in page
    assert "报名尚未开始" in page


def test_start_opens_the_first_step(
    lihua_client: Client, edition: Edition, open_stage: Callable[..., Any]
) -> None:
    open_stage("registration")
    offered = text(lihua_client.get(TEAMS))

    response = lihua_client.post("/team/new/")

    team = Team.objects.get()
    assert "开始报名" in offered
    assert response.url == step_url(team, Step.TEAM)  # type: ignore[attr-defined]


@pytest.mark.rule("R12")
def test_start_after_the_deadline_says_so(
    lihua_client: Client, edition: Edition, close_stage: Callable[[str], Any]
) -> None:
    close_stage("registration")

    response = lihua_client.post("/team/new/")

    assert response.status_code == 409
    assert "不能再开始新的报名" in text(response)
    assert "报名已经截止" in text(lihua_client.get(TEAMS))


@pytest.mark.rule("R95")
def test_list_says_that_nothing_is_charged(
    lihua_client: Client, edition: Edition, open_stage: Callable[..., Any]
) -> None:
    open_stage("registration")

    assert "不收取任何参赛费用" in text(lihua_client.get(TEAMS))


def test_list_shows_what_to_do_first(lihua_client: Client, draft_team: Team) -> None:
    page = text(lihua_client.get(TEAMS))

    assert page.index("现在要做") < page.index("完成报名：乘数先锋队") < page.index(draft_team.reference)


def test_list_asks_the_database_the_same_for_one_and_three(
    lihua_client: Client, draft_team: Team, lihua: User
) -> None:
    one = queries_of(lihua_client, TEAMS)
    for number in (2, 3):
        factories.started_team(lihua, draft_team.edition, name=f"第{number}支队伍")

    assert queries_of(lihua_client, TEAMS) == one


@pytest.mark.parametrize(
    ("who", "status"), [("lihua", 200), ("wangfang", 200), ("zhaolei", 404), (None, 302)]
)
def test_team_page_is_for_its_people(
    draft_team: Team,
    as_user: Any,
    who: str | None,
    status: int,
    lihua: User,
    wangfang: User,
    zhaolei: User,
) -> None:
    people = {"lihua": lihua, "wangfang": wangfang, "zhaolei": zhaolei, None: None}

    response = as_user(people[who]).get(draft_team.get_absolute_url())

    assert response.status_code == status


def test_team_page_masks_documents_and_phones(lihua_client: Client, draft_team: Team) -> None:
    person = draft_team.representatives.get(position=1)

    page = text(lihua_client.get(draft_team.get_absolute_url()))

    assert person.document_number not in page
    assert person.mobile not in page
    assert "140***********0012" in page
    assert "138****8001" in page


def test_team_page_says_what_to_do_and_where_it_stands(
    lihua_client: Client, submitted_team: Team, qianjin: User
) -> None:
    waiting = text(lihua_client.get(submitted_team.get_absolute_url()))
    services.return_for_correction(
        submitted_team, officer=qianjin, version=submitted_team.version, reason="请补充审计报告"
    )

    returned = text(lihua_client.get(submitted_team.get_absolute_url()))

    assert "秘书处办公室正在审核参赛资格" in waiting
    assert "现在要做" not in waiting
    assert "按审核意见修改后重新提交" in returned
    assert "请补充审计报告" in returned
    assert "钱进" not in returned


def test_team_page_shows_cards_of_other_apps(
    lihua_client: Client, approved_team: Team, monkeypatch: pytest.MonkeyPatch
) -> None:
    cards = [
        TeamCard("写申报书", "六个部分", "/entry/1/", "去填写", "7月25日", urgent=True),
        TeamCard("说明", ""),
    ]
    monkeypatch.setattr(team_cards, "_functions", {"test": lambda team, user: cards})

    page = text(lihua_client.get(approved_team.get_absolute_url()))

    assert page.index("现在要做") < page.index("写申报书") < page.index("报名成功") < page.index("说明")


def test_team_page_is_cheap(lihua_client: Client, approved_team: Team) -> None:
    assert queries_of(lihua_client, approved_team.get_absolute_url()) <= MOST_QUERIES


def test_withdraw_asks_first(lihua_client: Client, submitted_team: Team) -> None:
    address = reverse("registration:withdraw", args=[submitted_team.pk])

    unsure = lihua_client.post(address)
    lihua_client.post(address, {"sure": "yes"})

    assert (unsure.status_code, "请勾选确认" in text(unsure)) == (422, True)
    submitted_team.refresh_from_db()
    assert submitted_team.status == TeamStatus.WITHDRAWN


def test_confirmation_page_shows_masked_and_confirms(client: Client, draft_team: Team, lihua: User) -> None:
    person = services.send_confirmation(factories.add_person(draft_team, 3), actor=lihua)
    address = reverse("registration:confirm", args=[person.token])

    before = text(client.get(address))
    response = client.post(address, {"code": factories.code_sent_to(person), "consent": "yes"}, follow=True)

    assert person.document_number not in before
    assert person.mobile not in before
    assert "保存期限：自本届赛事结束之日起24个月" in before
    assert "乘数先锋队煤矿安全数据平台" in before
    assert "您已完成确认" in text(response)
    assert Representative.objects.get(pk=person.pk).is_confirmed


def test_confirmation_page_keeps_what_was_typed(client: Client, draft_team: Team, lihua: User) -> None:
    person = services.send_confirmation(factories.add_person(draft_team, 3), actor=lihua)
    address = reverse("registration:confirm", args=[person.token])

    response = client.post(address, {"code": "12 34", "consent": "yes"})

    page = text(response)
    assert response.status_code == 422
    assert "验证码不正确，还可以再试4次。" in page
    assert 'value="12 34"' in page
    assert "checked" in page


@pytest.mark.rule("R52d")
def test_confirmation_page_does_not_tell_where_somebody_is(
    client: Client, draft_team: Team, edition: Edition, zhaolei: User
) -> None:
    other = factories.started_team(zhaolei, edition, name="另一支队伍")
    factories.add_unit(other, 50)
    twin = services.send_confirmation(factories.add_person(other, 1, mobile="13800139999"), actor=zhaolei)
    address = reverse("registration:confirm", args=[twin.token])

    response = client.post(address, {"code": factories.code_sent_to(twin), "consent": "yes"})

    assert response.status_code == 409
    assert CANNOT in text(response)
    assert draft_team.name not in text(response)


def test_unknown_confirmation_link_is_not_found(client: Client, edition: Edition) -> None:
    assert client.get("/confirm/unknown/").status_code == 404
    assert client.get("/confirm/%00/").status_code == 404


def test_person_may_ask_for_another_code(client: Client, draft_team: Team, lihua: User) -> None:
    person = services.send_confirmation(factories.add_person(draft_team, 3), actor=lihua)

    response = client.post(reverse("registration:resend", args=[person.token]), solved())

    assert response.status_code == 429
    assert "确认短信刚刚发出" in text(response)


def test_asking_for_another_code_needs_a_solution_and_is_limited_by_network(
    client: Client, draft_team: Team, lihua: User
) -> None:
    person = services.send_confirmation(factories.add_person(draft_team, 3), actor=lihua)
    address = reverse("registration:resend", args=[person.token])

    unsolved = client.post(address)
    for _ in range(ADDRESS.count):
        limits.take((ADDRESS, "127.0.0.1"))
    beyond = client.post(address, solved())

    assert (unsolved.status_code, beyond.status_code) == (422, 429)
    assert "还没有完成安全验证" in text(unsolved)
    assert "本网络索取确认短信的次数过多" in text(beyond)


def test_proof_is_private_and_harmless(
    lihua_client: Client, officer_client: Client, as_user: Any, draft_team: Team, zhaolei: User
) -> None:
    proof = UnitProof.objects.filter(unit__team=draft_team, slot="audit").get()
    address = reverse("registration:proof", args=[proof.pk])

    response = lihua_client.get(address)
    officer_client.get(address)

    assert b"".join(response.streaming_content).startswith(b"%PDF-")  # type: ignore[attr-defined]
    assert response["Content-Disposition"].startswith("inline; filename*=utf-8''")
    assert response["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in response["Content-Security-Policy"]
    assert as_user(zhaolei).get(address).status_code == 404
    assert AuditEvent.objects.filter(verb="proof.read").count() == 1
