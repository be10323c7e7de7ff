"""Signing up, in, out and again, as somebody with a browser does it."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from competition import limits
from competition.models import Attempt, Edition, OutboxMessage, User
from tests.fixtures import PASSWORD
from tests.solving import solved

PHONE = "138 0013 8009"


@pytest.fixture(autouse=True)
def _fresh_counters(db: None) -> None:
    cache.clear()


@pytest.fixture
def browser(edition: Edition) -> Client:
    return Client()


def last_code() -> str:
    """The code in the newest message of the outbox."""
    message = OutboxMessage.objects.latest("id")
    found = re.search(r"\b(\d{6})\b", message.body)
    assert found, message.body
    return found[1]


def wrong(code: str) -> str:
    return f"{(int(code) + 1) % 1_000_000:06d}"


def later(limit: limits.Limit) -> None:
    """Time passes: the tries under a limit grow old."""
    Attempt.objects.update(at=Attempt.objects.latest("at").at - limit.window)


def ask_for_code(browser: Client, phone: str = PHONE, **data: str) -> Any:
    return browser.post(reverse("account_request_login_code"), {"phone": phone, **data, **solved(browser)})


def signed_in_as(browser: Client) -> User | None:
    key = browser.session.get("_auth_user_id")
    return User.objects.get(pk=key) if key else None


def text_of(response: Any) -> str:
    return str(response.content.decode())


def test_phone_code_signs_up_and_signs_in(browser: Client) -> None:
    asked = ask_for_code(browser, next="/account/")
    message = OutboxMessage.objects.get(kind="account.code")
    entered = browser.post(asked.url, {"code": last_code()})

    user = signed_in_as(browser)
    assert user is not None
    assert (user.phone, user.phone_verified, user.has_usable_password()) == ("+8613800138009", True, False)
    assert (message.channel, message.recipient, message.data["template"]) == ("sms", "+8613800138009", "code")
    assert (asked.status_code, entered.status_code, entered.url) == (302, 302, "/account/")


def test_phone_code_of_known_phone_signs_the_same_person_in(browser: Client, lihua: User) -> None:
    asked = ask_for_code(browser, "13800138001")

    browser.post(asked.url, {"code": last_code()})

    assert signed_in_as(browser) == lihua
    assert User.objects.count() == 1


def test_phone_code_tells_nobody_whether_a_phone_is_known(browser: Client, lihua: User) -> None:
    known = ask_for_code(Client(), "13800138001")
    unknown = ask_for_code(Client(), "13800138009")

    assert (known.status_code, known.url) == (unknown.status_code, unknown.url)
    assert [m.body[:4] for m in OutboxMessage.objects.all()] == ["验证码 ", "验证码 "]


def test_phone_code_refuses_what_is_no_mobile_number(browser: Client) -> None:
    response = ask_for_code(browser, "0351-1234567")

    assert "请填写中国大陆的11位手机号码。" in text_of(response)
    assert not OutboxMessage.objects.exists()


def test_wrong_code_is_refused_and_five_end_the_try(browser: Client) -> None:
    asked = ask_for_code(browser)
    code = last_code()

    answers = [browser.post(asked.url, {"code": wrong(code)}) for _ in range(5)]
    late = browser.post(asked.url, {"code": code})

    assert "验证码不正确，请核对后重新输入。" in text_of(answers[0])
    assert answers[4].status_code == 302
    assert late.status_code == 302
    assert signed_in_as(browser) is None


def test_code_is_sent_once_a_minute_and_the_page_says_how_long(browser: Client) -> None:
    ask_for_code(browser)

    second = ask_for_code(Client())

    assert re.search(r"验证码刚刚发出，请 \d+ 秒后再试。", text_of(second))
    assert OutboxMessage.objects.count() == 1


def test_code_is_sent_six_times_an_hour(browser: Client) -> None:
    for _ in range(6):
        ask_for_code(Client())
        later(limits.CODE)

    seventh = ask_for_code(Client())

    assert "索取验证码次数过多，为保护账号安全，请在" in text_of(seventh)
    assert OutboxMessage.objects.count() == 6


def test_resending_too_early_says_so_and_sends_nothing(browser: Client) -> None:
    asked = ask_for_code(browser)

    browser.post(asked.url, {"action": "resend"})
    page = text_of(browser.get(asked.url))

    assert "请求过于频繁，请稍等一分钟再试。" in page
    assert OutboxMessage.objects.count() == 1


def test_email_sign_up_needs_the_code_from_the_mail(browser: Client) -> None:
    data = {"email": "Zhang@Example.com", "password1": PASSWORD, "password2": PASSWORD}
    signed_up = browser.post(reverse("account_signup"), {**data, **solved()})
    assert signed_in_as(browser) is None
    mail = OutboxMessage.objects.get()

    browser.post(signed_up.url, {"code": last_code()})

    user = signed_in_as(browser)
    assert user is not None
    assert user.email == "zhang@example.com"
    assert (mail.channel, mail.recipient, mail.title) == (
        "mail",
        "zhang@example.com",
        f"注册验证码 {last_code()}",
    )


def test_email_sign_up_of_known_address_looks_the_same_and_writes_to_its_owner(
    browser: Client, lihua: User
) -> None:
    data = {"password1": PASSWORD, "password2": PASSWORD}

    known = browser.post(reverse("account_signup"), {**data, "email": "lihua@example.com", **solved()})
    page = Client()
    unknown = page.post(reverse("account_signup"), {**data, "email": "new@example.com", **solved()})

    assert (known.status_code, known.url) == (unknown.status_code, unknown.url)
    assert sorted(OutboxMessage.objects.values_list("kind", flat=True)) == [
        "account.account_already_exists",
        "account.email_confirmation_signup",
    ]
    assert "6位验证码" in text_of(browser.get(known.url))


def test_weak_and_different_passwords_are_refused_in_chinese(browser: Client) -> None:
    data = {"email": "zhang@example.com", "password1": "1234567890", "password2": "1234567890"}

    weak = text_of(browser.post(reverse("account_signup"), {**data, **solved()}))
    different = text_of(browser.post(reverse("account_signup"), {**data, "password1": PASSWORD, **solved()}))

    assert "密码只包含数字" in weak
    assert "两次输入的密码不一致。" in different


def login(browser: Client, name: str, password: str) -> Any:
    return browser.post(reverse("account_login"), {"login": name, "password": password})


@pytest.fixture
def verified_lihua(lihua: User) -> User:
    lihua.emailaddress_set.create(email=lihua.email, verified=True, primary=True)  # type: ignore[attr-defined]
    return lihua


@pytest.mark.parametrize(
    "name", ["lihua@example.com", "LiHua@example.com", "13800138001", "+86 138-0013-8001"]
)
def test_password_signs_in_by_mail_address_or_phone(browser: Client, verified_lihua: User, name: str) -> None:
    login(browser, name, PASSWORD)

    assert signed_in_as(browser) == verified_lihua


@pytest.mark.parametrize(
    "name", ["lihua@example.com", "nobody@example.com", "13800138001", "13800138077", "x"]
)
def test_wrong_password_and_unknown_account_read_the_same(
    browser: Client, verified_lihua: User, name: str
) -> None:
    page = text_of(login(browser, name, "a-wrong-password-9"))

    assert "账号或密码不正确。请核对后重试，或改用短信验证码登录。" in page
    assert signed_in_as(browser) is None


@pytest.mark.parametrize("name", ["lihua@example.com", "nobody@example.com"])
def test_five_wrong_passwords_lock_the_login_for_a_quarter_of_an_hour(
    browser: Client, verified_lihua: User, name: str
) -> None:
    for _ in range(5):
        login(Client(), name, "a-wrong-password-9")

    page = text_of(login(browser, name, PASSWORD))

    assert re.search(r"密码输错次数过多，为保护账号安全，请在 \d\d:\d\d 以后再试（约 15 分钟）。", page)
    assert signed_in_as(browser) is None


def test_lock_ends_with_its_time_and_right_passwords_do_not_count(
    browser: Client, verified_lihua: User
) -> None:
    for _ in range(4):
        login(Client(), "lihua@example.com", "a-wrong-password-9")
    for _ in range(3):
        login(Client(), "lihua@example.com", PASSWORD)
    login(Client(), "lihua@example.com", "a-wrong-password-9")
    locked = text_of(login(browser, "lihua@example.com", PASSWORD))
    later(limits.PASSWORD)

    login(browser, "lihua@example.com", PASSWORD)

    assert "密码输错次数过多" in locked
    assert signed_in_as(browser) == verified_lihua


def test_lock_leaves_the_code_by_sms_open(browser: Client, verified_lihua: User) -> None:
    for _ in range(5):
        login(Client(), "13800138001", "a-wrong-password-9")

    asked = ask_for_code(browser, "13800138001")
    browser.post(asked.url, {"code": last_code()})

    assert signed_in_as(browser) == verified_lihua


def test_lock_holds_with_the_cache_gone(browser: Client, verified_lihua: User, settings: Any) -> None:
    for _ in range(5):
        login(Client(), "lihua@example.com", "a-wrong-password-9")
    cache.clear()

    page = text_of(login(browser, "lihua@example.com", PASSWORD))

    assert "密码输错次数过多" in page


def test_closed_account_is_told_only_after_the_code(browser: Client, lihua: User) -> None:
    User.objects.filter(pk=lihua.pk).update(is_active=False)
    asked = ask_for_code(browser, "13800138001")

    page = browser.post(asked.url, {"code": last_code()}, follow=True)

    assert "此账号已停用" in text_of(page)
    assert signed_in_as(browser) is None


def test_password_is_reset_by_a_code_in_the_mail(browser: Client, verified_lihua: User) -> None:
    new = "another-long-password-3"
    asked = browser.post(reverse("account_reset_password"), {"email": "lihua@example.com", **solved()})
    confirmed = browser.post(asked.url, {"code": last_code()})

    browser.post(confirmed.url, {"password1": new, "password2": new})

    verified_lihua.refresh_from_db()
    assert verified_lihua.check_password(new)
    kinds = list(OutboxMessage.objects.order_by("id").values_list("kind", flat=True))
    assert kinds == ["account.password_reset_code", "account.password_reset"]


def test_reset_of_unknown_address_looks_the_same(browser: Client, verified_lihua: User) -> None:
    known = browser.post(reverse("account_reset_password"), {"email": "lihua@example.com", **solved()})
    unknown = Client().post(reverse("account_reset_password"), {"email": "nobody@example.com", **solved()})

    assert (known.status_code, known.url) == (unknown.status_code, unknown.url)


def test_phone_is_changed_by_a_code_to_the_new_one(
    edition: Edition, as_user: Callable[[User | None], Client], lihua: User
) -> None:
    client = Client()
    asked = ask_for_code(client, "13800138001")
    client.post(asked.url, {"code": last_code()})
    User.objects.filter(pk=lihua.pk).update(password="!")  # phone only: nothing else to prove first
    client.force_login(User.objects.get(pk=lihua.pk), backend="competition.accounts.backends.Passwords")

    changed = client.post(reverse("account_change_phone"), {"phone": "13800138055"})
    client.post(changed.url, {"code": last_code()})

    lihua.refresh_from_db()
    assert (lihua.phone, lihua.phone_verified) == ("+8613800138055", True)


def test_phone_of_another_account_is_refused_after_its_code(
    edition: Edition, lihua: User, wangfang: User
) -> None:
    User.objects.filter(pk=lihua.pk).update(password="!")
    client = Client()
    client.force_login(User.objects.get(pk=lihua.pk), backend="competition.accounts.backends.Passwords")

    changed = client.post(reverse("account_change_phone"), {"phone": "13800138002"})
    page = text_of(client.post(changed.url, {"code": last_code()}))

    lihua.refresh_from_db()
    assert "此手机号已被另一个账号使用。" in page
    assert lihua.phone == "+8613800138001"


def test_unfinished_sign_up_does_not_keep_a_phone_from_its_owner(browser: Client, lihua: User) -> None:
    ask_for_code(Client(), "13800138055")
    later(limits.CODE)
    User.objects.filter(pk=lihua.pk).update(password="!")
    browser.force_login(User.objects.get(pk=lihua.pk), backend="competition.accounts.backends.Passwords")

    changed = browser.post(reverse("account_change_phone"), {"phone": "13800138055"})
    browser.post(changed.url, {"code": last_code()})

    lihua.refresh_from_db()
    assert lihua.phone == "+8613800138055"
    assert list(User.objects.exclude(pk=lihua.pk).values_list("phone_hash", flat=True)) == [""]


def test_unfinished_sign_up_is_forgotten_after_a_day(browser: Client, lihua: User) -> None:
    from competition.services import people

    ask_for_code(Client(), "13800138055")
    User.objects.update(date_joined=lihua.date_joined - timedelta(days=2))

    forgotten = people.forget_unfinished()

    assert forgotten == 1
    assert list(User.objects.all()) == [lihua]


def test_profile_shows_the_phone_masked(
    edition: Edition, as_user: Callable[..., Client], lihua: User
) -> None:
    page = text_of(as_user(lihua).get(reverse("accounts:profile")))

    assert "138****8001" in page
    assert "13800138001" not in page


def test_name_is_kept_as_typed_and_an_empty_one_refused(
    edition: Edition, as_user: Callable[..., Client], lihua: User
) -> None:
    client = as_user(lihua)

    client.post(reverse("accounts:profile"), {"full_name": " 李 花 "})
    empty = text_of(client.post(reverse("accounts:profile"), {"full_name": " "}))

    lihua.refresh_from_db()
    assert lihua.full_name == "李 花"
    assert "请填写姓名。" in empty
