"""Requests that no page of ours makes are answered, never with a server error; and limits that hold."""

from __future__ import annotations

import base64
import json
import time
from collections.abc import Callable
from datetime import timedelta
from io import BytesIO
from zipfile import ZipFile

import pytest
from allauth.mfa.totp.internal.auth import TOTP
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.urls import reverse

from competition import reconciler, roles, stages
from competition.errors import StageClosed
from competition.files import clean_name, sniff
from competition.models import Attempt, Department, Edition, OutboxMessage, Stage, User
from competition.registries import due_work
from competition.services import people
from tests.fixtures import PASSWORD, make_user


def cursor_of(*values: object) -> str:
    return base64.urlsafe_b64encode(json.dumps(list(values)).encode()).decode().rstrip("=")


@pytest.mark.parametrize(
    "cursor",
    [
        cursor_of("5", 5),
        cursor_of("2025-07-01T00:00:00+08:00", float("inf")),
        cursor_of("2025-07-01T00:00:00", 10**30),
        cursor_of("0001-01-01T00:00:00", 1),
        cursor_of("9999-12-31T23:59:59-23:59", 1),
        base64.urlsafe_b64encode(b"[" * 2500).decode(),
    ],
)
def test_a_made_up_cursor_gives_the_first_page(client: Client, edition: Edition, cursor: str) -> None:
    response = client.get(reverse("competition:articles", args=["news"]), {"after": cursor})

    assert response.status_code == 200


def test_a_session_cookie_with_a_nul_is_no_session(client: Client, edition: Edition) -> None:
    response = client.get("/", headers={"Cookie": 'sessionid="abcdefgh\\000ijkl"'})

    assert response.status_code == 200


@pytest.mark.parametrize(
    "path",
    [
        "/tracks/{n}/",
        "/articles/{n}/",
        "/team/{n}/",
        "/team/unit/{n}/remove/",
        "/team/proof/{n}/",
        "/entry/{n}/",
        "/entry/{n}/versions/{n}/form.pdf",
        "/entry/{n}/form/market/{n}/",
        "/accounts/2fa/webauthn/keys/{n}/remove/",
        "/receipt/{n}/",
    ],
)
def test_a_number_beyond_the_database_is_not_found(
    as_user: Callable[[User], Client], lihua: User, edition: Edition, path: str
) -> None:
    response = as_user(lihua).get(path.format(n="9" * 30))

    assert response.status_code in {404, 302, 405}


def test_writings_of_one_login_share_their_limit(client: Client, lihua: User) -> None:
    ways = [
        "13800138001",
        "138 0013 8001",
        "+8613800138001",
        "138-0013-8001",
        "86 13800138001",
        "+86 138 0013 8001",
    ]
    for way in ways:
        client.post(reverse("account_login"), {"login": way, "password": "wrong-wrong-wrong"})

    response = client.post(reverse("account_login"), {"login": "13800138001", "password": PASSWORD})

    assert "密码输错次数过多" in response.content.decode()


@pytest.mark.rule("R77")
def test_a_request_that_dawdles_past_the_deadline_changes_nothing(
    edition: Edition, close_stage: Callable[[str], Stage]
) -> None:
    stage = close_stage("submission")
    arrived = stage.closes_at - timedelta(seconds=1)

    with pytest.raises(StageClosed):
        stages.require_not_over(edition, "submission", at=arrived)


def test_letters_that_the_database_takes_for_equal_share_a_limit(client: Client, lihua: User) -> None:
    for email in ["liſa@example.com", "lisa@example.com", "LISA@example.com", "LIſA@example.com"]:
        client.post(reverse("account_login"), {"login": email, "password": "wrong-wrong-wrong"})

    keys = set(Attempt.objects.filter(limit="password").values_list("key", flat=True))

    assert len(keys) <= 1


@pytest.mark.parametrize(
    "page", ["mfa_add_webauthn", "mfa_generate_recovery_codes", "mfa_view_recovery_codes"]
)
def test_password_alone_adds_no_factor_beside_one_that_exists(qianjin: User, page: str) -> None:
    client = Client()
    qianjin.emailaddress_set.create(email=qianjin.email, verified=True, primary=True)  # type: ignore[attr-defined]
    client.post(reverse("account_login"), {"login": qianjin.email, "password": PASSWORD})
    TOTP.activate(qianjin, "JBSWY3DPEHPK3PXP")
    client.post(reverse("account_reauthenticate"), {"password": PASSWORD})

    response = client.get(reverse(page))

    assert (response.status_code, response.url.partition("?")[0]) == (302, reverse("mfa_reauthenticate"))  # type: ignore[attr-defined]


def test_a_reviewer_who_becomes_an_expert_stays_in_the_department(edition: Edition, sunli: User) -> None:
    department = Department.objects.filter(edition=edition).first()
    reviewer = make_user("zhou", "周敏", phone="+8613800138009", role=roles.DEPARTMENT)
    reviewer.department = department
    reviewer.save()
    people.invite(actor=sunli, role=roles.EXPERT, full_name="周敏", phone="13800138009")
    token = OutboxMessage.objects.get(kind="account.invitation").body.split("/invitation/")[1].split("/")[0]

    people.accept(token, user=reviewer)

    reviewer.refresh_from_db()
    assert reviewer.department == department


def test_a_zip_of_countless_names_is_not_listed() -> None:
    buffer = BytesIO()
    with ZipFile(buffer, "w") as archive:
        for number in range(25_000):
            archive.writestr(f"{number}", b"")
    upload = SimpleUploadedFile("many.zip", buffer.getvalue())

    assert sniff(upload) == ""


@pytest.mark.parametrize(
    "name",
    ["a\r\nSet-Cookie: x=1.pdf", "../../../etc/passwd.pdf", "\x00.pdf", "\u202egnp.pdf", "a" * 400 + ".pdf"],
)
def test_names_of_files_are_harmless(name: str) -> None:
    cleaned = clean_name(name)

    assert len(cleaned) <= 120
    assert not set(cleaned) & set("\r\n\0/\u202e")


def test_one_reconciler_keeps_another_out_and_leaves_no_lock_behind(
    edition: Edition, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[dict[str, int]] = []

    def inside() -> int:
        seen.append(reconciler.run())
        return 1

    monkeypatch.setitem(due_work._functions, "test.inside", inside)

    first, second = reconciler.run(), reconciler.run()

    assert (seen, first["test.inside"], second["test.inside"]) == ([{}, {}], 1, 1)
    # The server lets go when it notices that the connection is gone: soon, not at once.
    for _ in range(50):
        if not (left := _locks()):
            break
        time.sleep(0.1)
    assert left == 0


def _locks() -> int:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND objid = %s"
            " AND database = (SELECT oid FROM pg_database WHERE datname = current_database())",
            [reconciler.LOCK % 2**32],
        )
        return int(cursor.fetchone()[0])


@pytest.mark.parametrize("query", ["edition=%00", "status__exact=%00", "q=%00"])
def test_a_list_asked_with_a_nul_is_shown_without_the_question(
    as_user: Callable[[User], Client], qianjin: User, edition: Edition, query: str
) -> None:
    address = reverse("admin:registration_team_changelist")

    response = as_user(qianjin).get(f"{address}?{query}")

    assert (response.status_code, response.url) == (302, address)  # type: ignore[attr-defined]
