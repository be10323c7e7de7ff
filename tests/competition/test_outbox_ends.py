"""What does not leave: expired, failed and sent again, late; and what the office sees of it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.urls import reverse

from competition import clock, outbox
from competition.accounts import upkeep
from competition.errors import NotAllowed, WrongState
from competition.models import Attempt, AuditEvent, OutboxMessage, User
from competition.registries import outbox_senders
from competition.services import outgoing
from registration import services as registration
from registration.models import Team
from tests import factories
from tests.solving import solved

SIGN_IN = Callable[[User | None], Client]
OUTBOX = "admin:competition_outboxmessage_changelist"


def _refuse(message: OutboxMessage) -> None:
    raise outbox.Undeliverable("手机号码不正确。")


def _down(message: OutboxMessage) -> None:
    raise outbox.ChannelDown("没有应答。")


def _busy(message: OutboxMessage) -> None:
    raise outbox.NotNow("该号码接收过于频繁。")


@pytest.fixture(autouse=True)
def _channels(db: None) -> Iterator[None]:
    for name, sender in (("test-refuse", _refuse), ("test-down", _down), ("test-busy", _busy)):
        outbox_senders.register(name, sender)
    keys = [f"outbox.late.{name}" for name in ("sms", "mail", "test-down", "test-busy")]
    cache.delete_many(keys)
    yield
    cache.delete_many(keys)


def post(occurrence: str = "1", *, channel: str = "test-refuse", **more: Any) -> OutboxMessage:
    outbox.post(
        "test.kind", "x:1", occurrence, channel=channel, recipient="+8613800138001", body="您好", **more
    )
    return OutboxMessage.objects.get(occurrence=occurrence)


def failed(**more: Any) -> OutboxMessage:
    message = post(**more)
    outbox.send_due()
    message.refresh_from_db()
    return message


def age(minutes: float) -> None:
    """As if everything had been written and due that long ago."""
    past = clock.real_now() - timedelta(minutes=minutes)
    OutboxMessage.objects.update(created_at=past, next_attempt_at=past)


def test_message_refused_for_good_is_not_tried_again() -> None:
    message = failed()
    age(60)

    outbox.send_due()

    message.refresh_from_db()
    assert (message.state, message.attempts, message.reason) == ("失败", 1, "手机号码不正确。")


def test_expired_message_is_marked_and_never_sent() -> None:
    message = post(channel="sms", expires_at=clock.real_now() - timedelta(seconds=1))

    counts = [outbox.send_due(), outbox.send_due()]

    message.refresh_from_db()
    assert (counts, message.state, message.attempts) == ([0, 0], "已过期", 0)


def test_confirmation_code_expires_with_its_code(draft_team: Team, lihua: User) -> None:
    person = registration.send_confirmation(factories.add_person(draft_team, 7), actor=lihua)

    message = OutboxMessage.objects.get(subject=f"representative:{person.pk}")

    assert person.code_sent_at is not None and message.expires_at is not None
    assert message.expires_at - person.code_sent_at == timedelta(minutes=10)


@pytest.mark.usefixtures("edition")
def test_login_code_expires_after_five_minutes(client: Client) -> None:
    client.post(reverse("account_request_login_code"), {"phone": "13800138009", **solved(client)})

    message = OutboxMessage.objects.get(kind="account.code")

    assert message.expires_at is not None
    assert timedelta(minutes=4) < message.expires_at - clock.real_now() <= timedelta(minutes=5)


def test_texts_of_expired_codes_are_emptied() -> None:
    post(channel="sms")
    past = clock.real_now() - timedelta(days=2)
    OutboxMessage.objects.update(kind="account.code", expired_at=past)

    assert upkeep.forget_codes() == 1
    assert OutboxMessage.objects.get().body == ""


def test_officer_has_a_failed_message_tried_again(qianjin: User) -> None:
    message = failed()

    outgoing.resend(message, actor=qianjin)

    message.refresh_from_db()
    assert (message.state, message.attempts, message.reason) == ("待发", 0, "")
    event = AuditEvent.objects.get(verb="outbox.resent")
    assert (event.actor, event.target_id) == (qianjin, str(message.pk))


def test_stranger_does_not_send_again(zhaolei: User) -> None:
    message = failed()

    with pytest.raises(NotAllowed):
        outgoing.resend(message, actor=zhaolei)

    message.refresh_from_db()
    assert message.state == "失败"


def test_second_officer_and_waiting_message_are_refused(qianjin: User, sunli: User) -> None:
    message = failed()
    outgoing.resend(message, actor=qianjin)

    with pytest.raises(WrongState, match="待发"):
        outgoing.resend(message, actor=sunli)

    assert AuditEvent.objects.filter(verb="outbox.resent").count() == 1


def test_what_is_out_of_date_or_emptied_is_not_sent_again(qianjin: User) -> None:
    old = failed(occurrence="old", expires_at=clock.real_now() + timedelta(minutes=5))
    OutboxMessage.objects.filter(pk=old.pk).update(expires_at=clock.real_now())
    emptied = failed(occurrence="emptied")
    OutboxMessage.objects.filter(pk=emptied.pk).update(body="")

    for message, sentence in ((old, "已过有效期"), (emptied, "已按规定清除")):
        with pytest.raises(WrongState, match=sentence):
            outgoing.resend(message, actor=qianjin)


@pytest.mark.usefixtures("edition")
def test_office_filters_messages_and_sends_failed_ones_again(as_user: SIGN_IN, qianjin: User) -> None:
    message = failed(occurrence="refused")
    waiting = post("waiting", channel="test-down")
    client = as_user(qianjin)

    lists = {state: client.get(reverse(OUTBOX), {"state": state}) for state in ("failed", "waiting", "sent")}
    action = {"action": "resend", "_selected_action": [str(message.pk), str(waiting.pk)]}
    page = client.post(reverse(OUTBOX), action, follow=True).content.decode()

    shown = {state: {one.pk for one in lists[state].context["cl"].result_list} for state in lists}
    assert shown == {"failed": {message.pk}, "waiting": {waiting.pk}, "sent": set()}
    text = lists["failed"].content.decode()
    assert "手机号码不正确。" in text and "138****8001" in text and "13800138001" not in text
    assert "1条消息将重新发送。" in page and "只有发送失败的可以重发" in page
    message.refresh_from_db()
    assert message.state == "待发"


@pytest.mark.usefixtures("edition")
def test_office_page_of_a_message_masks_its_recipient(as_user: SIGN_IN, qianjin: User) -> None:
    message = failed()

    page = as_user(qianjin).get(reverse("admin:competition_outboxmessage_change", args=[message.pk]))

    text = page.content.decode()
    assert "138****8001" in text and "13800138001" not in text and "您好" not in text


def test_phones_codes_and_links_are_nowhere_in_clear(draft_team: Team, lihua: User) -> None:
    person = registration.send_confirmation(factories.add_person(draft_team, 7), actor=lihua)
    code = factories.code_sent_to(person)

    with connection.cursor() as cursor:
        cursor.execute("SELECT string_agg(to_jsonb(m)::text, ' ') FROM competition_outboxmessage m")
        stored = cursor.fetchone()[0]

    assert all(secret not in stored for secret in (person.mobile, person.name, person.token, f'"{code}"'))


def test_channel_that_is_down_costs_one_attempt_in_a_run() -> None:
    for number in range(3):
        post(str(number), channel="test-down")

    outbox.send_due()

    assert sorted(OutboxMessage.objects.values_list("attempts", flat=True)) == [0, 0, 1]


def test_channel_is_late_after_two_minutes() -> None:
    post(channel="test-down")
    outbox.send_due()

    early = outbox.overdue("test-down")
    age(3)
    late = outbox.overdue("test-down")
    OutboxMessage.objects.update(sent_at=clock.real_now())

    assert (early, late, outbox.overdue("test-down")) == (False, True, False)


def test_one_busy_number_makes_nobody_else_late() -> None:
    post(channel="test-busy")
    age(3)
    outbox.send_due()

    assert not outbox.overdue("test-busy")


@pytest.mark.usefixtures("edition")
def test_pages_that_promise_a_code_say_that_it_may_be_late(client: Client) -> None:
    address = reverse("account_request_login_code")
    usual = client.get(address).content.decode()
    cache.delete("outbox.late.sms")
    post(channel="sms")
    age(3)

    late = client.get(address).content.decode()

    assert "短信或邮件可能延迟" not in usual
    assert "短信或邮件可能延迟" in late


def test_lateness_is_asked_of_the_database_once(django_assert_num_queries: Any) -> None:
    outbox.is_late("sms")

    with django_assert_num_queries(0):
        assert outbox.is_late("sms") is False


def test_person_asks_again_after_an_expired_code(draft_team: Team, lihua: User) -> None:
    person = registration.send_confirmation(factories.add_person(draft_team, 7), actor=lihua)
    past = clock.real_now() - timedelta(minutes=30)
    OutboxMessage.objects.update(expires_at=past)
    type(person).objects.filter(pk=person.pk).update(code_sent_at=past)
    outbox.send_due()
    Attempt.objects.all().delete()

    registration.send_confirmation(person, actor=None)

    states = sorted(one.state for one in OutboxMessage.objects.filter(subject=f"representative:{person.pk}"))
    assert states == ["已过期", "待发"]
