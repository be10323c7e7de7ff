"""Invitations and roles: who may give them, how often they work."""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client

from competition import roles
from competition.errors import Invalid, NotAllowed, Refusal, WrongState
from competition.models import AuditEvent, Department, Edition, Invitation, OutboxMessage, PortalSession, User
from competition.services import people
from tests.fixtures import make_user


def token_in(message: OutboxMessage) -> str:
    found = re.search(r"/invitation/([\w-]{32})/", message.body)
    assert found, message.body
    return found[1]


def newest_token() -> str:
    return token_in(OutboxMessage.objects.filter(kind="account.invitation").latest("id"))


@pytest.fixture
def sunmei(db: None) -> User:
    return make_user("sunmei", "孙梅", phone="+8613800138006")


@pytest.fixture
def invited(sunli: User) -> Invitation:
    return people.invite(actor=sunli, role=roles.EXPERT, full_name="孙梅", phone="138 0013 8006")


def test_invitation_leaves_by_sms_and_keeps_no_token(invited: Invitation) -> None:
    message = OutboxMessage.objects.get()

    token = newest_token()

    assert (message.channel, message.recipient) == ("sms", "+8613800138006")
    assert "评审专家" in message.body
    assert token not in str(Invitation.objects.filter(pk=invited.pk).values())
    assert people.find_invitation(token) == invited


def test_invitation_by_mail_when_there_is_no_phone(sunli: User) -> None:
    people.invite(actor=sunli, role=roles.AUDITOR, full_name="吴审", email="Wu@Example.com")

    message = OutboxMessage.objects.get()
    assert (message.channel, message.recipient, message.title) == ("mail", "wu@example.com", "邀请您担任审计")


def test_accept_gives_role_name_and_department(edition: Edition, sunli: User, sunmei: User) -> None:
    department = Department.objects.filter(edition=edition)[0]
    people.invite(
        actor=sunli, role=roles.DEPARTMENT, full_name="孙 梅", phone="13800138006", department=department
    )

    people.accept(newest_token(), user=sunmei)

    sunmei.refresh_from_db()
    assert (sunmei.full_name, sunmei.department, sunmei.roles) == ("孙 梅", department, {roles.DEPARTMENT})
    assert sunmei.is_staff is False
    verbs = list(
        AuditEvent.objects.filter(verb__startswith="invitation").order_by("id").values_list("verb", "data")
    )
    assert verbs == [
        ("invitation.sent", {"role": "department"}),
        ("invitation.accepted", {"role": "department"}),
    ]


def test_accept_works_once(invited: Invitation, sunmei: User) -> None:
    people.accept(newest_token(), user=sunmei)

    with pytest.raises(WrongState, match="此邀请已被接受"):
        people.accept(newest_token(), user=sunmei)


def test_accept_is_for_the_invited_phone_only(invited: Invitation, zhaolei: User) -> None:
    with pytest.raises(NotAllowed, match=r"此邀请发给 138\*\*\*\*8006"):
        people.accept(newest_token(), user=zhaolei)

    assert zhaolei.roles == frozenset()


def test_accept_by_mail_needs_the_verified_address(sunli: User, sunmei: User) -> None:
    people.invite(actor=sunli, role=roles.EXPERT, full_name="孙梅", email="sunmei@example.com")
    unverified = sunmei.emailaddress_set.create(email="sunmei@example.com", verified=False)  # type: ignore[attr-defined]
    with pytest.raises(NotAllowed, match=r"s\*\*\*@example.com"):
        people.accept(newest_token(), user=sunmei)
    unverified.verified = True
    unverified.save()

    people.accept(newest_token(), user=sunmei)

    assert sunmei.roles == {roles.EXPERT}


def test_invitation_expires_after_seven_days(invited: Invitation, sunmei: User) -> None:
    assert (
        timedelta(days=6, hours=23) < invited.expires_at - invited.created_at <= timedelta(days=7, minutes=1)
    )
    Invitation.objects.update(expires_at=invited.created_at - timedelta(seconds=1))

    with pytest.raises(WrongState, match="此邀请已过期"):
        people.accept(newest_token(), user=sunmei)


def test_resend_makes_the_old_link_useless(invited: Invitation, sunli: User, sunmei: User) -> None:
    old = newest_token()

    people.resend(invited, actor=sunli)

    with pytest.raises(Refusal, match="邀请链接无效"):
        people.find_invitation(old)
    people.accept(newest_token(), user=sunmei)
    with pytest.raises(WrongState):
        people.resend(invited, actor=sunli)


def test_revoked_invitation_cannot_be_accepted(invited: Invitation, sunli: User, sunmei: User) -> None:
    people.revoke_invitation(invited, actor=sunli)

    with pytest.raises(WrongState, match="此邀请已被撤回"):
        people.accept(newest_token(), user=sunmei)


@pytest.mark.parametrize("role", sorted(roles.LABELS))
def test_officer_invites_experts_only(qianjin: User, edition: Edition, role: str) -> None:
    def invite() -> Invitation:
        return people.invite(actor=qianjin, role=role, full_name="某人", phone="13800138006")

    if role == roles.EXPERT:
        assert invite().group.name == roles.EXPERT
    else:
        with pytest.raises(NotAllowed):
            invite()


def test_stranger_invites_nobody(zhaolei: User) -> None:
    with pytest.raises(NotAllowed):
        people.invite(actor=zhaolei, role=roles.EXPERT, full_name="某人", phone="13800138006")


def test_invitation_with_gaps_names_each(sunli: User) -> None:
    with pytest.raises(Invalid) as refusal:
        people.invite(actor=sunli, role=roles.DEPARTMENT, full_name=" ", phone="12345")

    assert refusal.value.problems == {
        "full_name": "请填写被邀请人的姓名。",
        "phone": "请填写中国大陆的11位手机号码。",
        "department": "请选择审核人所属的部门。",
    }


@pytest.mark.django_db(transaction=True)
def test_of_two_who_accept_at_once_one_wins(sunli: User) -> None:
    holder = make_user("sunmei", "孙梅", phone="+8613800138006")
    by_mail = make_user("sunmei2", "孙梅")
    by_mail.emailaddress_set.create(email="two@example.com", verified=True)  # type: ignore[attr-defined]
    people.invite(
        actor=sunli, role=roles.EXPERT, full_name="孙梅", phone="13800138006", email="two@example.com"
    )
    token = newest_token()

    def attempt(user: User) -> str:
        try:
            people.accept(token, user=User.objects.get(pk=user.pk))
            return "accepted"
        except WrongState:
            return "late"
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        outcomes = sorted(pool.map(attempt, [holder, by_mail]))

    assert outcomes == ["accepted", "late"]
    assert User.objects.filter(groups__name=roles.EXPERT).count() == 1


def test_roles_exist_as_groups(db: None) -> None:
    from django.contrib.auth.models import Group

    assert set(Group.objects.values_list("name", flat=True)) == set(roles.LABELS)


def test_chief_grants_and_revokes_with_trace(sunli: User, zhaolei: User, as_user: Any) -> None:
    people.grant_role(zhaolei, roles.OFFICER, actor=sunli)
    zhaolei.refresh_from_db()
    staff_before = zhaolei.is_staff
    as_user(zhaolei)

    revoked = people.revoke_role(zhaolei, roles.OFFICER, actor=sunli)

    assert (staff_before, revoked.is_staff, revoked.roles) == (True, False, frozenset())
    assert not PortalSession.objects.filter(user=zhaolei).exists()
    assert list(AuditEvent.objects.order_by("id").values_list("verb", "actor_id", "target_id", "data")) == [
        ("role.granted", sunli.pk, str(zhaolei.pk), {"role": "officer"}),
        ("role.revoked", sunli.pk, str(zhaolei.pk), {"role": "officer"}),
    ]


@pytest.mark.parametrize("verb", ["grant", "revoke", "deactivate", "reactivate"])
def test_officer_manages_nobody(qianjin: User, zhaolei: User, verb: str) -> None:
    verbs = {
        "grant": lambda: people.grant_role(zhaolei, roles.CHIEF, actor=qianjin),
        "revoke": lambda: people.revoke_role(zhaolei, roles.OFFICER, actor=qianjin),
        "deactivate": lambda: people.deactivate(zhaolei, actor=qianjin),
        "reactivate": lambda: people.reactivate(zhaolei, actor=qianjin),
    }

    with pytest.raises(NotAllowed, match="只有秘书处负责人可以管理账号和角色"):
        verbs[verb]()


def test_last_chief_stays(sunli: User) -> None:
    with pytest.raises(WrongState, match="至少要有一位秘书处负责人"):
        people.revoke_role(sunli, roles.CHIEF, actor=sunli)

    assert User.objects.filter(groups__name=roles.CHIEF).exists()


def test_closed_account_loses_its_sessions_and_opens_again(sunli: User, lihua: User, as_user: Any) -> None:
    as_user(lihua)

    people.deactivate(lihua, actor=sunli)
    lihua.refresh_from_db()
    closed, sessions = lihua.is_active, PortalSession.objects.filter(user=lihua).count()
    people.reactivate(lihua, actor=sunli)

    lihua.refresh_from_db()
    assert (closed, sessions, lihua.is_active) == (False, 0, True)


def test_command_makes_the_first_chief(lihua: User, capsys: Any) -> None:
    call_command("grant_role", "chief", phone="13800138001")

    lihua.refresh_from_db()
    assert (lihua.is_staff, "李华 已是秘书处负责人。" in capsys.readouterr().out) == (True, True)
    assert AuditEvent.objects.get().actor is None


def test_command_says_when_there_is_no_account(db: None) -> None:
    with pytest.raises(CommandError, match="没有这个账号"):
        call_command("grant_role", "chief", email="nobody@example.com")


# --- the page ------------------------------------------------------------------------------------


def test_invitation_page_offers_a_code_to_the_visitor(edition: Edition, invited: Invitation) -> None:
    page = Client().get(f"/invitation/{newest_token()}/").content.decode()

    assert "评审专家" in page
    assert "138****8006" in page
    assert "13800138006" not in page
    assert f'name="next" value="/invitation/{newest_token()}/"' in page


def test_invited_expert_accepts_and_sets_up_the_second_factor(
    edition: Edition, invited: Invitation, sunmei: User, as_user: Any
) -> None:
    client, address = as_user(sunmei), f"/invitation/{newest_token()}/"

    offered = client.get(address).content.decode()
    accepted = client.post(address)

    sunmei.refresh_from_db()
    assert "接受邀请" in offered
    assert (accepted.status_code, sunmei.roles) == (302, {roles.EXPERT})


def test_stranger_with_the_link_is_told_to_change_account(
    edition: Edition, invited: Invitation, zhaolei: User, as_user: Any
) -> None:
    client, address = as_user(zhaolei), f"/invitation/{newest_token()}/"

    page = client.get(address).content.decode()
    posted = client.post(address)

    assert "不是收到邀请的手机号或邮箱" in page
    assert posted.status_code == 403
    assert zhaolei.roles == frozenset()


@pytest.mark.parametrize("path", ["x", "0" * 43])
def test_unknown_link_says_so(edition: Edition, path: str) -> None:
    response = Client().get(f"/invitation/{path}/")

    assert response.status_code == 410
    assert "邀请链接无效" in response.content.decode()
