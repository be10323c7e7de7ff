"""The queue and the case page in a real browser: looked at, cleared by keys, nothing sent by mistake."""

from __future__ import annotations

import time
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
#: What Django's own admin widgets leave to be wished, by where it is, with the reason.
DJANGOS = {
    "label-title-only": "#searchbar",  # its label is a picture whose words are in the title
}


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


def own(found: list[str]) -> list[str]:
    """Without what is not ours to mend."""
    return [
        line
        for line in found
        if not any(line.startswith(f"{rule} ") and where in line for rule, where in DJANGOS.items())
    ]


def seen(window: Window, address: str, name: str) -> list[str]:
    """What axe finds at the address at both widths; a picture of each if somebody wants to see them."""
    found: list[str] = []
    for size in (DESK, PHONE):
        window.page.set_viewport_size(size)  # type: ignore[arg-type]
        window.page.goto(address, wait_until="networkidle")
        found += [f"{name} {size['width']}: {line}" for line in own(violations(window.page))]
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
    found += own(violations(office.page))
    office.shot("case-viewing")

    assert "\n".join(found) == ""


def test_keys_work_and_leave_typing_alone(
    office: Window, submitted_team: Team, zhaolei: User, qianjin: User
) -> None:
    following = factories.submit(factories.complete_team(zhaolei, submitted_team.edition, number=5))
    with_pages(factories.looked_up(submitted_team, qianjin), 2)
    page = office.page
    page.goto(case(submitted_team), wait_until="networkidle")

    page.locator("#id_reason").press_sequentially("jkcarxv?")
    expect(page.locator("#id_reason")).to_have_value("jkcarxv?")
    assert page.locator("dialog[open]").count() == 0
    page.locator("#id_reason").fill("")
    page.locator("#id_reason").blur()
    for key, dialog in (("a", "approve"), ("r", "return"), ("x", "reject")):
        page.keyboard.press(key)
        expect(page.locator(f"#{dialog}-dialog")).to_be_visible()
        page.keyboard.press("Escape")
    page.keyboard.press("?")
    expect(page.locator("#keys")).to_be_visible()
    page.keyboard.press("Escape")
    page.keyboard.press("v")
    expect(page.locator(".viewer-page")).to_have_count(2)
    page.keyboard.press("j")
    page.wait_for_url(f"**{case(following)}")
    page.keyboard.press("k")
    page.wait_for_url(f"**{case(submitted_team)}")
    page.keyboard.press("c")

    expect(page.get_by_text("由您办理")).to_be_visible()
    submitted_team.refresh_from_db()
    assert (submitted_team.claimed_by, submitted_team.status) == (qianjin, "submitted")


def fill_in_a_listing(page: Page, team: Team) -> None:
    page.goto(case(team), wait_until="networkidle")
    evidence = factories.pdf("信用中国.pdf")
    page.set_input_files(
        "input[name=evidence]",
        {"name": "信用中国.pdf", "mimeType": "application/pdf", "buffer": evidence.read()},
    )
    page.fill("input[name=note]", "2024年被列入，案号（2024）晋01执1号")


def test_enter_in_a_note_records_nothing_and_the_chosen_outcome_counts(
    office: Window, submitted_team: Team
) -> None:
    page = office.page
    fill_in_a_listing(page, submitted_team)
    default = page.locator("input[name=outcome]:checked").get_attribute("value")

    for key in ("Enter", "Control+Enter", "Shift+Enter"):
        page.locator("input[name=note]").press(key)
    page.get_by_label("列入", exact=True).check()
    page.keyboard.press("Enter")
    page.wait_for_timeout(300)
    before = submitted_team.lookups.count()
    page.get_by_role("button", name="登记", exact=True).click()
    expect(page.get_by_text("已登记9项信用查询。")).to_be_visible()

    assert (default, before) == ("clear", 0)
    assert set(submitted_team.lookups.values_list("outcome", flat=True)) == {"listed"}


def test_reason_to_pick_goes_beside_its_field(office: Window, draft_team: Team) -> None:
    other = factories.add_unit(draft_team, 2)
    factories.add_proofs(other)
    page = office.page
    page.goto(case(factories.submit(draft_team)), wait_until="networkidle")

    page.select_option("#id_template", "topic_public_body")
    page.select_option("#id_template", "credit_code")
    page.locator("#template-places").get_by_role("button", name="单位2").click()
    page.select_option("#id_template", "blacklisted")

    mark = page.locator(f'textarea[name="mark.units.{other.pk}.credit_code"]')
    expect(mark).to_have_value("统一社会信用代码与证照不一致，请按证照更正。")
    expect(mark).to_be_visible()
    assert "被列入" in page.locator("#id_reason").input_value()
    assert "信用代码" not in page.locator("#id_reason").input_value()


def test_clean_case_is_cleared_in_a_dozen_presses_and_well_under_a_minute(
    office: Window, submitted_team: Team, zhaolei: User, qianjin: User
) -> None:
    following = factories.submit(factories.complete_team(zhaolei, submitted_team.edition, number=5))
    with_pages(submitted_team, 2)
    page, pressed = office.page, 0
    page.goto(case(submitted_team), wait_until="networkidle")
    start = time.monotonic()

    page.keyboard.press("c")
    expect(page.get_by_text("由您办理")).to_be_visible()
    for number in range(1, 5):
        page.keyboard.press("v")
        expect(page.locator("#viewer-title")).to_have_text(
            page.locator("a[data-view]").nth(number - 1).inner_text()
        )
        expect(page.locator(".viewer-page").first).to_be_visible()
        pressed += 1
    evidence = {"name": "查询.pdf", "mimeType": "application/pdf", "buffer": factories.pdf().read()}
    page.set_input_files("input[name=evidence]", evidence)
    page.get_by_role("button", name="登记", exact=True).click()
    expect(page.get_by_text("已登记9项信用查询。")).to_be_visible()
    page.keyboard.press("a")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**{case(following)}")
    pressed += 6  # c, the evidence, the button, a, Tab, Enter

    submitted_team.refresh_from_db()
    assert (submitted_team.status, submitted_team.claimed_by) == ("approved", qianjin)
    assert pressed <= 12
    assert time.monotonic() - start < 60
