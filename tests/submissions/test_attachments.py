"""Files of an entry: checked by content, kept, replaced, removed."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from competition.errors import Invalid, NotAllowed, StageClosed, WrongState
from competition.models import User
from submissions import services
from submissions.models import Attachment, Entry, Receipt, Revision
from tests.submissions.conftest import PDF, pdf

SLOT = "attachments.project_qualification"


@pytest.mark.rule("R81")
def test_file_is_kept_with_its_facts(entry: Entry, lihua: User) -> None:
    attachment = services.attach(entry, slot=SLOT, upload=pdf("资质 证明.pdf", "x"), actor=lihua)

    assert attachment.name == "资质 证明.pdf"
    assert attachment.sha256 == hashlib.sha256(PDF + b"x").hexdigest()
    assert attachment.file.read() == PDF + b"x"
    assert "资质" not in attachment.file.name
    assert services.current_attachments(entry) == {SLOT: [attachment]}


def test_same_file_twice_is_one_file(entry: Entry, lihua: User) -> None:
    first = services.attach(entry, slot=SLOT, upload=pdf(), actor=lihua)

    assert services.attach(entry, slot=SLOT, upload=pdf(), actor=lihua) == first


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("视频.pdf", b"MZ\x90\x00" + b"\0" * 100, "不是可接受的文件类型"),
        ("图片.png", PDF, "扩展名与内容不符"),
        ("空.pdf", b"", "是空文件"),
        ("网页.pdf", b"<html>", "不是可接受的文件类型"),
    ],
)
def test_wrong_file_is_refused_with_its_sentence(
    entry: Entry, lihua: User, name: str, content: bytes, sentence: str
) -> None:
    with pytest.raises(Invalid) as refused:
        services.attach(entry, slot=SLOT, upload=SimpleUploadedFile(name, content), actor=lihua)

    assert sentence in refused.value.problems[SLOT]
    assert not Attachment.objects.exists()


def test_too_large_and_too_many_are_refused(entry: Entry, lihua: User) -> None:
    large = pdf()
    large.size = 51 * 1024 * 1024
    with pytest.raises(Invalid) as refused:
        services.attach(entry, slot=SLOT, upload=large, actor=lihua)
    assert "超过 50 MB" in refused.value.problems[SLOT]

    for number in range(3):
        services.attach(entry, slot="attachments.slides", upload=pdf(mark=str(number)), actor=lihua)
    with pytest.raises(Invalid) as refused:
        services.attach(entry, slot="attachments.slides", upload=pdf(mark="4"), actor=lihua)
    assert "最多上传3个文件" in refused.value.problems["attachments.slides"]


@pytest.mark.parametrize(
    "slot", ["nowhere", "attachments", "cases.cases.r1.contract", "market.data_sources", ""]
)
def test_unknown_slots_are_refused(entry: Entry, lihua: User, slot: str) -> None:
    with pytest.raises(Invalid):
        services.attach(entry, slot=slot, upload=pdf(), actor=lihua)


def test_removed_file_stays_in_storage(entry: Entry, lihua: User) -> None:
    attachment = services.attach(entry, slot=SLOT, upload=pdf(), actor=lihua)

    services.detach(attachment, actor=lihua)

    assert services.current_attachments(entry) == {}
    attachment.refresh_from_db()
    assert attachment.file.storage.exists(attachment.file.name)


def test_stranger_and_late_uploads_are_refused(
    entry: Entry, lihua: User, zhaolei: User, close_stage: Callable[[str], Any]
) -> None:
    attachment = services.attach(entry, slot=SLOT, upload=pdf(), actor=lihua)
    with pytest.raises(NotAllowed):
        services.attach(entry, slot=SLOT, upload=pdf(mark="z"), actor=zhaolei)
    with pytest.raises(NotAllowed):
        services.detach(attachment, actor=zhaolei)
    close_stage("submission")

    with pytest.raises(StageClosed):
        services.attach(entry, slot=SLOT, upload=pdf(mark="late"), actor=lihua)
    with pytest.raises(StageClosed):
        services.detach(attachment, actor=lihua)


def test_scan_is_replaced_until_submitted_and_never_removed(frozen: Revision, lihua: User) -> None:
    first = services.attach_scan(frozen, upload=pdf(mark="1"), actor=lihua)
    second = services.attach_scan(frozen, upload=pdf(mark="2"), actor=lihua)

    first.refresh_from_db()
    assert (first.removed_at is not None, second.removed_at) == (True, None)
    with pytest.raises(WrongState):
        services.detach(second, actor=lihua)


def test_scan_of_a_submitted_version_stays(submitted: Receipt, lihua: User) -> None:
    with pytest.raises(WrongState):
        services.attach_scan(submitted.revision, upload=pdf(mark="later"), actor=lihua)
