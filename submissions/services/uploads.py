"""Resumable uploads: declared before the deadline, arriving in pieces, taken in when the last one is there."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import datetime, timedelta
from pathlib import PurePath
from typing import IO, Any, Final

from django.core.files import File
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.db.models import Q

from competition import audit, clock, outbox, stages
from competition.errors import Invalid, NotAllowed, Refusal, TooMany
from competition.files import KINDS, MEGABYTE, CheckedFile, check_upload, clean_name
from competition.form_schema import Field
from competition.models import OutboxMessage, Stage, User
from competition.transitions import move
from submissions import parts
from submissions.form import schema_of
from submissions.models import Attachment, Entry, Receipt, Upload
from submissions.models.attachment import attachment_path
from submissions.permissions import is_of_team
from submissions.services.attachments import kinds_of, require_slot, store_row
from submissions.services.entries import in_correction, lock, require_writable, touch
from submissions.workflow import UPLOAD, EntryStatus, UploadStatus

CHANNEL: Final = "submissions.uploads"
KIND: Final = "upload.finish"
#: Files of one entry that may be on their way at the same time.
MOST: Final = 10
#: Bytes of one entry that may be on their way: three of the largest videos.
MOST_BYTES: Final = 6 * 1024 * MEGABYTE
#: A file that nobody goes on sending is given up after this time.
ABANDONED: Final = timedelta(days=7)
UNDER_WAY: Final = (UploadStatus.ARRIVING, UploadStatus.ARRIVED)
_HASH: Final = re.compile(r"[0-9a-f]{64}", re.ASCII)


class Gone(Refusal):
    """The upload is over: taken in, failed, cancelled or too late."""

    code = "gone"
    status = 410


@transaction.atomic
def declare(
    entry: Entry, *, slot: str, name: str, size: int, sha256: str, actor: User, at: datetime | None = None
) -> Upload:
    """Say what will be uploaded into a slot; with this the file counts as handed in time (decision 4).

    ``size`` in bytes, ``sha256`` in hex. The same declaration again goes on with the upload that is under
    way. Raises Invalid at the slot, TooMany, StageClosed, WrongState, NotAllowed.
    """
    entry = lock(entry)
    opened = require_writable(entry, actor=actor, at=at)
    rule = require_slot(entry, slot, opened).field
    name = clean_name(name)
    _require_fitting(slot, rule, name, size, sha256)
    mine = Upload.objects.filter(entry=entry, status__in=UNDER_WAY)
    same = mine.filter(slot=slot, size=size, sha256=sha256).first()
    if same is not None:
        return same
    coming = list(mine.values_list("slot", "size"))
    if sum(one for _, one in coming) + size > MOST_BYTES:
        raise TooMany("正在上传的文件合计太大，请等前面的文件传完。")
    _require_room(entry, slot, rule, [one for one, _ in coming], sha256)
    now = clock.now(entry.edition)
    upload = Upload.objects.create(
        entry=entry,
        slot=slot,
        name=name,
        size=size,
        sha256=sha256,
        declared_by=actor,
        declared_at=now if at is None else clock.at(entry.edition, at),
        until=min(now + ABANDONED, _latest(entry)),
    )
    audit.record(actor, "upload.declared", upload, edition=entry.edition, slot=slot, sha256=sha256, size=size)
    touch(entry)
    return upload


def append(upload: Upload, *, offset: int, stream: IO[bytes]) -> int:
    """Write what arrives behind byte ``offset``; returns how many bytes are there now.

    Nothing is locked in the database while bytes arrive. The last byte asks for the file to be taken in.
    Raises Gone, parts.Busy, parts.WrongOffset, parts.DiskFull.
    """
    require_arriving(upload)
    have = parts.append(upload.key, offset=offset, most=upload.size, stream=stream)
    mine = Upload.objects.filter(pk=upload.pk)
    if not mine.filter(status=UploadStatus.ARRIVING).update(offset=have):
        if not mine.filter(status__in=UNDER_WAY).exists():
            # Cancelled or given up while the piece was on its way: its bytes are nobody's.
            parts.remove(upload.key)
            raise Gone("这个文件已不再上传。")
    elif have == upload.size:
        _arrived(upload)
    return have


def offset_of(upload: Upload) -> int:
    """How many bytes are there; a process that was killed after the last one is made up for here."""
    if upload.status != UploadStatus.ARRIVING:
        return upload.size if upload.status == UploadStatus.ARRIVED else upload.offset
    have = parts.length(upload.key)
    if have == upload.size:
        _arrived(upload)
    return have


def require_arriving(upload: Upload) -> None:
    """Refuse bytes of an upload that is over or whose time has passed. Raises Gone."""
    if upload.status != UploadStatus.ARRIVING:
        raise Gone(upload.problem or f"这个文件{upload.get_status_display()}，不能继续上传。")
    if clock.now(upload.entry.edition) >= upload.until:
        raise Gone(f"已超过{stages.format_end(upload.until)}，不能继续上传。")


@transaction.atomic
def cancel(upload: Upload, *, actor: User, at: datetime | None = None) -> None:
    """Take back a declaration whose file has not been taken in. Raises Gone, NotAllowed."""
    entry = lock(upload.entry)
    upload = Upload.objects.select_for_update().get(pk=upload.pk)
    if not is_of_team(actor, entry):
        raise NotAllowed("只有本团队成员可以取消上传。")
    if upload.status not in UNDER_WAY:
        raise Gone(f"这个文件{upload.get_status_display()}，不能取消。")
    _end(entry, upload, UploadStatus.CANCELLED, "已由团队取消。")
    audit.record(actor, "upload.cancelled", upload, edition=entry.edition, slot=upload.slot)


def finish(upload_id: int) -> Upload:
    """Hash and inspect what arrived, and put it into its slot; safe to run again. Takes seconds.

    A file whose hash is not the declared one, or that is not acceptable, leaves the state 'failed' with the
    sentence that says why; the team is told.
    """
    upload = Upload.objects.select_related("entry__edition").get(pk=upload_id)
    if upload.status != UploadStatus.ARRIVED:
        return upload
    found = schema_of(upload.entry.edition).find_slot(upload.slot)
    path = parts.path_of(upload.key)
    if upload.entry.status == EntryStatus.WITHDRAWN:
        return _failed(upload, "团队已退出比赛。")
    if found is None or not path.exists():
        return _failed(upload, "文件在服务器上找不到，请重新上传。")
    with path.open("rb") as opened:
        file = UploadedFile(opened, name=upload.name, size=upload.size)
        try:
            checked = _checked(upload, found[1], file)
        except Invalid as problem:
            return _failed(upload, problem.sentence)
        stored = default_storage.save(
            attachment_path(Attachment(entry=upload.entry), upload.name), File(opened)
        )
    try:
        return _take_in(upload, checked, stored)
    except BaseException:
        default_storage.delete(stored)
        raise


def send_job(message: OutboxMessage) -> None:
    """The outbox's sender for this channel."""
    finish(message.data["upload"])


def give_up_due() -> int:
    """Uploads whose time has passed: their slots count as missing, their bytes go. Returns how many."""
    ended = 0
    due = (
        Upload.objects.filter(status=UploadStatus.ARRIVING).select_related("entry__edition").order_by("until")
    )
    for edition_id in set(due.values_list("entry__edition", flat=True)):
        some = due.filter(entry__edition=edition_id)
        first = some.first()
        if first is not None:
            for upload in some.filter(until__lte=clock.now(first.entry.edition)):
                # A process may have been killed after the last byte.
                ended += 0 if offset_of(upload) == upload.size else _expire(upload)
    return ended


def under_way(entry: Entry) -> list[Upload]:
    """What is declared and still arriving or being checked, oldest first; one query."""
    return list(Upload.objects.filter(entry=entry, status__in=UNDER_WAY).order_by("id"))


def content_entry(upload: Upload) -> dict[str, Any]:
    """How a declared file stands in a sealed version: with its declared hash, under the key it will have."""
    kind = _kind(upload.name)
    return {
        "slot": upload.slot,
        "key": str(upload.key),
        "name": upload.name,
        "size": upload.size,
        "sha256": upload.sha256,
        "type": KINDS[kind][0],
        "pending": True,
    }


def _require_fitting(slot: str, rule: Field, name: str, size: int, sha256: str) -> None:
    kinds = kinds_of(rule.accept)
    if _kind(name) not in kinds:
        accepted = "、".join(KINDS[kind][1] for kind in kinds)
        raise Invalid({slot: f"“{name}”不是可接受的文件类型，请上传{accepted}。"})
    if size <= 0:
        raise Invalid({slot: f"“{name}”是空文件，请重新选择。"})
    if size > rule.max_mb * MEGABYTE:
        raise Invalid({slot: f"“{name}”超过 {rule.max_mb} MB，请压缩或拆分后再上传。"})
    if not _HASH.fullmatch(sha256):
        raise Invalid({slot: "没有收到文件的校验值，请刷新页面后重新选择文件。"})


def _require_room(entry: Entry, slot: str, rule: Field, others: Iterable[str], sha256: str) -> None:
    others = list(others)
    if len(others) >= MOST:
        raise TooMany(f"同时上传的文件不能超过{MOST}个，请等前面的文件传完。")
    current = Attachment.objects.filter(entry=entry, slot=slot, removed_at__isnull=True).exclude(file="")
    hashes = list(current.values_list("sha256", flat=True))
    if sha256 in hashes:
        raise Invalid({slot: "这个文件已经上传过了。"})
    if rule.max_files > 1 and len(hashes) + others.count(slot) >= rule.max_files:
        raise Invalid({slot: f"“{rule.label}”最多上传{rule.max_files}个文件，请先移除不需要的文件。"})
    if rule.max_files == 1 and slot in others:
        raise Invalid({slot: f"“{rule.label}”已有一个文件正在上传，请等它传完，或先取消。"})


def _latest(entry: Entry) -> datetime:
    """Until when a file that is declared now may go on arriving, in the edition's time (decision 4)."""
    if in_correction(entry) and entry.correction_until is not None:
        return entry.correction_until + _grace(entry)
    return Stage.objects.get(edition=entry.edition, key=stages.SUBMISSION).closes_at + _grace(entry)


def _grace(entry: Entry) -> timedelta:
    return timedelta(seconds=entry.edition.data["grace"]["upload_seconds"])


def _kind(name: str) -> str:
    return PurePath(name).suffix.lower().removeprefix(".").replace("jpeg", "jpg")


@transaction.atomic
def _arrived(upload: Upload) -> None:
    now = clock.now(upload.entry.edition)
    locked = Upload.objects.select_for_update().get(pk=upload.pk)
    if locked.status == UploadStatus.ARRIVING:
        move(locked, UploadStatus.ARRIVED, UPLOAD, offset=upload.size, completed_at=now)
        outbox.post(
            KIND,
            str(upload.key),
            "1",
            channel=CHANNEL,
            edition=upload.entry.edition,
            data={"upload": upload.pk},
        )


def _checked(upload: Upload, rule: Field, file: UploadedFile[Any]) -> CheckedFile:
    if parts.length(upload.key) != upload.size:
        raise Invalid({upload.slot: f"“{upload.name}”没有完整到达，请重新上传。"})
    checked = check_upload(file, kinds=kinds_of(rule.accept), max_megabytes=rule.max_mb, field=upload.slot)
    if checked.sha256 != upload.sha256:
        raise Invalid({upload.slot: f"“{upload.name}”的内容与申明的校验值不符，请重新上传。"})
    return checked


@transaction.atomic
def _take_in(upload: Upload, checked: CheckedFile, stored: str) -> Upload:
    entry = lock(upload.entry)
    upload = Upload.objects.select_for_update().select_related("declared_by").get(pk=upload.pk)
    if upload.status != UploadStatus.ARRIVED or upload.completed_at is None:
        default_storage.delete(stored)
        return upload
    found = schema_of(entry.edition).find_slot(upload.slot)
    if found is not None and found[1].max_files == 1:
        Attachment.objects.filter(entry=entry, slot=upload.slot, removed_at__isnull=True).update(
            removed_at=clock.real_now()
        )
    attachment = store_row(entry, upload.slot, checked, stored, upload.declared_by, key=upload.key)
    late = upload.completed_at >= _latest(entry) - _grace(entry)
    number = f"BC-{entry.reference}-{upload.pk:06d}" if late else None
    upload = move(upload, UploadStatus.DONE, UPLOAD, attachment=attachment, receipt_number=number)
    if late:
        _tell_late(entry, upload)
    transaction.on_commit(lambda: parts.remove(upload.key))
    return upload


@transaction.atomic
def _failed(upload: Upload, sentence: str) -> Upload:
    entry = lock(upload.entry)
    upload = Upload.objects.select_for_update().get(pk=upload.pk)
    if upload.status == UploadStatus.ARRIVED:
        _end(entry, upload, UploadStatus.FAILED, sentence)
        audit.record(None, "upload.failed", upload, edition=entry.edition, slot=upload.slot)
        _tell_missing(entry, upload)
    return upload


@transaction.atomic
def _expire(upload: Upload) -> int:
    entry = lock(upload.entry)
    upload = Upload.objects.select_for_update().get(pk=upload.pk)
    if upload.status != UploadStatus.ARRIVING:
        return 0
    _end(entry, upload, UploadStatus.EXPIRED, f"截至{stages.format_end(upload.until)}没有传完。")
    audit.record(None, "upload.expired", upload, edition=entry.edition, slot=upload.slot)
    _tell_missing(entry, upload)
    return 1


def _end(entry: Entry, upload: Upload, status: UploadStatus, problem: str) -> None:
    """The slot counts as missing from now on; the bytes go when this is certain."""
    move(upload, status, UPLOAD, problem=problem[:300])
    if entry.is_editable:
        touch(entry)
    transaction.on_commit(lambda: parts.remove(upload.key))


def _tell_missing(entry: Entry, upload: Upload) -> None:
    sealed = Receipt.objects.filter(revision__entry=entry).filter(
        Q(revision__content__attachments__contains=[{"key": str(upload.key)}])
    )
    more = "已提交的版本中这项材料按缺少处理。" if sealed.exists() else "请重新上传。"
    outbox.tell(
        upload.declared_by,
        "upload.missing",
        entry.reference,
        str(upload.key),
        title="有一个文件未能收下",
        body=f"团队“{entry.team.name}”上传的“{upload.name}”未能收下：{upload.problem}{more}",
        edition=entry.edition,
    )


def _tell_late(entry: Entry, upload: Upload) -> None:
    if upload.completed_at is None:
        return
    outbox.tell(
        upload.declared_by,
        "upload.late",
        entry.reference,
        str(upload.key),
        title=f"截止前申明的文件已传完（回执编号 {upload.receipt_number}）",
        body=(
            f"团队“{entry.team.name}”在截止前申明的“{upload.name}”已于"
            f"{stages.format_instant(upload.completed_at)}传完，内容与申明的校验值一致，计入已提交的版本。\n"
            f"校验值（SHA-256）：{upload.sha256}"
        ),
        edition=entry.edition,
    )
