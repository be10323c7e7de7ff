"""The big screen in the hall: the order and who is on; no scores until the result is locked (R28, R30)."""

from __future__ import annotations

from typing import Any, cast

from django.http import HttpRequest, HttpResponse, HttpResponseNotModified, JsonResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from competition import clock, stages
from competition.middleware import edition_of
from competition.models import Edition, User
from judging.models import FinalSession, Presentation
from judging.permissions.final import get_session_for
from judging.services import results
from judging.views.tables import snapshot_rows
from judging.workflow import FinalStatus, Round
from submissions.sealing import content_hash


@never_cache
@require_safe
def page(request: HttpRequest, **kwargs: Any) -> HttpResponse:
    """The page itself; a script asks for the data once a second."""
    edition = edition_of(request)
    session = get_session_for(cast(User, request.user), edition)
    return render(request, "judging/screen.html", {"screen": screen_data(edition, session)})


@require_safe
def data(request: HttpRequest, **kwargs: Any) -> HttpResponse:
    """What the screen shows, as JSON; 304 while nothing changed."""
    edition = edition_of(request)
    session = get_session_for(cast(User, request.user), edition)
    shown = screen_data(edition, session)
    tag = f'"{content_hash(shown)[:32]}"'
    headers = {
        "ETag": tag,
        "Cache-Control": "private, no-cache",
        "X-Edition-Now": clock.now(edition).isoformat(),
    }
    if request.headers.get("If-None-Match") == tag:
        return HttpResponseNotModified(headers=headers)
    return JsonResponse(shown, headers=headers)


def screen_data(edition: Edition, session: FinalSession | None) -> dict[str, Any]:
    """Title, what is on now, who is next, the order; with ranks, tiers and scores once it is locked."""
    state = FinalStatus(session.status) if session else FinalStatus.PREPARING
    rows = list(session.presentations.select_related("entry__team__topic__track")) if session else []
    on = next((one for one in rows if one.started_at and not one.ended_at and not one.is_void), None)
    ahead = [one for one in rows if not one.is_void and not one.started_at and one.position]
    return {
        "state": state.value,
        "word": state.label,
        "title": f"{edition.name}决赛",
        "place": session.place if session else "",
        "when": stages.format_instant(session.starts_at) if session and session.starts_at else "",
        "minutes": session.minutes_each if session else 0,
        "now": _named(on) if on else None,
        "began": on.started_at.isoformat() if on and on.started_at else "",
        "next": _named(ahead[0]) if ahead else None,
        "order": [{**_named(one), "state": _state(one)} for one in rows],
        "ranking": _ranking(edition) if state == FinalStatus.LOCKED else [],
    }


def _named(one: Presentation) -> dict[str, Any]:
    team = one.entry.team
    track = team.topic.track.name if team.topic else ""
    return {"position": one.position or 0, "team": team.name, "project": team.project_name, "track": track}


def _state(one: Presentation) -> str:
    if one.is_void:
        return "void"
    if one.ended_at:
        return "done"
    if one.started_at:
        return "now"
    return "here" if one.checked_in_at else "waiting"


def _ranking(edition: Edition) -> list[dict[str, Any]]:
    result = results.confirmed(edition, Round.FINAL)
    if result is None:
        return []
    entries = {str(entry.pk): entry for entry in results.final_order(edition)}
    ranking = result.content["parts"][0]["ranking"]
    return [
        {
            "rank": row["rank"],
            "team": row["entry"].team.name,
            "project": row["entry"].team.project_name,
            "tier": row["list"],
            "score": row["shown"],
        }
        for row in snapshot_rows(edition, ranking, entries, final=True)
    ]
