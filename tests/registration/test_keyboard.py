"""From an empty team to a submitted registration by Tab, Space, Enter and arrows alone, with the focus seen."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from playwright.sync_api import Page, TimeoutError, expect

from competition.models import Edition, User
from registration import services
from registration.models import Team, UnitProof
from registration.steps import Step
from registration.terms import terms_of
from registration.workflow import TeamStatus
from tests import factories
from tests.chromium import Window
from tests.registration.conftest import step_url

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

MOST_TABS = 80
#: Whether the focus can be seen on the element itself or, for a hidden box, on its label.
SEEN = """() => {
    const at = document.activeElement;
    return [at, at.nextElementSibling, at.closest("label")].filter(Boolean).some((one) => {
        const style = getComputedStyle(one);
        return style.outlineStyle !== "none" || style.boxShadow !== "none";
    });
}"""


class Keyboard:
    """Hands that never touch a mouse."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.presses = 0
        self.typed = 0

    def press(self, key: str, times: int = 1) -> None:
        for _ in range(times):
            self.page.keyboard.press(key)
            self.presses += 1

    def go(self, selector: str) -> None:
        """Tab on until the focus is there, seen; logical order means that it is never behind."""
        for _ in range(MOST_TABS):
            self.press("Tab")
            if self.page.evaluate("selector => document.activeElement.matches(selector)", selector):
                assert self.page.evaluate(SEEN), f"{selector} does not show that it has the focus"
                return
        raise AssertionError(f"{selector} was not reached by Tab")

    def type(self, selector: str, text: str) -> None:
        self.go(selector)
        self.page.keyboard.type(text)
        self.typed += len(text)

    def next(self, step: Step, team: Team) -> None:
        self.go('button[name=then][value="next"]')
        self.press("Enter")
        self.page.wait_for_url(f"**{step_url(team, step)}")
        self.page.wait_for_load_state("networkidle")


def named(name: str) -> str:
    return f'[name="{name}"]'


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


def start(keys: Keyboard) -> Team:
    keys.page.goto(reverse("registration:teams"), wait_until="networkidle")
    keys.go('form[action$="/team/new/"] button')
    keys.press("Enter")
    keys.page.wait_for_url("**/edit/team/")
    keys.page.wait_for_load_state("networkidle")
    team: Team = Team.objects.get()
    keys.type("[name=name]", "键盘先锋队")
    keys.type("[name=project_name]", "煤矿安全数据平台")
    keys.next(Step.UNITS, team)
    return team


def fill_unit(keys: Keyboard, team: Team) -> None:
    path = f"units.{team.units.get().pk}"
    keys.type(named(f"{path}.credit_code"), factories.credit_code(1))
    expect(keys.page.locator("[data-known-fill]")).to_be_visible()
    keys.go("[data-known-fill]")
    keys.press("Enter")
    expect(keys.page.locator(named(f"{path}.region.2"))).to_have_value("140105")
    expect(keys.page.locator(named(f"{path}.name"))).to_be_focused()
    keys.page.keyboard.type("山西乘数数据科技有限公司")
    keys.type(named(f"{path}.address"), "学府街1号")
    keys.go(named(f"{path}.nature"))
    keys.press("ArrowDown", 5)
    keys.go(named(f"{path}.central_subsidiary"))
    keys.press("Space")
    keys.press("ArrowRight")
    keys.type(named(f"{path}.contact"), "张敏")
    keys.type(named(f"{path}.contact_title"), "经理")
    keys.type(named(f"{path}.contact_way"), "0351-4012345")
    keys.next(Step.PEOPLE, team)


def fill_person(keys: Keyboard, team: Team) -> None:
    person = team.representatives.get()
    path = f"representatives.{person.pk}"
    if not person.mobile:
        keys.type(named(f"{path}.mobile"), factories.mobile(1))
    keys.go(named(f"{path}.document_type"))
    keys.press("ArrowDown")
    keys.type(named(f"{path}.document_number"), factories.resident_id(1))
    keys.type(named(f"{path}.title"), "工程师")
    keys.type(named(f"{path}.role"), "数据治理")
    keys.go(f'button[value="send:{person.pk}"]')
    keys.press("Enter")
    expect(keys.page.get_by_text("等待本人确认")).to_be_visible()
    sent = team.representatives.get()
    services.confirm(sent.token, code=factories.code_sent_to(sent), consent=True)
    keys.next(Step.TOPIC, team)


def choose_topic(keys: Keyboard, team: Team) -> None:
    keys.go(".topic-track summary")
    keys.press("Enter")
    keys.go("[name=topic]")
    keys.press("Space")
    keys.press("ArrowDown")
    expect(keys.page.locator("[data-pinned-text]")).to_contain_text("1-2")
    keys.next(Step.PROOFS, team)


def hand_over_proofs(keys: Keyboard, team: Team, folder: Path) -> None:
    unit = team.units.get()
    for slot in terms_of(team.edition).slots:
        file = folder / f"{slot.key}.pdf"
        file.write_bytes(factories.pdf(file.name).read())
        keys.go(f"#file-{unit.pk}-{slot.key}")
        choose_file(keys, file)
        keys.go(f"#slot-{unit.pk}-{slot.key} .slot-upload .btn")
        keys.press("Enter")
        expect(keys.page.locator(f"#slot-{unit.pk}-{slot.key} .slot-files")).to_be_visible()
        keys.page.wait_for_load_state("networkidle")
    keys.go(".step-foot a.btn-primary")
    keys.press("Enter")
    keys.page.wait_for_url(f"**{step_url(team, Step.SUBMIT)}")
    keys.page.wait_for_load_state("networkidle")


def choose_file(keys: Keyboard, file: Path) -> None:
    """Open the chooser by the key; on a busy machine the browser may miss a press, as a person would see."""
    for _ in range(3):
        try:
            with keys.page.expect_file_chooser(timeout=5_000) as chooser:
                keys.press("Space")
        except TimeoutError:
            continue
        chooser.value.set_files(file)
        return
    raise AssertionError(f"no chooser for {file.name}")


def declare_and_submit(keys: Keyboard, team: Team) -> None:
    for one in terms_of(team.edition).declarations:
        keys.go(f"#id_declaration_{one.key}")
        keys.press("Space")
    expect(keys.page.locator("[data-missing-all-done]")).to_be_visible()
    keys.go('[data-dialog-open="submit-dialog"]')
    keys.press("Enter")
    keys.go("#submit-dialog button[value=submit]")
    keys.press("Enter")
    keys.page.wait_for_url(f"**{team.get_absolute_url()}")


def test_whole_registration_by_keyboard_alone(
    window: Window, edition: Edition, open_stage: Callable[..., Any], tmp_path: Path
) -> None:
    open_stage("registration")
    keys = Keyboard(window.page)

    team = start(keys)
    fill_unit(keys, team)
    fill_person(keys, team)
    choose_topic(keys, team)
    hand_over_proofs(keys, team, tmp_path)
    declare_and_submit(keys, team)

    team.refresh_from_db()
    assert team.status == TeamStatus.SUBMITTED
    assert UnitProof.objects.filter(unit__team=team).count() == len(terms_of(team.edition).slots)
    assert keys.presses < 500
    window.shot("registration-submitted")


def test_summary_of_errors_takes_the_focus(
    window: Window, edition: Edition, open_stage: Callable[..., Any], lihua: User
) -> None:
    open_stage("registration")
    window.expected = ("422",)
    team = services.start_team(lihua, edition=edition, with_first_rows=True)
    keys = Keyboard(window.page)
    keys.page.goto(step_url(team, Step.SUBMIT), wait_until="networkidle")

    keys.go('[data-dialog-open="submit-dialog"]')
    keys.press("Enter")
    keys.go("#submit-dialog button[value=submit]")
    keys.press("Enter")
    expect(keys.page.locator("[data-error-summary]")).to_be_focused()
    keys.press("Tab")
    keys.press("Enter")
    keys.page.wait_for_url(f"**{step_url(team, Step.TEAM)}**")

    expect(keys.page.locator("#id_name")).to_be_focused()
