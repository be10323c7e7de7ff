"""The gateway for Alibaba Cloud against a carrier on this machine that verifies every signature."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from competition import clock, outbox, sms_texts
from competition.config.checks import sms_gateway_is_complete
from competition.config.env import Env
from competition.delivery import acs3, aliyun
from competition.models import OutboxMessage
from tests.competition.carrier import KEY_ID, SECRET, Carrier, running

BACKEND = "competition.delivery.aliyun.AliyunGateway"


@pytest.fixture
def carrier(settings: Any, db: None) -> Carrier:
    """Switched on in the settings, not yet answering."""
    found = Carrier()
    with running(found):
        pass
    settings.LOCAL = True
    settings.SMS_BACKEND = BACKEND
    settings.ALIYUN_SMS = {
        "KEY_ID": KEY_ID,
        "KEY_SECRET": SECRET,
        "SIGN_NAME": "数据要素大赛",
        "TEMPLATES": {name: f"SMS_{number}" for number, name in enumerate(sms_texts.TEMPLATES)},
        "ENDPOINT": found.address,
        "REGION": "cn-hangzhou",
    }
    return found


@pytest.fixture
def answering(carrier: Carrier) -> Iterator[Carrier]:
    with running(carrier):
        yield carrier


def post(occurrence: str = "1", *, minutes: int | None = None, code: str = "123456") -> None:
    outbox.post_sms(
        "account.code",
        "user:1",
        occurrence,
        recipient="+8613800138001",
        template="code",
        params={"code": code},
        expires_at=None if minutes is None else clock.real_now() + timedelta(minutes=minutes),
    )


def send_again() -> int:
    """As if the wait until the next attempt were over."""
    OutboxMessage.objects.update(next_attempt_at=clock.real_now() - timedelta(seconds=5))
    return outbox.send_due()


def only() -> OutboxMessage:
    return OutboxMessage.objects.get()


def test_signature_is_the_documented_one() -> None:
    query = acs3.canonical_query(
        {
            "RegionId": "cn-shanghai",
            "ImageId": "win2019_1809_x64_dtc_zh-cn_40G_alibase_20230811.vhd",
        }
    )
    signed = acs3.headers(
        "ecs.cn-shanghai.aliyuncs.com",
        "RunInstances",
        "2014-05-26",
        at=datetime(2023, 10, 26, 10, 22, 32, tzinfo=UTC),
        nonce="3156853299f313e23d1673dc12e1703d",
    )

    header = acs3.authorization(
        "POST", query, signed, key_id="YourAccessKeyId", key_secret="YourAccessKeySecret"
    )

    assert header == (
        "ACS3-HMAC-SHA256 Credential=YourAccessKeyId,SignedHeaders=host;x-acs-action;x-acs-content-sha256;"
        "x-acs-date;x-acs-signature-nonce;x-acs-version,"
        "Signature=06563a9e1b43f5dfe96b81484da74bceab24a1d853912eee15083a6f0f3283c0"
    )


def test_query_is_encoded_as_documented() -> None:
    assert acs3.canonical_query({"b": "a b*~/", "a": "赛"}) == "a=%E8%B5%9B&b=a%20b%2A~%2F"


def test_text_is_taken_with_template_parameters_and_reference(answering: Carrier) -> None:
    post()

    sent = outbox.send_due()

    message = only()
    assert (sent, message.state, message.reason) == (1, "已发出", "")
    assert answering.taken == [
        {
            "RegionId": "cn-hangzhou",
            "PhoneNumbers": "13800138001",
            "SignName": "数据要素大赛",
            "TemplateCode": "SMS_0",
            "TemplateParam": json.dumps({"code": "123456"}),
            "OutId": f"outbox-{message.pk}",
        }
    ]
    assert answering.asked == []


def test_wrong_key_keeps_messages(answering: Carrier, settings: Any) -> None:
    settings.ALIYUN_SMS = {**settings.ALIYUN_SMS, "KEY_SECRET": "another"}
    post()

    outbox.send_due()

    assert answering.taken == []
    assert (only().state, only().last_error) == ("待发", "Down")
    assert "访问密钥不正确" in only().reason


def test_messages_of_an_outage_are_late_and_none_is_lost(carrier: Carrier) -> None:
    for number in range(5):
        post(str(number))

    during = [outbox.send_due(), send_again()]
    attempts = sum(OutboxMessage.objects.values_list("attempts", flat=True))
    with running(carrier):
        after = [send_again(), send_again()]

    assert (during, after) == ([0, 0], [5, 0])
    assert attempts == 2  # one for each run, not one for each message
    references = [one["OutId"] for one in carrier.taken]
    assert sorted(references) == sorted(f"outbox-{one.pk}" for one in OutboxMessage.objects.all())


def test_text_whose_answer_got_lost_is_not_sent_twice(answering: Carrier) -> None:
    answering.silent = 1
    post()

    first = outbox.send_due()
    second = send_again()

    assert (first, second) == (0, 1)
    assert [one["OutId"] for one in answering.taken] == [f"outbox-{only().pk}"]
    assert {one["PhoneNumber"] for one in answering.asked} == {"13800138001"}
    assert only().state == "已发出"


def test_carrier_that_cannot_say_whether_it_took_a_text_is_asked_again(answering: Carrier) -> None:
    answering.silent = 1
    answering.query_codes = ["isp.RAM_PERMISSION_DENY"]
    post()
    outbox.send_due()

    counts = [send_again(), send_again()]

    assert (counts, len(answering.taken)) == ([0, 1], 1)


@pytest.mark.parametrize("code", ["isv.BUSINESS_LIMIT_CONTROL", "Throttling.User", "isv.AMOUNT_NOT_ENOUGH"])
def test_refusal_for_a_while_is_tried_again(answering: Carrier, code: str) -> None:
    answering.codes = [code]
    post()

    first = outbox.send_due()
    reason = only().reason
    second = send_again()

    assert (first, second, len(answering.taken)) == (0, 1, 1)
    assert code in reason


@pytest.mark.parametrize("code", sorted(aliyun.PERMANENT))
def test_refusal_for_good_fails_with_its_reason(answering: Carrier, code: str) -> None:
    answering.codes = [code]
    post()

    counts = [outbox.send_due(), send_again()]

    message = only()
    assert (counts, answering.taken) == ([0, 0], [])
    assert (message.state, message.attempts) == ("失败", 1)
    assert code in message.reason and aliyun.PERMANENT[code] in message.reason


def test_unknown_refusal_and_nonsense_are_tried_again(answering: Carrier) -> None:
    answering.codes = ["isv.SOMETHING_NEW"]
    post()

    outbox.send_due()

    assert (only().state, only().last_error) == ("待发", "Later")
    assert send_again() == 1


def test_one_throttled_number_keeps_nobody_else_waiting(answering: Carrier) -> None:
    answering.codes = ["isv.BUSINESS_LIMIT_CONTROL"]
    post("1")
    post("2")

    assert outbox.send_due() == 1
    assert len(answering.taken) == 1


def test_code_that_ran_out_during_an_outage_is_not_sent(carrier: Carrier) -> None:
    post("old", minutes=5)
    post("new", minutes=5)
    outbox.send_due()
    past = clock.real_now() - timedelta(seconds=1)
    OutboxMessage.objects.filter(occurrence="old").update(expires_at=past)

    with running(carrier):
        sent = send_again()

    states = {one.occurrence: one.state for one in OutboxMessage.objects.all()}
    assert (sent, states) == (1, {"old": "已过期", "new": "已发出"})
    assert len(carrier.taken) == 1


def test_template_without_code_waits_for_the_office(answering: Carrier, settings: Any) -> None:
    settings.ALIYUN_SMS = {**settings.ALIYUN_SMS, "TEMPLATES": {"notice": "SMS_1"}}
    post()

    outbox.send_due()

    assert only().reason == "没有为短信模板“code”配置编号。"


def test_message_without_number_fails(answering: Carrier) -> None:
    outbox.post_sms("k", "s", "1", recipient="", template="code", params={"code": "1"})

    outbox.send_due()

    assert (only().state, only().reason) == ("失败", "没有收信号码。")


def test_half_configured_gateway_is_named(carrier: Carrier, settings: Any) -> None:
    whole = sms_gateway_is_complete(None)
    settings.LOCAL = False
    settings.ALIYUN_SMS = {
        **settings.ALIYUN_SMS,
        "KEY_SECRET": "",
        "SIGN_NAME": "",
        "TEMPLATES": {"code": "SMS_1"},
    }

    found = sms_gateway_is_complete(None)
    settings.SMS_BACKEND = "outbox"

    assert whole == []
    assert [one.id for one in found] == ["portal.E005", "portal.E005", "portal.E006", "portal.E007"]
    assert "notice" in str(found[2].msg)
    assert sms_gateway_is_complete(None) == []


@pytest.mark.parametrize("raw", ["{", "[]", '{"code": 1}', '{"code": ""}'])
def test_template_map_that_is_none_is_a_problem(raw: str) -> None:
    env = Env({"ALIYUN_SMS_TEMPLATES": raw})

    assert env.mapping("ALIYUN_SMS_TEMPLATES") == {}
    assert [one.variable for one in env.problems] == ["ALIYUN_SMS_TEMPLATES"]
