"""How long a session lasts, what scripts hear, and how a second factor guards it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value, yield_hotp_counters_from_time
from django.contrib.auth.models import AnonymousUser
from django.core.cache import cache
from django.test import Client, RequestFactory
from django.urls import reverse

from competition.accounts import sessions
from competition.errors import NotAllowed
from competition.models import Edition, PortalSession, User
from tests.fixtures import PASSWORD

SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
SIGN_IN = Callable[[User | None], Client]


@pytest.fixture(autouse=True)
def _fresh_counters(edition: Edition) -> None:
    cache.clear()


def code_now(step: int = 0) -> str:
    """What an authenticator app with SECRET shows (``step`` codes later)."""
    counters = list(yield_hotp_counters_from_time())
    return format_hotp_value(hotp_value(SECRET, counters[0] + step))


def idle(client: Client, span: timedelta) -> None:
    """The owner did nothing for ``span``."""
    session = client.session
    session["seen_at"] = sessions.clock.real_now().timestamp() - span.total_seconds()
    session.save()


def is_signed_in(client: Client) -> bool:
    return "_auth_user_id" in client.session


# --- time ----------------------------------------------------------------------------------------


def test_officer_is_signed_out_after_thirty_idle_minutes(as_user: SIGN_IN, qianjin: User) -> None:
    client = as_user(qianjin)
    client.get(reverse("accounts:profile"))
    idle(client, timedelta(minutes=31))

    response = client.get(reverse("accounts:profile"), follow=True)

    assert response.redirect_chain == [("/accounts/login/?next=/account/", 302)]
    assert "您已超过 30 分钟没有操作，为保护账号安全已退出登录。" in response.content.decode()


def test_officer_who_works_stays_signed_in(as_user: SIGN_IN, qianjin: User) -> None:
    client = as_user(qianjin)
    for _ in range(3):
        client.get(reverse("accounts:profile"))
        idle(client, timedelta(minutes=29))

    assert client.get(reverse("accounts:profile")).status_code == 200


def test_team_stays_signed_in_for_a_fortnight(as_user: SIGN_IN, lihua: User) -> None:
    client = as_user(lihua)
    client.get(reverse("accounts:profile"))
    idle(client, timedelta(days=13))
    still = client.get(reverse("accounts:profile")).status_code
    idle(client, timedelta(days=14, minutes=1))

    response = client.get(reverse("accounts:profile"))

    assert (still, response.status_code) == (200, 302)


def test_session_page_looks_without_extending(as_user: SIGN_IN, qianjin: User) -> None:
    client = as_user(qianjin)
    client.get(reverse("accounts:profile"))
    idle(client, timedelta(minutes=20))

    first = client.get(reverse("accounts:session")).json()
    second = client.get(reverse("accounts:session")).json()

    assert first["signed_in"] is True
    assert first["user"] == qianjin.username
    assert 590 <= second["seconds_left"] <= first["seconds_left"] <= 600


def test_session_page_extends_by_post(as_user: SIGN_IN, qianjin: User) -> None:
    client = as_user(qianjin)
    client.get(reverse("accounts:profile"))
    idle(client, timedelta(minutes=20))

    answer = client.post(reverse("accounts:session")).json()

    assert 1795 <= answer["seconds_left"] <= 1800


def test_script_that_only_looks_extends_nothing(as_user: SIGN_IN, qianjin: User) -> None:
    client = as_user(qianjin)
    client.get(reverse("accounts:profile"))
    idle(client, timedelta(minutes=20))

    client.get(reverse("competition:time_now"), headers={"sec-fetch-dest": "empty"})
    client.get(reverse("competition:time_now"), headers={"accept": "application/json"})

    assert client.get(reverse("accounts:session")).json()["seconds_left"] <= 600


def test_session_page_tells_visitors_where_to_log_in(client: Client) -> None:
    looked = client.get(reverse("accounts:session"))
    posted = client.post(reverse("accounts:session"))

    assert looked.json()["signed_in"] is False
    assert looked.json()["login_url"] == "/accounts/login/?next=%2Fsession%2Fagain%2F"
    assert (looked.status_code, posted.status_code) == (200, 401)


def test_autosave_after_the_end_hears_401_in_json(as_user: SIGN_IN, lihua: User) -> None:
    client = as_user(lihua)
    client.get(reverse("accounts:profile"))
    idle(client, timedelta(days=15))

    response = client.post(reverse("accounts:profile"), headers={"accept": "application/json"})

    assert response.status_code == 401
    assert response.json() == {
        "code": "signed_out",
        "sentence": "登录已过期。您输入的内容还在页面上，请在新窗口重新登录后继续。",
        "login_url": "/accounts/login/?next=%2Fsession%2Fagain%2F",
    }


def test_page_goes_on_with_the_token_after_a_new_login(lihua: User) -> None:
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(lihua, backend="competition.accounts.backends.Passwords")
    old = browser.get(reverse("accounts:session")).json()["csrf_token"]
    browser.logout()
    login_token = browser.get(reverse("accounts:session")).json()["csrf_token"]
    lihua.emailaddress_set.create(email=lihua.email, verified=True, primary=True)  # type: ignore[attr-defined]
    browser.post(
        reverse("account_login"),
        {"login": lihua.email, "password": PASSWORD, "csrfmiddlewaretoken": login_token},
    )

    refused = browser.post(
        reverse("accounts:profile"),
        {"full_name": "李华"},
        headers={"accept": "application/json", "x-csrftoken": old},
    )
    fresh = browser.get(reverse("accounts:session")).json()["csrf_token"]
    accepted = browser.post(
        reverse("accounts:profile"), {"full_name": "李华"}, headers={"x-csrftoken": fresh}
    )

    assert (refused.status_code, refused.json()["code"]) == (403, "csrf")
    assert accepted.status_code == 302


# --- the other devices -----------------------------------------------------------------------------


def test_sign_out_elsewhere_keeps_this_device(as_user: SIGN_IN, lihua: User, wangfang: User) -> None:
    here, there, other = as_user(lihua), as_user(lihua), as_user(wangfang)

    here.post(reverse("accounts:sign_out_elsewhere"))

    assert [is_signed_in(c) for c in (here, there, other)] == [True, False, True]


def test_login_notes_the_kind_of_device(lihua: User) -> None:
    lihua.emailaddress_set.create(email=lihua.email, verified=True, primary=True)  # type: ignore[attr-defined]
    agent = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/139.0 Safari/537.36"

    Client(headers={"user-agent": agent}).post(
        reverse("account_login"), {"login": lihua.email, "password": PASSWORD}
    )

    row = PortalSession.objects.get(user=lihua)
    assert row.device == "Windows · Chrome"
    assert row.seen_at is not None


def test_own_account_costs_the_same_for_one_and_three_devices(
    as_user: SIGN_IN, lihua: User, django_assert_max_num_queries: Any
) -> None:
    client = as_user(lihua)
    client.get(reverse("accounts:profile"))
    with django_assert_max_num_queries(12) as one:
        client.get(reverse("accounts:profile"))
    as_user(lihua)
    as_user(lihua)

    with django_assert_max_num_queries(12) as three:
        page = client.get(reverse("accounts:profile")).content.decode()

    assert len(one) == len(three)
    assert page.count("其他设备") == 3


# --- the second factor -----------------------------------------------------------------------------


@pytest.fixture
def password_only(qianjin: User) -> Client:
    """Officer Qianjin after the password, without a second factor."""
    qianjin.emailaddress_set.create(email=qianjin.email, verified=True, primary=True)  # type: ignore[attr-defined]
    client = Client()
    client.post(reverse("account_login"), {"login": qianjin.email, "password": PASSWORD})
    return client


@pytest.mark.parametrize("path", ["/", "/admin/", "/account/", "/tracks/", "/accounts/email/"])
def test_officer_without_second_factor_sees_its_set_up_only(password_only: Client, path: str) -> None:
    response = password_only.get(path)

    assert (response.status_code, response.url) == (302, "/account/second-factor/")  # type: ignore[attr-defined]


def test_script_of_an_officer_without_second_factor_hears_403(password_only: Client) -> None:
    response = password_only.get("/account/", headers={"accept": "application/json"})

    assert (response.status_code, response.json()["code"]) == (403, "second_factor")


def reauthenticate(client: Client) -> None:
    client.post(reverse("account_reauthenticate"), {"password": PASSWORD})


def test_officer_sets_up_a_code_and_works(password_only: Client, qianjin: User) -> None:
    reauthenticate(password_only)
    page = password_only.get(reverse("mfa_activate_totp"))
    session = password_only.session
    session["mfa.totp.secret"] = SECRET
    session.save()

    activated = password_only.post(reverse("mfa_activate_totp"), {"code": code_now()})
    codes = password_only.get(activated.url)  # type: ignore[attr-defined]

    assert "<svg" in page.content.decode()
    assert "style=" not in page.content.decode()
    assert (activated.status_code, activated.url) == (302, reverse("mfa_view_recovery_codes"))  # type: ignore[attr-defined]
    assert "还可使用 10 个" in codes.content.decode()
    assert password_only.get("/admin/").status_code == 200
    secret = Authenticator.objects.get(user=qianjin, type="totp").data["secret"]
    assert SECRET not in secret


@pytest.fixture
def with_code(qianjin: User) -> User:
    """Qianjin set up an authenticator app before."""
    qianjin.emailaddress_set.create(email=qianjin.email, verified=True, primary=True)  # type: ignore[attr-defined]
    TOTP.activate(qianjin, SECRET)
    RecoveryCodes.activate(qianjin)
    return qianjin


def test_login_with_second_factor(with_code: User) -> None:
    client = Client()
    asked = client.post(reverse("account_login"), {"login": with_code.email, "password": PASSWORD})
    before = is_signed_in(client)

    done = client.post(reverse("mfa_authenticate"), {"code": code_now()})

    assert (asked.url, before) == ("/accounts/2fa/authenticate/", False)  # type: ignore[attr-defined]
    assert (done.url, is_signed_in(client)) == ("/admin/", True)  # type: ignore[attr-defined]
    assert client.get("/admin/").status_code == 200


def test_login_with_a_recovery_code_works_once(with_code: User) -> None:
    code = Authenticator.objects.get(user=with_code, type="recovery_codes").wrap().get_unused_codes()[0]
    outcomes = []
    for _ in range(2):
        client = Client()
        client.post(reverse("account_login"), {"login": with_code.email, "password": PASSWORD})
        client.post(reverse("mfa_authenticate"), {"code": code})
        outcomes.append(is_signed_in(client))

    assert outcomes == [True, False]


def test_five_wrong_codes_close_the_second_door(with_code: User) -> None:
    client = Client()
    client.post(reverse("account_login"), {"login": with_code.email, "password": PASSWORD})
    right = code_now()
    wrong = f"{(int(right) + 7) % 1_000_000:06d}"
    for _ in range(5):
        client.post(reverse("mfa_authenticate"), {"code": wrong})
    cache.clear()

    page = client.post(reverse("mfa_authenticate"), {"code": right}).content.decode()

    assert "动态码输错次数过多，为保护账号安全，请在" in page
    assert not is_signed_in(client)


def test_role_given_during_a_session_asks_for_the_factor_that_exists(
    lihua: User, sunli: User, as_user: SIGN_IN
) -> None:
    from competition.services import people

    client = Client()
    client.force_login(lihua, backend="competition.accounts.backends.Passwords")
    TOTP.activate(lihua, SECRET)
    people.grant_role(lihua, "officer", actor=sunli)

    asked = client.get("/admin/")
    proved = client.post(asked.url, {"code": code_now(), "next": "/admin/"})  # type: ignore[attr-defined]

    assert asked.url == "/accounts/2fa/reauthenticate/?next=%2Fadmin%2F"  # type: ignore[attr-defined]
    assert proved.url == "/admin/"  # type: ignore[attr-defined]
    assert client.get("/admin/").status_code == 200


def test_last_factor_of_an_officer_stays(as_user: SIGN_IN, with_code: User) -> None:
    client = as_user(with_code)
    reauthenticate(client)

    page = client.get(reverse("mfa_deactivate_totp")).content.decode()
    client.post(reverse("mfa_deactivate_totp"))

    assert "您的角色必须使用两步验证" in page
    assert Authenticator.objects.filter(user=with_code, type="totp").exists()


def test_team_may_do_without_second_factor(as_user: SIGN_IN, lihua: User) -> None:
    client = Client()
    client.force_login(lihua, backend="competition.accounts.backends.Passwords")

    assert client.get(reverse("accounts:profile")).status_code == 200


def test_admin_sends_the_signed_in_stranger_away(as_user: SIGN_IN, zhaolei: User) -> None:
    response = as_user(zhaolei).get("/admin/", follow=True)

    assert response.status_code == 403


def test_admin_sends_the_visitor_to_the_one_login(client: Client) -> None:
    response = client.get("/admin/", follow=True)

    assert response.redirect_chain[-1] == ("/accounts/login/?next=/admin/", 302)


def test_admin_refuses_a_role_without_its_second_factor(qianjin: User) -> None:
    client = Client()
    client.force_login(qianjin, backend="competition.accounts.backends.Passwords")

    assert client.get("/admin/").url == "/account/second-factor/"  # type: ignore[attr-defined]


# --- the demonstration -----------------------------------------------------------------------------


def demo_request() -> Any:
    request = RequestFactory().get("/demo/", headers={"user-agent": "Chrome/1 Linux"})
    request.session = Client().session
    request.user = AnonymousUser()
    return request


def test_demo_signs_in_with_the_second_factor_done(settings: Any, qianjin: User) -> None:
    settings.DEMO = True
    request = demo_request()

    sessions.sign_in(request, qianjin)

    assert request.user == qianjin
    assert sessions.second_factor_done(request)


def test_demo_login_refuses_elsewhere(settings: Any, qianjin: User) -> None:
    settings.DEMO = False

    with pytest.raises(NotAllowed, match="只有演示环境可以一键登录"):
        sessions.sign_in(demo_request(), qianjin)
