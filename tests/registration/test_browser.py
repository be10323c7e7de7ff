"""The wizard in a real browser: saving while typing, regions, topics, two windows, the keyboard."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from playwright.sync_api import Page, expect

from competition.models import Edition, User
from registration import services
from registration.models import Team
from registration.steps import Step
from tests.chromium import PHONE, Window
from tests.registration.conftest import step_url

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def team(edition: Edition, open_stage: Callable[..., Any], lihua: User) -> Team:
    open_stage("registration")
    return services.start_team(lihua, edition=edition, with_first_rows=True)


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


def wait_for_save(page: Page) -> None:
    expect(page.locator("[data-saved-text]")).to_have_text(re.compile(r"已保存 \d\d:\d\d:\d\d"))


def test_units_are_saved_while_typing_and_regions_unfold(window: Window, team: Team) -> None:
    unit = team.units.get()
    page, path = window.page, f"units.{unit.pk}"
    page.goto(step_url(team, Step.UNITS), wait_until="networkidle")

    page.fill(f'[name="{path}.credit_code"]', "91140105MA00000041")
    for level, code in enumerate(("140000", "140100", "140105")):
        page.locator(f'[name="{path}.region.{level}"]').select_option(code)
    page.locator(f'[name="{path}.nature"]').select_option("other")
    expect(page.locator(f'[name="{path}.nature_other"]')).to_be_visible()
    problem = page.locator(f'[data-problem="{path}.credit_code"]')
    expect(problem).to_have_text(re.compile("校验位不正确"))
    wait_for_save(page)

    unit.refresh_from_db()
    assert (unit.credit_code, unit.region, unit.nature) == ("91140105MA00000041", "140105", "other")
    window.shot("registration-units")


def test_topics_are_found_by_words(window: Window, team: Team) -> None:
    page = window.page
    page.goto(step_url(team, Step.TOPIC), wait_until="networkidle")

    page.get_by_label("按关键词查找赛题").fill("医保")
    expect(page.locator("[data-filter-count]")).to_have_text("找到 1 个赛题")
    page.get_by_role("radio", name=re.compile("8-3")).check()
    wait_for_save(page)

    team.refresh_from_db()
    assert team.topic is not None
    assert team.topic.code == "8-3"
    window.shot("registration-topic")


def test_two_windows_lose_nothing(window: Window, team: Team) -> None:
    window.expected = ("409",)
    first, second = window.page, window.context.new_page()
    for page in (first, second):
        page.goto(step_url(team, Step.TEAM), wait_until="networkidle")
    second.fill("[name=name]", "第二个窗口")
    wait_for_save(second)

    first.fill("[name=name]", "第一个窗口")
    expect(first.locator("[data-autosave-bar]")).to_contain_text("您在另一个窗口已于")
    first.get_by_role("button", name="载入最新内容").click()
    expect(first.locator("[name=name]")).to_have_value("第二个窗口")
    first.get_by_role("button", name="恢复").click()
    wait_for_save(first)

    team.refresh_from_db()
    assert team.name == "第一个窗口"


def test_first_step_is_done_by_keyboard_on_a_phone(window: Window, team: Team) -> None:
    page = window.page
    page.set_viewport_size(PHONE)  # type: ignore[arg-type]
    page.goto(step_url(team, Step.TEAM), wait_until="networkidle")

    page.focus("[name=name]")
    page.keyboard.type("键盘队")
    page.keyboard.press("Tab")
    page.keyboard.type("能耗预测数据平台")
    following = page.get_by_role("button", name="保存并继续")
    for _ in range(3):  # past the list of what is missing, as long as something is
        page.keyboard.press("Tab")
        if following.evaluate("button => button === document.activeElement"):
            break
    page.keyboard.press("Enter")
    page.wait_for_url(f"**{step_url(team, Step.UNITS)}")

    team.refresh_from_db()
    assert (team.name, team.project_name) == ("键盘队", "能耗预测数据平台")
