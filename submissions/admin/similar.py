"""Two entries side by side with the passages that both have, for officers."""

from __future__ import annotations

from typing import Any, cast

from django.contrib.admin import AdminSite
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse

from competition import audit
from competition.models import User
from registration.permissions import is_officer
from submissions.form import schema_of
from submissions.main_texts import MainText, main_texts
from submissions.models import Entry
from submissions.permissions import get_entry_for
from submissions.services import last_receipt
from submissions.similarity import common_share, passages, runs


def side_by_side(request: HttpRequest, pk: int, other: int, site: AdminSite, opts: Any) -> HttpResponse:
    """The submitted long texts of two entries of an edition, common passages marked; the look is recorded."""
    if not is_officer(request.user):
        raise PermissionDenied
    user = cast(User, request.user)
    entries = [get_entry_for(user, one) for one in (pk, other)]
    if entries[0] == entries[1] or entries[0].edition_id != entries[1].edition_id:
        raise Http404("entry")
    texts = [_texts(one) for one in entries]
    audit.record(user, "entry.compared", entries[0], edition=entries[0].edition, other=entries[1].reference)
    context = {
        **site.each_context(request),
        "opts": opts,
        "is_nav_sidebar_enabled": False,
        "title": f"{entries[0].reference} 与 {entries[1].reference} 对比",
        "whole": "all" in request.GET,
        "sides": [
            _side(entries[0], texts[0], texts[1]),
            _side(entries[1], texts[1], texts[0]),
        ],
    }
    return TemplateResponse(request, "admin/submissions/entry/similar.html", context)


def _texts(entry: Entry) -> list[MainText]:
    receipt = last_receipt(entry)
    if receipt is None:
        raise Http404("version")
    return main_texts(schema_of(entry.edition), receipt.revision.content)


def _side(entry: Entry, own: list[MainText], other: list[MainText]) -> dict[str, Any]:
    theirs = runs(one.text for one in other)
    marked = [(one, passages(one.text, theirs)) for one in own]
    rows = [
        {
            "section": one.section,
            "label": one.label,
            "parts": parts,
            "common": any(part.common for part in parts),
        }
        for one, parts in marked
    ]
    parts = [part for _, parts in marked for part in parts]
    return {"entry": entry, "rows": rows, "percent": round(common_share(parts) * 100)}
