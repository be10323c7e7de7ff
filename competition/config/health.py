"""Two questions a supervisor asks: is the process alive (/healthz), can it work (/readyz).

They are answered before hosts, sessions and redirects are looked at, because a supervisor asks by
address and without TLS.
"""

from __future__ import annotations

from collections.abc import Callable

from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse, JsonResponse

from competition.config.cache import redis_answers


def health_middleware(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    """Answer the two addresses; everything else goes on."""

    def middleware(request: HttpRequest) -> HttpResponse:
        if request.path == "/healthz":
            return HttpResponse("ok", content_type="text/plain", headers={"Cache-Control": "no-store"})
        if request.path == "/readyz":
            return _ready()
        return get_response(request)

    return middleware


def _ready() -> JsonResponse:
    """200 when the database answers. Redis is reported but not needed to serve pages."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
        database = True
    except DatabaseError:
        database = False
    state = {"database": database, "redis": redis_answers()}
    return JsonResponse(state, status=200 if database else 503, headers={"Cache-Control": "no-store"})
