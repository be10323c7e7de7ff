"""What people do again and again: read a code, sign in, fill a form by the names of its fields."""

from __future__ import annotations

import contextlib
import re
from collections.abc import Mapping
from typing import Any

from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time
from playwright.sync_api import Error, Locator, Page, expect

from competition.models import OutboxMessage, User
from tests.fixtures import PASSWORD

SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
Values = Mapping[str, str | list[str]]


def text_of(kind: str, recipient: str = "") -> str:
    """The last message of a kind, as it lies in the outbox."""
    messages = OutboxMessage.objects.filter(kind=kind).order_by("-id")
    return next(one.body for one in messages if recipient in one.recipient)


def code_in(text: str) -> str:
    found = re.search(r"(?<!\d)\d{6}(?!\d)", text)
    assert found is not None
    return found[0]


def app_code(secret: str) -> str:
    """What an authenticator app shows now; the code before and the one after hold, too."""
    _, now, _ = yield_hotp_counters_from_time()
    return format_hotp_value(hotp_value(secret, now))


def sign_in(page: Page, user: User) -> None:
    """By e-mail and password on the login page that is open, with the app's code if it is asked for."""
    page.get_by_role("textbox", name="邮箱或手机号").fill(user.email)
    page.get_by_role("textbox", name="密码").fill(PASSWORD)
    page.get_by_role("button", name="登录", exact=True).click()
    if user.is_staff:
        page.locator("input[name=code]").fill(app_code(SECRET))
        page.get_by_role("button", name="登录", exact=True).click()


def saved(page: Page) -> None:
    """The line above the form says that everything was saved."""
    expect(page.locator("[data-saved-line]")).to_have_class(re.compile("is-saved"))


def crash(page: Page) -> None:
    """The tab dies as when memory is short: it sends no last words, as it would when somebody closes it."""
    with page.expect_event("crash"), contextlib.suppress(Error):
        page.goto("chrome://crash", wait_until="commit")
    page.close()


def press(page: Page, name: str, **options: Any) -> None:
    page.get_by_role("button", name=name, **options).click()


def fill(page: Page, values: Values) -> None:
    """Give the fields of the page's form their values, rows and choices included."""
    form = page.locator("form[data-autosave]")
    for name, value in values.items():
        fields = form.locator(f'[name="{name}"]')
        table = re.match(r"(\w+)-\d+-", name)
        if table and not fields.count():
            form.locator(f"#at-{table[1]} > [data-row-add]").click()
        for number, one in enumerate([value] if isinstance(value, str) else value):
            give(fields, number, one)


def give(fields: Locator, number: int, value: str) -> None:
    first = fields.first
    kind = first.evaluate("field => field.type")
    if kind in {"checkbox", "radio"}:
        fields.and_(first.page.locator(f'[value="{value}"]')).check()
    elif kind == "select-one":
        first.select_option(value)
    elif kind == "select-multiple":
        search = first.locator("xpath=following-sibling::*").get_by_role("combobox")
        search.fill(value)
        search.press("Enter")
        search.fill("")
        search.press("Escape")
    else:
        fields.nth(number).fill(value)
