"""Proofs of units: upload, remove, say why one does not apply, and read them with permission."""

from __future__ import annotations

from typing import Final

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from competition import audit
from competition.arrival import arrived_at
from competition.errors import Invalid, NotAllowed, Refusal
from competition.handing import hand_out
from registration import services
from registration.models import Team
from registration.permissions import get_proof_for, get_unit_for, is_officer, owns
from registration.steps import Step
from registration.views import step_pages
from registration.views.wizard import look_at, step_url

#: Shown in the browser; anything else is only handed out for saving.
INLINE: Final = frozenset({"application/pdf", "image/jpeg", "image/png"})


def _require_owner(request: HttpRequest, team: Team) -> None:
    if not owns(request.user, team):
        raise NotAllowed("只有报名账号本人可以修改证明材料。")


def _page(request: HttpRequest, team: Team, refusal: Refusal) -> HttpResponse:
    """The step again with the sentence at the slot (or on top)."""
    team.refresh_from_db()
    problems = refusal.problems if isinstance(refusal, Invalid) else {}
    context = step_pages.context(look_at(team), Step.PROOFS, problems=problems)
    context["refusal"] = refusal
    return render(request, "registration/steps/proofs.html", context, status=refusal.status)


def _back(team: Team, unit_id: int, slot: str) -> HttpResponse:
    return redirect(f"{step_url(team, Step.PROOFS)}#slot-{unit_id}-{slot}")


@require_POST
def upload_proof(request: HttpRequest, pk: int, slot: str) -> HttpResponse:
    """Put one or several files into a slot; with ``replaces`` the first one takes that file's place."""
    unit = get_unit_for(request.user, pk)
    _require_owner(request, unit.team)
    replaces = request.POST.get("replaces", "")
    old = get_proof_for(request.user, int(replaces)) if replaces.isdecimal() and len(replaces) < 18 else None
    if old is not None and (old.unit_id, old.slot) != (unit.pk, slot):
        raise Http404("proof")
    uploads = request.FILES.getlist("file")
    try:
        if not uploads:
            raise Invalid({f"proofs.{unit.pk}.{slot}": "请先选择文件。"})
        for upload in uploads:
            services.add_proof(
                unit, slot=slot, upload=upload, actor=request.user, at=arrived_at(request), replaces=old
            )
            old = None
            messages.success(request, f"“{upload.name}”已上传。")
    except Refusal as refusal:
        return _page(request, unit.team, refusal)
    return _back(unit.team, unit.pk, slot)


@require_POST
def not_applicable(request: HttpRequest, pk: int, slot: str) -> HttpResponse:
    """Say why a slot does not apply to this unit."""
    unit = get_unit_for(request.user, pk)
    _require_owner(request, unit.team)
    try:
        services.declare_not_applicable(
            unit,
            slot=slot,
            reason=request.POST.get("reason", ""),
            actor=request.user,
            at=arrived_at(request),
        )
    except Refusal as refusal:
        return _page(request, unit.team, refusal)
    messages.success(request, "已保存不适用的理由，工作人员会看到。")
    return _back(unit.team, unit.pk, slot)


@require_POST
def remove_proof(request: HttpRequest, pk: int) -> HttpResponse:
    """Remove a file or a reason."""
    proof = get_proof_for(request.user, pk)
    team, unit_id = proof.team, proof.unit_id
    _require_owner(request, team)
    if unit_id is None:
        raise Http404("proof")
    services.remove_proof(proof, actor=request.user, at=arrived_at(request))
    messages.success(request, f"“{proof.name}”已移除。" if proof.file else "不适用的说明已撤销。")
    return _back(team, unit_id, proof.slot)


@require_safe
def proof(request: HttpRequest, pk: int) -> HttpResponse:
    """The file itself, for the team's people and officers; an officer's look is recorded."""
    found = get_proof_for(request.user, pk)
    if is_officer(request.user):
        audit.record(request.user, "proof.read", found, edition=found.team.edition)
    return hand_out(request, found.file, found.name, found.content_type)
