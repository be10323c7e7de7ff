"""What is known of a unit, as known.js asks for it when a whole credit code was typed."""

from __future__ import annotations

from django.http import HttpRequest, JsonResponse
from django.views.decorators.http import require_POST

from competition.middleware import edition_of
from competition.reference import region_path
from registration import services


@require_POST
def known_unit(request: HttpRequest) -> JsonResponse:
    """By POST, so that no log of addresses holds the code: {values, region, words, problem}."""
    unit = request.POST.get("unit", "")
    known = services.known_unit(
        request.POST.get("code", "")[:60],
        user=request.user,
        edition=edition_of(request),
        asking=int(unit) if unit.isascii() and unit.isdecimal() and len(unit) < 18 else 0,
    )
    values = dict(known.values)
    region = [step.code for step in region_path(values.pop("region", ""))]
    return JsonResponse(
        {"values": values, "region": region, "words": "，".join(known.words), "problem": known.problem}
    )
