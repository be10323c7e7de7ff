"""No text of allauth reaches a page untranslated: whatever the installed version says has its Chinese."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import allauth
import pytest
from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP
from django.conf import settings
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from competition.accounts import words
from competition.models import Edition, User
from tests.fixtures import PASSWORD
from tests.solving import solved

TEMPLATES = Path(allauth.__file__).parent / "templates"
#: Not reached: verification by link, sign-up by passkey, trusted browsers.
UNREACHED = {
    "account/email.html",
    "account/email_confirm.html",
    "account/password_reset_done.html",
    "account/signup_by_passkey.html",
    "account/verification_sent.html",
    "account/verified_email_required.html",
    "mfa/trust.html",
    "mfa/webauthn/signup_form.html",
}
LETTERS = re.compile(r"[A-Za-z]{2,}(?: [a-z]+)+")


def test_every_refusal_of_allauth_has_its_sentence() -> None:
    assert set(words.ERRORS) == set(DefaultAccountAdapter.error_messages) | {"account_inactive"}
    assert set(words.MFA_ERRORS) == set(DefaultMFAAdapter.error_messages)


def test_every_message_of_allauth_has_its_sentence() -> None:
    theirs = {str(p.relative_to(TEMPLATES)) for p in TEMPLATES.glob("*/messages/*.txt")}

    assert {name for name in theirs if name.split("/")[0] in {"account", "mfa"}} == set(words.MESSAGES)


def test_every_letter_of_allauth_has_its_text() -> None:
    theirs = {
        str(p.relative_to(TEMPLATES)).removesuffix("_subject.txt")
        for p in TEMPLATES.glob("*/email/*_subject.txt")
    }

    assert {name for name in theirs if name.split("/")[0] in {"account", "mfa"}} == (
        set(words.LETTERS) | words.UNUSED_LETTERS
    )


def test_every_page_of_allauth_that_can_be_reached_is_ours() -> None:
    theirs = {
        str(p.relative_to(TEMPLATES))
        for app in ("account", "mfa")
        for p in (TEMPLATES / app).rglob("*.html")
        if not p.name.startswith("base") and "snippets" not in p.parts
    }

    missing = {name for name in theirs if not (settings.BASE_DIR / "templates" / name).exists()}

    assert missing == UNREACHED


@pytest.fixture
def reader(edition: Edition, lihua: User) -> Client:
    """Lihua with everything set up and freshly proved."""
    cache.clear()
    lihua.emailaddress_set.create(email=lihua.email, verified=True, primary=True)  # type: ignore[attr-defined]
    client = Client()
    client.post(reverse("account_login"), {"login": lihua.email, "password": PASSWORD})
    client.post(reverse("account_reauthenticate"), {"password": PASSWORD})
    return client


PAGES_OF_A_VISITOR = [
    "account_login",
    "account_signup",
    "account_request_login_code",
    "account_reset_password",
]
PAGES_OF_A_PERSON = [
    "accounts:profile",
    "accounts:second_factor",
    "accounts:signed_in_again",
    "account_email",
    "account_change_phone",
    "account_change_password",
    "account_reauthenticate",
    "account_logout",
    "account_inactive",
    "mfa_index",
    "mfa_activate_totp",
    "mfa_add_webauthn",
    "mfa_list_webauthn",
]


def read(response: Any) -> str:
    page = response.content.decode()
    return re.sub(r"<(script|svg)\b.*?</\1>|<[^>]+>", " ", page, flags=re.DOTALL)


@pytest.mark.parametrize("name", PAGES_OF_A_VISITOR)
def test_pages_of_a_visitor_speak_chinese(
    edition: Edition, name: str, django_assert_max_num_queries: Any
) -> None:
    cache.clear()
    with django_assert_max_num_queries(12):
        response = Client().get(reverse(name))
    empty = Client().post(reverse(name), {})

    assert (response.status_code, empty.status_code) == (200, 200)
    assert LETTERS.findall(read(response) + read(empty)) == []


@pytest.mark.parametrize("name", PAGES_OF_A_PERSON)
def test_pages_of_a_person_speak_chinese(
    reader: Client, name: str, django_assert_max_num_queries: Any
) -> None:
    with django_assert_max_num_queries(12):
        response = reader.get(reverse(name))
    empty = reader.post(reverse(name), {}) if name in {"account_email", "account_change_phone"} else response

    assert response.status_code == 200
    assert LETTERS.findall(read(response) + read(empty)) == []


@pytest.mark.parametrize(
    "name", ["mfa_index", "mfa_deactivate_totp", "mfa_view_recovery_codes", "mfa_generate_recovery_codes"]
)
def test_pages_of_a_second_factor_speak_chinese(reader: Client, lihua: User, name: str) -> None:
    TOTP.activate(lihua, "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP")
    reader.post(reverse("mfa_generate_recovery_codes"))

    response = reader.get(reverse(name))

    assert response.status_code == 200
    assert LETTERS.findall(read(response)) == []
    assert Authenticator.objects.filter(user=lihua).count() == 2


def test_pages_of_a_code_speak_chinese(edition: Edition, as_user: Callable[..., Client]) -> None:
    cache.clear()
    client = Client()
    asked = client.post(reverse("account_request_login_code"), {"phone": "13800138009", **solved()})

    page = read(client.get(asked.url))  # type: ignore[attr-defined]
    wrong = read(client.post(asked.url, {"code": ""}))  # type: ignore[attr-defined]

    assert "138****8009" in page
    assert "请填写6位验证码。" in wrong
    assert LETTERS.findall(page + wrong) == []


def test_too_many_requests_are_answered_in_chinese(edition: Edition, settings: Any) -> None:
    cache.clear()
    settings.ACCOUNT_RATE_LIMITS = {**settings.ACCOUNT_RATE_LIMITS, "login": "1/m/ip"}
    client = Client()
    client.post(reverse("account_login"), {})

    response = client.post(reverse("account_login"), {})

    assert response.status_code == 429
    assert "请求过于频繁。请稍等一分钟" in response.content.decode()
