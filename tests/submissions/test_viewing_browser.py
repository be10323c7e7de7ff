"""Files of a slot in a real browser: listed with what they are, looked at page by page, heard and seen."""

from __future__ import annotations

import base64
from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from playwright.sync_api import Page, expect
from weasyprint import HTML

from competition.models import User
from submissions import services
from submissions.models import Attachment, Entry
from tests.axe import violations
from tests.chromium import DESK, PHONE, Window
from tests.competition.test_stripping import jpeg
from tests.sound import mp4_bytes, office_bytes

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PROOFS = "attachments.project_qualification"
#: The browser records a film of its own: a square that changes its colour for a second and a half.
FILM = """async () => {
  const canvas = document.createElement("canvas");
  canvas.width = 640; canvas.height = 360;
  const paint = canvas.getContext("2d");
  const recorder = new MediaRecorder(canvas.captureStream(20), { mimeType: "video/mp4" });
  const parts = [];
  recorder.ondataavailable = (event) => parts.push(event.data);
  const done = new Promise((resolve) => { recorder.onstop = resolve; });
  recorder.start();
  for (let step = 0; step < 30; step += 1) {
    paint.fillStyle = `hsl(${step * 12} 60% 45%)`;
    paint.fillRect(0, 0, 640, 360);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  recorder.stop();
  await done;
  const bytes = new Uint8Array(await new Blob(parts).arrayBuffer());
  let text = "";
  bytes.forEach((byte) => { text += String.fromCharCode(byte); });
  return btoa(text);
}"""

PLAY = """async () => {
  const film = document.querySelector(".file-viewer-film");
  film.muted = true;
  await film.play();
  while (film.currentTime <= 0.3) {
    await new Promise((resolve) => film.addEventListener("timeupdate", resolve, { once: true }));
  }
  return film.currentTime;
}"""


@pytest.fixture
def window(
    entry: Entry,
    lihua: User,
    open_window: Callable[..., Window],
    live_server: Any,
    as_user: Callable[[User | None], Client],
) -> Window:
    """Lihua's browser."""
    opened = open_window()
    cookies = as_user(lihua).cookies
    opened.context.add_cookies(
        [{"name": name, "value": one.value, "url": live_server.url} for name, one in cookies.items()]
    )
    return opened


def attach(entry: Entry, slot: str, name: str, body: bytes) -> Attachment:
    return services.attach(entry, slot=slot, upload=SimpleUploadedFile(name, body), actor=entry.team.owner)


def three_pages() -> bytes:
    pages = "".join(f"<h1>第{number}页：系统架构</h1><p>{'数据流程说明。' * 120}</p>" for number in "一二三")
    css = "<style>h1 { break-before: page; font-size: 16pt }</style>"
    return bytes(HTML(string=f"<html lang='zh'><head>{css}</head><body>{pages}</body></html>").write_pdf())


def stage(page: Page) -> Any:
    return page.locator("[data-viewer-stage]")


def test_files_are_looked_at_page_by_page(entry: Entry, window: Window) -> None:
    attach(entry, PROOFS, "2024年度山西省数据要素应用项目资质证明（含附件及说明）.pdf", three_pages())
    attach(entry, PROOFS, "现场照片.jpg", jpeg((1800, 1200)))
    attach(entry, "attachments.manual", "说明文档.docx", office_bytes())
    page = window.page
    page.goto(f"/entry/{entry.pk}/form/attachments/")
    window.shot("slots")
    slot = page.locator(f"[id='slot-{PROOFS}']")

    slot.get_by_role("button", name="预览").first.click()
    expect(page.locator(".file-viewer-page.is-there")).to_have_attribute(
        "alt", "2024年度山西省数据要素应用项目资质证明（含附件及说明）.pdf 第1页，共3页"
    )
    for size in (DESK, PHONE):
        page.set_viewport_size(size)  # type: ignore[arg-type]
        window.picture(f"viewer-{size['width']}", page)
    page.set_viewport_size(DESK)  # type: ignore[arg-type]
    page.keyboard.press("ArrowRight")
    page.get_by_role("button", name="下一页").click()
    expect(page.locator(".file-viewer-page.is-there")).to_have_attribute(
        "alt", "2024年度山西省数据要素应用项目资质证明（含附件及说明）.pdf 第3页，共3页"
    )
    expect(page.get_by_role("button", name="下一页")).to_be_disabled()
    page.get_by_label("页码").fill("2")
    page.keyboard.press("Enter")
    expect(page.locator(".file-viewer-page.is-there")).to_have_attribute(
        "alt", "2024年度山西省数据要素应用项目资质证明（含附件及说明）.pdf 第2页，共3页"
    )
    page.get_by_role("button", name="放大").click()
    expect(stage(page)).to_have_attribute("data-zoom", "150")
    assert violations(page) == []
    page.keyboard.press("Escape")
    expect(page.locator("#file-viewer")).to_be_hidden()

    slot.get_by_role("link", name="现场照片.jpg").click()
    expect(page.locator(".file-viewer-page.is-there")).to_have_attribute("alt", "现场照片.jpg")
    expect(page.locator("[data-viewer-pages]")).to_be_hidden()
    with page.expect_download() as saved:
        page.get_by_role("dialog").get_by_role("link", name="下载").click()
    assert saved.value.suggested_filename == "现场照片.jpg"


def test_film_plays_in_the_page_by_parts(entry: Entry, window: Window) -> None:
    page = window.page
    page.goto(f"/entry/{entry.pk}/form/attachments/")
    film = base64.b64decode(page.evaluate(FILM))
    attach(entry, "attachments.video", "效果演示.mp4", film)
    window.expected = ("play", "MEDIA", "416")
    page.reload()

    with page.expect_response(lambda answer: answer.url.endswith("/") and answer.status == 206) as part:
        page.get_by_role("button", name="预览").click()
    seen = page.evaluate(PLAY)
    for size in (DESK, PHONE):
        page.set_viewport_size(size)  # type: ignore[arg-type]
        window.picture(f"film-{size['width']}", page)

    assert part.value.headers["content-type"] == "video/mp4"
    assert seen > 0.3


def test_what_the_browser_cannot_play_says_so(entry: Entry, window: Window) -> None:
    attach(entry, "attachments.video", "效果演示.mp4", mp4_bytes())
    page = window.page
    page.goto(f"/entry/{entry.pk}/form/attachments/")

    page.get_by_role("button", name="预览").click()

    expect(stage(page)).to_have_text("浏览器不能播放这段视频，请下载查看。")
