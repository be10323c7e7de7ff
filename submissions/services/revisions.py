"""Frozen versions: frozen for stamping, scanned, submitted. Their rows never change."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction

from competition import audit, clock, outbox, stages
from competition.errors import Invalid, NotAllowed, Refusal, WrongState
from competition.files import check_upload
from competition.form_schema import FormSchema
from competition.models import User
from competition.transitions import move
from submissions.form import schema_of
from submissions.models import SCAN, Attachment, Entry, Receipt, Revision
from submissions.permissions import can_submit_entry
from submissions.places import Place
from submissions.sealing import content_hash, only_asked, receipt_hash, same_material
from submissions.services.asking_hints import request_hints
from submissions.services.attachments import current_attachments, kinds_of, store
from submissions.services.entries import in_correction, lock, require_writable
from submissions.services.printing import request_pdf
from submissions.services.progress import Completeness, completeness
from submissions.services.uploads import content_entry, under_way
from submissions.services.viruses import require_clean, require_sealable
from submissions.workflow import TRANSITIONS, EntryStatus

CONTENT_FORMAT = 1


@transaction.atomic
def freeze(entry: Entry, *, actor: User, at: datetime | None = None) -> Revision:
    """Freeze the form for stamping: an immutable version n over texts, registration facts and files.

    Raises Invalid with every place that is incomplete or over its cap (R65, R66, R79, R81, R101-R104);
    StageClosed, WrongState, NotAllowed. Freezing unchanged material gives the version that is there.
    After the deadline only what an officer asked for is taken from the draft, the rest from the version
    that counts: what was typed in time but never sealed stays outside (decision 5).
    """
    entry = lock(entry)
    opened = require_writable(entry, actor=actor, at=at)
    state = completeness(entry, proofs=True)
    if not state.ready:
        raise Invalid(state.problems, f"申报书还有{len(state.problems)}处需要补充或修改，完成后才能定稿。")
    require_clean(entry)
    content = content_of(entry, state)
    counts = last_receipt(entry)
    if opened is not None and counts is not None:
        content = only_asked(content, counts.revision.content, opened)
    sha256 = content_hash(content)
    last = entry.revisions.first()
    if last is not None and (last.sha256 == sha256 or same_material(last.content, content)):
        return last
    revision = Revision.objects.create(
        entry=entry,
        number=last.number + 1 if last else 1,
        entry_version=entry.version,
        content=content,
        private=json.dumps(state.facts.private, ensure_ascii=False, sort_keys=True),
        form_digest=schema_of(entry.edition).digest,
        sha256=sha256,
        frozen_by=actor,
        frozen_at=_edition_time(entry, at),
    )
    audit.record(
        actor, "revision.frozen", revision, edition=entry.edition, number=revision.number, sha256=sha256
    )
    if not entry.edition.is_rehearsal:
        request_pdf(revision)
    return revision


def content_of(entry: Entry, state: Completeness) -> dict[str, Any]:
    """What version n binds by its hash: no secrets, no times, only what the team hands in."""
    schema = schema_of(entry.edition)
    live = {
        slot.key for one in state.sections if one.unit_id is None for slot in one.section.slots(one.answers)
    }
    return {
        "format": CONTENT_FORMAT,
        "edition": {"slug": entry.edition.slug, "name": entry.edition.name},
        "entry": entry.reference,
        "form": {"title": schema.title, "digest": schema.digest},
        "registration": state.facts.public,
        "sections": [
            {"key": one.section.key, "unit": one.unit_id, "answers": dict(one.answers)}
            for one in state.sections
        ],
        "attachments": [file for file in _files(entry, schema) if file["slot"] in live],
    }


def _files(entry: Entry, schema: FormSchema) -> list[dict[str, Any]]:
    """The files by slot, those that were declared and are on their way among them (decision 4)."""
    coming = under_way(entry)
    replaced = {one.slot for one in coming if (at := schema.find_slot(one.slot)) and at[1].max_files == 1}
    files = [
        {
            "slot": slot,
            "key": str(file.key),
            "name": file.name,
            "size": file.size,
            "sha256": file.sha256,
            "type": file.content_type,
        }
        for slot, some in current_attachments(entry).items()
        if slot not in replaced
        for file in some
    ]
    return sorted(
        [*files, *map(content_entry, coming)], key=lambda file: (file["slot"], file["name"], file["sha256"])
    )


@transaction.atomic
def attach_scan(
    revision: Revision, *, upload: UploadedFile[Any], actor: User, at: datetime | None = None
) -> Attachment:
    """Attach the stamped version's scan; uploading again replaces it until that version is submitted.

    Raises Invalid at ``scan`` when the file is not acceptable, WrongState for an older or submitted version.
    """
    entry = lock(revision.entry)
    require_writable(entry, actor=actor, at=at)
    _require_latest(revision)
    if Receipt.objects.filter(revision=revision).exists():
        raise WrongState(f"第{revision.number}版已经提交，不能再更换扫描件；如有修改，请重新定稿。")
    rule = schema_of(entry.edition).scan
    checked = check_upload(upload, kinds=kinds_of(rule.accept), max_megabytes=rule.max_mb, field=SCAN)
    revision.scans.filter(removed_at__isnull=True).update(removed_at=clock.real_now())
    return store(entry, SCAN, checked, upload, actor, revision)


@transaction.atomic
def submit(
    revision: Revision, *, actor: User, scan: Attachment | None = None, at: datetime | None = None
) -> Receipt:
    """Seal version n with its scan; the last sealed version counts until a newer one is sealed (decision 5).

    ``at`` is the request's arrival: what arrived before the deadline is honoured (R12, R77). After it a
    version that was frozen in time but never sealed counts for nothing beyond what an officer asked for
    (decision 5). Raises StageClosed, WrongState, NotAllowed, Refusal (no scan).
    """
    entry = lock(revision.entry)
    _require_submission_open(entry, at)
    if not entry.is_editable:
        require_writable(entry, actor=actor, at=at)
    if not can_submit_entry(actor, entry):
        raise NotAllowed("只有本团队成员可以提交作品。")
    _require_latest(revision)
    _require_only_asked(revision, require_writable(entry, actor=actor, at=at))
    if Receipt.objects.filter(revision=revision).exists():
        raise WrongState(f"第{revision.number}版已经提交，无需重复提交。")
    scan = scan or revision.scans.filter(removed_at__isnull=True).last()
    if scan is None or scan.revision_id != revision.pk or scan.removed_at is not None:
        raise Refusal(f"请先上传第{revision.number}版的盖章扫描件。", field=SCAN)
    require_sealable(revision, scan)
    now = clock.now(entry.edition)
    receipt = Receipt.objects.create(
        revision=revision,
        number=f"HZ-{entry.reference}-{revision.number:02d}",
        scan=scan,
        scan_sha256=scan.sha256,
        sha256=receipt_hash(revision.sha256, scan.sha256),
        arrived_at=now if at is None else clock.at(entry.edition, at),
        submitted_at=now,
        submitted_by=actor,
    )
    move(entry, EntryStatus.SUBMITTED, TRANSITIONS, submitted_at=now, correction_until=None)
    audit.record(actor, "entry.submitted", receipt, edition=entry.edition, sha256=receipt.sha256)
    request_hints(receipt)
    _confirm(entry, receipt, actor)
    return receipt


def last_receipt(entry: Entry) -> Receipt | None:
    """The receipt of the last sealed version, the one that counts."""
    return Receipt.objects.filter(revision__entry=entry).select_related("revision", "scan").first()


def _require_submission_open(entry: Entry, at: datetime | None) -> None:
    if not in_correction(entry, at=at):
        stages.require_open(entry.edition, stages.SUBMISSION, at=at)


def _require_latest(revision: Revision) -> None:
    latest = Revision.objects.filter(entry_id=revision.entry_id).first()
    if latest is not None and latest.pk != revision.pk:
        raise WrongState(f"已有更新的第{latest.number}版，请使用最新定稿的版本。")


def _require_only_asked(revision: Revision, opened: list[Place] | None) -> None:
    counts = None if opened is None else last_receipt(revision.entry)
    if opened is None or counts is None:
        return
    asked = only_asked(revision.content, counts.revision.content, opened)
    if not same_material(revision.content, asked):
        raise WrongState(
            f"第{revision.number}版含有审查意见没有要求的修改，截止后不能提交。请按意见修改后重新定稿。"
        )


def _edition_time(entry: Entry, at: datetime | None) -> datetime:
    return clock.now(entry.edition) if at is None else clock.at(entry.edition, at)


def _confirm(entry: Entry, receipt: Receipt, actor: User) -> None:
    body = (
        f"团队“{entry.team.name}”的作品“{entry.team.project_name}”（第{receipt.revision.number}版）已提交。\n"
        f"回执编号：{receipt.number}\n到达时间：{stages.format_instant(receipt.arrived_at)}\n"
        f"校验值（SHA-256）：{receipt.sha256}\n提交截止前可以继续修改并重新定稿、提交，以最后一次提交的版本为准。"
    )
    for person in {entry.team.owner, actor}:
        outbox.tell(
            person,
            "entry.submitted",
            entry.reference,
            f"{receipt.number}:{person.pk}",
            title=f"作品已提交（回执编号 {receipt.number}）",
            body=body,
            edition=entry.edition,
        )
