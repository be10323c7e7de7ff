"""Files into a slot with tus-js-client: cut, paused, reloaded, refused; what arrives is what was chosen."""

from __future__ import annotations

import hashlib
import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.urls import reverse
from playwright.sync_api import Locator, Page, Route, expect

from competition import outbox
from competition.models import User
from registration.models import Team
from submissions import parts
from submissions.models import Attachment, Entry, Upload
from submissions.workflow import UploadStatus
from tests.chromium import Window
from tests.submissions.conftest import PDF

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

As = Callable[[User], Window]
SLOT = "attachments.slides"
MEGABYTE = 1024 * 1024
CUT = ("ERR_FAILED", "ERR_INTERNET_DISCONNECTED", "ERR_CONNECTION", "ERR_NETWORK")


@pytest.fixture(autouse=True)
def _own_parts(settings: Any, tmp_path: Path) -> None:
    settings.UPLOADS_ROOT = tmp_path / "parts"


@pytest.fixture
def files_page(approved_team: Team, open_stage: Callable[..., Any]) -> str:
    """The section with the attachments of Lihua's entry."""
    open_stage("submission")
    return reverse("submissions:section", args=[Entry.objects.get().pk, "attachments"])


def a_file(folder: Path, name: str, megabytes: int) -> Path:
    """A file that is a PDF by its beginning and its end, with bytes that nothing can guess between them."""
    path = folder / name
    path.write_bytes(PDF + b"%" + random.Random(name).randbytes(megabytes * MEGABYTE) + b"\n" + PDF)
    return path


def slot(page: Page) -> Locator:
    return page.locator(f'[id="slot-{SLOT}"]')


def choose(page: Page, *paths: Path) -> None:
    slot(page).locator("input[type=file]").set_input_files([str(path) for path in paths])


def opened(window: Window, address: str, *expected: str) -> Page:
    window.expected = expected
    window.page.goto(address)
    return window.page


def cut_after(page: Page, pieces: int, times: int) -> None:
    """The network lets so many pieces pass and cuts the next one, so many times."""
    left = {"pieces": pieces, "cuts": times}

    def meddle(route: Route) -> None:
        if route.request.method != "PATCH" or not left["cuts"]:
            route.continue_()
        elif left["pieces"]:
            left["pieces"] -= 1
            route.continue_()
        else:
            left.update(pieces=pieces, cuts=left["cuts"] - 1)
            route.abort("connectionreset")

    page.route("**/entry/upload/*/", meddle)


@pytest.mark.rule("R83")
def test_a_file_cut_several_times_arrives_whole(
    window_of: As, lihua: User, files_page: str, tmp_path: Path
) -> None:
    window = window_of(lihua)
    page = opened(window, files_page, *CUT)
    path = a_file(tmp_path, "方案介绍.pdf", 30)
    cut_after(page, 1, 3)

    choose(page, path)
    expect(slot(page).locator("[data-words]")).to_contain_text("正在检查", timeout=60_000)
    window.shot("uploads-check")
    outbox.send_due()

    expect(slot(page).get_by_role("link", name="方案介绍.pdf")).to_be_visible()
    expect(slot(page).locator("[data-upload-list] li")).to_have_count(0)
    found = Attachment.objects.get(slot=SLOT)
    assert found.sha256 == hashlib.sha256(path.read_bytes()).hexdigest()
    window.shot("uploads-done")


def test_a_paused_file_goes_on_after_a_reload(
    window_of: As, lihua: User, files_page: str, tmp_path: Path
) -> None:
    window = window_of(lihua)
    page = opened(window, files_page, *CUT)
    page.on("dialog", lambda dialog: dialog.accept())
    page.route(
        "**/entry/upload/*/",
        lambda route: (
            route.abort("connectionreset")
            if route.request.headers.get("upload-offset", "0") != "0" and route.request.method == "PATCH"
            else route.continue_()
        ),
    )
    path, other = a_file(tmp_path, "方案介绍.pdf", 12), a_file(tmp_path, "另一份.pdf", 3)
    choose(page, path)
    expect(slot(page).locator("progress")).not_to_have_attribute("value", "0")
    slot(page).get_by_role("button", name="暂停").click()
    expect(slot(page)).to_contain_text("已暂停")
    window.shot("uploads-paused")
    upload = Upload.objects.get()

    page.unroute_all()
    page.reload()
    expect(slot(page)).to_contain_text("续传：请重新选择“方案介绍.pdf”")
    window.shot("uploads-away")
    with page.expect_file_chooser() as wrong:
        slot(page).locator("[data-choose]").click()
    wrong.value.set_files(str(other))
    expect(slot(page).get_by_role("alert")).to_contain_text("这不是之前的“方案介绍.pdf”")
    with page.expect_file_chooser() as right:
        slot(page).locator("[data-choose]").click()
    right.value.set_files(str(path))
    expect(slot(page).locator("[data-words]")).to_contain_text("正在检查", timeout=60_000)
    outbox.send_due()

    expect(slot(page).get_by_role("link", name="方案介绍.pdf")).to_be_visible()
    upload.refresh_from_db()
    assert upload.status == UploadStatus.DONE and parts.length(upload.key) == 0


def test_two_files_at_once_and_one_that_does_not_fit(
    window_of: As, lihua: User, files_page: str, tmp_path: Path
) -> None:
    window = window_of(lihua)
    page = opened(window, files_page)
    wrong = tmp_path / "程序.exe"
    wrong.write_bytes(b"MZ" + b"\0" * 100)
    liar = tmp_path / "其实不是.pdf"
    liar.write_bytes(b"<html>no pdf</html>")

    choose(page, a_file(tmp_path, "一.pdf", 1), a_file(tmp_path, "二.pdf", 1), liar, wrong)
    expect(slot(page).get_by_role("alert")).to_contain_text("“程序.exe”不是可接受的文件类型")
    expect(slot(page).locator("[data-state=check]")).to_have_count(3, timeout=30_000)
    outbox.send_due()

    expect(slot(page).get_by_role("link", name="一.pdf")).to_be_visible()
    expect(slot(page).get_by_role("link", name="二.pdf")).to_be_visible()
    expect(slot(page).locator("[data-state=failed]")).to_contain_text("不是可接受的文件类型")
    window.shot("uploads-failed")
    slot(page).get_by_role("button", name="知道了").click()
    expect(slot(page).locator("[data-upload-list] li")).to_have_count(0)


def test_cancelling_leaves_nothing(window_of: As, lihua: User, files_page: str, tmp_path: Path) -> None:
    window = window_of(lihua)
    page = opened(window, files_page, *CUT)
    page.route(
        "**/entry/upload/*/",
        lambda route: route.abort() if route.request.method == "PATCH" else route.continue_(),
    )
    choose(page, a_file(tmp_path, "方案介绍.pdf", 1))
    expect(slot(page)).to_contain_text("上传中")

    slot(page).get_by_role("button", name="取消").click()

    expect(slot(page).locator("[data-upload-list] li")).to_have_count(0)
    page.wait_for_timeout(500)
    assert not Upload.objects.filter(status=UploadStatus.ARRIVING).exists()


HASH = """async ([worker, sizes]) => {
  const wrong = [];
  for (const size of sizes) {
    const bytes = new Uint8Array(size).map((_, at) => (at * 31 + size) & 255);
    const subtle = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
    const want = [...subtle].map((one) => one.toString(16).padStart(2, "0")).join("");
    const got = await new Promise((resolve) => {
      const mine = new Worker(worker, { type: "module" });
      mine.onmessage = ({ data }) => data.done || resolve(data.sha256);
      mine.postMessage(new File([bytes], "x"));
    });
    got === want || wrong.push(size);
  }
  return wrong;
}"""


def test_the_worker_hashes_as_the_browser_does(window_of: As, lihua: User, files_page: str) -> None:
    page = opened(window_of(lihua), files_page)
    worker = page.locator("form[data-hash-worker]").get_attribute("data-hash-worker")

    wrong = page.evaluate(HASH, [worker, [0, 1, 55, 56, 63, 64, 65, 119, 120, 1000, 65536, 9_000_001]])

    assert wrong == []
