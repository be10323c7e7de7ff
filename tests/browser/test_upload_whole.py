"""A large file through the web server as it is deployed, over a line that breaks; `make soak` sends 2 GB.

What is measured: that the hash is the same, and how much the web processes grow meanwhile.
"""

from __future__ import annotations

import hashlib
import os
import random
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psutil
import pytest
from django.test import Client
from django.urls import reverse
from playwright.sync_api import Browser, expect

from competition import outbox
from competition.config.bench.saving import server
from competition.config.trials import Sent, write_sent
from competition.models import User
from registration.models import Team
from submissions.models import Attachment, Entry
from tests.browser.cutting import Line
from tests.chromium import DESK, Window

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

SOAK = os.environ.get("HYPOTHESIS_PROFILE") == "soak"
MEGABYTE = 1024 * 1024
SIZE, CUTS = (2048, 20) if SOAK else (64, 5)
MOST_GROWTH = 64
SLOT = "attachments.video"
CUT = ("ERR_", "Failed to load resource", "fetch")


def box(name: bytes, size: int) -> bytes:
    return (size + 8).to_bytes(4, "big") + name


@pytest.fixture
def video(tmp_path: Path) -> Iterator[Path]:
    """A video by its boxes, as large as the slot takes it."""
    path, chance = tmp_path / "项目演示.mp4", random.Random(7)
    head = box(b"ftyp", 8) + b"isom\0\0\0\1" + box(b"moov", 0)
    rest = SIZE * MEGABYTE - len(head) - 8
    with path.open("wb") as file:
        file.write(head + box(b"mdat", rest))
        block = chance.randbytes(MEGABYTE)
        for start in range(0, rest, MEGABYTE):
            file.write((start.to_bytes(8, "big") + block[8:])[: rest - start])
    yield path
    path.unlink()


def hash_of(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def memory(port: int) -> float:
    """MB in memory of the web processes that listen on the port, without what they share with files."""
    mine = psutil.Process().children(recursive=True)
    web = [one for one in mine if "gunicorn" in " ".join(one.cmdline())]
    return sum(one.memory_info().rss - one.memory_info().shared for one in web) / MEGABYTE


@contextmanager
def watched(port: int) -> Iterator[list[float]]:
    """The memory of the web processes, looked at ten times a second."""
    seen, stop = [memory(port)], threading.Event()

    def look() -> None:
        while not stop.wait(0.1):
            seen.append(memory(port))

    watcher = threading.Thread(target=look)
    watcher.start()
    try:
        yield seen
    finally:
        stop.set()
        watcher.join()


@pytest.mark.rule("R83")
def test_a_large_file_over_a_breaking_line_arrives_whole(
    approved_team: Team,
    open_stage: Callable[..., Any],
    chromium: Browser,
    as_user: Callable[[User], Client],
    lihua: User,
    video: Path,
    tmp_path: Path,
    settings: Any,
) -> None:
    settings.UPLOADS_ROOT = tmp_path / "parts"
    open_stage("submission")
    address = reverse("submissions:section", args=[Entry.objects.get().pk, "attachments"])
    step = SIZE * MEGABYTE // (CUTS + 1)
    with server("competition.config.wsgi", UPLOADS_ROOT=str(settings.UPLOADS_ROOT)) as port:
        line = Line(port, [step * (number + 1) for number in range(CUTS)])
        window = Window(chromium, f"http://127.0.0.1:{line.port}", DESK)
        window.expected = CUT
        window.context.set_default_timeout(60_000)
        window.context.add_cookies(
            [
                {"name": name, "value": one.value, "url": f"http://127.0.0.1:{line.port}"}
                for name, one in as_user(lihua).cookies.items()
            ]
        )
        page = window.page
        for _ in range(8):
            page.goto(address)
        slot = page.locator(f'[id="slot-{SLOT}"]')
        with watched(port) as seen:
            began = time.monotonic()
            slot.locator("input[type=file]").set_input_files(str(video))
            expect(slot.locator("[data-state=upload]")).to_be_visible(timeout=900_000 if SOAK else 60_000)
            hashed = time.monotonic() - began
            expect(slot.locator("[data-state=check]")).to_be_visible(timeout=3_600_000 if SOAK else 60_000)
            sent = time.monotonic() - began - hashed
        outbox.send_due()
        expect(slot.get_by_role("link", name="项目演示.mp4")).to_be_visible(timeout=30_000)
        window.context.close()
        line.close()

    growth = max(seen) - seen[0]
    attachment = Attachment.objects.get(slot=SLOT)
    assert line.done == CUTS
    assert attachment.sha256 == hash_of(video)
    assert growth < MOST_GROWTH
    assert window.troubles == []
    if SOAK:
        write_sent(Sent(SIZE, line.done, round(hashed, 1), round(sent, 1), round(growth, 1)))
