"""What every page knows: the edition, the server's time, and what is configured for the footer."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest
from django.utils.functional import SimpleLazyObject

from competition import clock
from competition.middleware import edition_of
from competition.models import Edition


def portal(request: HttpRequest) -> dict[str, Any]:
    """Context of base.html; nothing here asks the database before a template uses it."""
    return {
        "edition": SimpleLazyObject(lambda: _edition(request)),
        "edition_now": SimpleLazyObject(lambda: _now(request)),
        "is_other_edition": bool(request.resolver_match and "edition_slug" in request.resolver_match.kwargs),
        "demo": settings.DEMO,
        "icp_number": settings.ICP_NUMBER,
        "police_number": settings.POLICE_NUMBER,
    }


def _now(request: HttpRequest) -> datetime:
    edition = _edition(request)
    return clock.now(edition) if edition else clock.real_now()


def _edition(request: HttpRequest) -> Edition | None:
    try:
        return edition_of(request)
    except Http404:
        return None
