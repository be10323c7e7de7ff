"""axe finds nothing wrong on any page of the registration, empty or full, in any state, on desk and phone."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from competition.models import Edition, User
from registration import services
from registration.steps import Step
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


def test_empty_steps_are_accessible(
    window: Window, edition: Edition, open_stage: Callable[..., Any], lihua: User
) -> None:
    open_stage("registration")
    team = services.start_team(lihua, edition=edition, with_first_rows=True)
    bare = services.start_team(lihua, edition=edition)

    pages = [step_url(one, step) for one in (team, bare) for step in Step]
    found = wrong(window, reverse("registration:teams"), team.get_absolute_url(), *pages)

    assert "\n".join(found) == ""
