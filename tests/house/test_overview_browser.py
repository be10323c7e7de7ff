"""The overview and the pages of corrections in a real browser: charts are drawn, nothing is refused, axe is content."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from competition.models import Edition, User
from registration.models import Team
from registration.services import claiming, corrections
from tests import factories
from tests.axe import violations
from tests.chromium import DESK, PHONE, Window
from tests.fixtures import make_user

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

SignedIn = Callable[[User], Window]


@pytest.fixture
def window_of(
    open_window: Callable[..., Window], live_server: Any, as_user: Callable[[User], Client]
) -> SignedIn:
    """``window_of(qianjin)``: that person's browser, signed in."""

    def opener(user: User) -> Window:
        opened, cookies = open_window(), as_user(user).cookies
        opened.context.add_cookies(
            [{"name": name, "value": one.value, "url": live_server.url} for name, one in cookies.items()]
        )
        return opened

    return opener


def wrong(window: Window, address: str, name: str) -> str:
    """What axe finds at the address on desk and phone; a picture of it is kept where they are wanted."""
    found: list[str] = []
    for size in (DESK, PHONE):
        window.page.set_viewport_size(size)  # type: ignore[arg-type]
        window.page.goto(address, wait_until="networkidle")
        found += [f"{address} {size['width']}: {line}" for line in violations(window.page)]
    window.shot(name)
    return "\n".join(found)


def test_overview_draws_its_charts(
    approved_team: Team, edition: Edition, qianjin: User, window_of: SignedIn
) -> None:
    for number, topic in ((5, "2-1"), (6, "2-2"), (7, "5-1")):
        team = factories.complete_team(
            make_user(f"owner{number}", "报名"), edition, number=number, topic=topic, name=f"第{number}队"
        )
        factories.submit(team)
        Team.objects.filter(pk=team.pk).update(
            created_at=timezone.now() - timedelta(days=number * 3),
            submitted_at=timezone.now() - timedelta(days=number),
        )
    claiming.claim(Team.objects.get(name="第5队"), officer=qianjin)
    cache.clear()
    window = window_of(qianjin)

    found = wrong(window, reverse("overview"), "overview")
    charts = window.page.locator("[data-chart] canvas")

    assert found == ""
    assert charts.count() == 5
    assert all(charts.nth(place).is_visible() for place in range(5))
    assert window.troubles == []


def test_pages_of_corrections_are_accessible(
    approved_team: Team, lihua: User, sunli: User, window_of: SignedIn
) -> None:
    path = f"representatives.{approved_team.representatives.order_by('position')[0].pk}.mobile"
    made = corrections.ask(
        approved_team,
        path=path,
        new=factories.mobile(55),
        reason="录入时末四位写错，以本人手机为准",
        actor=lihua,
    )
    page = reverse("registration:corrections", args=[approved_team.pk])

    team, office = window_of(lihua), window_of(sunli)
    found = [
        wrong(team, page, "corrections"),
        wrong(team, f"{page}?path=name", "correction-form"),
        wrong(office, reverse("registration:correction_queue"), "correction-queue"),
        wrong(office, reverse("registration:correction", args=[made.pk]), "correction-case"),
    ]

    assert "\n".join(one for one in found if one) == ""
    assert [*team.troubles, *office.troubles] == []
