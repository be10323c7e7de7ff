"""Proofs about a unit (R80, R82): files in the edition's slots, or the reason why a slot does not apply."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.core.files.storage import Storage
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction

from competition import audit, clock
from competition.chars import count_chars
from competition.errors import Invalid, WrongState
from competition.files import check_upload
from competition.models import User
from registration import statement
from registration.models import Team, Unit, UnitProof
from registration.services import statements
from registration.services.editing import bump, open_for_editing
from registration.services.findings import refresh_when_submitted
from registration.terms import ProofSlot, terms_of

MAX_REASON = 200


@transaction.atomic
def add_proof(
    unit: Unit,
    *,
    slot: str,
    upload: UploadedFile[Any],
    actor: User,
    at: datetime | None = None,
    replaces: UnitProof | None = None,
) -> UnitProof:
    """Put a file into a slot, beside the others or in place of ``replaces``; a stated reason goes away.

    Raises Invalid at ``proofs.<unit>.<slot>`` for the wrong type, size or too many files, and what
    ``open_for_editing`` raises; a returned registration may be given proofs until submissions end.
    """
    team = open_for_editing(unit.team_id, actor=actor, version=None, at=at, proofs=True)
    path, terms_slot = f"proofs.{unit.pk}.{slot}", _slot(team, unit, slot)
    facts = check_upload(upload, kinds=terms_slot.kinds, max_megabytes=terms_slot.max_megabytes, field=path)
    if replaces is not None:
        _take_away(team, replaces)
    live = unit.proofs.filter(slot=slot, removed_at__isnull=True)
    if live.filter(sha256=facts.sha256).exists():
        raise Invalid({path: f"“{facts.name}”与已上传的文件内容完全相同，无需重复上传。"})
    if live.exclude(file="").count() >= terms_slot.max_files:
        raise Invalid({path: f"“{terms_slot.label}”最多上传{terms_slot.max_files}个文件，请先移除或替换。"})
    for reason in live.filter(file=""):
        _take_away(team, reason)
    proof = UnitProof.objects.create(
        unit=unit,
        slot=slot,
        file=upload,
        name=facts.name,
        size=facts.size,
        sha256=facts.sha256,
        content_type=facts.content_type,
        uploaded_by=actor,
        statement=statements.digest(team) if slot == statement.SLOT else "",
    )
    if slot == statement.SLOT:
        statements.request_reading(proof)
    _note(team, actor, "proof.added", proof)
    return proof


@transaction.atomic
def declare_not_applicable(
    unit: Unit, *, slot: str, reason: str, actor: User, at: datetime | None = None
) -> UnitProof:
    """Say why a slot does not apply (an officer sees it); takes the place of an earlier reason."""
    team = open_for_editing(unit.team_id, actor=actor, version=None, at=at, proofs=True)
    path, terms_slot = f"proofs.{unit.pk}.{slot}", _slot(team, unit, slot)
    plain = reason.replace("\x00", "").strip()
    if not terms_slot.may_not_apply:
        raise Invalid({path: f"“{terms_slot.label}”是必须提供的材料，不能声明不适用。"})
    if not plain:
        raise Invalid({path: "请写明不适用的理由。"})
    if (length := count_chars(plain)) > MAX_REASON or len(plain) > MAX_REASON:
        raise Invalid({path: f"理由最多{MAX_REASON}个字，现有{length}个字。"})
    live = unit.proofs.filter(slot=slot, removed_at__isnull=True)
    if live.exclude(file="").exists():
        raise Invalid({path: "该项已有文件；如确不适用，请先移除文件。"})
    for earlier in live:
        _take_away(team, earlier)
    proof = UnitProof.objects.create(unit=unit, slot=slot, not_applicable=plain, uploaded_by=actor)
    _note(team, actor, "proof.not_applicable", proof)
    return proof


@transaction.atomic
def remove_proof(proof: UnitProof, *, actor: User, at: datetime | None = None) -> None:
    """Remove a file or a reason; what an officer may have seen stays on record."""
    team = open_for_editing(proof.team.pk, actor=actor, version=None, at=at, proofs=True)
    _note(team, actor, "proof.removed", proof)
    _take_away(team, proof)
    refresh_when_submitted(team)


def _slot(team: Team, unit: Unit, key: str) -> ProofSlot:
    slot = terms_of(team.edition).slot(key)
    if slot is None:
        raise Invalid({f"proofs.{unit.pk}.{key}": "没有这一项材料，请刷新页面。"})
    if not team.units.filter(pk=unit.pk).exists():
        raise WrongState("这家单位已被移除，请刷新页面。")
    return slot


def _take_away(team: Team, proof: UnitProof) -> None:
    """Before the first submit nobody has seen it: row and file go; after it, it is only marked."""
    if team.submitted_at is not None:
        UnitProof.objects.filter(pk=proof.pk, removed_at__isnull=True).update(removed_at=clock.real_now())
        return
    storage, name = proof.file.storage, proof.file.name
    UnitProof.objects.filter(pk=proof.pk).delete()
    if name:
        transaction.on_commit(lambda: storage.delete(name), robust=True)


def leave_with_unit(team: Team, unit: Unit) -> list[tuple[Storage, str]]:
    """A unit leaves: what an officer may have seen stays on record; else the files to delete are returned."""
    if team.submitted_at is None:
        return [(one.file.storage, one.file.name or "") for one in unit.proofs.exclude(file="")]
    unit.proofs.filter(removed_at__isnull=True).update(removed_at=clock.real_now())
    unit.proofs.update(unit=None, left_team=team, left_unit=str(unit))
    return []


def _note(team: Team, actor: User, verb: str, proof: UnitProof) -> None:
    audit.record(actor, verb, proof, edition=team.edition, slot=proof.slot, sha256=proof.sha256)
    bump(team, actor)
    refresh_when_submitted(team)
