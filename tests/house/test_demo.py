"""The demonstration: pages that exist only with DEMO=1, one click to be anybody, one to move on."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.conf import settings as configured
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext, override_settings
from django.urls import reverse

from competition import clock, outbox, stages
from competition.config import demo
from competition.config.demo import advance, people
from competition.config.rehearsal.script import FORMAL_CHECK, REGISTRATION_CLOSED, SUBMISSION_OPEN
from competition.errors import Refusal
from competition.models import AuditEvent, Edition, OutboxMessage
from registration.models import Team
from registration.workflow import TeamStatus
from submissions.models import Entry, EntrySection

TEAMS = 12
PAGES = ("demo", "demo_progress", "demo_outbox", "demo_components")


@pytest.fixture(scope="module")
def prepared(django_db_setup: None, django_db_blocker: Any) -> Iterator[Edition]:
    """The demonstration as ``make demo`` leaves it, with fewer teams."""
    with (
        django_db_blocker.unblock(),
        override_settings(DEMO=True, CURRENT_EDITION="demo"),
        transaction.atomic(),
    ):
        demo.prepare(TEAMS)
        yield Edition.objects.get(slug="demo")
        transaction.set_rollback(True)


@pytest.fixture
def edition_shown(prepared: Edition) -> Iterator[Edition]:
    """The prepared edition; whatever a test does to it is undone."""
    with transaction.atomic():
        yield Edition.objects.get(pk=prepared.pk)
        transaction.set_rollback(True)


@pytest.mark.parametrize("name", PAGES)
def test_demo_pages_do_not_exist_without_demo(edition: Edition, client: Client, name: str) -> None:
    response = client.get(reverse(name))

    assert response.status_code == 404


def test_one_click_login_does_not_exist_without_demo(edition: Edition, client: Client) -> None:
    response = client.post(reverse("demo_login", args=["qianjin"]))

    assert (response.status_code, "_auth_user_id" in client.session) == (404, False)


@override_settings(DEMO=True)
def test_demo_pages_do_not_exist_on_a_real_edition(edition: Edition, client: Client) -> None:
    answers = [client.get(reverse(name)).status_code for name in PAGES]

    assert answers == [404] * len(PAGES)


@override_settings(DEMO=True)
def test_prepare_refuses_to_play_on_a_real_edition(edition: Edition) -> None:
    with pytest.raises(Refusal, match="正式赛事"):
        demo.prepare(TEAMS)

    assert not Team.objects.exists()


def test_prepare_leaves_both_stages_open(edition_shown: Edition) -> None:
    assert stages.is_open(edition_shown, stages.REGISTRATION)
    assert stages.is_open(edition_shown, stages.SUBMISSION)


def test_prepare_leaves_something_to_do_for_everybody(edition_shown: Edition) -> None:
    of = {one.key: people.user_of(edition_shown, one) for one in people.PEOPLE}
    statuses = {
        key: list(Team.objects.filter(owner=user).values_list("status", flat=True))
        for key, user in of.items()
    }
    entry = Entry.objects.get(team__owner=of["lihua"])

    own = {"lihua": [TeamStatus.APPROVED], "guojing": [TeamStatus.RETURNED]}
    assert statuses == {one.key: own.get(one.key, []) for one in people.PEOPLE}
    assert None not in of.values()
    assert entry.status == "draft"
    assert EntrySection.objects.filter(entry=entry).count() >= 5
    assert list(Team.objects.belonging_to(of["wangfang"])) == [entry.team]
    assert Team.objects.filter(edition=edition_shown, status=TeamStatus.SUBMITTED).exists()


def test_second_prepare_changes_nothing(edition_shown: Edition) -> None:
    before = AuditEvent.objects.count()

    demo.prepare(TEAMS)

    assert AuditEvent.objects.count() == before


@pytest.mark.parametrize("key", [one.key for one in people.PEOPLE])
def test_one_click_makes_anybody(edition_shown: Edition, client: Client, key: str) -> None:
    one = people.person(key)
    assert one is not None

    response = client.post(reverse("demo_login", args=[key]), follow=True)

    assert response.status_code == 200
    assert response.redirect_chain
    assert client.session["_auth_user_id"] == str(people.user_of(edition_shown, one).pk)  # type: ignore[union-attr]
    assert f"您现在的身份是{one.name}" in response.content.decode()


def test_unknown_person_is_not_found(edition_shown: Edition, client: Client) -> None:
    assert client.post(reverse("demo_login", args=["nobody"])).status_code == 404


def test_one_click_login_needs_a_post(edition_shown: Edition, client: Client) -> None:
    assert client.get(reverse("demo_login", args=["qianjin"])).status_code == 405


def test_every_page_says_that_this_is_a_demonstration(edition_shown: Edition, client: Client) -> None:
    page = client.get("/").content.decode()

    now = clock.now(edition_shown)
    assert "演示环境" in page
    assert f"{now.year}年{now.month}月" in page


def test_demo_page_names_everybody_and_the_next_step(edition_shown: Edition, client: Client) -> None:
    with CaptureQueriesContext(connection) as queries:
        page = client.get(reverse("demo")).content.decode()

    assert [one.name for one in people.PEOPLE if one.name not in page] == []
    assert "推进到“报名截止”" in page
    assert len(queries) <= 12


def _post_sms(edition: Edition, number: int) -> None:
    outbox.post(
        "test",
        "sms",
        str(number),
        channel=outbox.SMS,
        recipient=f"+86174000000{number:02d}",
        body=f"您的验证码是 0000{number:02d}",
        edition=edition,
    )


def test_outbox_shows_codes_and_finds_a_recipient(edition_shown: Edition, client: Client) -> None:
    for number in range(3):
        _post_sms(edition_shown, number)

    everything = client.get(reverse("demo_outbox")).content.decode()
    found = client.get(reverse("demo_outbox"), {"to": "17400000001"}).content.decode()

    assert all(f"0000{number:02d}" in everything for number in range(3))
    assert "000001" in found
    assert "000002" not in found


def test_outbox_pages_by_key(edition_shown: Edition, client: Client) -> None:
    first = client.get(reverse("demo_outbox"))
    cursor = first.context["outbox"].page.next

    second = client.get(reverse("demo_outbox"), {"cursor": cursor})

    shown = {message.pk for page in (first, second) for message in page.context["outbox"].page.items}
    letters = OutboxMessage.objects.filter(edition=edition_shown, channel__in=(outbox.MAIL, outbox.SMS))
    newest = letters.order_by("-created_at", "-pk")[:40]
    assert shown == {message.pk for message in newest}


def test_outbox_costs_the_same_for_one_and_three_messages(edition_shown: Edition, client: Client) -> None:
    counts = []
    for number in range(3):
        _post_sms(edition_shown, number)
        with CaptureQueriesContext(connection) as queries:
            client.get(reverse("demo_outbox"), {"to": "174000000"})
        counts.append(len(queries))

    assert counts[0] == counts[2] <= 12


def test_advance_asks_a_worker_and_shows_that_it_runs(edition_shown: Edition, client: Client) -> None:
    client.post(reverse("demo_advance"))

    page = client.get(reverse("demo")).content.decode()
    again = client.post(reverse("demo_advance"), follow=True).content.decode()
    advance.forget(edition_shown)
    assert "正在推进到“报名截止”" in page
    assert "上一次推进还在进行" in again


@pytest.mark.slow
def test_advance_moves_teams_and_clock_to_the_next_step(edition_shown: Edition, client: Client) -> None:
    before = clock.now(edition_shown)

    advance.play_next(edition_shown.pk, REGISTRATION_CLOSED)
    advance.play_next(edition_shown.pk, REGISTRATION_CLOSED)

    edition_shown.refresh_from_db()
    progress = client.get(reverse("demo_progress"))
    states = {step.key: step.state for step in progress.context["progress"].steps}
    assert clock.now(edition_shown) > before
    assert not stages.is_open(edition_shown, stages.REGISTRATION)
    assert (states[SUBMISSION_OPEN], states[REGISTRATION_CLOSED], states[FORMAL_CHECK]) == (
        "done",
        "done",
        "later",
    )
    assert progress["HX-Redirect"] == reverse("demo")
    assert not Team.objects.filter(
        edition=edition_shown, status=TeamStatus.SUBMITTED, owner__email__startswith="team"
    )


def test_a_step_that_breaks_off_says_why_and_how_to_go_on(
    edition_shown: Edition, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*args: Any, **kwargs: Any) -> None:
        raise Refusal("抽签的密钥不对。")

    monkeypatch.setattr(advance.house, "play", refuse)
    upcoming = advance.house.next_step(advance.house.take_up(edition_shown))
    assert upcoming is not None

    with pytest.raises(Refusal):
        advance.play_next(edition_shown.pk, upcoming.key)

    page = client.get(reverse("demo")).content.decode()
    assert "推进没有完成" in page
    assert "抽签的密钥不对。已经办完的事项保留着" in page
    assert f"推进到“{upcoming.name}”" in page


def test_advance_takes_no_step_out_of_turn(edition_shown: Edition) -> None:
    before = AuditEvent.objects.count()

    advance.play_next(edition_shown.pk, FORMAL_CHECK)

    assert AuditEvent.objects.count() == before


def test_welcome_names_the_address_and_everybody(edition_shown: Edition) -> None:
    words = demo.welcome()

    assert f"{configured.SITE_URL}/demo/" in words
    assert [one.name for one in people.PEOPLE if one.name not in words] == []
