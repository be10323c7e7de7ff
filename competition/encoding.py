"""Requests are read as UTF-8, whatever encoding they say they have."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

Answer = Callable[[HttpRequest], HttpResponse]


def utf8_middleware(get_response: Answer) -> Answer:
    """Forms are UTF-8 here. Django would take any codec that a request names, also those that are none for texts
    (``rot13``) and those that make characters which no database keeps (``unicode_escape``)."""

    def middleware(request: HttpRequest) -> HttpResponse:
        request.encoding = "utf-8"
        return get_response(request)

    return middleware
