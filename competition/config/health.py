"""Two questions a supervisor asks: is the process alive, can it work."""

from __future__ import annotations

from django.contrib.auth.decorators import login_not_required
from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache

from competition.config.cache import redis_answers


@login_not_required
@never_cache
def healthz(request: HttpRequest) -> HttpResponse:
    """The process answers; no server behind it is asked."""
    return HttpResponse("ok", content_type="text/plain")


@login_not_required
@never_cache
def readyz(request: HttpRequest) -> JsonResponse:
    """200 when the database answers. Redis is reported but not needed to serve pages."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
        database = True
    except DatabaseError:
        database = False
    state = {"database": database, "redis": redis_answers()}
    return JsonResponse(state, status=200 if database else 503)
