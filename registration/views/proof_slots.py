"""The slots of proofs of a unit as the slot component shows them."""

from __future__ import annotations

from typing import Any, Final

from django.urls import reverse

from competition.files import kind_names
from registration.forms import Hints
from registration.models import Unit, UnitProof
from registration.statement import NONE, SLOT
from registration.terms import ProofSlot, Terms


def slots_of(unit: Unit, terms: Terms, hints: Hints, *, locked: bool = False) -> list[dict[str, Any]]:
    """Every slot of a unit with its files; the unit's proofs should be prefetched."""
    return [_slot(unit, slot, hints, locked) for slot in terms.slots]


def _slot(unit: Unit, slot: ProofSlot, hints: Hints, locked: bool) -> dict[str, Any]:
    live = [one for one in unit.proofs.all() if one.slot == slot.key and one.removed_at is None]
    path = f"proofs.{unit.pk}.{slot.key}"
    reason = next((one for one in live if one.not_applicable), None)
    accepted = f"{kind_names(slot.kinds)}；每个文件不超过{slot.max_megabytes} MB，最多{slot.max_files}个。"
    return {
        "key": f"{unit.pk}-{slot.key}",
        "title": slot.label,
        "hint": f"{slot.hint}。{accepted}" if slot.hint else accepted,
        "required": slot.required,
        "files": [file_row(one) for one in live if one.file],
        "room": sum(bool(one.file) for one in live) < slot.max_files,
        "multiple": slot.max_files > 1,
        "accept": ",".join(f".{kind}" for kind in slot.extensions),
        "not_applicable": reason.not_applicable if reason else "",
        "remove_reason_url": reverse("registration:remove_proof", args=[reason.pk]) if reason else "",
        "may_skip": slot.may_not_apply,
        "locked": locked,
        "statement": _statement(unit, slot, live),
        "problem": hints.problems.get(path, ""),
        "reason": hints.reasons.get(path, ""),
        "upload_url": reverse("registration:upload_proof", args=[unit.pk, slot.key]),
        "skip_url": reverse("registration:not_applicable", args=[unit.pk, slot.key])
        if slot.may_not_apply
        else "",
    }


def file_row(proof: UnitProof) -> dict[str, Any]:
    """A file as the slot component lists it."""
    return {
        "pk": proof.pk,
        "name": proof.name,
        "url": reverse("registration:proof", args=[proof.pk]),
        "size": proof.size,
        "at": proof.uploaded_at,
        "remove_url": reverse("registration:remove_proof", args=[proof.pk]),
        "sha256": proof.sha256,
    }


_READ: Final = {
    "": "正在读取扫描件上的二维码，稍后刷新可以看到结果。",
    NONE: "扫描件上没有读到二维码。请确认上传的是从本页下载的声明；工作人员会人工核对。",
}


def _statement(unit: Unit, slot: ProofSlot, live: list[UnitProof]) -> dict[str, str] | None:
    """For the slot of the signed statement: where to download it, and what was read off the newest scan."""
    if slot.key != SLOT:
        return None
    newest = max((one for one in live if one.file), key=lambda one: one.pk, default=None)
    return {
        "url": reverse("registration:statement", args=[unit.pk]),
        "read": "" if newest is None else _READ.get(newest.statement_read, "已读到扫描件上的二维码。"),
    }
