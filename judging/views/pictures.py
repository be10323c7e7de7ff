"""A page of blind material as an answer that tells nothing but the picture."""

from __future__ import annotations

from django.http import Http404, HttpResponse

from judging.models import BlindPage


def picture(page: BlindPage) -> HttpResponse:
    """The picture alone: no file name, no date, no tag, kept by nobody (R16); 404 when storage has lost it."""
    storage = page.file.storage
    if not page.file or not storage.exists(page.file.name or ""):
        raise Http404("page")
    with page.file.open("rb") as source:
        response = HttpResponse(source.read(), content_type="image/png")
    response["Cache-Control"] = "private, no-store"
    response["Content-Disposition"] = "inline"
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response
