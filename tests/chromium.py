"""Debian's chromium for the tests that look at pages as people do.

``SHOTS=<folder>`` keeps a picture of every page that a journey stops at, as wide as a desk and as a phone.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import connections
from playwright.sync_api import Browser, BrowserContext, Page, Response, sync_playwright

CHROMIUM = os.environ.get("CHROMIUM", "/usr/bin/chromium")
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
DESK = {"width": 1366, "height": 768}
PHONE = {"width": 390, "height": 844}


class Window:
    """A person's own browser; everything that goes wrong in it is noted in ``troubles``."""

    def __init__(self, chromium: Browser, address: str, size: dict[str, int]) -> None:
        self.size: Any = size
        self.troubles: list[str] = []
        self.expected: tuple[str, ...] = ()
        self.context: BrowserContext = chromium.new_context(
            base_url=address, locale="zh-CN", timezone_id="Asia/Shanghai", viewport=self.size
        )
        self.context.set_default_timeout(15_000)
        self.context.on("console", lambda message: self._note(message.type, message.text))
        self.context.on("weberror", lambda error: self._note("error", str(error.error)))
        self.context.on("response", self._answered)
        self.page: Page = self.context.new_page()

    def _note(self, kind: str, text: str) -> None:
        wrong = kind in {"error", "warning"} or "Policy" in text
        if wrong and not any(words in text for words in self.expected):
            self.troubles.append(f"{self.page.url}: {text}")

    def _answered(self, response: Response) -> None:
        if response.status >= 500:
            self.troubles.append(f"{response.url}: {response.status}")

    def shot(self, name: str, page: Page | None = None) -> None:
        """Keep a picture of the page, and hold that it fits both widths."""
        page = page or self.page
        for size in (DESK, PHONE):
            page.set_viewport_size(size)  # type: ignore[arg-type]
            page.wait_for_load_state()  # a form may have sent the page on its way a moment ago
            page.evaluate("scrollTo(0, 0)")
            if page.evaluate("document.documentElement?.scrollWidth > window.innerWidth"):
                self.troubles.append(f"{page.url} is wider than {size['width']} px")
            self.picture(f"{name}-{size['width']}", page)
        page.set_viewport_size(self.size)

    def close(self, name: str) -> None:
        """Close the browser once the server has answered everything it was asked."""
        for page in self.context.pages:
            page.wait_for_load_state("networkidle")
        self.picture(name, self.context.pages[-1])
        self.context.close()

    def picture(self, name: str, page: Page) -> None:
        """Write a picture of the whole page if somebody wants to see it."""
        folder = os.environ.get("SHOTS", "")
        if folder:
            Path(folder).mkdir(parents=True, exist_ok=True)
            page.screenshot(path=f"{folder}/{name}.png", full_page=True)


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """One browser for the tests of a module."""
    # Its event loop runs in this thread while the tests use the database.
    with pytest.MonkeyPatch.context() as environment, sync_playwright() as playwright:
        environment.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        browser.close()
        # Connections made while the loop ran are not the ones that the end of the run closes.
        connections.close_all()


@pytest.fixture
def open_window(chromium: Browser, live_server: Any) -> Iterator[Callable[..., Window]]:
    """``open_window()``: another person's browser; at the end nothing went wrong in any of them."""
    windows: list[Window] = []

    def opener(size: dict[str, int] = DESK) -> Window:
        windows.append(Window(chromium, live_server.url, size))
        return windows[-1]

    yield opener
    troubles = [trouble for window in windows for trouble in window.troubles]
    for number, window in enumerate(windows, start=1):
        window.close(f"last-{number}")
    assert troubles == []
