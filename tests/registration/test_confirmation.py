"""Each representative confirms by a code to the own phone; one person, one team."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection

from competition import clock
from competition.errors import Invalid, NotAllowed, Refusal, StageClosed, TooMany, WrongState
from competition.models import AuditEvent, Edition, OutboxMessage, User
from registration import services
from registration.models import Representative, Team
from registration.services.confirmation import CANNOT
from tests import factories


@pytest.fixture
def person(edition: Edition, open_stage: Callable[..., Any], lihua: User) -> Representative:
    """Somebody who has not confirmed yet."""
    open_stage("registration")
    team = factories.started_team(lihua, edition)
    factories.add_unit(team)
    return factories.add_person(team, 1)


def twin_on(user: User, edition: Edition, number: int = 1, **changes: str) -> Representative:
    """The same person (by document) on another team."""
    other = factories.started_team(user, edition, name="另一支队伍")
    factories.add_unit(other, 50)
    return factories.add_person(other, number, mobile="13800139999", **changes)


def wrong(code: str) -> str:
    return f"{(int(code) + 1) % 1_000_000:06d}"


def let_minutes_pass(person: Representative, minutes: int) -> None:
    sent = clock.real_now() - timedelta(minutes=minutes)
    Representative.objects.filter(pk=person.pk).update(code_sent_at=sent)


def test_sms_holds_link_and_code(person: Representative, lihua: User, settings: Any) -> None:
    sent = services.send_confirmation(person, actor=lihua)

    message = OutboxMessage.objects.get(kind="registration.confirm")
    assert (message.channel, message.recipient) == ("sms", "+8613800130001")
    assert f"{settings.SITE_URL}/confirm/{sent.token}/" in message.body
    assert factories.code_sent_to(sent) not in str(message.data)


@pytest.mark.rule("R52d")
def test_right_code_and_consent_confirm(person: Representative) -> None:
    confirmed = factories.confirm(person)

    confirmed.refresh_from_db()
    assert confirmed.is_confirmed
    assert confirmed.holds
    assert confirmed.consent_version == "2025-1"
    assert AuditEvent.objects.filter(verb="representative.confirmed").count() == 1


def test_code_typed_with_blanks_and_full_width_is_understood(person: Representative, lihua: User) -> None:
    sent = services.send_confirmation(person, actor=lihua)
    code = factories.code_sent_to(sent)
    typed = " ".join(chr(ord(digit) + 0xFEE0) for digit in code)

    assert services.confirm(sent.token, code=typed, consent=True).is_confirmed


def test_consent_is_needed(person: Representative, lihua: User) -> None:
    sent = services.send_confirmation(person, actor=lihua)

    with pytest.raises(Invalid) as refused:
        services.confirm(sent.token, code=factories.code_sent_to(sent), consent=False)

    assert refused.value.problems == {"consent": "请阅读告知内容，并勾选同意后再确认。"}


def test_five_failures_end_the_code(person: Representative, lihua: User) -> None:
    sent = services.send_confirmation(person, actor=lihua)
    code = factories.code_sent_to(sent)
    for left in (4, 3, 2, 1):
        with pytest.raises(Invalid, match=f"还可以再试{left}次"):
            services.confirm(sent.token, code=wrong(code), consent=True)

    with pytest.raises(TooMany, match="本验证码已失效"):
        services.confirm(sent.token, code=wrong(code), consent=True)
    with pytest.raises(TooMany, match="本验证码已失效"):
        services.confirm(sent.token, code=code, consent=True)


def test_code_ends_after_ten_minutes(person: Representative, lihua: User) -> None:
    sent = services.send_confirmation(person, actor=lihua)
    let_minutes_pass(sent, 11)

    with pytest.raises(Invalid, match="验证码已过期（10分钟内有效）"):
        services.confirm(sent.token, code=factories.code_sent_to(sent), consent=True)


def test_resend_waits_sixty_seconds(person: Representative, lihua: User) -> None:
    services.send_confirmation(person, actor=lihua)

    with pytest.raises(TooMany, match=r"确认短信刚刚发出，请 .* 秒后再试"):
        services.send_confirmation(person, actor=lihua)


def test_phone_has_a_daily_cap(person: Representative, lihua: User) -> None:
    limits = person.team.edition.data["limits"]
    limits.update(code_resend_seconds=0, codes_per_phone_and_day=2)
    person.team.edition.save()
    for _ in range(2):
        services.send_confirmation(person, actor=lihua)

    with pytest.raises(TooMany, match="该手机号24小时内最多接收2条确认短信"):
        services.send_confirmation(person, actor=lihua)


def test_wrong_details_are_told_before_sending(person: Representative, lihua: User) -> None:
    person = services.save_representative(
        person, values={"mobile": "123"}, version=person.team.version, actor=lihua
    )

    with pytest.raises(Invalid, match="请填写中国大陆的11位手机号码"):
        services.send_confirmation(person, actor=lihua)

    assert OutboxMessage.objects.count() == 0


def test_member_and_stranger_cannot_send(person: Representative, zhaolei: User) -> None:
    with pytest.raises(NotAllowed):
        services.send_confirmation(person, actor=zhaolei)


def test_unknown_or_old_link_is_dead(person: Representative, lihua: User) -> None:
    sent = services.send_confirmation(person, actor=lihua)
    services.save_representative(
        sent, values={"mobile": "13800138888"}, version=sent.team.version, actor=lihua
    )

    with pytest.raises(WrongState, match="确认链接已失效"):
        services.confirm(sent.token, code="000000", consent=True)


@pytest.mark.parametrize(
    ("field", "value"),
    [("name", "李换名"), ("document_number", factories.resident_id(77)), ("mobile", "13800138888")],
)
def test_changed_identity_clears_the_confirmation(
    person: Representative, lihua: User, field: str, value: str
) -> None:
    confirmed = factories.confirm(person)

    changed = services.save_representative(
        confirmed, values={field: value}, version=confirmed.team.version, actor=lihua
    )

    assert (changed.is_confirmed, changed.holds, changed.token) == (False, False, "")


def test_changed_title_keeps_the_confirmation(person: Representative, lihua: User) -> None:
    confirmed = factories.confirm(person)

    changed = services.save_representative(
        confirmed, values={"title": "主任"}, version=confirmed.team.version, actor=lihua
    )

    assert changed.is_confirmed


@pytest.mark.rule("R52d")
def test_person_confirmed_elsewhere_is_told_nothing_of_where(
    person: Representative, edition: Edition, zhaolei: User
) -> None:
    factories.confirm(person)
    twin = twin_on(zhaolei, edition)

    with pytest.raises(Refusal) as refused:
        factories.confirm(twin)

    assert refused.value.sentence == CANNOT
    assert "乘数先锋队" not in CANNOT
    assert not Representative.objects.get(pk=twin.pk).is_confirmed


@pytest.mark.rule("R52d")
def test_person_is_free_again_when_removed(person: Representative, edition: Edition, zhaolei: User) -> None:
    confirmed = factories.confirm(person)
    team = confirmed.team
    services.remove_representative(confirmed, actor=team.owner, version=team.version)

    assert factories.confirm(twin_on(zhaolei, edition)).holds


@pytest.mark.rule("R52d")
def test_person_is_free_again_when_the_team_withdraws(
    person: Representative, edition: Edition, zhaolei: User
) -> None:
    confirmed = factories.confirm(person)
    services.withdraw(confirmed.team, actor=confirmed.team.owner)

    assert factories.confirm(twin_on(zhaolei, edition)).holds


@pytest.mark.rule("R52e")
def test_nobody_confirms_after_the_deadline(
    person: Representative, lihua: User, close_stage: Callable[[str], Any]
) -> None:
    sent = services.send_confirmation(person, actor=lihua)
    close_stage("registration")

    with pytest.raises(StageClosed, match=r"报名已于.*截止，参赛代表不可更改"):
        services.confirm(sent.token, code=factories.code_sent_to(sent), consent=True)


@pytest.mark.rule("R52d")
@pytest.mark.django_db(transaction=True)
def test_two_teams_at_the_same_instant_get_the_person_once(
    person: Representative, edition: Edition, zhaolei: User
) -> None:
    teams = [services.send_confirmation(person, actor=person.team.owner)]
    twin = twin_on(zhaolei, edition)
    teams.append(services.send_confirmation(twin, actor=zhaolei))
    codes = [factories.code_sent_to(one) for one in teams]
    start, outcomes = threading.Barrier(2), []

    def attempt(sent: Representative, code: str) -> None:
        start.wait()
        try:
            services.confirm(sent.token, code=code, consent=True)
            outcomes.append("confirmed")
        except Refusal as refusal:
            outcomes.append(refusal.sentence)
        finally:
            connection.close()

    threads = [threading.Thread(target=attempt, args=pair) for pair in zip(teams, codes, strict=True)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(outcomes) == sorted(["confirmed", CANNOT])
    assert Team.objects.filter(representatives__holds=True).count() == 1
