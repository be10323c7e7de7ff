"""The web process and PostgreSQL die while somebody types: what was acknowledged is there, the rest follows."""

from __future__ import annotations

import contextlib
import os
import re
import signal
import subprocess
import sys
import tempfile
import threading
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psutil
import pytest
from playwright.sync_api import Browser, Page, expect

from competition.config import embedded_postgres_server
from tests.browser.doing import crash, saved
from tests.house.processes import free_port, manage, servers_of, start, wait_for

pytestmark = [pytest.mark.browser, pytest.mark.slow]


class Portal:
    """A portal with servers of its own, and the session and the section of somebody who writes."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.port = folder, free_port()
        self.address = f"http://127.0.0.1:{self.port}"
        command = [sys.executable, "manage.py", "serve"]
        self.process = start(command, RUN_DIR=str(folder), PORT=str(self.port), WEB_WORKERS="1")
        wait_for(self.ready, seconds=200, what="the portal")
        self.heard = threading.Thread(target=self._listen, daemon=True)
        self.heard.start()
        words = "from tests.browser.people_of_a_portal import prepare; print(prepare())"
        told = manage("shell", "-v", "0", "-c", words, RUN_DIR=str(folder))
        self.session, self.section = told.stdout.split()[-2:]

    def ready(self) -> bool:
        try:
            with urllib.request.urlopen(f"{self.address}/readyz", timeout=2) as answer:
                return bool(answer.status == 200)
        except OSError:
            return False

    def _listen(self) -> None:
        """Read what the portal says, which would wait for a reader in the end."""
        assert self.process.stdout is not None
        for _ in self.process.stdout:
            continue

    def kill_database(self) -> None:
        """As when the machine loses power: nothing is written that was not written before."""
        for server in servers_of(self.folder / "postgres"):
            with contextlib.suppress(psutil.NoSuchProcess):
                server.kill()

    def start_database(self) -> None:
        embedded_postgres_server.start(self.folder / "postgres", durable=True)
        wait_for(self.ready, seconds=60, what="the database")

    def kill_web(self) -> None:
        """As the kernel does when memory is short; the supervisor starts it again."""
        for child in psutil.Process(self.process.pid).children(recursive=True):
            if "gunicorn" in " ".join(child.cmdline()):
                os.kill(child.pid, signal.SIGKILL)

    def stop(self) -> None:
        self.process.send_signal(signal.SIGTERM)
        try:
            self.process.wait(60)
        except subprocess.TimeoutExpired:
            self.process.kill()


@pytest.fixture(scope="module")
def portal() -> Iterator[Portal]:
    with tempfile.TemporaryDirectory(prefix="portal-", ignore_cleanup_errors=True) as name:
        Path(name).chmod(0o755)
        portal = Portal(Path(name).resolve())
        yield portal
        portal.stop()


def writing(chromium: Browser, portal: Portal) -> Page:
    context = chromium.new_context(base_url=portal.address, locale="zh-CN")
    context.set_default_timeout(15_000)
    context.add_cookies([{"name": "sessionid", "value": portal.session, "url": portal.address}])
    page = context.new_page()
    page.goto(portal.section, wait_until="networkidle")
    return page


def background(page: Page) -> Any:
    return page.locator("textarea[name=background]")


def waits(page: Page) -> None:
    expect(page.locator("[data-saved-line]")).to_have_class(re.compile("is-kept"), timeout=20_000)


def says(page: Page) -> Any:
    return page.locator("[data-saved-text]")


def stored(page: Page) -> str:
    """What somebody sees who opens the section anew and brings nothing back."""
    other = page.context.browser.new_context(base_url=page.url)  # type: ignore[union-attr]
    other.add_cookies(page.context.cookies())  # type: ignore[arg-type]
    fresh = other.new_page()
    fresh.goto(page.url)
    text = str(background(fresh).input_value())
    other.close()
    return text


def follows(page: Page) -> None:
    """What waited in the browser is saved without anybody's doing."""
    expect(page.locator("[data-saved-line]")).to_have_class(re.compile("is-saved"), timeout=40_000)


def test_web_process_and_database_die_while_somebody_types(chromium: Browser, portal: Portal) -> None:
    page = writing(chromium, portal)
    background(page).fill("平安时写的。")
    saved(page)

    portal.kill_web()
    background(page).press_sequentially("网站停了还在写。")
    follows(page)
    assert stored(page) == "平安时写的。网站停了还在写。"

    background(page).press_sequentially("确认之后断电。")
    saved(page)
    portal.kill_database()
    background(page).press_sequentially("数据库停了还在写。")
    waits(page)
    expect(says(page)).to_contain_text("服务器暂时没有响应，内容已暂存在本机")
    page.get_by_role("button", name="保存并继续").click()
    expect(page.locator("[data-not-saved]")).to_have_text("还没有保存：服务器暂时没有响应")
    portal.start_database()
    follows(page)
    expect(page.locator("[data-not-saved]")).to_have_count(0)

    assert stored(page) == "平安时写的。网站停了还在写。确认之后断电。数据库停了还在写。"


def test_tab_that_dies_with_the_database_offers_its_text_again(chromium: Browser, portal: Portal) -> None:
    page = writing(chromium, portal)
    background(page).fill("确认过的。")
    saved(page)
    portal.kill_database()
    background(page).press_sequentially("没有确认的。")
    waits(page)

    crash(page)
    portal.start_database()
    page = page.context.new_page()
    page.goto(portal.section, wait_until="networkidle")
    expect(background(page)).to_have_value("确认过的。")
    page.get_by_role("button", name="恢复", exact=True).click()
    saved(page)

    assert stored(page) == "确认过的。没有确认的。"
