"""The scripts of forms in a real browser, against a small server that answers as it is told."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from django.template import Context, Template
from playwright.sync_api import Browser, Page, expect

pytestmark = pytest.mark.browser

STATIC = Path(__file__).resolve().parents[2] / "static"
KINDS = {".js": "text/javascript", ".css": "text/css", ".svg": "image/svg+xml"}
POLICY = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'"
FORM = """{% load ui %}<!DOCTYPE html>
<html lang="zh-CN" data-server-now="2025-07-08T14:03:22+08:00">
<head><meta charset="utf-8"><link rel="stylesheet" href="/static/css/base.css">
<script type="module" src="/static/js/portal.js"></script>
<script type="module" src="/static/js/work.js"></script></head>
<body data-session-url="/session" data-session-seconds="1800" data-person="lihua">
{% include "components/_saved_line.html" %}
<form data-autosave data-url="/save" data-version="{{ version }}">
<input type="hidden" name="csrfmiddlewaretoken" value="old">
<label>项目背景 <textarea id="text" name="text">{{ text }}</textarea></label>
{% include "components/_counter.html" with for="text" cap=10 %}
<fieldset data-max-choices="2">
{% for choice in choices %}<label>{{ choice }}<input type="checkbox" name="source" value="{{ choice }}"></label>{% endfor %}
</fieldset>
<fieldset id="kinds" data-show-if="source=公共"><input name="kind" value="公开"></fieldset>
<div data-rows data-min="1" data-max="3">
<div data-row-list><div data-row><b data-row-number></b><input name="case-0" value="甲">
<button type="button" data-row-up>上移</button><button type="button" data-row-remove>删除</button></div></div>
<template><div data-row><b data-row-number></b><input name="case-__index__">
<button type="button" data-row-up>上移</button><button type="button" data-row-remove>删除</button></div></template>
<button type="button" data-row-add hidden>增加</button></div>
</form>
{% include "components/_countdown.html" with until=until %}
{% include "components/_session_dialogs.html" %}
</body></html>"""


class Portal(ThreadingHTTPServer):
    """Saves what is posted, or answers what ``answer`` says."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.version, self.text, self.saves = 1, "", 0
        self.answer: tuple[int, dict[str, Any]] | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}/"


class Handler(BaseHTTPRequestHandler):
    server: Portal

    def do_GET(self) -> None:
        path = self.path.split("?")[0]
        if path.startswith("/static/"):
            file = STATIC / path.removeprefix("/static/")
            self._send(200, file.read_bytes(), KINDS[file.suffix])
        elif path == "/session":
            body = {
                "signed_in": True,
                "user": "lihua",
                "seconds_left": 1800,
                "warn_before": 60,
                "csrf_token": "new",
            }
            self._send(200, json.dumps(body).encode(), "application/json")
        elif path == "/":
            self._send(200, self._form().encode(), "text/html; charset=utf-8")
        else:
            self._send(404, b"", "text/plain")

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        status, answer = self.server.answer or (200, self._saved(body))
        self._send(status, json.dumps(answer).encode(), "application/json")

    def _saved(self, body: str) -> dict[str, Any]:
        self.server.text = body.split('name="text"\r\n\r\n')[1].split("\r\n--")[0]
        self.server.version += 1
        self.server.saves += 1
        return {"version": self.server.version, "saved_at": "2025-07-08T14:03:22+08:00", "problems": []}

    def _form(self) -> str:
        context = {
            "version": self.server.version,
            "text": self.server.text,
            "choices": ["公共", "企业", "个人"],
        }
        page = Template(FORM).render(Context(context | {"saved_at": None, "until": None}))
        return page.replace('data-countdown=""', 'data-countdown="2025-07-10T16:03:22+08:00"')

    def _send(self, status: int, body: bytes, kind: str) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Security-Policy", POLICY)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args: Any) -> None:
        """Nothing to the test's output."""


@pytest.fixture
def portal() -> Iterator[Portal]:
    server = Portal()
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server
    server.shutdown()
    server.server_close()


@pytest.fixture
def page(chromium: Browser, portal: Portal) -> Iterator[Page]:
    context = chromium.new_context()
    page = context.new_page()
    troubles: list[str] = []
    page.on("pageerror", lambda error: troubles.append(str(error)))
    page.goto(portal.url)
    yield page
    context.close()
    assert troubles == []


def line(page: Page) -> Any:
    return page.locator("[data-saved-text]")


def test_typed_text_is_saved_and_the_line_says_when(page: Page, portal: Portal) -> None:
    page.fill("#text", "煤矿数据")

    expect(line(page)).to_have_text("已保存 14:03:22")
    assert (portal.text, page.get_attribute("form", "data-version")) == ("煤矿数据", "2")


def test_line_does_not_call_saved_what_was_typed_during_a_save(page: Page, portal: Portal) -> None:
    held: list[Any] = []
    page.route("**/save", lambda route: route.continue_() if held else held.append(route))
    with page.expect_request("**/save"):
        page.fill("#text", "煤矿")
    page.fill("#text", "煤矿数据")

    held[0].continue_()

    expect(line(page)).to_have_text("已保存 14:03:22，之后填写的稍后自动保存")
    assert portal.text == "煤矿"
    expect(line(page)).to_have_text("已保存 14:03:22")
    assert portal.text == "煤矿数据"


def test_conflict_says_so_and_the_typed_text_comes_back(page: Page, portal: Portal) -> None:
    portal.answer = (409, {"sentence": "王芳刚刚保存了新的内容。"})
    page.fill("#text", "我写的")
    expect(line(page)).to_have_text("王芳刚刚保存了新的内容。")
    portal.answer, portal.text, portal.version = None, "王芳写的", 9

    page.get_by_role("button", name="载入最新内容").click()
    expect(page.locator("#text")).to_have_value("王芳写的")
    page.get_by_role("button", name="恢复", exact=True).click()

    expect(line(page)).to_have_text("已保存 14:03:22")
    assert portal.text == "我写的"


def test_without_network_text_is_kept_and_sent_later(page: Page, portal: Portal) -> None:
    page.context.set_offline(True)
    page.fill("#text", "在火车上写的")
    expect(line(page)).to_contain_text("网络不通，内容已暂存在本机")
    kept = page.evaluate("localStorage.getItem('typed:lihua:/save')")

    page.context.set_offline(False)

    expect(line(page)).to_have_text("已保存 14:03:22")
    assert "在火车上写的" in kept
    assert portal.text == "在火车上写的"
    assert page.evaluate("localStorage.length") == 0


def test_ended_session_asks_for_a_login_and_goes_on(page: Page, portal: Portal) -> None:
    portal.answer = (401, {"sentence": "请先登录。"})
    page.fill("#text", "没有丢失")
    dialog = page.locator("#session-ended")
    expect(dialog).to_be_visible()
    portal.answer = None

    page.get_by_role("button", name="我已登录，继续").click()

    expect(line(page)).to_have_text("已保存 14:03:22")
    expect(dialog).not_to_be_visible()
    assert portal.text == "没有丢失"
    assert page.input_value("input[name=csrfmiddlewaretoken]") == "new"


def test_refusal_is_said_and_the_text_is_kept(page: Page, portal: Portal) -> None:
    portal.answer = (403, {"sentence": "提交已截止，不能再修改。"})

    page.fill("#text", "太晚了")

    expect(line(page)).to_contain_text("提交已截止，不能再修改。")
    assert "太晚了" in page.evaluate("localStorage.getItem('typed:lihua:/save')")
    assert portal.saves == 0


def test_counter_is_quiet_until_nine_tenths(page: Page) -> None:
    counter = page.locator("[data-counter-for]")
    page.fill("#text", "八个字八个字八个")
    expect(counter).to_be_hidden()

    page.fill("#text", "九个字九个字 九个字")
    expect(counter).to_have_text("已写 9 字，限 10 字")

    page.fill("#text", "一二三四五六七八九十𬭎")
    expect(counter).to_have_text("已写 11 字，超出 1 字（限 10 字）")


def test_choices_stop_at_their_cap_and_conditions_show_fields(page: Page) -> None:
    expect(page.locator("#kinds")).to_be_hidden()

    page.get_by_label("公共").check()
    page.get_by_label("企业").check()

    expect(page.locator("#kinds")).to_be_visible()
    expect(page.get_by_label("个人")).to_be_disabled()
    page.get_by_label("公共").uncheck()
    expect(page.locator("#kinds")).to_be_hidden()
    expect(page.get_by_label("个人")).to_be_enabled()


def test_rows_are_added_moved_and_removed(page: Page) -> None:
    add = page.get_by_role("button", name="增加")
    add.click()
    page.fill("[name=case-1]", "乙")
    add.click()
    expect(add).to_be_disabled()

    page.get_by_role("button", name="上移").nth(1).click()
    page.get_by_role("button", name="删除").nth(2).click()

    names = page.eval_on_selector_all("[data-row] input", "rows => rows.map(row => row.name)")
    assert names == ["case-1", "case-0"]
    assert page.locator("[data-row-number]").all_text_contents() == ["1", "2"]


def test_countdown_runs_by_the_servers_clock(page: Page) -> None:
    left = page.locator("[data-countdown-left]")

    expect(left).to_have_text("2 天 1 小时 ")
