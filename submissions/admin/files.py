"""Files beside the case: pages of a PDF as pictures, a picture or a film as it is, for officers alone."""

from __future__ import annotations

from typing import cast
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse

from competition import audit, derived, pages
from competition.handing import closed
from competition.models import Edition, User
from registration.permissions import is_officer
from submissions.models import Attachment
from submissions.permissions import get_attachment_for
from submissions.views.viewing import source_of


def file_pages(request: HttpRequest, key: UUID) -> HttpResponse:
    """A file for the viewer beside the case; the look is recorded."""
    file = _file(request, key)
    edition = Edition.objects.get(entries=file.entry_id)
    audit.record(cast(User, request.user), "attachment.read", file, edition=edition)
    numbers, problem = range(0), ""
    if file.content_type == derived.PDF:
        try:
            numbers = range(1, derived.page_count(source_of(file)) + 1)
        except pages.NotDrawn as why:
            problem = derived.SENTENCES[why.why]
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
    try:
        found = derived.page(source_of(file), number)
    except pages.NotDrawn:
        found = None
    if found is None:
        raise Http404("page")
    return closed(FileResponse(found.open("rb"), content_type="image/png"))


def _file(request: HttpRequest, key: UUID) -> Attachment:
    if not is_officer(request.user):
        raise PermissionDenied
    file = get_attachment_for(cast(User, request.user), key)
    if not file.file.storage.exists(file.file.name or ""):
        raise Http404("file")
    return file
