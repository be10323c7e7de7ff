"""A draft goes out and comes back in a browser: legible at the desk and on a phone, and accessible."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from lxml import etree

from competition.models import User
from submissions import services
from submissions.models import Entry, EntrySection
from submissions.word import entry_docx
from tests.axe import violations
from tests.chromium import Window
from tests.submissions.answers import complete
from tests.submissions.word import W, body_of, form, type_into, with_body

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

CASES = next(one for one in form().sections if one.key == "cases")


@pytest.fixture
def window(
    open_window: Callable[..., Window], live_server: Any, as_user: Callable[[User], Client], lihua: User
) -> Window:
    opened, cookies = open_window(), as_user(lihua).cookies
    opened.context.add_cookies(
        [{"name": name, "value": one.value, "url": live_server.url} for name, one in cookies.items()]
    )
    return opened


def worked_on(entry: Entry) -> bytes:
    """The entry's form after an evening's work in Word."""
    document = entry_docx(entry)
    tree = body_of(document)
    for tag, text in {
        "overview/background": "煤矿安全监管数据分散在多个系统中，" * 20,
        "overview/scene": "面向山西省内120座煤矿，汇聚传感、视频与人员定位数据，支撑远程监管。",
        "market/cross_volume": "约三十",
        "market/bandwidth-amount": "１００MB",
        "market/service_targets=government": "√",
        "cases/cases-r1-invest": "350万元",
        "cases/cases-r1-needs": "1. 数据汇聚\n2. 风险预警",
        "cases/cases-new1-org_name": "示例二矿",
        "cases/cases-new1-effect": "长" * 230,
        "overview/advantage": "",
    }.items():
        type_into(tree, tag, text)
    note = f'<w:p xmlns:w="{W[1:-1]}"><w:r><w:t>王工：这里再补一段与同类产品的对比。</w:t></w:r></w:p>'
    tree[0].insert(30, etree.fromstring(note))
    return with_body(document, tree)


def test_draft_goes_out_and_comes_back(window: Window, entry: Entry, lihua: User, tmp_path: Path) -> None:
    before = {
        "scene": "面向山西省内80座煤矿，汇聚传感与视频数据，支撑远程监管。",
        "advantage": "已在三个集团应用。",
    }
    services.save_section(entry, key="overview", answers=before, version=0, actor=lihua)
    services.save_section(entry, key="cases", answers=complete(CASES), version=0, actor=lihua)
    file = tmp_path / "申报书-王工修改.docx"
    file.write_bytes(worked_on(entry))
    page = window.page

    page.goto(entry.get_absolute_url())
    with page.expect_download() as download:
        page.get_by_role("link", name="下载 Word 版").click()
    page.get_by_role("link", name="导入 Word 稿").click()
    window.shot("word-import")
    accessible = violations(page)
    page.get_by_label("选择 Word 文件").set_input_files(file)
    page.get_by_role("button", name="读取并预览").click()
    page.get_by_role("heading", name="核对要带入的内容").wait_for()
    page.locator("details.word-folded").first.click()
    window.shot("word-preview")
    accessible += violations(page)
    page.get_by_label("（二）应用场景").check()
    page.get_by_role("button", name="带入勾选的内容").click()
    page.get_by_text("处内容，其余内容没有变化").wait_for()
    window.shot("word-done")

    stored = {row.key: row.answers for row in EntrySection.objects.filter(entry=entry)}
    assert download.value.suggested_filename.endswith("-申报书.docx")
    assert accessible == []
    assert stored["overview"]["scene"].startswith("面向山西省内120座")
    assert stored["overview"]["advantage"] == "已在三个集团应用。"
    assert stored["market"] == {"service_targets": ["government"], "bandwidth": {"amount": "100"}}
    assert [row["org_name"] for row in stored["cases"]["cases"]] == ["示例名称", "示例二矿"]
    assert stored["cases"]["cases"][0]["invest"] == "12"
