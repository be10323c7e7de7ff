"""Private files, handed out after a permission was asked; and the blank form for everybody."""

from __future__ import annotations

from typing import Any, Final
from uuid import UUID

from django.contrib.auth.decorators import login_not_required
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from competition import audit
from competition.handing import hand_out
from competition.middleware import edition_of, wants_json
from competition.models import Edition
from registration.permissions import is_officer
from submissions import services
from submissions.form import schema_of
from submissions.models import Entry, RevisionPdf
from submissions.pdf import render_blank
from submissions.permissions import get_attachment_for, get_revision_for, is_of_team
from submissions.views.desk import base_context

BLANK_SECONDS: Final = 24 * 3600


@never_cache
@require_safe
def attachment(request: HttpRequest, key: UUID) -> HttpResponseBase:
    """A file of an entry, for its team and for officers; an officer's look is recorded."""
    found = get_attachment_for(request.user, key)
    if is_officer(request.user):
        audit.record(request.user, "attachment.read", found, edition=_edition(found.entry))
    return hand_out(request, found.file, found.name, found.content_type)


@never_cache
@require_safe
def revision_pdf(request: HttpRequest, pk: int, number: int) -> HttpResponseBase:
    """The printed form of a version; while it is being made, a page that looks again by itself."""
    revision = get_revision_for(request.user, pk, number)
    made = RevisionPdf.objects.filter(revision=revision).first()
    if wants_json(request):
        return JsonResponse({"ready": made is not None})
    entry = revision.entry
    if made is None:
        services.request_pdf(revision)
        context = {
            **base_context(entry),
            "revision": revision,
            "own": is_of_team(request.user, entry),
            "menu": [],
        }
        return render(request, "submissions/pdf_pending.html", context)
    if is_officer(request.user):
        audit.record(request.user, "revision_pdf.read", revision, edition=entry.edition)
    name = f"{entry.reference}-{entry.team.project_name}-申报书-第{number}版.pdf"
    return hand_out(request, made.file, name, "application/pdf")


@login_not_required
@require_safe
def blank_form(request: HttpRequest, **kwargs: Any) -> HttpResponse:
    """The empty form for download (R78); made once per declaration and kept in the cache for a day."""
    edition = edition_of(request)
    key = f"blank-form:{schema_of(edition).digest}:{edition.slug}"
    body = cache.get(key)
    if body is None:
        body, _ = render_blank(edition)
        cache.set(key, body, BLANK_SECONDS)
    response = HttpResponse(body, content_type="application/pdf")
    response["Content-Disposition"] = "inline; filename*=UTF-8''%E7%94%B3%E6%8A%A5%E4%B9%A6.pdf"
    response["X-Content-Type-Options"] = "nosniff"
    return response


def _edition(entry: Entry) -> Edition:
    return Edition.objects.get(pk=entry.edition_id)
