"""Writing together: who else is there, and the texts that a clash left beside the form."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from competition.arrival import arrived_at
from competition.errors import Invalid
from submissions.permissions import get_kept_text_for, get_own_entry_for
from submissions.places import Place
from submissions.services import kept, presence
from submissions.views.desk import section_url


def _place(request: HttpRequest) -> Place:
    place = Place.parse(request.POST.get("place", ""))
    if place is None:
        raise Invalid({"place": "没有这个位置。"})
    return place


@require_POST
def be_present(request: HttpRequest, pk: int) -> HttpResponse:
    """A beat of a page that is being looked at."""
    entry = get_own_entry_for(request.user, pk)
    seen = presence.beat(entry.pk, request.user, _place(request), request.POST.get("where", "")[:60])
    return JsonResponse({"here": seen.here, "elsewhere": seen.elsewhere, "saved": seen.saved})


@require_POST
def keep_text(request: HttpRequest, pk: int) -> HttpResponse:
    """Keep what a clash leaves behind."""
    entry, place = get_own_entry_for(request.user, pk), _place(request)
    path = request.POST.get("path", "").replace("[", "-").replace("]", "")
    text = kept.keep_text(
        entry,
        place=Place.parse(f"{place}/{path}") or place,
        label=request.POST.get("label", ""),
        text=request.POST.get("text", ""),
        theirs=request.POST.get("whose") == "theirs",
        actor=request.user,
        at=arrived_at(request),
    )
    return JsonResponse({"id": text.pk}, status=201)


@require_POST
def drop_text(request: HttpRequest, pk: int) -> HttpResponse:
    """Somebody of the team says that a kept text is not needed."""
    text = get_kept_text_for(request.user, pk)
    kept.drop_text(text, actor=request.user)
    messages.success(request, "已移除保留的文本。")
    place = Place.parse(text.place) or Place("overview")
    return redirect(section_url(text.entry, Place(place.section, place.unit_id)))
