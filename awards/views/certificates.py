"""Certificates: checked by anybody, downloaded by their teams, looked after by the office."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any, Final, cast

from allauth.account.adapter import get_adapter
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from awards.forms.certificates import NumberForm
from awards.models import Certificate
from awards.permissions.certificates import (
    get_certificate_for,
    get_office_certificate_for,
    sees_certificates,
)
from awards.services import certificates
from awards.workflow import CertificateStatus
from competition import audit, limits
from competition.desk import menu_of, pages_of
from competition.errors import Refusal, TooMany
from competition.handing import hand_out
from competition.middleware import address, edition_of
from competition.models import Edition, OutboxMessage, User

LOOK_UPS: Final = limits.Limit("certificate.number", 30, timedelta(minutes=10), "本网络查询次数过多")
STATES: Final = {
    CertificateStatus.NUMBERED: "wait",
    CertificateStatus.ISSUED: "done",
    CertificateStatus.REVOKED: "rejected",
}


@login_not_required
@never_cache
@require_safe
def verify(request: HttpRequest, token: str, **kwargs: Any) -> HttpResponse:
    """What the QR code opens: valid, revoked or unknown; nothing that is not public."""
    found = _public(edition_of(request)).filter(token=token).first()
    context = {"form": NumberForm(), **_answer(found)}
    return render(request, "awards/verify.html", context, status=200 if found else 404)


@login_not_required
@never_cache
@require_safe
def look_up(request: HttpRequest, **kwargs: Any) -> HttpResponse:
    """The same by the printed number; limited, since numbers can be counted up."""
    form = NumberForm(request.GET) if "number" in request.GET else NumberForm()
    context: dict[str, Any] = {"form": form, "answered": False}
    status = 200
    if form.is_bound and form.is_valid():
        try:
            limits.take((LOOK_UPS, str(get_adapter(request).get_client_ip(request))))
        except TooMany as refusal:
            form.add_error("number", refusal.sentence)
            status = refusal.status
        else:
            asked = form.cleaned_data["number"]
            found = _public(edition_of(request)).filter(number=asked).first()
            context |= {**_answer(found), "asked": asked}
    return render(request, "awards/verify.html", context, status=status)


@never_cache
@require_safe
def download(request: HttpRequest, number: str, **kwargs: Any) -> HttpResponse:
    """The file, for the team and the office; 404 while it is being made."""
    user, edition = cast(User, request.user), edition_of(request)
    found = get_certificate_for(user, edition, number)
    if sees_certificates(user):
        audit.record(user, "certificate.read", found, edition=edition)
    return hand_out(request, found.file, f"获奖证书 {found.number}.pdf", "application/pdf")


@never_cache
@require_safe
def listing(request: HttpRequest, **kwargs: Any) -> HttpResponse:
    """Every certificate of the edition with its state: some dozens, as many as there are awards."""
    user, edition = cast(User, request.user), edition_of(request)
    if not sees_certificates(user):
        raise Http404("certificates")
    failed = set(
        OutboxMessage.objects.filter(
            kind=certificates.KIND, edition=edition, sent_at__isnull=True, attempts__gt=0
        ).values_list("subject", flat=True)
    )
    found = (
        Certificate.objects.filter(award__edition=edition)
        .select_related("award__entry__team", "tier")
        .order_by("tier__position", "serial")
    )
    rows = [_row(one, one.number in failed) for one in found]
    menu = menu_of(pages_of(edition, user), request.path)
    context = {"menu": menu, "menu_title": "工作台", "rows": rows}
    return render(request, "awards/certificates.html", context)


@require_POST
def remake(request: HttpRequest, pk: int, **kwargs: Any) -> HttpResponse:
    """Have one made again; ``despite`` says that an officer looked at the missing characters."""
    user = cast(User, request.user)
    found = get_office_certificate_for(user, edition_of(request), pk)
    try:
        certificates.remake(found, actor=user, despite_missing="despite" in request.POST)
    except Refusal as refusal:
        messages.error(request, refusal.sentence)
    else:
        messages.success(request, f"已安排重新制作证书 {found.number}。")
    return HttpResponseRedirect(address(request, "awards:certificates_list"))


def _public(edition: Edition) -> Any:
    return Certificate.objects.filter(award__edition=edition).only(
        "number", "status", "content", "revoked_at", "numbered_at"
    )


def _answer(found: Certificate | None) -> dict[str, Any]:
    granted = date.fromisoformat(found.content["date"]) if found else None
    return {"answered": True, "certificate": found, "granted": granted}


def _row(one: Certificate, failed: bool) -> dict[str, Any]:
    waiting = one.status == CertificateStatus.NUMBERED
    state, word = STATES[CertificateStatus(one.status)], one.get_status_display()
    if waiting and one.missing_glyphs:
        state, word = "act", "缺字，待处理"
    elif waiting and failed:
        state, word = "act", "制作失败，将自动重试"
    honoured = one.content.get("project") or one.content["unit"]
    return {
        "certificate": one,
        "honoured": honoured,
        "state": state,
        "word": word,
        "stuck": state == "act",
    }
