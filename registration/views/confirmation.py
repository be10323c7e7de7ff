"""A representative confirms by the link and code of the SMS; whoever holds the link may see the page."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, Final

from allauth.account.adapter import get_adapter
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from competition import limits
from competition.arrival import arrived_at
from competition.challenge import require_solved
from competition.errors import Invalid, Refusal
from competition.identity import mask_document
from competition.phones import masked
from competition.reference import document_label
from registration import services
from registration.models import Representative
from registration.permissions import get_confirmation
from registration.terms import terms_of
from registration.views.step_pages import sent_state
from registration.views.wizard import base_context

ADDRESS: Final = limits.Limit("confirm.address", 60, timedelta(hours=1), "本网络索取确认短信的次数过多")


def _context(person: Representative, refusal: Refusal | None = None, **more: Any) -> dict[str, Any]:
    team, terms = person.team, terms_of(person.team.edition)
    unit = str(person.unit) if person.unit else ""
    document = f"{document_label(person.document_type)} {mask_document(person.document_number.strip())}"
    return {
        **base_context(team),
        "person": person,
        "consent": terms.consent,
        **sent_state(person, terms),
        "rows": [
            {"label": "团队名称", "value": team.name},
            {"label": "项目名称", "value": team.project_name},
            {"label": "赛题", "value": str(team.topic) if team.topic else "尚未选定"},
            {"label": "姓名", "value": person.name},
            {"label": "证件", "value": document},
            {"label": "手机", "value": masked(person.mobile.strip())},
            {"label": "所在单位", "value": unit},
            {"label": "承担的角色", "value": person.role},
        ],
        "open": team.is_editable and not person.is_confirmed,
        "refusal": refusal,
        "problems": refusal.problems if isinstance(refusal, Invalid) else {},
        **more,
    }


@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def confirm(request: HttpRequest, token: str) -> HttpResponse:
    """Show what is to be confirmed; POST confirms with code and consent, then says so."""
    person = get_confirmation(token)
    if request.method == "POST":
        typed = {"code": request.POST.get("code", ""), "agreed": request.POST.get("consent") == "yes"}
        try:
            services.confirm(token, code=typed["code"], consent=typed["agreed"], at=arrived_at(request))
        except Refusal as refusal:
            context = _context(person, refusal, **typed)
            return render(request, "registration/confirm.html", context, status=refusal.status)
        return redirect(reverse("registration:confirm", args=[token]))
    return render(request, "registration/confirm.html", _context(person, sent="sent" in request.GET))


@login_not_required
@never_cache
@require_POST
def resend(request: HttpRequest, token: str) -> HttpResponse:
    """Send another code to the person who holds the link."""
    person = get_confirmation(token)
    try:
        require_solved(request)
        limits.take((ADDRESS, str(get_adapter(request).get_client_ip(request))))
        services.send_confirmation(person, actor=None, at=arrived_at(request))
    except Refusal as refusal:
        return render(request, "registration/confirm.html", _context(person, refusal), status=refusal.status)
    return redirect(f"{reverse('registration:confirm', args=[token])}?sent")
