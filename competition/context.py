"""What every page knows: the edition, the server's time, and what is configured for the footer."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from competition import clock
from competition.middleware import edition_or_none


def portal(request: HttpRequest) -> dict[str, Any]:
    """Context of base.html; nothing here asks the database before a template uses it."""
    return {
        "edition": SimpleLazyObject(lambda: edition_or_none(request)),
        "edition_now": SimpleLazyObject(lambda: _now(request)),
        "is_other_edition": bool(request.resolver_match and "edition_slug" in request.resolver_match.kwargs),
        "demo": settings.DEMO,
        "icp_number": settings.ICP_NUMBER,
        "police_number": settings.POLICE_NUMBER,
    }


def _now(request: HttpRequest) -> datetime:
    edition = edition_or_none(request)
    return clock.now(edition) if edition else clock.real_now()
