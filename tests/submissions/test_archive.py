"""An entry as an archive: whole, named so that Windows shows it, and never in memory as a whole."""

from __future__ import annotations

import csv
import hashlib
import io
import zipfile
from collections.abc import Callable
from datetime import UTC, datetime

from django.test import Client
from django.urls import reverse

from competition.models import AuditEvent, User
from submissions import services
from submissions.archive import LIST, Item, stream
from submissions.models import Entry, Receipt
from submissions.services.printing import make_pdf
from tests.submissions.conftest import pdf

WHEN = datetime(2025, 7, 28, 18, 0, tzinfo=UTC)


def packed(items: list[Item]) -> zipfile.ZipFile:
    return zipfile.ZipFile(io.BytesIO(b"".join(stream(items, WHEN))))


def item(name: str, data: bytes = b"x", folder: str = "") -> Item:
    return Item(folder, name, lambda: io.BytesIO(data), hashlib.sha256(data).hexdigest())


def listed(archive: zipfile.ZipFile) -> list[list[str]]:
    return list(csv.reader(io.StringIO(archive.read(LIST).decode("utf-8-sig"))))


def test_names_are_utf8_and_say_so() -> None:
    archive = packed([item("合同.pdf", folder="应用案例"), item("plain.pdf")])

    assert archive.namelist() == ["应用案例/合同.pdf", "plain.pdf", LIST]
    assert all(entry.flag_bits & 0x800 for entry in archive.infolist() if not entry.filename.isascii())
    assert archive.testzip() is None


def test_names_that_would_collide_or_climb_are_changed() -> None:
    archive = packed(
        [item("a.PDF"), item("A.pdf"), item("../../上.pdf"), item("长" * 300 + ".pdf"), item(LIST)]
    )

    names = archive.namelist()
    assert len({name.lower() for name in names}) == len(names) == 6
    assert not any(".." in name or name.startswith("/") or len(name) > 200 for name in names)
    assert names[-1] == LIST


def test_the_list_names_every_file_with_its_hash_and_what_is_missing() -> None:
    archive = packed([item("合同.pdf", b"1"), Item("视频", "演示.mp4", None, "0" * 64, "逾期未传完")])

    assert listed(archive)[1:] == [
        ["合同.pdf", hashlib.sha256(b"1").hexdigest(), ""],
        ["视频/演示.mp4", "0" * 64, "逾期未传完"],
    ]
    assert "视频/演示.mp4" not in archive.namelist()


def test_pieces_stay_small_whatever_the_file() -> None:
    class Large(io.RawIOBase):
        left = 40 * 1024 * 1024

        def read(self, size: int = -1) -> bytes:
            size = min(size, self.left)
            self.left -= size
            return b"\0" * size

    largest = max(len(piece) for piece in stream([Item("", "大.bin", Large, "")], WHEN))

    assert largest < 1024 * 1024


def test_team_and_office_get_the_version_that_counts(
    submitted: Receipt, as_user: Callable[[User], Client], lihua: User, qianjin: User, zhaolei: User
) -> None:
    entry = submitted.revision.entry
    services.attach(entry, slot="attachments.slides", upload=pdf("后来.pdf", "later"), actor=lihua)
    make_pdf(submitted.revision_id)
    url = reverse("submissions:entry_zip", args=[entry.pk])

    answers = [as_user(person).get(url) for person in (lihua, qianjin)]

    for answer in answers:
        archive = zipfile.ZipFile(io.BytesIO(b"".join(answer.streaming_content)))  # type: ignore[attr-defined]
        names = archive.namelist()
        assert {"申报书-第1版.pdf", "盖章扫描件-盖章扫描件.pdf", "提交回执.txt", LIST} <= set(names)
        assert not any("后来" in name for name in names)
        assert submitted.number in archive.read("提交回执.txt").decode("utf-8-sig")
        for name, sha256, _ in listed(archive)[1:]:
            if name != "提交回执.txt":
                assert hashlib.sha256(archive.read(name)).hexdigest() == sha256
    assert "no-store" in answers[0]["Cache-Control"] and answers[0]["X-Content-Type-Options"] == "nosniff"
    assert AuditEvent.objects.filter(verb="entry.archived").count() == 1
    assert as_user(zhaolei).get(url).status_code == 404


def test_a_file_that_storage_has_lost_is_named_and_the_rest_is_whole(
    submitted: Receipt, as_user: Callable[[User], Client], lihua: User
) -> None:
    submitted.scan.file.storage.delete(submitted.scan.file.name or "")

    answer = as_user(lihua).get(reverse("submissions:entry_zip", args=[submitted.revision.entry_id]))

    archive = zipfile.ZipFile(io.BytesIO(b"".join(answer.streaming_content)))  # type: ignore[attr-defined]
    assert ["盖章扫描件-盖章扫描件.pdf", submitted.scan_sha256, "未找到"] in listed(archive)
    assert "提交回执.txt" in archive.namelist()


def test_without_a_submitted_version_there_is_none(
    filled: Entry, as_user: Callable[[User], Client], lihua: User
) -> None:
    answer = as_user(lihua).get(reverse("submissions:entry_zip", args=[filled.pk]))

    assert answer.status_code == 409 and "还没有提交过的版本" in answer.content.decode()
