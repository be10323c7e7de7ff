"""A unit says whether it takes part, by the link it was sent; and the team's page about asking it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, Final

from allauth.account.adapter import get_adapter
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from competition import limits
from competition.arrival import arrived_at
from competition.challenge import require_solved
from competition.errors import Invalid, NotAllowed, Refusal
from competition.limits import Limit
from registration.models import Unit, UnitConsent
from registration.permissions import get_unit_consent, get_unit_for, owns
from registration.services import unit_consents
from registration.services.unit_consents import UNDECIDED, asked_about, link_of, way_to
from registration.steps import Step
from registration.views.wizard import base_context, step_url

TOKEN: Final = Limit("join.token", 20, timedelta(minutes=10), "操作过于频繁")
ADDRESS: Final = Limit("join.address", 60, timedelta(minutes=10), "本网络的操作过于频繁")
GUESSES: Final = Limit("join.guess", 30, timedelta(minutes=10), "本网络打开失效链接的次数过多")
#: state -> (badge, word) of a unit's answer, as the team and officers see it
STATES: Final = {
    "": ("todo", "未请确认"),
    "waiting": ("wait", "等待确认"),
    "agreed": ("done", "已同意"),
    "refused": ("rejected", "不同意"),
}


def _address(request: HttpRequest) -> str:
    return str(get_adapter(request).get_client_ip(request))


@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def join(request: HttpRequest, token: str) -> HttpResponse:
    """What the unit is asked, and its answer; whoever holds the link may see and answer."""
    try:
        consent = get_unit_consent(token)
    except Http404:
        limits.take((GUESSES, _address(request)))
        raise
    if request.method != "POST":
        return _page(request, consent)
    typed = {key: request.POST.get(key, "") for key in ("agreed", "by", "note", "shown")}
    try:
        require_solved(request)
        limits.take((TOKEN, token), (ADDRESS, _address(request)))
        unit_consents.answer(
            token,
            agreed={"yes": True, "no": False}.get(typed["agreed"]),
            by=typed["by"],
            note=typed["note"],
            shown=typed["shown"],
            at=arrived_at(request),
        )
    except Refusal as refusal:
        return _page(request, get_unit_consent(token), refusal=refusal, typed=typed)
    return _private(redirect(reverse("registration:join", args=[token])))


def _page(
    request: HttpRequest,
    consent: UnitConsent,
    *,
    refusal: Refusal | None = None,
    typed: dict[str, str] | None = None,
) -> HttpResponse:
    unit, team = consent.unit, consent.unit.team
    units = list(team.units.all())
    lead = next((one for one in units if one.is_lead), None)
    others = [one.name for one in units if one.pk != unit.pk and not one.is_lead and one.name.strip()]
    digest, answered = asked_about(unit, lead), consent.answer != UnitConsent.Answer.WAITING
    former = {"waiting": "", "agreed": "yes", "refused": "no"}[consent.answer]
    context = {
        **base_context(team),
        "consent": consent,
        "rows": [
            {"label": "赛事", "value": team.edition.name},
            {"label": "参赛团队", "value": team.name},
            {"label": "参赛项目", "value": team.project_name},
            {"label": "赛题", "value": str(team.topic) if team.topic else "尚未选定"},
            {"label": "牵头单位", "value": lead.name if lead else ""},
            {"label": "贵单位", "value": f"{unit.name}\n统一社会信用代码：{unit.credit_code}"},
            {"label": "其他参赛单位", "value": "\n".join(others) or "无"},
        ],
        "answered": answered,
        "void": not answered and consent.asked_about != digest,
        "open": team.status in UNDECIDED and not unit.is_lead,
        "leads": unit.is_lead,
        "shown": digest,
        "refusal": refusal,
        "problems": refusal.problems if isinstance(refusal, Invalid) else {},
        "typed": typed or {"agreed": former, "by": consent.answered_by, "note": consent.note},
    }
    status = refusal.status if refusal else 200
    return _private(render(request, "registration/join.html", context, status=status))


def _private(response: HttpResponse) -> HttpResponse:
    """Not for search engines; the address itself is the key and is told to no other site."""
    response["X-Robots-Tag"] = "noindex, nofollow"
    # Not "no-referrer": browsers would send the form with a null origin, which the CSRF check refuses.
    response["Referrer-Policy"] = "same-origin"
    return response


def consent_row(unit: Unit) -> dict[str, Any]:
    """How a unit's answer is shown to the team: badge, word, when, by whom, why; the consent should be loaded."""
    consent = getattr(unit, "consent", None)
    asked = consent is not None and consent.sent_at is not None
    state, word = STATES[consent.answer if consent is not None and asked else ""]
    void = consent is not None and not asked
    return {
        "state": "act" if void else state,
        "word": "需重新确认" if void else word,
        "void": void,
        "consent": consent if asked else None,
    }


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def unit_consent(request: HttpRequest, pk: int) -> HttpResponse:
    """The owner's page about one unit's answer: where it stands, its link, and the button that asks."""
    unit = get_unit_for(request.user, pk)
    team = unit.team
    if not owns(request.user, team):
        raise NotAllowed("只有报名账号本人可以请参赛单位确认。")
    refusal: Refusal | None = None
    if request.method == "POST":
        try:
            asked = unit_consents.ask(unit, actor=request.user, at=arrived_at(request))
        except Refusal as refused:
            refusal = refused
        else:
            done = "确认请求已发出。" if asked.sent_to else "确认链接已生成，请复制后自行发给对方。"
            messages.success(request, done)
            return redirect(request.path)
    row = consent_row(unit)
    consent = row["consent"]
    context = {
        **base_context(team),
        "unit": unit,
        "row": row,
        "refusal": refusal,
        "sentences": refusal.problems.values() if isinstance(refusal, Invalid) else (),
        "reachable": bool(way_to(unit.contact_way).channel),
        "link": link_of(consent) if consent else "",
        "needed": not unit.is_lead and team.status in UNDECIDED,
        "back_url": step_url(team, Step.UNITS) if team.is_editable else team.get_absolute_url(),
    }
    status = refusal.status if refusal else 200
    return render(request, "registration/join_unit.html", context, status=status)
