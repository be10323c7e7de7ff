"""The team's own draft on paper, before anything is frozen."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.http import content_disposition_header
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from competition.middleware import wants_json
from submissions.permissions import get_own_entry_for
from submissions.services import drafts
from submissions.views.desk import base_context


@never_cache
@require_safe
def draft_pdf(request: HttpRequest, pk: int) -> HttpResponse:
    """The draft with its watermark; while it is being made, a page that looks again by itself."""
    entry = get_own_entry_for(request.user, pk)
    body = drafts.draft_pdf(entry)
    if wants_json(request):
        return JsonResponse({"ready": body is not None})
    if body is None:
        drafts.request_draft_pdf(entry)
        return render(
            request, "submissions/pdf_pending.html", {**base_context(entry), "own": True, "menu": []}
        )
    response = HttpResponse(body, content_type="application/pdf")
    name = f"{entry.reference}-{entry.team.project_name}-申报书-草稿.pdf"
    response["Content-Disposition"] = content_disposition_header(False, name) or "inline"
    response["X-Content-Type-Options"] = "nosniff"
    return response
