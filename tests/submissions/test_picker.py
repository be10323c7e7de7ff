"""Industries are found by name and by code, among 473 groups, with keys and with a finger."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from competition.models import User
from submissions.models import Entry, EntrySection
from submissions.places import Place
from submissions.views.desk import section_url
from tests.axe import violations
from tests.chromium import DESK, PHONE, Window

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def window(
    open_window: Callable[..., Window], live_server: Any, as_user: Callable[[User], Client], lihua: User
) -> Window:
    opened, cookies = open_window(), as_user(lihua).cookies
    opened.context.add_cookies(
        [{"name": name, "value": one.value, "url": live_server.url} for name, one in cookies.items()]
    )
    return opened


@pytest.mark.rule("R101")
def test_industries_are_found_by_name_and_code_and_saved(window: Window, entry: Entry) -> None:
    page = window.page
    page.goto(section_url(entry, Place("application")))
    search = page.get_by_role("combobox", name="项目适用行业")
    search.fill("煤炭")
    page.get_by_role("option", name="061 烟煤和无烟煤开采洗选").click()
    search.fill("651")
    search.press("ArrowDown")
    search.press("Enter")
    search.fill("没有这个行业")
    page.get_by_text("没有找到。").wait_for()
    window.picture("picker-none", page)
    search.fill("")
    window.picture("picker-open", page)
    search.press("Escape")

    page.locator("[data-saved-line].is-saved").wait_for()
    row = EntrySection.objects.get(entry=entry, key="application")
    assert row.answers["industries"] == ["061", "651"]
    page.get_by_role("button", name="移除061 烟煤和无烟煤开采洗选").click()
    page.wait_for_function("document.querySelectorAll('.picker-chip').length === 1")
    with page.expect_response(lambda one: one.request.method == "POST"):
        pass
    row.refresh_from_db()
    assert row.answers["industries"] == ["651"]
    window.shot("picker")


def test_a_single_industry_in_a_row_is_found_too(window: Window, entry: Entry) -> None:
    page = window.page
    page.goto(section_url(entry, Place("cases")))
    search = page.get_by_role("combobox", name="所属行业").first
    search.fill("气象")
    page.get_by_role("option", name="741 气象服务").click()
    page.locator("[data-saved-line].is-saved").wait_for()

    row = EntrySection.objects.get(entry=entry, key="cases")
    assert row.answers["cases"][0]["industry"] == "741"


def test_pages_with_lists_are_accessible(window: Window, entry: Entry) -> None:
    found: list[str] = []
    for key in ("application", "cases", "attachments"):
        for size in (DESK, PHONE):
            window.page.set_viewport_size(size)  # type: ignore[arg-type]
            window.page.goto(section_url(entry, Place(key)), wait_until="networkidle")
            for search in window.page.get_by_role("combobox").all()[:1]:
                search.click()
            found += [f"{key}: {line}" for line in violations(window.page)]

    assert "\n".join(found) == ""
