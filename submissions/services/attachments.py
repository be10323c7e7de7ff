"""Files of an entry: into a slot, out of a slot. What was there once stays for the versions that sealed it."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction

from competition import audit, clock
from competition.errors import Invalid, StageClosed, WrongState
from competition.files import KINDS, CheckedFile, check_upload
from competition.form_schema import Slot
from competition.models import User
from submissions.form import schema_of
from submissions.models import Attachment, Entry, EntrySection, Revision, SupplementRequest
from submissions.places import Place
from submissions.services.asking_scans import request_scan
from submissions.services.entries import lock, require_writable, touch
from submissions.services.readings import request_reading

#: Declared extensions -> kinds as competition.files tells them from the content.
_KIND = {"jpeg": "jpg"}


def kinds_of(accept: tuple[str, ...]) -> tuple[str, ...]:
    """A slot's extensions as kinds, each once: ('pdf', 'jpg', 'jpeg') -> ('pdf', 'jpg')."""
    kinds = dict.fromkeys(_KIND.get(extension, extension) for extension in accept)
    return tuple(kind for kind in kinds if kind in KINDS)


@transaction.atomic
def attach(
    entry: Entry, *, slot: str, upload: UploadedFile[Any], actor: User, at: datetime | None = None
) -> Attachment:
    """Put a file into a slot (R81, R83): checked by content and size, hashed, kept under a name of its own.

    A slot for one file has it replaced. Raises Invalid at the slot when the file is not acceptable or the
    slot is full, StageClosed, WrongState, NotAllowed.
    """
    entry = lock(entry)
    opened = require_writable(entry, actor=actor, at=at)
    rule = require_slot(entry, slot, opened).field
    checked = check_upload(upload, kinds=kinds_of(rule.accept), max_megabytes=rule.max_mb, field=slot)
    current = list(Attachment.objects.filter(entry=entry, slot=slot, removed_at__isnull=True))
    same = next((one for one in current if one.sha256 == checked.sha256), None)
    if same is not None:
        return same
    if rule.max_files == 1:
        Attachment.objects.filter(pk__in=[one.pk for one in current]).update(removed_at=clock.real_now())
    elif len(current) >= rule.max_files:
        raise Invalid({slot: f"“{rule.label}”最多上传{rule.max_files}个文件，请先移除不需要的文件。"})
    attachment = store(entry, slot, checked, upload, actor)
    touch(entry)
    return attachment


def store(
    entry: Entry,
    slot: str,
    checked: CheckedFile,
    upload: UploadedFile[Any],
    actor: User,
    revision: Revision | None = None,
) -> Attachment:
    """Write a checked upload to storage and its row to the database."""
    upload.name = f"upload.{checked.kind}"
    return store_row(entry, slot, checked, upload, actor, revision=revision)


def store_row(
    entry: Entry,
    slot: str,
    checked: CheckedFile,
    file: UploadedFile[Any] | str,
    actor: User,
    *,
    key: UUID | None = None,
    revision: Revision | None = None,
    supplement: SupplementRequest | None = None,
) -> Attachment:
    """The row of a checked file; ``file`` is what to write to storage, or the name under which it is there."""
    attachment = Attachment.objects.create(
        key=key or uuid4(),
        entry=entry,
        revision=revision,
        supplement=supplement,
        slot=slot,
        file=file,
        name=checked.name,
        size=checked.size,
        sha256=checked.sha256,
        content_type=checked.content_type,
        facts=checked.facts,
        uploaded_by=actor,
    )
    audit.record(
        actor, "attachment.added", attachment, edition=entry.edition, slot=slot, sha256=checked.sha256
    )
    request_reading(attachment, entry.edition)
    request_scan(attachment, entry.edition)
    return attachment


@transaction.atomic
def detach(attachment: Attachment, *, actor: User, at: datetime | None = None) -> None:
    """Take a file out of its slot; the file itself stays, a sealed version may name it."""
    entry = lock(attachment.entry)
    if attachment.revision_id is not None:
        raise WrongState("盖章扫描件属于已定稿的版本，可以重新上传替换，不能移除。")
    opened = require_writable(entry, actor=actor, at=at)
    if attachment.supplement_id is not None:
        raise WrongState("已提交的补充材料不能移除。")
    _require_asked(opened, Place.of_slot(attachment.slot))
    taken = Attachment.objects.filter(pk=attachment.pk, removed_at__isnull=True).update(
        removed_at=clock.real_now()
    )
    if taken:
        audit.record(actor, "attachment.removed", attachment, edition=entry.edition, slot=attachment.slot)
        touch(entry)


def current_attachments(entry: Entry) -> dict[str, list[Attachment]]:
    """The files that are in slots now, by slot; one query."""
    found: dict[str, list[Attachment]] = {}
    rows = Attachment.objects.filter(entry=entry, removed_at__isnull=True, revision__isnull=True).exclude(
        file=""
    )
    for attachment in rows.select_related("uploaded_by").order_by("id"):
        found.setdefault(attachment.slot, []).append(attachment)
    return found


def require_slot(entry: Entry, key: str, opened: list[Place] | None) -> Slot:
    """The slot as the saved answers open it; ``opened`` are the places open to the team, None for all.

    Raises Invalid for a slot of a row that is not saved (yet, or any more), StageClosed for one not asked for.
    """
    found = schema_of(entry.edition).find_slot(key)
    if found is None:
        raise Invalid({key: "申报书没有这项材料。"})
    section = found[0]
    row = EntrySection.objects.filter(entry=entry, key=section.key, unit__isnull=True).first()
    slot = next((one for one in section.slots(row.answers if row else {}) if one.key == key), None)
    if slot is None:
        raise Invalid({key: "请先保存这一行的内容，再上传材料。"})
    _require_asked(opened, Place.of_slot(slot.key))
    return slot


def _require_asked(opened: list[Place] | None, place: Place) -> None:
    if opened is not None and not any(asked.covers(place) for asked in opened):
        raise StageClosed("提交已截止，只能修改形式审查意见要求补正的内容。")
