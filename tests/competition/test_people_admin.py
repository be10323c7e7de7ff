"""People and invitations in the admin."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from competition import roles
from competition.models import AuditEvent, Edition, Invitation, OutboxMessage, User
from competition.services import people
from tests.fixtures import make_user

SIGN_IN = Callable[[User | None], Client]
INVITE = "admin:competition_invitation_add"
INVITATIONS = "admin:competition_invitation_changelist"
PEOPLE = "admin:competition_user_changelist"


@pytest.fixture(autouse=True)
def _edition(edition: Edition) -> None:
    """Every page needs an edition."""


def text_of(response: Any) -> str:
    return str(response.content.decode())


def invite(client: Client, **data: str) -> Any:
    filled = {"role": "expert", "full_name": "孙梅", "phone": "13800138006", "email": "", "department": ""}
    return client.post(reverse(INVITE), {**filled, **data})


def test_officer_invites_an_expert(as_user: SIGN_IN, qianjin: User) -> None:
    response = invite(as_user(qianjin))

    invitation = Invitation.objects.get()
    assert response.status_code == 302
    assert (invitation.group.name, invitation.full_name, invitation.invited_by) == ("expert", "孙梅", qianjin)
    assert OutboxMessage.objects.filter(kind="account.invitation").count() == 1


def test_officer_is_offered_experts_only_and_cannot_ask_for_more(as_user: SIGN_IN, qianjin: User) -> None:
    client = as_user(qianjin)

    page = text_of(client.get(reverse(INVITE)))
    response = invite(client, role="chief")

    assert "评审专家" in page
    assert "秘书处负责人" not in page
    assert response.status_code == 200
    assert not Invitation.objects.exists()


def test_gaps_are_named_at_their_fields(as_user: SIGN_IN, sunli: User) -> None:
    page = text_of(invite(as_user(sunli), role="department", phone="123"))

    assert "请填写中国大陆的11位手机号码。" in page
    assert "请选择审核人所属的部门。" in page


def test_invitations_are_sent_again_and_revoked(as_user: SIGN_IN, sunli: User) -> None:
    client = as_user(sunli)
    invite(client)
    invitation = Invitation.objects.get()
    chosen = {"_selected_action": [str(invitation.pk)]}

    again = text_of(client.post(reverse(INVITATIONS), {"action": "resend", **chosen}, follow=True))
    revoked = text_of(client.post(reverse(INVITATIONS), {"action": "revoke", **chosen}, follow=True))
    late = text_of(client.post(reverse(INVITATIONS), {"action": "resend", **chosen}, follow=True))

    assert "已重新发送 1 份邀请。" in again
    assert "已撤回 1 份邀请。" in revoked
    assert "孙梅：此邀请已被接受或撤回。" in late
    assert OutboxMessage.objects.filter(kind="account.invitation").count() == 2


def test_people_are_found_by_full_phone_and_shown_masked(
    as_user: SIGN_IN, qianjin: User, lihua: User, wangfang: User
) -> None:
    page = text_of(as_user(qianjin).get(reverse(PEOPLE), {"q": "138 0013 8001"}))

    assert "李华" in page
    assert "王芳" not in page
    assert "138****8001" in page
    assert "13800138001" not in page.replace("138 0013 8001", "")


def change(client: Client, user: User, **data: Any) -> Any:
    return client.post(reverse("admin:competition_user_change", args=[user.pk]), data, follow=True)


def test_chief_grants_and_revokes_roles_and_closes_accounts(
    as_user: SIGN_IN, sunli: User, zhaolei: User
) -> None:
    client = as_user(sunli)

    change(client, zhaolei, held_roles=["officer", "expert"], is_active="on")
    granted = User.objects.get(pk=zhaolei.pk).roles
    change(client, zhaolei, held_roles=["expert"])

    closed = User.objects.get(pk=zhaolei.pk)
    assert granted == {"officer", "expert"}
    assert (closed.roles, closed.is_active, closed.is_staff) == ({"expert"}, False, False)
    verbs = list(AuditEvent.objects.filter(actor=sunli).order_by("id").values_list("verb", flat=True))
    assert verbs == ["role.granted", "role.granted", "role.revoked", "account.closed"]


def test_chief_who_would_leave_nobody_is_told(as_user: SIGN_IN, sunli: User) -> None:
    page = text_of(change(as_user(sunli), sunli, held_roles=[], is_active="on"))

    assert "至少要有一位秘书处负责人" in page
    assert User.objects.get(pk=sunli.pk).roles == {roles.CHIEF}


def test_officer_sees_people_and_changes_nobody(as_user: SIGN_IN, qianjin: User, zhaolei: User) -> None:
    client = as_user(qianjin)

    seen = client.get(reverse("admin:competition_user_change", args=[zhaolei.pk]))
    posted = client.post(
        reverse("admin:competition_user_change", args=[zhaolei.pk]),
        {"held_roles": ["chief"], "is_active": "on"},
    )

    assert "138****8003" in text_of(seen)
    assert (seen.status_code, posted.status_code) == (200, 403)
    assert User.objects.get(pk=zhaolei.pk).roles == frozenset()


@pytest.mark.parametrize("address", [PEOPLE, INVITATIONS])
def test_lists_cost_the_same_for_one_and_three_rows(
    as_user: SIGN_IN, sunli: User, address: str, django_assert_max_num_queries: Any
) -> None:
    client = as_user(sunli)
    people.invite(actor=sunli, role=roles.EXPERT, full_name="孙梅", phone="13800138006")
    client.get(reverse(address))
    with django_assert_max_num_queries(12) as one:
        client.get(reverse(address))
    for number in (7, 8):
        make_user(f"user{number}", "某人", role=roles.EXPERT)
        people.invite(actor=sunli, role=roles.EXPERT, full_name="某人", phone=f"1380013800{number}")

    with django_assert_max_num_queries(12) as three:
        client.get(reverse(address))

    assert len(one) == len(three)
