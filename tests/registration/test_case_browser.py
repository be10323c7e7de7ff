"""The queue and the case page in a real browser: looked at, cleared by keys, nothing sent by mistake."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from playwright.sync_api import Page, expect
from pypdf import PdfWriter

from competition.models import User
from registration.models import Finding, Team, UnitProof
from registration.services import claiming
from tests import factories
from tests.axe import violations
from tests.chromium import DESK, PHONE, Window

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

QUEUE = reverse("admin:registration_team_changelist")


def case(team: Team) -> str:
    return reverse("admin:registration_team_change", args=[team.pk])


def with_pages(team: Team, count: int) -> Team:
    """The team's proofs as real PDF files of so many pages."""
    writer = PdfWriter()
    for _ in range(count):
        writer.add_blank_page(width=595, height=842)
    for proof in UnitProof.objects.filter(unit__team=team).exclude(file=""):
        with open(proof.file.path, "wb") as file:
            writer.write(file)
    return team


@pytest.fixture
def office(
    open_window: Callable[..., Window], live_server: Any, as_user: Callable[[User], Client], qianjin: User
) -> Window:
    """Qianjin's browser, signed in."""
    opened, cookies = open_window(), as_user(qianjin).cookies
    opened.context.add_cookies(
        [{"name": name, "value": one.value, "url": live_server.url} for name, one in cookies.items()]
    )
    return opened


def seen(window: Window, address: str, name: str) -> list[str]:
    """What axe finds at the address at both widths; a picture of each if somebody wants to see them."""
    found: list[str] = []
    for size in (DESK, PHONE):
        window.page.set_viewport_size(size)  # type: ignore[arg-type]
        window.page.goto(address, wait_until="networkidle")
        found += [f"{name} {size['width']}: {line}" for line in violations(window.page)]
    window.shot(name)
    return found


def test_queue_and_case_are_accessible_and_fit_both_widths(
    office: Window, submitted_team: Team, zhaolei: User, qianjin: User, sunli: User
) -> None:
    edition = submitted_team.edition
    looked = factories.looked_up(
        factories.submit(factories.complete_team(zhaolei, edition, number=5, name="汾河队")), qianjin
    )
    held = factories.submit(factories.complete_team(zhaolei, edition, number=13, name="太行队"))
    claiming.claim(held, officer=sunli)
    approved = factories.approve(
        factories.submit(factories.complete_team(zhaolei, edition, number=17, name="云冈队")), qianjin
    )

    blocked = factories.submit(factories.complete_team(zhaolei, edition, number=9, name="吕梁队"))
    Finding.objects.create(
        team=blocked, rule="R53", severity="block", subject="单位1", message="为本分赛区组织单位，不得参赛。"
    )
    Team.objects.filter(pk=blocked.pk).update(blocks=1)
    with_pages(looked, 3)
    found = seen(office, QUEUE, "queue")
    for name, team in (
        ("due", submitted_team), ("looked", looked), ("blocked", blocked), ("held", held),
        ("approved", approved),
    ):  # fmt: skip
        found += seen(office, case(team), f"case-{name}")
    office.page.goto(case(looked), wait_until="networkidle")
    office.page.keyboard.press("v")
    expect(office.page.locator(".viewer-page").first).to_be_visible()
    office.page.wait_for_load_state("networkidle")
    found += violations(office.page)
    office.shot("case-viewing")

    assert "\n".join(found) == ""
