"""Files beside the case: pages of a proof as pictures, and the evidence of look-ups, for officers alone."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any, Final, cast

from django.core.exceptions import PermissionDenied
from django.core.files.base import ContentFile
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse

from competition import audit, pages
from competition.handing import closed, hand_out
from competition.models import User
from registration import permissions
from registration.models import LookupEvidence, UnitProof

_PDF: Final = "application/pdf"
_PROBLEMS: Final = {
    pages.ENCRYPTED: "文件设有密码，不能在此显示。",
    pages.BROKEN: "文件已损坏或格式不正确，不能在此显示。",
    pages.TOO_MANY: f"文件超过{pages.MOST_PAGES}页，请打开原文件查看。",
    pages.TOO_HEAVY: "文件过于复杂，请打开原文件查看。",
}


def proof_pages(request: HttpRequest, pk: int) -> HttpResponse:
    """A proof for the viewer beside the case: its pages as pictures; the look is recorded."""
    proof = _proof(request, pk)
    audit.record(cast(User, request.user), "proof.read", proof, edition=proof.team.edition)
    numbers, problem = range(0), ""
    if proof.content_type == _PDF:
        try:
            numbers = range(1, _count(proof) + 1)
        except pages.NotDrawn as why:
            problem = _PROBLEMS[why.why]
    context = {"proof": proof, "numbers": numbers, "problem": problem}
    response = TemplateResponse(request, "admin/registration/team/_viewed.html", context)
    response["Cache-Control"] = "private, no-store"
    return response


def proof_page(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    """The picture of one page: drawn when it is first asked for, then kept."""
    proof = _proof(request, pk)
    place, storage = f"{_folder(proof)}/{number}.png", proof.file.storage
    if not storage.exists(place):
        try:
            if proof.content_type != _PDF or not 1 <= number <= _count(proof):
                raise Http404("page")
            _draw(proof, number)
        except pages.NotDrawn:
            raise Http404("page") from None
    return closed(FileResponse(storage.open(place, "rb"), content_type="image/png"))


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


def _folder(proof: UnitProof) -> str:
    """Where the pages of this content are kept, with the team's other files."""
    return f"proofs/{proof.team.pk}/pages-{proof.sha256}"


def _count(proof: UnitProof) -> int:
    """How many pages it has; the first opening draws the first page. Raises NotDrawn."""
    storage, place = proof.file.storage, f"{_folder(proof)}/count"
    if storage.exists(place):
        with storage.open(place) as kept:
            return int(kept.read())
    count = _draw(proof, 1)
    _put(storage, place, str(count).encode())
    return count


def _draw(proof: UnitProof, number: int) -> int:
    """Draw one page in a limited process and keep its picture; returns how many there are. Raises NotDrawn."""
    with tempfile.TemporaryDirectory(prefix="proof-") as name:
        source = Path(name) / "proof.pdf"
        with proof.file.open("rb") as file:
            source.write_bytes(file.read())
        count = pages.draw_one(source, Path(name), number)
        picture = Path(name) / f"{number}.png"
        if picture.exists():
            _put(proof.file.storage, f"{_folder(proof)}/{number}.png", picture.read_bytes())
    return count


def _put(storage: Any, name: str, content: bytes) -> None:
    # Two officers may draw the same content at once: the first picture stays.
    if not storage.exists(name):
        storage.save(name, ContentFile(content))
