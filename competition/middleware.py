"""Which edition a page is about, and how a refusal that no view handled is shown."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, cast

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse

from competition.errors import Invalid, Refusal
from competition.models import Edition

if TYPE_CHECKING:
    from competition.models import User

    class PortalRequest(HttpRequest):
        """A request of a signed-in person, as views of this portal see it."""

        user: User  # type: ignore[assignment]
        arrived_epoch: float
        edition_slug: str


def _found(slug: str) -> Edition | None:
    # Hardly any page needs the declaration of the form; it is long and stays in the database.
    return Edition.objects.defer("form", "rubrics").filter(slug=slug).first()


def current_edition() -> Edition:
    """The edition shown at ``/``; 404 while none is loaded."""
    edition = _found(settings.CURRENT_EDITION)
    if edition is None:
        raise Http404("edition")
    return edition


def edition_of(request: HttpRequest) -> Edition:
    """The edition named in the path (``/e/<slug>/``), else the current one; read once a request."""
    held = cast(Any, request)
    if not hasattr(held, "_edition"):
        match = request.resolver_match
        slug = match.kwargs.get("edition_slug") if match else None
        held._edition = Edition.objects.filter(slug=slug).first() if slug is not None else current_edition()
        if held._edition is None:
            raise Http404("edition")
    return cast(Edition, held._edition)


def address(request: HttpRequest, name: str, **kwargs: Any) -> str:
    """The address of a page within the edition that is being looked at (``/e/<slug>/`` is kept)."""
    match = request.resolver_match
    if match and "edition_slug" in match.kwargs:
        kwargs["edition_slug"] = match.kwargs["edition_slug"]
    return reverse(name, kwargs=kwargs)


def edition_or_none(request: HttpRequest) -> Edition | None:
    """Like ``edition_of``, for what is shown even while no edition is loaded."""
    try:
        return edition_of(request)
    except Http404:
        return None


def wants_json(request: HttpRequest) -> bool:
    """Whether a script asked (autosave and the like)."""
    return request.headers.get("Accept", "").startswith("application/json")


def refusal_response(request: HttpRequest, refusal: Refusal) -> HttpResponse:
    """A refusal as JSON for scripts, else as a page that says what happened and what to do."""
    if wants_json(request):
        problems = refusal.problems if isinstance(refusal, Invalid) else {}
        body = {
            "code": refusal.code,
            "sentence": refusal.sentence,
            "problems": problems,
        }
        return JsonResponse(body, status=refusal.status)
    return render(request, "competition/refused.html", {"refusal": refusal}, status=refusal.status)


class RefusalMiddleware:
    """Safety net: a refusal never becomes an error page of the server."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        return refusal_response(request, exception) if isinstance(exception, Refusal) else None
