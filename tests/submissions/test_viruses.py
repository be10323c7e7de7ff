"""Files scanned by a real clamd with a signature of our own."""

from __future__ import annotations

import io
import socket
import subprocess
import threading
import time
import zipfile
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from competition import clamd, outbox, reconciler
from competition.errors import Invalid
from competition.models import AuditEvent, OutboxMessage, User
from submissions import services
from submissions.models import Attachment, Entry, Receipt, Revision
from submissions.services import asking_scans, sealed_files, viruses
from submissions.workflow import VirusScan
from tests.submissions.conftest import PDF, pdf

MARKER = b"portal-test-marker-of-a-virus"
#: Where clamd stops reading a stream, and beyond what size it does not look into a file.
STREAM, LOOKED_AT = 3_000_000, 1_000_000
SLOT = "attachments.manual"


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as found:
        return int(found.getsockname()[1])


class Daemon(NamedTuple):
    """Where a clamd listens."""

    tcp: str
    unix: str


@pytest.fixture(scope="module")
def daemon(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Daemon]:
    """A clamd that knows one virus."""
    folder = tmp_path_factory.mktemp("clamd")
    (folder / "own.ndb").write_text(f"Portal.Test.Marker:0:*:{MARKER.hex()}\n")
    port = free_port()
    settings = {
        "DatabaseDirectory": folder,
        "TCPSocket": port,
        "TCPAddr": "127.0.0.1",
        "LocalSocket": folder / "socket",
        "TemporaryDirectory": folder,
        "Foreground": "yes",
        "StreamMaxLength": STREAM,
        "MaxFileSize": LOOKED_AT,
        "AlertExceedsMax": "yes",
        "MaxThreads": 2,
    }
    config = folder / "clamd.conf"
    config.write_text("".join(f"{name} {value}\n" for name, value in settings.items()))
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(["/usr/sbin/clamd", "-c", str(config)], stdout=log, stderr=log)
    try:
        for _ in range(300):
            with socket.socket() as line, socket.socket(socket.AF_UNIX) as local:
                if line.connect_ex(("127.0.0.1", port)) == local.connect_ex(str(folder / "socket")) == 0:
                    break
            time.sleep(0.1)
        yield Daemon(f"tcp://127.0.0.1:{port}", f"unix://{folder / 'socket'}")
    finally:
        process.terminate()
        process.wait(20)


@pytest.fixture
def scanner(daemon: Daemon) -> str:
    return daemon.tcp


@pytest.fixture
def scanned(scanner: str, settings: Any) -> str:
    settings.CLAMD_URL = scanner
    return scanner


def bad(name: str = "说明.pdf") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, PDF + MARKER, content_type="application/pdf")


def put(entry: Entry, upload: SimpleUploadedFile, actor: User, slot: str = SLOT) -> Attachment:
    """Uploaded and looked at by whoever does what is due."""
    made = services.attach(entry, slot=slot, upload=upload, actor=actor)
    reconciler.run()
    made.refresh_from_db()
    return made


def said(data: bytes) -> clamd.Verdict:
    return clamd.scan(io.BytesIO(data), len(data))


@pytest.mark.parametrize("over", ["tcp", "unix"])
def test_marker_is_found_wherever_a_chunk_ends(daemon: Daemon, settings: Any, over: str) -> None:
    settings.CLAMD_URL = getattr(daemon, over)
    split = b"x" * (clamd.CHUNK - 10) + MARKER + b"x" * 100

    verdicts = [said(b"nothing"), said(b""), said(MARKER), said(split)]

    assert [one.virus for one in verdicts] == ["", ""] + ["Portal.Test.Marker.UNOFFICIAL"] * 2
    assert not any(one.too_large for one in verdicts)


def test_what_was_not_looked_at_whole_is_not_clean(scanned: str) -> None:
    verdicts = [
        said(b"x" * (STREAM + 5_000_000)),
        said(b"x" * (LOOKED_AT + 1_000)),
        clamd.scan(io.BytesIO(), clamd.MOST_BYTES + 1),
    ]

    assert [one.too_large for one in verdicts] == [True] * 3


@pytest.mark.rule("R83")
def test_clean_file_is_said_to_be_clean_after_the_scan_and_not_before(
    scanned: str, entry: Entry, lihua: User
) -> None:
    made = services.attach(entry, slot=SLOT, upload=pdf(), actor=lihua)
    before = made.virus_scan

    reconciler.run()
    made.refresh_from_db()

    assert (before, made.virus_scan, made.virus_name) == (VirusScan.NOT_SCANNED, VirusScan.CLEAN, "")
    assert made.virus_scanned_at is not None


def test_without_a_scanner_nothing_is_asked_and_nothing_called_clean(
    entry: Entry, lihua: User, as_user: Callable[[User], Client]
) -> None:
    made = put(entry, pdf(), lihua)
    page = as_user(lihua).get(reverse("submissions:section", args=[entry.pk, "attachments"])).content.decode()

    assert made.virus_scan == VirusScan.NOT_SCANNED
    assert not OutboxMessage.objects.filter(channel=asking_scans.CHANNEL).exists()
    assert "未发现问题" not in page


def test_infected_file_is_handed_to_nobody_and_its_team_is_told(
    scanned: str, entry: Entry, lihua: User, qianjin: User, as_user: Callable[[User], Client]
) -> None:
    made = put(entry, bad(), lihua)
    addresses = [f"/entry/file/{made.key}/{end}" for end in ("", "view/", "view/1/")]
    page = as_user(lihua).get(reverse("submissions:section", args=[entry.pk, "attachments"])).content.decode()

    answers = [as_user(who).get(one).status_code for who in (lihua, qianjin) for one in addresses]

    assert (made.virus_scan, made.virus_name) == (VirusScan.INFECTED, "Portal.Test.Marker.UNOFFICIAL")
    assert answers == [404] * 6
    assert "发现病毒，已停止提供" in page
    assert AuditEvent.objects.filter(verb="attachment.infected", target_id=str(made.pk)).count() == 1
    assert "发现病毒" in OutboxMessage.objects.get(kind="attachment.infected").title


def test_its_team_takes_it_out_on_the_page_and_a_stranger_does_not(
    scanned: str, entry: Entry, lihua: User, zhaolei: User, as_user: Callable[[User], Client]
) -> None:
    made = put(entry, bad(), lihua)
    address = reverse("submissions:section", args=[entry.pk, "attachments"])
    answers = []

    for who in (zhaolei, lihua):
        answers.append(as_user(who).post(address, {"version": "0", "do": f"remove:{made.key}"}).status_code)
        made.refresh_from_db()
        answers.append(made.removed_at is not None)

    assert answers == [404, False, 302, True]


def test_no_version_is_frozen_with_it_until_it_is_replaced(scanned: str, filled: Entry, lihua: User) -> None:
    made = put(filled, bad(), lihua)

    with pytest.raises(Invalid) as refused:
        services.freeze(filled, actor=lihua)
    services.detach(made, actor=lihua)
    revision = services.freeze(filled, actor=lihua)

    assert list(refused.value.problems) == [SLOT]
    assert "请移除后上传" in refused.value.problems[SLOT]
    assert str(made.key) not in str(revision.content)


def test_version_whose_scan_or_file_is_infected_is_not_submitted(
    scanned: str, filled: Entry, lihua: User
) -> None:
    late = services.attach(filled, slot=SLOT, upload=bad(), actor=lihua)  # frozen before anybody looked
    revision = services.freeze(filled, actor=lihua)
    services.attach_scan(revision, upload=bad("盖章.pdf"), actor=lihua)
    reconciler.run()
    late.refresh_from_db()

    refusals = []
    with pytest.raises(Invalid) as refused:
        services.submit(revision, actor=lihua)
    refusals.append(refused.value)
    services.attach_scan(revision, upload=pdf("盖章.pdf", "new"), actor=lihua)
    with pytest.raises(Invalid) as refused:
        services.submit(revision, actor=lihua)
    refusals.append(refused.value)

    assert late.virus_scan == VirusScan.INFECTED
    assert not Receipt.objects.exists()
    assert all("不能提交" in str(one.problems) for one in refusals)


def test_sealed_file_found_infected_later_is_named_without_its_bytes(
    frozen: Revision,
    lihua: User,
    qianjin: User,
    as_user: Callable[[User], Client],
    scanner: str,
    settings: Any,
) -> None:
    entry = frozen.entry
    services.attach(entry, slot=SLOT, upload=bad(), actor=lihua)
    revision = services.freeze(entry, actor=lihua)
    services.submit(revision, scan=services.attach_scan(revision, upload=pdf(), actor=lihua), actor=lihua)
    services.detach(entry.attachments.get(slot=SLOT, removed_at=None), actor=lihua)
    settings.CLAMD_URL = scanner
    reconciler.run()

    answer = as_user(qianjin).get(reverse("submissions:entry_zip", args=[entry.pk]))
    archive = zipfile.ZipFile(io.BytesIO(b"".join(answer.streaming_content)))  # type: ignore[attr-defined]
    case = as_user(qianjin).get(reverse("admin:submissions_entry_change", args=[entry.pk])).content.decode()

    [file] = sealed_files.files_by_slot(revision.content, entry)[SLOT]
    assert file["absent"] == sealed_files.INFECTED and sealed_files.INFECTED in case
    assert not any("说明" in name for name in archive.namelist())
    assert OutboxMessage.objects.filter(kind="attachment.infected").exists()
    assert Attachment.objects.exclude(file="").filter(virus_scan=VirusScan.NOT_SCANNED).count() == 0


def test_office_is_told_of_an_infected_scan_and_of_files_that_nobody_scanned(
    filled: Entry,
    lihua: User,
    qianjin: User,
    as_user: Callable[[User], Client],
    scanner: str,
    settings: Any,
) -> None:
    services.attach(filled, slot=SLOT, upload=pdf(), actor=lihua)
    frozen = services.freeze(filled, actor=lihua)
    scan = services.attach_scan(frozen, upload=bad("盖章.pdf"), actor=lihua)
    services.submit(frozen, scan=scan, actor=lihua)
    case = reverse("admin:submissions_entry_change", args=[frozen.entry_id])
    before = as_user(qianjin).get(case).content.decode()

    settings.CLAMD_URL = scanner
    reconciler.run()

    after = as_user(qianjin).get(case).content.decode()
    receipt = (
        as_user(lihua).get(reverse("submissions:receipt", args=[frozen.receipt.number])).content.decode()
    )
    assert ("（扫描件尚未查毒）" in before, "· 尚未查毒" in before) == (True, True)
    assert "尚未查毒" not in after and sealed_files.INFECTED in after
    assert str(scan.key) not in after and sealed_files.INFECTED in receipt


def test_clamd_that_is_down_is_asked_again_and_keeps_nobody_waiting(
    entry: Entry, lihua: User, scanner: str, settings: Any
) -> None:
    settings.CLAMD_URL = f"tcp://127.0.0.1:{free_port()}"
    made = put(entry, bad(), lihua)
    job = OutboxMessage.objects.get(channel=asking_scans.CHANNEL, subject=str(made.pk))
    waiting = (made.virus_scan, job.sent_at, job.attempts)

    settings.CLAMD_URL = scanner
    OutboxMessage.objects.filter(pk=job.pk).update(next_attempt_at=job.created_at)
    outbox.send_due()
    made.refresh_from_db()

    assert waiting == (VirusScan.NOT_SCANNED, None, 1)
    assert made.virus_scan == VirusScan.INFECTED


def test_same_file_is_scanned_and_told_of_once(scanned: str, entry: Entry, lihua: User) -> None:
    made = put(entry, bad(), lihua)
    first = made.virus_scanned_at

    again = viruses.scan(made.pk)

    assert again.virus_scanned_at == first
    assert OutboxMessage.objects.filter(kind="attachment.infected").count() == 1
    assert viruses.ask_due() == 0


@pytest.mark.parametrize("answer", ["", "stream: lstat() failed ERROR", "anything", "stream: OK and more"])
def test_an_answer_that_is_no_answer_is_no_verdict(answer: str, settings: Any) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        settings.CLAMD_URL = f"tcp://127.0.0.1:{server.getsockname()[1]}"
        talking = threading.Thread(target=_answering, args=(server, answer.encode()))
        talking.start()

        with pytest.raises(clamd.ClamdError):
            said(b"something")

        talking.join()


def _answering(server: socket.socket, answer: bytes) -> None:
    line, _ = server.accept()
    with line:
        received = b""
        while not received.endswith(bytes(4)):
            received += line.recv(4096)
        line.sendall(answer + b"\0")
