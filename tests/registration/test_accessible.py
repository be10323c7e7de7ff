"""axe finds nothing wrong on any page of the registration, empty or full, in any state, on desk and phone."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from competition.models import Edition, User
from registration import services
from registration.models import Team
from registration.steps import Step
from tests import factories
from tests.axe import violations
from tests.chromium import DESK, PHONE, Window
from tests.registration.conftest import step_url

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def window(
    open_window: Callable[..., Window], live_server: Any, as_user: Callable[[User], Client], lihua: User
) -> Window:
    """Lihua's browser, signed in."""
    opened, cookies = open_window(), as_user(lihua).cookies
    opened.context.add_cookies(
        [{"name": name, "value": one.value, "url": live_server.url} for name, one in cookies.items()]
    )
    return opened


def wrong(window: Window, *addresses: str) -> list[str]:
    """What axe finds at the addresses, as wide as a desk and as a phone."""
    found: list[str] = []
    for address in addresses:
        for size in (DESK, PHONE):
            window.page.set_viewport_size(size)  # type: ignore[arg-type]
            window.page.goto(address, wait_until="networkidle")
            found += [f"{address} {size['width']}: {line}" for line in violations(window.page)]
    return found


def test_axe_sees_what_is_wrong(window: Window) -> None:
    window.page.set_content("<html><body><main><h1>测试</h1><input></main></body></html>")

    found = violations(window.page)

    assert any(line.startswith("label (critical)") for line in found)


def told(found: list[str]) -> str:
    """All of it, one line each: an assertion shows the whole."""
    return "\n".join(found)


def test_empty_pages_are_accessible(
    window: Window, edition: Edition, open_stage: Callable[..., Any], lihua: User
) -> None:
    teams = reverse("registration:teams")
    closed = wrong(window, teams)
    open_stage("registration")
    none_yet = wrong(window, teams)
    team = services.start_team(lihua, edition=edition, with_first_rows=True)
    bare = services.start_team(lihua, edition=edition)

    steps = [step_url(one, step) for one in (team, bare) for step in Step]
    found = wrong(window, teams, team.get_absolute_url(), *steps)

    assert told(closed + none_yet + found) == ""


def test_full_and_returned_steps_are_accessible(window: Window, draft_team: Team, qianjin: User) -> None:
    window.expected = ("422",)
    factories.add_unit(draft_team, 5, nature="government", credit_code="91140105MA0000X")
    services.send_confirmation(factories.add_person(draft_team, 7), actor=draft_team.owner)
    factories.add_person(draft_team, 8)
    draft_team.refresh_from_db()
    found = wrong(window, *(step_url(draft_team, step) for step in Step), draft_team.get_absolute_url())
    window.page.goto(step_url(draft_team, Step.SUBMIT), wait_until="networkidle")
    window.page.get_by_role("button", name="提交报名").click()
    found += violations(window.page)
    window.page.locator("#submit-dialog button[value=submit]").click()
    window.page.wait_for_selector("[data-missing-all][role=alert]")
    found += violations(window.page)

    assert told(found) == ""


def test_pages_in_each_state_are_accessible(
    window: Window, submitted_team: Team, qianjin: User, lihua: User
) -> None:
    team, unit, person = submitted_team, submitted_team.units.get(), submitted_team.representatives.first()
    assert person is not None
    page = team.get_absolute_url()
    found = wrong(window, page, reverse("registration:take_back", args=[team.pk]))
    returned = services.return_for_correction(
        team,
        officer=qianjin,
        version=team.version,
        reason="请更正",
        field_reasons={f"units.{unit.pk}.address": "请写到门牌号"},
    )
    asking = [
        reverse("registration:withdraw", args=[team.pk]),
        reverse("registration:remove_unit", args=[unit.pk]),
        reverse("registration:remove_representative", args=[person.pk]),
        reverse("registration:reopen_representative", args=[person.pk]),
    ]
    found += wrong(window, page, step_url(team, Step.UNITS), step_url(team, Step.TOPIC), *asking)
    again = factories.submit(returned)
    factories.approve(again, qianjin)
    found += wrong(window, page)
    services.withdraw(again, actor=lihua)
    found += wrong(window, page, reverse("registration:teams"))

    assert told(found) == ""


def test_confirmation_is_accessible(window: Window, draft_team: Team) -> None:
    window.expected = ("422",)
    asked = services.send_confirmation(factories.add_person(draft_team, 7), actor=draft_team.owner)
    address = reverse("registration:confirm", args=[asked.token])
    found = wrong(window, address)
    window.page.get_by_role("button", name="确认参加").click()
    window.page.wait_for_load_state()
    found += violations(window.page)
    services.confirm(asked.token, code=factories.code_sent_to(asked), consent=True)
    found += wrong(window, address)

    assert told(found) == ""


def test_asking_for_the_own_name_is_accessible(
    window: Window, edition: Edition, open_stage: Callable[..., Any], lihua: User
) -> None:
    open_stage("registration")
    User.objects.filter(pk=lihua.pk).update(full_name="")
    page = window.page
    page.goto(reverse("registration:teams"), wait_until="networkidle")
    page.get_by_role("button", name="开始报名").click()
    page.wait_for_selector("#id_full_name")
    found = violations(page)
    page.fill("#id_full_name", "李华")
    page.get_by_role("button", name="继续报名").click()
    page.wait_for_url("**/edit/team/")

    lihua.refresh_from_db()
    assert told(found) == ""
    assert lihua.full_name == "李华"
