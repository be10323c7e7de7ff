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
from competition.models import User
from registration import permissions
from registration.models import LookupEvidence, UnitProof

_PROBLEMS: Final = {
    pages.ENCRYPTED: "文件设有密码，不能在此显示。",
    pages.BROKEN: "文件已损坏或格式不正确，不能在此显示。",
    pages.TOO_MANY: f"文件超过{pages.MOST_PAGES}页，请打开原文件查看。",
    pages.TOO_HEAVY: "文件过于复杂，请打开原文件查看。",
}


def proof_pages(request: HttpRequest, pk: int) -> HttpResponse:
    """A proof for the viewer beside the case: its pages as pictures; the look is recorded."""
    proof = _proof(request, pk)
    audit.record(cast(User, request.user), "proof.read", proof, edition=proof.unit.team.edition)
    numbers, problem = range(0), ""
    if proof.content_type == "application/pdf":
        numbers, problem = _drawn(proof)
    context = {"proof": proof, "numbers": numbers, "problem": problem}
    response = TemplateResponse(request, "admin/registration/team/_viewed.html", context)
    response["Cache-Control"] = "private, no-store"
    return response


def proof_page(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    """The picture of one page, once the proof was opened in the viewer."""
    proof = _proof(request, pk)
    place, storage = f"{_folder(proof)}/{number}.png", proof.file.storage
    if not storage.exists(place):
        raise Http404("page")
    return _closed(FileResponse(storage.open(place, "rb"), content_type="image/png"))


def evidence(request: HttpRequest, pk: int) -> HttpResponse:
    """A page saved from a credit web site; the look is recorded."""
    if not permissions.is_officer(request.user):
        raise PermissionDenied
    found = get_object_or_404(LookupEvidence.objects.select_related("team__edition"), pk=pk)
    if not found.file.storage.exists(found.file.name or ""):
        raise Http404("file")
    audit.record(cast(User, request.user), "evidence.read", found, edition=found.team.edition)
    opened = found.file.open("rb")
    return _closed(FileResponse(opened, filename=found.name, content_type=found.content_type))


def _closed(response: Any) -> HttpResponse:
    """An answer in which nothing runs and that nobody keeps."""
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response["Cache-Control"] = "private, no-store"
    return cast(HttpResponse, response)


def _proof(request: HttpRequest, pk: int) -> UnitProof:
    if not permissions.is_officer(request.user):
        raise PermissionDenied
    proof = permissions.get_proof_for(request.user, pk)
    if not proof.file or not proof.file.storage.exists(proof.file.name or ""):
        raise Http404("file")
    return proof


def _folder(proof: UnitProof) -> str:
    """Where the pages of this content are kept, with the team's other files."""
    return f"proofs/{proof.unit.team_id}/pages-{proof.sha256}"


def _drawn(proof: UnitProof) -> tuple[range, str]:
    """The numbers of the pages, drawn once and kept, or the sentence why there are none."""
    storage, folder = proof.file.storage, _folder(proof)
    if storage.exists(f"{folder}/count"):
        with storage.open(f"{folder}/count") as kept:
            return range(1, int(kept.read()) + 1), ""
    with tempfile.TemporaryDirectory(prefix="proof-") as name:
        source = Path(name) / "proof.pdf"
        with proof.file.open("rb") as file:
            source.write_bytes(file.read())
        try:
            drawn = pages.draw([source], Path(name))
        except pages.NotDrawn as problem:
            return range(0), _PROBLEMS[problem.why]
        for number, one in enumerate(drawn, start=1):
            _put(storage, f"{folder}/{number}.png", one.picture.read_bytes())
        _put(storage, f"{folder}/count", str(len(drawn)).encode())
    return range(1, len(drawn) + 1), ""


def _put(storage: Any, name: str, content: bytes) -> None:
    # Two officers may draw the same content at once: the first picture stays.
    if not storage.exists(name):
        storage.save(name, ContentFile(content))
