"""Where the browser's script gets a puzzle."""

from __future__ import annotations

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from competition.challenge.puzzle import issue


@login_not_required
@never_cache
@require_safe
def challenge(request: HttpRequest) -> JsonResponse:
    """A new puzzle. It costs the server a few milliseconds and leaves nothing behind."""
    return JsonResponse(issue())
