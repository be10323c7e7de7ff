"""Reporting with one's real name, and reading what became of it, without an account (R92, R93)."""

from __future__ import annotations

from datetime import date
from typing import Any

from allauth.account.adapter import get_adapter
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from awards.forms.reports import TYPED, ReportForm, award_label
from awards.models import PublicityNotice, Report
from awards.permissions.reports import get_own_report, get_reported_notice
from awards.services import reports
from awards.workflow import NoticeStatus, ReportStatus
from competition import clock, limits
from competition.arrival import arrived_at
from competition.errors import Invalid, Refusal
from competition.middleware import address, edition_of

SIGNS = {
    ReportStatus.RECEIVED: "wait",
    ReportStatus.REFUSED: "closed",
    ReportStatus.ACCEPTED: "now",
    ReportStatus.PROPOSED: "now",
    ReportStatus.UPHELD: "done",
    ReportStatus.DISMISSED: "done",
}
#: What the reporter reads; that a ruling is proposed is the committee's own affair.
TOLD = {
    ReportStatus.RECEIVED: ("待受理", "举报已收到，受理人将核对材料并决定是否受理。"),
    ReportStatus.REFUSED: ("不予受理", "受理人说明了不予受理的理由。"),
    ReportStatus.ACCEPTED: (
        "已受理，核查中",
        "举报已受理，正在核查。核查后由组委会裁定，并在本页给出书面答复。",
    ),
    ReportStatus.PROPOSED: (
        "已受理，核查中",
        "举报已受理，正在核查。核查后由组委会裁定，并在本页给出书面答复。",
    ),
    ReportStatus.UPHELD: ("举报成立", "组委会已作出裁定。"),
    ReportStatus.DISMISSED: ("举报不成立", "组委会已作出裁定。"),
}


@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest, number: int, **kwargs: Any) -> HttpResponse:
    """The form; what was typed is kept when it is refused, files have to be chosen again."""
    notice = get_reported_notice(edition_of(request), number)
    if request.method != "POST":
        form = ReportForm(notice, initial={"award": request.GET.get("award")})
        return _form_page(request, notice, form)
    form = ReportForm(notice, request.POST, request.FILES)
    try:
        limits.take((reports.PER_ADDRESS, get_adapter(request).address))
        if not form.is_valid():
            return _form_page(request, notice, form, status=422)
        typed = {name: form.cleaned_data[name] for name in TYPED}
        report, token = reports.receive(
            form.cleaned_data["award"], files=form.cleaned_data["evidence"], at=arrived_at(request), **typed
        )
    except Refusal as refusal:
        for field, sentence in refusal.problems.items() if isinstance(refusal, Invalid) else ():
            form.add_error(field, sentence)
        return _form_page(request, notice, form, refusal, status=refusal.status)
    # The address is the key; only here does the portal know it.
    request.session["report_shown"] = report.number
    return HttpResponseRedirect(address(request, "awards:report_own", token=token))


@login_not_required
@never_cache
@require_safe
def own(request: HttpRequest, token: str, **kwargs: Any) -> HttpResponse:
    """What became of a report, for whoever holds its link; the link itself is shown once."""
    report = get_own_report(edition_of(request), token)
    word, text = TOLD[ReportStatus(report.status)]
    ruling = report.rulings.filter(is_confirmed=True).first()
    refused = report.status == ReportStatus.REFUSED
    first = request.session.pop("report_shown", "") == report.number
    context = {
        "report": report,
        "subject": award_label(report.award),
        "link": request.build_absolute_uri(request.path) if first else "",
        "state": SIGNS[ReportStatus(report.status)],
        "word": word,
        "text": text,
        "evidence": report.evidence.count(),
        "answer": ruling.answer if ruling else (report.findings if refused else ""),
        "answered_at": ruling.decided_at if ruling else None,
    }
    return render(request, "awards/report_own.html", context)


def _form_page(
    request: HttpRequest,
    notice: PublicityNotice,
    form: ReportForm,
    refusal: Refusal | None = None,
    status: int = 200,
) -> HttpResponse:
    now = clock.now(notice.edition)
    over = notice.status == NoticeStatus.CONCLUDED or (notice.ends_at is not None and now >= notice.ends_at)
    rules = notice.edition.data["reports"]
    context = {
        "notice": notice,
        "form": form,
        "refusal": refusal if refusal and not form.errors else None,
        "again": form.is_bound,
        "over": over,
        "accept_days": rules["accept_working_days"],
        "rule_days": rules["rule_working_days"],
    }
    return render(request, "awards/report_new.html", context, status=status)


def deadline_of(report: Report) -> date | None:
    """Until when somebody should act on a report: accept it, or rule on it; None when it is decided or unknown."""
    if report.status == ReportStatus.RECEIVED:
        return report.accept_by
    if report.status in {ReportStatus.ACCEPTED, ReportStatus.PROPOSED}:
        return report.rule_by
    return None
