"""Resumable uploads: the protocol, what is refused, what happens when things break, and the deadline."""

from __future__ import annotations

import fcntl
import hashlib
import threading
from collections.abc import Callable
from datetime import timedelta
from io import BytesIO
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from competition.errors import Invalid, NotAllowed, StageClosed, TooMany, WrongState
from competition.models import Edition, OutboxMessage, User
from submissions import parts, services
from submissions.models import Attachment, Entry, Revision, Upload
from submissions.services import sealed_files, uploads
from submissions.workflow import UploadStatus
from tests.submissions import tus
from tests.submissions.conftest import PDF, fill, pdf, settled

SLOT = "attachments.slides"
DATA = PDF + b"%" + b"x" * 5000


@pytest.fixture(autouse=True)
def _own_parts(settings: Any, tmp_path: Any) -> None:
    settings.UPLOADS_ROOT = tmp_path / "parts"


@pytest.fixture
def client(as_user: Callable[[User], Client], lihua: User) -> Client:
    return as_user(lihua)


def declared(entry: Entry, actor: User, data: bytes = DATA, **more: Any) -> Upload:
    return uploads.declare(
        entry,
        slot=more.pop("slot", SLOT),
        name=more.pop("name", "演示.pdf"),
        size=len(data),
        sha256=more.pop("sha256", hashlib.sha256(data).hexdigest()),
        actor=actor,
        **more,
    )


def finished(upload: Upload) -> Upload:
    """What the worker makes of it."""
    return uploads.finish(upload.pk)


def test_the_server_says_what_it_speaks(client: Client, entry: Entry) -> None:
    answer = client.options(reverse("submissions:uploads", args=[entry.pk]))

    assert answer.status_code == 204
    assert answer["Tus-Version"] == answer["Tus-Resumable"] == "1.0.0"
    assert answer["Tus-Extension"] == "creation,termination,expiration"


@pytest.mark.rule("R83")
def test_a_file_arrives_in_pieces_and_is_taken_in(client: Client, entry: Entry) -> None:
    upload = tus.send(client, entry, DATA, slot=SLOT)

    done = finished(upload)

    assert done.status == UploadStatus.DONE and done.attachment is not None
    assert done.attachment.key == upload.key and done.attachment.sha256 == hashlib.sha256(DATA).hexdigest()
    with done.attachment.file.open("rb") as stored:
        assert stored.read() == DATA
    assert services.current_attachments(entry)[SLOT] == [done.attachment]
    assert OutboxMessage.objects.filter(kind=uploads.KIND, subject=str(upload.key)).count() == 1


def test_part_files_go_when_the_file_is_taken_in(
    client: Client, entry: Entry, django_capture_on_commit_callbacks: Any
) -> None:
    upload = tus.send(client, entry, DATA, slot=SLOT)
    assert parts.length(upload.key) == len(DATA)

    with django_capture_on_commit_callbacks(execute=True):
        finished(upload)

    assert parts.length(upload.key) == 0
    assert finished(upload).status == UploadStatus.DONE


def test_head_says_how_much_is_there_after_a_cut(client: Client, entry: Entry) -> None:
    url = tus.declare(client, entry, DATA, slot=SLOT)["Location"]
    tus.patch(client, url, DATA[:1234], 0)

    answer = client.head(url, headers={"Tus-Resumable": "1.0.0"})

    assert (answer["Upload-Offset"], answer["Upload-Length"]) == ("1234", str(len(DATA)))
    assert answer["Cache-Control"].find("no-store") >= 0 and "Upload-Expires" in answer


def test_the_same_declaration_goes_on_with_what_is_there(client: Client, entry: Entry) -> None:
    first = tus.declare(client, entry, DATA, slot=SLOT)
    tus.patch(client, first["Location"], DATA[:100], 0)

    again = tus.declare(client, entry, DATA, slot=SLOT)

    assert again["Location"] == first["Location"] and again["Upload-Offset"] == "100"


@pytest.mark.parametrize(
    ("headers", "piece", "offset", "status"),
    [
        ({"Tus-Resumable": "0.2.2"}, b"a", 0, 412),
        ({"Upload-Offset": "x"}, b"a", 0, 400),
        ({"Content-Type": "application/json"}, b"a", 0, 415),
        ({}, b"a", 7, 409),
        ({}, DATA + b"more", 0, 413),
    ],
)
def test_a_wrong_piece_is_refused_and_changes_nothing(
    client: Client, entry: Entry, headers: dict[str, str], piece: bytes, offset: int, status: int
) -> None:
    url = tus.declare(client, entry, DATA, slot=SLOT)["Location"]
    kind = headers.pop("Content-Type", "application/offset+octet-stream")
    said = {"Tus-Resumable": "1.0.0", "Upload-Offset": str(offset), **headers}

    answer = client.patch(url, piece, content_type=kind, headers=said)

    assert answer.status_code == status
    assert client.head(url, headers={"Tus-Resumable": "1.0.0"})["Upload-Offset"] == "0"


@pytest.mark.parametrize("header", ["Upload-Length", "Upload-Metadata"])
def test_a_broken_declaration_is_refused(client: Client, entry: Entry, header: str) -> None:
    answer = tus.declare(client, entry, DATA, slot=SLOT, **{header: "slot ???"})

    assert answer.status_code == 400 and not Upload.objects.exists()


@pytest.mark.parametrize(
    ("name", "size", "words"),
    [
        ("演示.exe", 10, "不是可接受的文件类型"),
        ("演示.pdf", 0, "空文件"),
        ("演示.pdf", 51 * 1024 * 1024, "超过 50 MB"),
    ],
)
@pytest.mark.rule("R83")
def test_what_cannot_go_into_the_slot_is_said_before_it_is_sent(
    entry: Entry, lihua: User, name: str, size: int, words: str
) -> None:
    with pytest.raises(Invalid) as refused:
        uploads.declare(entry, slot=SLOT, name=name, size=size, sha256="a" * 64, actor=lihua)

    assert words in refused.value.problems[SLOT]


def test_a_file_that_is_there_or_coming_is_not_sent_twice(entry: Entry, lihua: User) -> None:
    for number in range(3):
        declared(entry, lihua, DATA + b"%d" % number)
    with pytest.raises(Invalid, match="最多上传3个文件"):
        declared(entry, lihua, DATA + b"4")
    services.attach(entry, slot="attachments.manual", upload=pdf(mark="m"), actor=lihua)
    with pytest.raises(Invalid, match="已经上传过"):
        declared(entry, lihua, PDF + b"m", slot="attachments.manual")


def test_only_so_many_files_are_on_their_way(entry: Entry, lihua: User, monkeypatch: Any) -> None:
    monkeypatch.setattr(uploads, "MOST", 1)
    declared(entry, lihua)

    with pytest.raises(TooMany):
        declared(entry, lihua, slot="attachments.manual")


def test_only_so_many_bytes_are_on_their_way(entry: Entry, lihua: User, monkeypatch: Any) -> None:
    monkeypatch.setattr(uploads, "MOST_BYTES", len(DATA) + 10)
    declared(entry, lihua)

    with pytest.raises(TooMany, match="合计太大"):
        declared(entry, lihua, slot="attachments.manual")


def test_a_process_killed_after_the_last_byte_is_made_up_for(
    client: Client, entry: Entry, lihua: User
) -> None:
    upload = declared(entry, lihua)
    parts.append(upload.key, offset=0, most=len(DATA), stream=BytesIO(DATA))

    answer = client.head(reverse("submissions:upload", args=[upload.key]), headers={"Tus-Resumable": "1.0.0"})

    assert answer["Upload-Offset"] == str(len(DATA))
    assert finished(upload).status == UploadStatus.DONE


def test_a_file_whose_last_byte_came_in_time_does_not_expire(entry: Entry, lihua: User) -> None:
    upload = declared(entry, lihua)
    parts.append(upload.key, offset=0, most=len(DATA), stream=BytesIO(DATA))
    Upload.objects.filter(pk=upload.pk).update(until=timezone.now() - timedelta(seconds=1))

    assert uploads.give_up_due() == 0
    assert finished(upload).status == UploadStatus.DONE


def test_taking_in_that_was_killed_is_done_again(entry: Entry, lihua: User, monkeypatch: Any) -> None:
    upload = declared(entry, lihua)
    uploads.append(upload, offset=0, stream=BytesIO(DATA))

    def killed(*args: Any, **more: Any) -> Attachment:
        raise KeyboardInterrupt

    with monkeypatch.context() as once:
        once.setattr(uploads, "store_row", killed)
        with pytest.raises(KeyboardInterrupt):
            finished(upload)

    assert finished(upload).status == UploadStatus.DONE
    assert finished(upload).attachment_id == Attachment.objects.get(slot=SLOT).pk


def test_strangers_and_officers_do_not_know_of_it(
    entry: Entry, lihua: User, zhaolei: User, qianjin: User, as_user: Callable[[User], Client]
) -> None:
    upload = declared(entry, lihua)
    url = reverse("submissions:upload", args=[upload.key])

    for person in (zhaolei, qianjin):
        for verb in ("head", "delete"):
            answer = getattr(as_user(person), verb)(url, headers={"Tus-Resumable": "1.0.0"})
            assert answer.status_code == 404
    with pytest.raises(NotAllowed):
        declared(entry, zhaolei)
    with pytest.raises(NotAllowed):
        uploads.cancel(upload, actor=zhaolei)


def test_bytes_that_are_not_the_declared_ones_are_not_taken_in(entry: Entry, lihua: User) -> None:
    upload = declared(entry, lihua, sha256="0" * 64)
    uploads.append(upload, offset=0, stream=BytesIO(DATA))

    failed = finished(upload)

    assert failed.status == UploadStatus.FAILED and "校验值不符" in failed.problem
    assert SLOT not in services.current_attachments(entry)
    assert OutboxMessage.objects.filter(kind="upload.missing").exists()


def test_content_that_is_not_what_the_name_says_is_not_taken_in(entry: Entry, lihua: User) -> None:
    data = b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>"
    upload = declared(entry, lihua, data)
    uploads.append(upload, offset=0, stream=BytesIO(data))

    failed = finished(upload)

    assert failed.status == UploadStatus.FAILED and "不是可接受的文件类型" in failed.problem


def test_a_sender_that_breaks_off_leaves_what_it_sent(entry: Entry, lihua: User) -> None:
    class Breaking(BytesIO):
        def read(self, size: int | None = -1) -> bytes:
            piece = super().read(size)
            if not piece:
                raise OSError("gone")
            return piece

    upload = declared(entry, lihua)

    have = uploads.append(upload, offset=0, stream=Breaking(DATA[:3000]))

    assert have == parts.length(upload.key) == 3000
    assert uploads.append(upload, offset=3000, stream=BytesIO(DATA[3000:])) == len(DATA)


def test_two_pieces_at_once_do_not_mix(client: Client, entry: Entry) -> None:
    url = tus.declare(client, entry, DATA, slot=SLOT)["Location"]
    upload = Upload.objects.get()
    parts.append(upload.key, offset=0, most=len(DATA), stream=BytesIO(b""))
    held, go = threading.Event(), threading.Event()

    def hold() -> None:
        with parts.path_of(upload.key).open("r+b") as part:
            fcntl.flock(part, fcntl.LOCK_EX)
            held.set()
            go.wait(10)

    other = threading.Thread(target=hold)
    other.start()
    held.wait(10)
    answer = tus.patch(client, url, DATA[:10], 0)
    go.set()
    other.join()

    assert answer.status_code == 423 and parts.length(upload.key) == 0


def test_a_full_disk_is_said_and_loses_nothing(client: Client, entry: Entry, settings: Any) -> None:
    url = tus.declare(client, entry, DATA, slot=SLOT)["Location"]
    upload = Upload.objects.get()
    folder = settings.UPLOADS_ROOT = parts.Path("/dev/shm") / f"full-{upload.key.hex}"
    target = parts.path_of(upload.key)
    target.parent.mkdir(parents=True)
    target.symlink_to("/dev/full")
    try:
        answer = tus.patch(client, url, DATA[:10], 0)
    finally:
        target.unlink()
        target.parent.rmdir()
        folder.rmdir()

    assert answer.status_code == 507 and "存储空间不足" in answer.json()["sentence"]


def test_cancelling_frees_the_slot(client: Client, entry: Entry, lihua: User) -> None:
    url = tus.declare(client, entry, DATA, slot=SLOT)["Location"]
    assert SLOT in services.entries.files_of(entry)

    answer = client.delete(url, headers={"Tus-Resumable": "1.0.0"})

    assert answer.status_code == 204 and SLOT not in services.entries.files_of(entry)
    assert client.head(url, headers={"Tus-Resumable": "1.0.0"}).status_code == 410
    declared(entry, lihua, DATA + b"2")


def test_the_list_costs_the_same_for_one_and_three(client: Client, entry: Entry, lihua: User) -> None:
    url, counts = reverse("submissions:uploads", args=[entry.pk]), []
    client.get(url)
    for slot in (SLOT, "attachments.manual", "attachments.case_proof"):
        declared(entry, lihua, DATA + slot.encode(), slot=slot)
        with CaptureQueriesContext(connection) as captured:
            found = client.get(url).json()["uploads"]
        counts.append(len(captured))

    assert len(found) == 3 and len(set(counts)) == 1


def close(entry: Entry, at: Any) -> None:
    entry.edition.stages.filter(key="submission").update(closes_at=at)


@pytest.fixture
def ready(entry: Entry, lihua: User) -> Entry:
    """Everything is filled in; a file is declared in time, and half of it is there."""
    fill(entry, lihua)
    upload = declared(entry, lihua)
    uploads.append(upload, offset=0, stream=BytesIO(DATA[:1000]))
    return entry


def sealed(entry: Entry, actor: User) -> Revision:
    revision = services.freeze(entry, actor=actor)
    services.attach_scan(revision, upload=pdf("扫描件.pdf", "scan"), actor=actor)
    services.submit(revision, actor=actor)
    return revision


@pytest.mark.rule("R77")
def test_a_declared_file_is_sealed_by_its_hash_and_may_finish_after_the_deadline(
    ready: Entry, lihua: User, client: Client
) -> None:
    revision = sealed(ready, lihua)
    upload = Upload.objects.get()

    def receipt_page() -> str:
        address = reverse("submissions:receipt", args=[revision.receipt.number])
        return client.get(address).content.decode()

    [stands] = [file for file in revision.content["attachments"] if file["slot"] == SLOT]
    assert (stands["key"], stands["sha256"]) == (str(upload.key), upload.sha256)
    assert stands["pending"] is True
    assert sealed_files.settled(revision.content, ready) == {str(upload.key): upload}
    assert receipt_page().count("截止前已申明，正在上传") == 1

    close(ready, timezone.now() - timedelta(minutes=30))
    with pytest.raises(StageClosed):
        declared(ready, lihua, slot="attachments.manual")
    uploads.append(Upload.objects.get(), offset=1000, stream=BytesIO(DATA[1000:]))
    done = finished(upload)

    assert done.status == UploadStatus.DONE and done.receipt_number == f"BC-{ready.reference}-{done.pk:06d}"
    assert sealed_files.settled(revision.content, ready) == {}
    assert Attachment.objects.get(key=stands["key"]).sha256 == stands["sha256"]
    assert OutboxMessage.objects.filter(kind="upload.late").exists()
    assert reading_of(ready)[0]["late"] == done.receipt_number
    assert done.receipt_number in receipt_page() and "已收下，内容与申明一致" in receipt_page()


@pytest.mark.rule("R77")
def test_a_declared_file_that_comes_too_late_counts_as_missing(ready: Entry, lihua: User) -> None:
    revision = sealed(ready, lihua)
    upload = Upload.objects.get()
    Upload.objects.filter(pk=upload.pk).update(until=timezone.now() - timedelta(seconds=1))

    with pytest.raises(uploads.Gone):
        uploads.append(Upload.objects.get(), offset=1000, stream=BytesIO(DATA[1000:]))
    assert uploads.give_up_due() == 1 and uploads.give_up_due() == 0

    [missing] = sealed_files.settled(revision.content, ready).values()
    assert missing.status == UploadStatus.EXPIRED
    assert "按缺少处理" in OutboxMessage.objects.get(kind="upload.missing").body


def test_an_officer_accepts_only_when_it_is_known_what_came(
    ready: Entry, lihua: User, qianjin: User, as_user: Callable[[User], Client]
) -> None:
    revision = sealed(ready, lihua)
    marks = settled(ready.edition)

    with pytest.raises(WrongState, match="还在传送或检查"):
        services.accept(revision.receipt, officer=qianjin, checklist=marks)
    Upload.objects.update(until=timezone.now() - timedelta(seconds=1))
    uploads.give_up_due()
    case = as_user(qianjin).get(reverse("admin:submissions_entry_change", args=[ready.pk])).content.decode()
    services.accept(revision.receipt, officer=qianjin, checklist=marks)

    assert "按缺少处理：截至" in case
    assert reading_of(ready)[0]["absent"].startswith("按缺少处理")


def reading_of(entry: Entry) -> list[dict[str, Any]]:
    """The slot's files as a version's readers get them."""
    revision = entry.revisions.get()
    return sealed_files.files_by_slot(revision.content, entry)[SLOT]


def test_until_is_two_hours_after_the_deadline_or_a_week(entry: Entry, edition: Edition, lihua: User) -> None:
    closes = timezone.now() + timedelta(hours=3)
    close(entry, closes)
    assert declared(entry, lihua).until == closes + timedelta(hours=2)

    close(entry, timezone.now() + timedelta(days=60))
    later = declared(entry, lihua, slot="attachments.manual")
    assert later.until - later.declared_at == uploads.ABANDONED


def test_files_that_arrive_keep_the_version_they_were_sealed_in(ready: Entry, lihua: User) -> None:
    revision = services.freeze(ready, actor=lihua)
    upload = Upload.objects.get()
    uploads.append(upload, offset=1000, stream=BytesIO(DATA[1000:]))
    finished(upload)

    assert services.freeze(ready, actor=lihua) == revision


@pytest.mark.parametrize("have", [100, len(DATA)], ids=["arriving", "arrived"])
def test_a_row_that_goes_takes_its_upload_with_it(
    entry: Entry, lihua: User, have: int, django_capture_on_commit_callbacks: Any
) -> None:
    fill(entry, lihua)
    section = entry.sections.get(key="cases")
    row = section.answers["cases"][0]["_id"]
    upload = declared(entry, lihua, slot=f"cases.cases.{row}.contract")
    uploads.append(upload, offset=0, stream=BytesIO(DATA[:have]))

    with django_capture_on_commit_callbacks(execute=True):
        services.save_section(entry, key="cases", answers={"cases": []}, version=section.version, actor=lihua)

    upload.refresh_from_db()
    assert upload.status == UploadStatus.CANCELLED
    assert not parts.path_of(upload.key).exists()
    assert finished(upload).attachment is None


def test_a_piece_of_an_upload_that_was_cancelled_meanwhile_leaves_no_bytes(entry: Entry, lihua: User) -> None:
    upload = declared(entry, lihua)
    uploads.cancel(Upload.objects.get(pk=upload.pk), actor=lihua)

    with pytest.raises(uploads.Gone):
        uploads.append(upload, offset=0, stream=BytesIO(DATA))

    assert not parts.path_of(upload.key).exists()


def test_a_closed_entry_takes_no_declaration(accepted: Entry, lihua: User) -> None:
    with pytest.raises(WrongState):
        declared(accepted, lihua)
