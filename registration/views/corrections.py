"""Corrections after approval: the team's page to ask for one, and the desk at which the chief decides."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, cast

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from competition.arrival import arrived_at
from competition.desk import menu_of, pages_of
from competition.errors import Invalid, NotAllowed, Refusal
from competition.middleware import address, edition_of
from competition.models import User
from registration.correctable import Correctable, is_secret
from registration.models import Correction, Team
from registration.permissions import (
    can_ask_correction,
    can_decide_correction,
    get_correction_for,
    get_team_for,
    is_officer,
    owns,
)
from registration.services import corrections as services
from registration.views.wizard import base_context
from registration.workflow import TeamStatus

STATES = {
    Correction.State.ASKED: "wait",
    Correction.State.GRANTED: "done",
    Correction.State.REFUSED: "rejected",
}
SHOWN = 100


def may_correct(team: Team, user: User) -> bool:
    """Whether the page of a team offers to ask for a correction."""
    return team.status == TeamStatus.APPROVED and can_ask_correction(user, team)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def corrections(request: HttpRequest, pk: int) -> HttpResponse:
    """What may be corrected, the form for one field (``?path=``), and what was asked before."""
    found, user = get_team_for(request.user, pk), cast(User, request.user)
    if not can_ask_correction(user, found):
        raise NotAllowed("只有报名账号本人和秘书处工作人员可以申请更正。")
    if request.method != "POST":
        return _ask_page(request, found, request.GET.get("path", ""))
    typed = {name: request.POST.get(name, "") for name in ("path", "new", "reason")}
    try:
        made = services.ask(found, **typed, actor=user, at=arrived_at(request))
    except NotAllowed:
        raise
    except Refusal as refusal:
        return _ask_page(request, found, typed["path"], typed=typed, refusal=refusal)
    messages.success(request, f"“{made.label}”的更正申请已提交，秘书处负责人决定后通知您。")
    return redirect(reverse("registration:corrections", args=[pk]))


def _ask_page(
    request: HttpRequest,
    team: Team,
    path: str,
    *,
    typed: dict[str, str] | None = None,
    refusal: Refusal | None = None,
) -> HttpResponse:
    rows = [row_of(one) for one in team.corrections.all()[:SHOWN]]
    open_paths = {row["correction"].path for row in rows if row["correction"].state == Correction.State.ASKED}
    items = services.offered(team) if team.status == TeamStatus.APPROVED else []
    back = team.get_absolute_url()
    if not owns(request.user, team):
        back = reverse("admin:registration_team_change", args=[team.pk])
    context = {
        **base_context(team),
        "groups": _groups(items, open_paths),
        "item": next((one for one in items if one.path == path), None),
        "rows": rows,
        "back_url": back,
        "typed": typed or {},
        "refusal": refusal,
        "problems": refusal.problems if isinstance(refusal, Invalid) else {},
        "may_ask": team.status == TeamStatus.APPROVED,
    }
    return render(
        request, "registration/corrections/ask.html", context, status=refusal.status if refusal else 200
    )


def _groups(items: list[Correctable], waiting: set[str]) -> list[dict[str, Any]]:
    """The fields by whom they are about, each with whether it waits for a decision."""
    groups: dict[str, list[dict[str, Any]]] = {}
    for one in items:
        groups.setdefault(one.of, []).append({"item": one, "waits": one.path in waiting})
    return [{"title": title, "rows": rows} for title, rows in groups.items()]


def row_of(correction: Correction) -> dict[str, Any]:
    """A correction as lists show it, numbers masked."""
    return {
        "correction": correction,
        "new": services.shown_new(correction),
        "state": STATES[Correction.State(correction.state)],
    }


@never_cache
@require_safe
def queue(request: HttpRequest, **kwargs: Any) -> HttpResponse:
    """Every correction of the edition for the office: those that wait first, then the latest decisions."""
    if not is_officer(request.user):
        raise Http404("corrections")
    rows = Correction.objects.filter(team__edition=edition_of(request)).select_related(
        "team", "asked_by", "decided_by"
    )
    waiting = rows.filter(state=Correction.State.ASKED).order_by("asked_at", "id")
    decided = rows.exclude(state=Correction.State.ASKED).order_by("-decided_at", "-id")
    context = {
        **_desk(request),
        "waiting": [row_of(one) for one in waiting[:SHOWN]],
        "decided": [row_of(one) for one in decided[:SHOWN]],
    }
    return render(request, "registration/corrections/queue.html", context)


@never_cache
@require_safe
def correction(request: HttpRequest, pk: int, **kwargs: Any) -> HttpResponse:
    """One correction with what the registration says now; the chief decides here."""
    return _case_page(request, get_correction_for(request.user, edition_of(request), pk))


@require_POST
def grant(request: HttpRequest, pk: int, **kwargs: Any) -> HttpResponse:
    def act(found: Correction, user: User, answer: str) -> str:
        services.grant(found, chief=user, answer=answer, at=arrived_at(request))
        return f"{found.team.reference} “{found.label}”已更正，团队已收到通知。"

    return _act(request, pk, act)


@require_POST
def refuse(request: HttpRequest, pk: int, **kwargs: Any) -> HttpResponse:
    def act(found: Correction, user: User, answer: str) -> str:
        services.refuse(found, chief=user, answer=answer)
        return f"{found.team.reference} “{found.label}”未予更正，团队已收到通知。"

    return _act(request, pk, act)


@never_cache
@require_POST
def unmask(request: HttpRequest, pk: int, **kwargs: Any) -> HttpResponse:
    """Show the numbers in full, once; the look is recorded (decision 23)."""
    found = get_correction_for(request.user, edition_of(request), pk)
    old, new = services.unmask(found, officer=cast(User, request.user))
    return _case_page(request, found, full={"old": old, "new": new})


def _act(request: HttpRequest, pk: int, act: Callable[[Correction, User, str], str]) -> HttpResponse:
    edition, user = edition_of(request), cast(User, request.user)
    found = get_correction_for(user, edition, pk)
    try:
        sentence = act(found, user, request.POST.get("answer", ""))
    except NotAllowed:
        raise
    except Refusal as refusal:
        return _case_page(request, get_correction_for(user, edition, pk), refusal=refusal)
    messages.success(request, sentence)
    return HttpResponseRedirect(address(request, "registration:correction_queue"))


def _case_page(
    request: HttpRequest,
    found: Correction,
    *,
    refusal: Refusal | None = None,
    full: dict[str, str] | None = None,
) -> HttpResponse:
    waits = found.state == Correction.State.ASKED
    may_decide = waits and can_decide_correction(request.user, found)
    context = {
        **_desk(request),
        **row_of(found),
        "team": found.team,
        "full": full,
        "may_decide": may_decide,
        "may_unmask": may_decide and full is None and is_secret(found.path),
        "waits": waits,
        "refusal": refusal,
        "answer": request.POST.get("answer", ""),
    }
    return render(
        request, "registration/corrections/case.html", context, status=refusal.status if refusal else 200
    )


def _desk(request: HttpRequest) -> dict[str, Any]:
    pages = pages_of(edition_of(request), cast(User, request.user))
    return {"menu": menu_of(pages, request.path), "menu_title": "工作台"}
