"""Panels: one of every track, one of the final."""

from __future__ import annotations

from typing import Any, cast

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from competition.errors import Refusal
from competition.middleware import address, edition_of
from competition.models import User
from judging.permissions.experts import require_roll
from judging.services import experts
from judging.views.experts import desk
from judging.workflow import Round


@never_cache
@require_safe
def listing(request: HttpRequest, **kwargs: Any) -> HttpResponse:
    """Every panel with members and chair."""
    require_roll(cast(User, request.user))
    return _page(request)


@require_POST
def save(request: HttpRequest, number: int, **kwargs: Any) -> HttpResponse:
    """Set the panel of the track of this number, or with 0 that of the final."""
    user, edition = cast(User, request.user), edition_of(request)
    require_roll(user)
    track = edition.tracks.filter(number=number).first()
    if number and track is None:
        raise Http404("track")
    chosen, chair = set(request.POST.getlist("members")), request.POST.get("chair", "")
    roll = {str(one.pk): one for one in experts.roll_of(edition)}
    try:
        experts.set_panel(
            edition,
            round=Round.PRELIMINARY if track else Round.FINAL,
            track=track,
            experts=[one for pk, one in roll.items() if pk in chosen],
            chair=roll.get(chair),
            actor=user,
        )
    except Refusal as refusal:
        return _page(request, number=number, chosen=chosen, chair=chair, refusal=refusal)
    messages.success(request, f"{track or '决赛'}评审组已保存。")
    return HttpResponseRedirect(address(request, "judging:panels"))


def _page(
    request: HttpRequest,
    *,
    number: int | None = None,
    chosen: set[str] = frozenset(),  # type: ignore[assignment]
    chair: str = "",
    refusal: Refusal | None = None,
) -> HttpResponse:
    seats = experts.panels_of(edition_of(request))
    rows = [
        {
            "panel": one,
            "open": one.number == number,
            "chosen": chosen if one.number == number else {str(pk) for pk in one.members},
            "chair": chair if one.number == number else str(one.chair or ""),
        }
        for one in seats
    ]
    context = {**desk(request, address(request, "judging:experts_list")), "rows": rows, "refusal": refusal}
    return render(request, "judging/panels.html", context, status=refusal.status if refusal else 200)
