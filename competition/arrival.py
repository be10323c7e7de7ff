"""When a request arrived: nginx's stamp, else the first line of the outermost middleware."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING, cast

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from competition import clock

if TYPE_CHECKING:

    class ArrivedRequest(HttpRequest):
        arrived_epoch: float


_STAMP = re.compile(r"^t=(\d{9,11}\.\d{1,6})$")


def arrival_middleware(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[..., HttpResponse]:
    """Outermost middleware: note the arrival before anything else happens."""

    def middleware(request: HttpRequest) -> HttpResponse:
        cast("ArrivedRequest", request).arrived_epoch = _stamp(request, time.time())
        return get_response(request)

    return middleware


def _stamp(request: HttpRequest, now: float) -> float:
    if settings.TRUSTED_PROXY and (match := _STAMP.match(request.headers.get("X-Request-Start", ""))):
        return min(float(match[1]), now)
    return now


def arrived_at(request: HttpRequest) -> datetime:
    """The request's arrival in the database's time (real time, no rehearsal offset)."""
    return clock.as_database_time(cast("ArrivedRequest", request).arrived_epoch)
