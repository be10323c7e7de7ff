"""The puzzle in a real browser: it solves itself, under the policy, on a phone, with the keyboard."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.core.cache import cache
from playwright.sync_api import Route, expect

from competition.models import Edition, OutboxMessage, User
from tests.axe import violations
from tests.chromium import DESK, PHONE, Window
from tests.fixtures import PASSWORD

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def window(edition: Edition, open_window: Callable[..., Window]) -> Window:
    """A stranger's phone; at its end nothing was refused by the policy or went wrong."""
    cache.clear()
    return open_window(PHONE)


def code() -> str:
    found = re.search(r"\b(\d{6})\b", OutboxMessage.objects.latest("id").body)
    assert found
    return found[1]


def test_sign_up_by_email_on_a_phone_with_the_keyboard_alone(window: Window) -> None:
    page = window.page
    page.goto("/accounts/signup/")
    wrong = violations(page)
    window.shot("signup")
    page.get_by_role("textbox", name="电子邮箱").focus()
    page.keyboard.type("new@example.com")
    form = page.locator("form", has=page.get_by_role("textbox", name="电子邮箱"))
    expect(form.locator(".altcha")).to_have_attribute("data-state", "verified")
    expect(form.get_by_role("checkbox", name="安全验证已完成")).to_be_checked()
    solved = violations(page)
    window.shot("signup-solved")
    for typed in (PASSWORD, PASSWORD + "x"):
        page.keyboard.press("Tab")
        page.keyboard.type(typed)
    page.keyboard.press("Enter")

    # What was typed is still there, and the next try has a puzzle of its own.
    expect(page.get_by_text("两次输入的密码不一致。")).to_be_visible()
    refused = violations(page)
    window.shot("signup-refused")
    expect(page.get_by_role("textbox", name="电子邮箱")).to_have_value("new@example.com")
    for name in ("设置密码", "再次输入密码"):
        page.get_by_role("textbox", name=name).fill(PASSWORD)
    page.get_by_role("button", name="注册", exact=True).click()
    expect(page.get_by_role("heading", name="输入验证码")).to_be_visible()
    entry = violations(page)
    window.shot("signup-code")
    page.get_by_role("textbox", name="6位验证码").fill(code())
    page.get_by_role("button", name="确定").click()
    page.wait_for_url("**/")
    window.shot("signed-up")

    assert wrong + solved + refused + entry == []
    assert User.objects.get().emailaddress_set.get().verified  # type: ignore[attr-defined]


def test_sign_up_by_phone_at_a_desk(edition: Edition, open_window: Callable[..., Window]) -> None:
    cache.clear()
    window = open_window(DESK)
    page = window.page
    page.goto("/accounts/login/")
    wrong = violations(page)
    window.shot("login")
    page.goto("/accounts/login/code/")
    wrong += violations(page)
    window.shot("login-code")
    page.get_by_role("textbox", name="手机号").fill("138 0013 8009")
    page.get_by_role("button", name="获取验证码").click()
    expect(page.get_by_text("138****8009")).to_be_visible()
    wrong += violations(page)
    window.shot("code-entry")
    page.get_by_role("textbox", name="6位验证码").fill(code())
    page.get_by_role("button", name="确定").click()

    expect(page.get_by_role("link", name="账号", exact=True)).to_be_visible()
    assert wrong == []
    assert User.objects.get().phone == "+8613800138009"


def test_form_leaves_when_the_puzzle_is_solved_however_quick_the_person(window: Window) -> None:
    page = window.page
    page.goto("/accounts/password/reset/")
    wrong = violations(page)
    # Filled in and sent by a password manager, without any focus.
    page.evaluate("""() => {
        const form = document.querySelector("form:has(altcha-widget)");
        form.querySelector("[name=email]").value = "nobody@example.com";
        form.requestSubmit();
        form.requestSubmit();
    }""")

    expect(page.get_by_role("heading", name="输入验证码")).to_be_visible()
    assert wrong == []
    assert OutboxMessage.objects.count() == 1


def test_lost_line_is_told_and_the_form_can_be_sent_again(window: Window) -> None:
    window.expected = ("ERR_FAILED", "Failed to fetch")
    page = window.page

    def cut(route: Route) -> None:
        route.abort()

    page.route("**/challenge.json", cut)
    page.goto("/accounts/login/code/")
    page.get_by_role("textbox", name="手机号").fill("13800138009")
    page.get_by_role("button", name="获取验证码").click()
    expect(page.get_by_role("status")).to_have_text(re.compile("表单还没有提交"))
    expect(page.get_by_role("alert")).to_be_visible()
    window.shot("lost-line")
    page.unroute("**/challenge.json", cut)
    page.get_by_role("button", name="获取验证码").click()

    expect(page.get_by_text("138****8009")).to_be_visible()


def test_without_a_script_the_page_says_that_one_is_needed(
    edition: Edition, live_server: Any, chromium: Any
) -> None:
    context = chromium.new_context(base_url=live_server.url, java_script_enabled=False, viewport=PHONE)
    page = context.new_page()
    page.goto("/accounts/login/code/")
    told = page.get_by_text("请启用 JavaScript 或换用较新的浏览器").is_visible()
    context.close()

    assert told
