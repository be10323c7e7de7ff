"""Public pages in a real browser: nothing overflows, nothing is refused by the policy, targets are large."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from competition.models import Edition

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PAGES = (
    "/",
    "/tracks/",
    "/tracks/7/",
    "/articles/notice/",
    "/articles/news/",
    "/notice/",
    "/downloads/",
    "/faq/",
    "/organisation/",
    "/schedule/",
    "/accounts/login/",
    "/accounts/signup/",
    "/no-such-page/",
)
#: Controls that are not part of a sentence are at least 44 px high on a phone (lines of text: 40).
SMALL = """() => [...document.querySelectorAll('a, button, select, summary, input:not([type=hidden])')]
  .filter((element) => !element.closest('p, dd, td, .prose, .doc, .skip-link, .form-check'))
  .filter((element) => !['checkbox', 'radio'].includes(element.type) && !element.matches('.skip-link'))
  .filter((element) => { const box = element.getBoundingClientRect(); return box.width > 0 && box.height < 40; })
  .map((element) => element.outerHTML.slice(0, 80))"""


def visit(page: Page, url: str, refused: list[str]) -> dict[str, Any]:
    page.on(
        "console",
        lambda message: refused.append(f"{url}: {message.text}") if "Policy" in message.text else None,
    )
    page.goto(url)
    return {
        "overflow": page.evaluate("document.documentElement.scrollWidth > window.innerWidth"),
        "headings": page.locator("h1").count(),
        "small": page.evaluate(SMALL) if page.viewport_size and page.viewport_size["width"] < 500 else [],
    }


@pytest.mark.parametrize("width", [1366, 390])
def test_public_pages_fit_the_screen_and_the_policy(
    edition: Edition, live_server: Any, chromium: Browser, width: int
) -> None:
    refused: list[str] = []

    context = chromium.new_context(viewport={"width": width, "height": 800}, locale="zh-CN")
    seen = {url: visit(context.new_page(), live_server.url + url, refused) for url in PAGES}
    context.close()

    assert seen == {url: {"overflow": False, "headings": 1, "small": []} for url in PAGES}
    assert refused == []


def test_phone_menu_opens_without_a_script(edition: Edition, live_server: Any, chromium: Browser) -> None:
    context = chromium.new_context(viewport={"width": 390, "height": 800}, java_script_enabled=False)
    page = context.new_page()

    page.goto(live_server.url)
    before = page.locator("#site-nav").is_visible()
    page.get_by_text("菜单").click()
    after = page.locator("#site-nav").is_visible()
    context.close()

    assert (before, after) == (False, True)
