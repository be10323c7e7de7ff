"""Verifiers and jurors read a team's own files, without what programs noted in them; the office as they came."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import timedelta

import pikepdf
import pytest
from django.test import Client

from competition import clock
from competition.models import Edition, User
from judging.models import Verification
from judging.services import verification as services
from submissions.models import Attachment, Entry
from tests.competition.test_stripping import SECRET, plain
from tests.contest import accepted_entry, expert
from tests.judging.blinding import assigned, blind_pdf

AsUser = Callable[[User | None], Client]
REFUSED = "无法去除文件中的作者等信息"


def signed() -> bytes:
    """A PDF whose properties name its maker."""
    with pikepdf.open(io.BytesIO(blind_pdf("一页"))) as document:
        document.docinfo["/Author"] = SECRET
        out = io.BytesIO()
        document.save(out)
    return out.getvalue()


@pytest.fixture
def entry(edition: Edition, lihua: User) -> Entry:
    return accepted_entry(edition, lihua, blind_pdf=signed())


@pytest.fixture
def file(entry: Entry) -> Attachment:
    return Attachment.objects.get(entry=entry, slot="attachments.anonymous")


@pytest.fixture
def verification(entry: Entry, sunmei: User, qianjin: User) -> Verification:
    """Sunmei verifies it the day after tomorrow."""
    made = services.open_for(entry)
    starts_at = clock.now(made.edition) + timedelta(days=2)
    judge = expert(made.edition, sunmei)
    return services.schedule(made, officer=qianjin, starts_at=starts_at, place="301室", experts=[judge])


def opened(client: Client, address: str) -> bytes:
    answer = client.get(address)
    assert (answer.status_code, answer["Content-Type"]) == (200, "application/pdf")
    return b"".join(answer)


@pytest.mark.rule("R16")
def test_verifier_gets_a_copy_and_the_office_the_file(
    verification: Verification, file: Attachment, sunmei: User, qianjin: User, as_user: AsUser
) -> None:
    address = f"/verifications/{verification.pk}/file/{file.key}/"

    copy, original = opened(as_user(sunmei), address), opened(as_user(qianjin), address)

    assert original == signed()
    assert SECRET.encode() in plain("pdf", original)
    assert SECRET.encode() not in plain("pdf", copy)
    with pikepdf.open(io.BytesIO(copy)) as document:
        assert len(document.pages) == 1


def test_juror_of_the_final_gets_a_copy(
    entry: Entry, file: Attachment, sunmei: User, zhaolei: User, as_user: AsUser
) -> None:
    juror = assigned(entry, expert(entry.edition, sunmei), round="final")
    address = f"/expert/final/{juror.pk}/file/{file.key}/"

    copy = opened(as_user(sunmei), address)

    assert SECRET.encode() not in plain("pdf", copy)
    assert as_user(zhaolei).get(address).status_code == 404


def test_file_that_cannot_be_copied_is_refused_and_not_handed_out_as_it_is(
    verification: Verification, file: Attachment, sunmei: User, as_user: AsUser
) -> None:
    with file.file.storage.open(file.file.name or "", "wb") as broken:
        broken.write(b"%PDF-1.7 " + SECRET.encode())

    answer = as_user(sunmei).get(f"/verifications/{verification.pk}/file/{file.key}/")

    assert answer.status_code == 409
    assert REFUSED in answer.content.decode()
    assert SECRET not in answer.content.decode()
