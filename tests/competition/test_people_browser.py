"""Signing up, second factors and a second login, in a real browser."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.core.cache import cache
from playwright.sync_api import Browser, BrowserContext, Page, expect

from competition.accounts.session_store import SEEN_AT, SessionStore
from competition.models import Edition, OutboxMessage, PortalSession, User
from tests.browser.doing import app_code
from tests.fixtures import PASSWORD

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def window(edition: Edition, live_server: Any, chromium: Browser) -> Iterator[BrowserContext]:
    cache.clear()
    context = chromium.new_context(base_url=live_server.url, locale="zh-CN")
    yield context
    context.close()


@pytest.fixture
def page(window: BrowserContext) -> Iterator[Page]:
    troubles: list[str] = []
    page = window.new_page()
    page.on("console", lambda message: troubles.append(message.text) if "Policy" in message.text else None)
    page.on("pageerror", lambda error: troubles.append(str(error)))
    yield page
    assert troubles == []


def code_by_sms() -> str:
    found = re.search(r"\b(\d{6})\b", OutboxMessage.objects.filter(kind="account.code").latest("id").body)
    assert found
    return found[1]


def log_in(page: Page, user: User) -> None:
    """By e-mail and password, on the login page that is open."""
    user.emailaddress_set.get_or_create(  # type: ignore[attr-defined]
        email=user.email, defaults={"verified": True, "primary": True}
    )
    page.get_by_role("textbox", name="邮箱或手机号").fill(user.email)
    page.get_by_role("textbox", name="密码").fill(PASSWORD)
    page.get_by_role("button", name="登录", exact=True).click()


def prove_password(page: Page) -> None:
    page.get_by_role("textbox", name="密码").fill(PASSWORD)
    page.get_by_role("button", name="确定").click()


def test_sign_up_by_phone_code(page: Page) -> None:
    page.goto("/accounts/signup/")
    page.get_by_role("textbox", name="手机号").fill("138 0013 8009")
    page.get_by_role("button", name="获取验证码").click()
    expect(page.get_by_text("138****8009")).to_be_visible()
    page.get_by_role("textbox", name="6位验证码").fill(code_by_sms())
    page.get_by_role("button", name="确定").click()
    page.get_by_role("link", name="账号").click()
    page.get_by_role("textbox", name="姓名").fill("李华")
    page.get_by_role("button", name="保存").click()

    expect(page.get_by_text("姓名已保存。")).to_be_visible()
    user = User.objects.get()
    assert (user.full_name, user.phone, user.phone_verified) == ("李华", "+8613800138009", True)


def test_officer_sets_up_a_code(page: Page, qianjin: User) -> None:
    page.goto("/admin/")
    log_in(page, qianjin)
    page.get_by_role("link", name="设置动态码").click()
    prove_password(page)
    expect(page.get_by_role("img", name="动态码二维码")).to_be_visible()
    secret = page.locator(".secret").inner_text()
    page.get_by_role("textbox", name="6位动态码").fill(app_code(secret))
    page.get_by_role("button", name="启用").click()
    expect(page.locator(".codes li")).to_have_count(10)
    page.get_by_role("link", name="已保存，继续").click()

    page.wait_for_url("**/admin/")
    assert set(Authenticator.objects.values_list("user", "type")) == {
        (qianjin.pk, "totp"),
        (qianjin.pk, "recovery_codes"),
    }


def test_officer_adds_a_passkey_and_signs_in_with_it(
    page: Page, window: BrowserContext, qianjin: User
) -> None:
    devtools = window.new_cdp_session(page)
    devtools.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    devtools.send("WebAuthn.addVirtualAuthenticator", {"options": options})
    page.goto("/admin/")
    log_in(page, qianjin)
    page.get_by_role("link", name="添加通行密钥").click()
    prove_password(page)
    page.get_by_role("textbox", name="名称").fill("办公电脑")
    page.get_by_role("button", name="添加").click()
    expect(page.get_by_text("通行密钥已添加。")).to_be_visible()
    page.get_by_role("link", name="已保存，继续").click()
    page.wait_for_url("**/admin/")

    window.clear_cookies()
    page.goto("/accounts/login/")
    page.get_by_role("button", name="使用通行密钥").click()

    page.wait_for_url("**/admin/")
    assert Authenticator.objects.get(type="webauthn").wrap().name == "办公电脑"


def test_ended_session_is_taken_up_again_without_losing_what_was_typed(
    page: Page, window: BrowserContext, lihua: User
) -> None:
    page.goto("/accounts/login/?next=/account/")
    log_in(page, lihua)
    page.wait_for_url("**/account/")
    page.clock.install()
    page.reload()
    page.get_by_role("textbox", name="姓名").fill("李花")
    row = PortalSession.objects.get(user=lihua)
    store = SessionStore(row.session_key)
    store[SEEN_AT] -= timedelta(days=15).total_seconds()
    store.save()

    page.clock.fast_forward(int(timedelta(days=15).total_seconds() * 1000))
    expect(page.get_by_text("您输入的内容还在这个页面上")).to_be_visible()
    with window.expect_page() as opened:
        page.get_by_role("link", name="重新登录").click()
    log_in(opened.value, lihua)
    expect(opened.value.get_by_text("可以关闭本窗口")).to_be_visible()
    page.get_by_role("button", name="我已登录，继续").click()
    expect(page.locator("#session-ended")).to_be_hidden()
    page.get_by_role("button", name="保存").click()

    expect(page.get_by_text("姓名已保存。")).to_be_visible()
    lihua.refresh_from_db()
    assert lihua.full_name == "李花"
