"""Files beside the case: pages of a PDF as pictures, a picture or a film as it is, for officers alone."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any, Final, cast
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.core.files.base import ContentFile
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse

from competition import audit, pages
from competition.handing import closed
from competition.models import Edition, User
from registration.permissions import is_officer
from submissions.models import Attachment
from submissions.permissions import get_attachment_for
from submissions.workflow import VirusScan

_PDF: Final = "application/pdf"
_PROBLEMS: Final = {
    pages.ENCRYPTED: "文件设有密码，不能在此显示。",
    pages.BROKEN: "文件已损坏或格式不正确，不能在此显示。",
    pages.TOO_MANY: f"文件超过{pages.MOST_PAGES}页，请打开原文件查看。",
    pages.TOO_HEAVY: "文件过于复杂，请打开原文件查看。",
}


def file_pages(request: HttpRequest, key: UUID) -> HttpResponse:
    """A file for the viewer beside the case; the look is recorded."""
    file = _file(request, key)
    edition = Edition.objects.get(entries=file.entry_id)
    audit.record(cast(User, request.user), "attachment.read", file, edition=edition)
    numbers, problem = range(0), ""
    if file.content_type == _PDF:
        try:
            numbers = range(1, _count(file) + 1)
        except pages.NotDrawn as why:
            problem = _PROBLEMS[why.why]
    context = {
        "file": file,
        "numbers": numbers,
        "problem": problem,
        "kind": file.content_type.partition("/")[0],
    }
    response = TemplateResponse(request, "admin/submissions/entry/_viewed.html", context)
    response["Cache-Control"] = "private, no-store"
    return response


def file_page(request: HttpRequest, key: UUID, number: int) -> HttpResponse:
    """The picture of one page: drawn when it is first asked for, then kept."""
    file = _file(request, key)
    place, storage = f"{_folder(file)}/{number}.png", file.file.storage
    if not storage.exists(place):
        try:
            if file.content_type != _PDF or not 1 <= number <= _count(file):
                raise Http404("page")
            _draw(file, number)
        except pages.NotDrawn:
            raise Http404("page") from None
    return closed(FileResponse(storage.open(place, "rb"), content_type="image/png"))


def _file(request: HttpRequest, key: UUID) -> Attachment:
    if not is_officer(request.user):
        raise PermissionDenied
    file = get_attachment_for(cast(User, request.user), key)
    if file.virus_scan == VirusScan.INFECTED or not file.file.storage.exists(file.file.name or ""):
        raise Http404("file")
    return file


def _folder(file: Attachment) -> str:
    """Where the pages of this content are kept, with the entry's other files."""
    return f"entries/{file.entry_id}/pages-{file.sha256}"


def _count(file: Attachment) -> int:
    """How many pages it has; the first opening draws the first page. Raises NotDrawn."""
    storage, place = file.file.storage, f"{_folder(file)}/count"
    if storage.exists(place):
        with storage.open(place) as kept:
            return int(kept.read())
    count = _draw(file, 1)
    _put(storage, place, str(count).encode())
    return count


def _draw(file: Attachment, number: int) -> int:
    """Draw one page in a limited process and keep its picture; returns how many there are. Raises NotDrawn."""
    with tempfile.TemporaryDirectory(prefix="pages-") as name:
        source = Path(name) / "file.pdf"
        with file.file.open("rb") as opened, source.open("wb") as copy:
            for chunk in opened.chunks():
                copy.write(chunk)
        count = pages.draw_one(source, Path(name), number)
        picture = Path(name) / f"{number}.png"
        if picture.exists():
            _put(file.file.storage, f"{_folder(file)}/{number}.png", picture.read_bytes())
    return count


def _put(storage: Any, name: str, content: bytes) -> None:
    # Two officers may draw the same content at once: the first picture stays.
    if not storage.exists(name):
        storage.save(name, ContentFile(content))
