"""Files beside the case: pages of a proof as pictures, and the evidence of look-ups, for officers alone."""

from __future__ import annotations

from typing import cast

from django.core.exceptions import PermissionDenied
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse

from competition import audit, derived, pages
from competition.derived import Source
from competition.handing import closed, hand_out
from competition.models import User
from registration import permissions
from registration.models import LookupEvidence, UnitProof


def proof_pages(request: HttpRequest, pk: int) -> HttpResponse:
    """A proof for the viewer beside the case: its pages as pictures; the look is recorded."""
    proof = _proof(request, pk)
    audit.record(cast(User, request.user), "proof.read", proof, edition=proof.team.edition)
    numbers, problem = range(0), ""
    if proof.content_type == derived.PDF:
        try:
            numbers = range(1, derived.page_count(_source(proof)) + 1)
        except pages.NotDrawn as why:
            problem = derived.SENTENCES[why.why]
    context = {"proof": proof, "numbers": numbers, "problem": problem}
    response = TemplateResponse(request, "admin/registration/team/_viewed.html", context)
    response["Cache-Control"] = "private, no-store"
    return response


def proof_page(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    """The picture of one page: drawn when it is first asked for, then kept."""
    proof = _proof(request, pk)
    try:
        found = derived.page(_source(proof), number)
    except pages.NotDrawn:
        found = None
    if found is None:
        raise Http404("page")
    return closed(FileResponse(found.open("rb"), content_type="image/png"))


def evidence(request: HttpRequest, pk: int) -> HttpResponse:
    """A page saved from a credit web site; the look is recorded."""
    if not permissions.is_officer(request.user):
        raise PermissionDenied
    found = get_object_or_404(LookupEvidence.objects.select_related("team__edition"), pk=pk)
    audit.record(cast(User, request.user), "evidence.read", found, edition=found.team.edition)
    return hand_out(request, found.file, found.name, found.content_type)


def _proof(request: HttpRequest, pk: int) -> UnitProof:
    if not permissions.is_officer(request.user):
        raise PermissionDenied
    proof = permissions.get_proof_for(request.user, pk)
    if not proof.file or not proof.file.storage.exists(proof.file.name or ""):
        raise Http404("file")
    return proof


def _source(proof: UnitProof) -> Source:
    return Source(proof.file, f"proofs/{proof.team.pk}", proof.sha256, proof.content_type)
