"""The responsibility statement of a unit to download, and whether a printed one is the newest."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from allauth.account.adapter import get_adapter
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import content_disposition_header
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from competition import limits
from competition.errors import WrongState
from competition.limits import Limit
from registration.permissions import get_unit_for, owns
from registration.services import statements
from registration.statement import UNFOUND, grouped
from registration.steps import Step
from registration.views.wizard import step_url

MADE: Final = Limit("statement.made", 30, timedelta(minutes=10), "下载声明过于频繁")
ASKED: Final = Limit("statement.asked", 60, timedelta(minutes=10), "本网络查询过于频繁")


@never_cache
@require_safe
def statement(request: HttpRequest, pk: int) -> HttpResponse:
    """The statement with what is registered now, for the team's people and officers."""
    unit = get_unit_for(request.user, pk)
    limits.take((MADE, str(request.user.pk)))
    try:
        document = statements.statement_pdf(unit)
    except WrongState as refusal:
        if not (owns(request.user, unit.team) and unit.team.is_editable):
            raise
        messages.error(request, refusal.sentence)
        return redirect(step_url(unit.team, Step.PROOFS))
    response = HttpResponse(document, content_type="application/pdf")
    name = f"{unit.team.reference}-申报主体责任声明-单位{unit.position}.pdf"
    response["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=name) or ""
    response["X-Content-Type-Options"] = "nosniff"
    return response


@login_not_required
@never_cache
@require_safe
def statement_state(request: HttpRequest, code: str) -> HttpResponse:
    """What the QR code opens: newest, replaced or unknown; no names."""
    limits.take((ASKED, str(get_adapter(request).get_client_ip(request))))
    state = statements.standing(code.lower())
    context = {"state": state, "code": grouped(code.lower())}
    status = 404 if state == UNFOUND else 200
    response = render(request, "registration/statement_state.html", context, status=status)
    response["X-Robots-Tag"] = "noindex, nofollow"
    return response
