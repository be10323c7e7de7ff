"""How often a stranger may have something sent: by phone, by mail address, by network; told in a sentence."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from competition import limits
from competition.accounts.adapter import letter_limits
from competition.models import Attempt, Edition, OutboxMessage, User
from tests.fixtures import PASSWORD
from tests.solving import solved

EMAIL = "lihua@example.com"
HERE = "127.0.0.1"


@pytest.fixture(autouse=True)
def _fresh_counters(db: None, edition: Edition) -> None:
    cache.clear()


def fill_up(limit: limits.Limit, key: str) -> None:
    for _ in range(limit.count):
        limits.take((limit, key))


def sign_up(email: str = EMAIL) -> Any:
    cache.clear()  # what is counted there may be lost at any time
    data = {"email": email, "password1": PASSWORD, "password2": PASSWORD, **solved()}
    return Client().post(reverse("account_signup"), data)


def reset(email: str = EMAIL) -> Any:
    cache.clear()
    return Client().post(reverse("account_reset_password"), {"email": email, **solved()})


def ask_for_code(phone: str) -> Any:
    cache.clear()
    return Client().post(reverse("account_request_login_code"), {"phone": phone, **solved()})


def test_sign_ups_and_resets_share_six_letters_an_hour_for_a_mail_address() -> None:
    answers = [sign_up().status_code] + [reset(writing).status_code for writing in (EMAIL, EMAIL.upper()) * 3]
    seventh = reset()
    new = sign_up()

    assert answers == [302] * 6 + [200]
    for refused in (seventh, new):
        assert "向该邮箱索取邮件次数过多" in refused.content.decode()
        assert f'value="{EMAIL}"' in refused.content.decode()
    assert OutboxMessage.objects.filter(channel="mail").count() == 6
    assert reset("another@example.com").status_code == 302


def test_letters_are_limited_by_network_too() -> None:
    fill_up(limits.LETTER_ADDRESS, HERE)

    pages = [sign_up("one@example.com"), reset("two@example.com")]

    assert ["本网络索取邮件次数过多" in page.content.decode() for page in pages] == [True, True]
    assert not OutboxMessage.objects.exists()
    assert not User.objects.exists()


def test_known_and_unknown_addresses_are_limited_alike(lihua: User) -> None:
    for _ in range(6):
        reset("lihua@example.com"), reset("nobody@example.com")

    known, unknown = reset("lihua@example.com"), reset("nobody@example.com")

    assert known.status_code == unknown.status_code == 200
    assert "向该邮箱索取邮件次数过多" in known.content.decode()
    assert "向该邮箱索取邮件次数过多" in unknown.content.decode()


def test_codes_are_limited_by_network_whatever_the_phone() -> None:
    fill_up(limits.CODE_ADDRESS, HERE)

    page = ask_for_code("13800138009").content.decode()

    assert "本网络索取验证码次数过多" in page
    assert not OutboxMessage.objects.exists()


def test_code_sent_again_is_limited_and_told() -> None:
    client = Client()
    asked = client.post(reverse("account_request_login_code"), {"phone": "13800138009", **solved()})
    soon = client.post(asked.url, {"action": "resend"}, follow=True).content.decode()
    Attempt.objects.filter(limit=limits.CODE.name).delete()
    later = client.post(asked.url, {"action": "resend"}, follow=True).content.decode()

    assert "请求过于频繁，请稍等一分钟再试。" in soon
    assert "验证码已重新发送。" in later
    assert OutboxMessage.objects.count() == 2


def test_letter_sent_again_is_limited_and_told() -> None:
    client = Client()
    data = {"email": EMAIL, "password1": PASSWORD, "password2": PASSWORD, **solved()}
    asked = client.post(reverse("account_signup"), data)
    cache.clear()
    again = client.post(asked.url, {"action": "resend"}, follow=True).content.decode()
    for limit, key in letter_limits(EMAIL, HERE)[:1]:
        for _ in range(4):
            limits.take((limit, key))
    cache.clear()
    refused = client.post(asked.url, {"action": "resend"}, follow=True).content.decode()

    assert "验证码已重新发送。" in again
    assert "请求过于频繁，请稍等一分钟再试。" in refused
    assert OutboxMessage.objects.count() == 2
