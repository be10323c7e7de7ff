"""Pages of corrections: chosen, typed, kept on refusal, decided at the desk."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from competition.models import AuditEvent, User
from registration.models import Correction, Team
from registration.services import corrections
from tests import factories
from tests.registration.conftest import queries_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def chief_client(as_user: Callable[[User], Client], sunli: User) -> Client:
    return as_user(sunli)


def ask_page(team: Team) -> str:
    return reverse("registration:corrections", args=[team.pk])


def mobile_correction(team: Team, actor: User) -> Correction:
    path = f"representatives.{team.representatives.order_by('position')[0].pk}.mobile"
    return corrections.ask(team, path=path, new=factories.mobile(55), reason="号码录错一位", actor=actor)


@pytest.mark.rule("R76")
def test_owner_chooses_a_field_and_asks(approved_team: Team, lihua_client: Client) -> None:
    page = ask_page(approved_team)

    status = lihua_client.get(approved_team.get_absolute_url())
    choice = lihua_client.get(page)
    form = lihua_client.get(page, {"path": "name"})
    sent = lihua_client.post(page, {"path": "name", "new": "乘数先锋二队", "reason": "漏字"}, follow=True)

    assert page in status.content.decode()
    assert "?path=name" in choice.content.decode()
    assert "topic" not in choice.content.decode().split("<main")[1].split("</main>")[0]
    assert "现在的内容" in form.content.decode()
    assert "更正申请已提交" in sent.content.decode()
    assert Correction.objects.get().new == "乘数先锋二队"


def test_refused_request_keeps_what_was_typed_at_its_field(approved_team: Team, lihua_client: Client) -> None:
    typed = {"path": "name", "new": "看www.example.com", "reason": "想换名字"}

    response = lihua_client.post(ask_page(approved_team), typed)

    page = response.content.decode()
    assert response.status_code == 422
    assert 'value="看www.example.com"' in page
    assert "想换名字" in page
    assert "不能含有网址" in page.split('id="new-problem"')[1]


def test_numbers_are_masked_on_every_page(
    approved_team: Team, lihua: User, lihua_client: Client, officer_client: Client
) -> None:
    made = mobile_correction(approved_team, lihua)

    pages = [
        lihua_client.get(ask_page(approved_team)),
        officer_client.get(reverse("registration:correction_queue")),
        officer_client.get(reverse("registration:correction", args=[made.pk])),
    ]

    for page in pages:
        assert "138****8001" in page.content.decode()
        assert factories.mobile(55) not in page.content.decode()


def test_chief_sees_the_number_once_and_grants(
    approved_team: Team, lihua: User, sunli: User, chief_client: Client
) -> None:
    made = mobile_correction(approved_team, lihua)

    full = chief_client.post(reverse("registration:correction_unmask", args=[made.pk]))
    later = chief_client.get(reverse("registration:correction", args=[made.pk]))
    done = chief_client.post(
        reverse("registration:correction_grant", args=[made.pk]), {"answer": "已核对"}, follow=True
    )

    assert factories.mobile(55) in full.content.decode()
    assert factories.mobile(55) not in later.content.decode()
    assert AuditEvent.objects.filter(verb="team.correction_unmasked", actor=sunli).count() == 1
    assert "已更正，团队已收到通知" in done.content.decode()
    made.refresh_from_db()
    assert (made.state, made.answer) == ("granted", "已核对")


def test_refusal_of_the_decision_keeps_the_answer(
    approved_team: Team, lihua: User, chief_client: Client
) -> None:
    path = f"units.{approved_team.units.get().pk}.credit_code"
    made = corrections.ask(
        approved_team, path=path, new=factories.credit_code(5, prefix="92"), reason="录错", actor=lihua
    )

    response = chief_client.post(reverse("registration:correction_grant", args=[made.pk]), {"answer": "可以"})

    assert response.status_code == 409
    assert "个体工商户" in response.content.decode()
    assert ">可以</textarea>" in response.content.decode()


def test_desk_and_start_page_tell_the_chief_what_waits(
    approved_team: Team, lihua: User, chief_client: Client, officer_client: Client
) -> None:
    mobile_correction(approved_team, lihua)

    desk, officers = (
        chief_client.get(reverse("competition:desk")),
        officer_client.get(reverse("competition:desk")),
    )

    assert "信息更正 · 1项待办" in desk.content.decode()
    assert "信息更正 · 1项待办" not in officers.content.decode()
    assert reverse("registration:correction_queue") in officers.content.decode()


def test_pages_ask_the_same_number_of_questions_for_three_rows(
    approved_team: Team, lihua: User, lihua_client: Client, chief_client: Client
) -> None:
    made = mobile_correction(approved_team, lihua)
    addresses = [
        (lihua_client, ask_page(approved_team)),
        (chief_client, reverse("registration:correction_queue")),
        (chief_client, reverse("registration:correction", args=[made.pk])),
    ]
    before = [queries_of(client, address) for client, address in addresses]

    for path, new in (("name", "乘数先锋二队"), ("project_name", "煤矿安全数据平台")):
        corrections.ask(approved_team, path=path, new=new, reason="漏字", actor=lihua)

    assert [queries_of(client, address) for client, address in addresses] == before
