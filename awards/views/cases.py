"""The case handler's pages: accept or refuse a report, look into it, see who reported (R94, decision 16)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final, cast
from uuid import UUID

from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from awards.forms.reports import award_label
from awards.models import Report, Reporter
from awards.permissions.reports import (
    can_handle,
    get_case_for,
    get_evidence_for,
    handles_cases,
    reports_visible_to,
)
from awards.services import reports
from awards.views.reports import SIGNS, deadline_of
from awards.workflow import OPEN_REPORT, ReportStatus
from competition import audit, clock
from competition.desk import menu_of, pages_of
from competition.errors import Refusal
from competition.form_schema.values import clean
from competition.handing import hand_out
from competition.identity import mask_document, mask_phone
from competition.keyset import page_by
from competition.middleware import address, edition_of
from competition.models import Edition, User
from competition.reference import document_label

HIDDEN: Final = "***"


@never_cache
@require_safe
def listing(request: HttpRequest, **kwargs: Any) -> HttpResponse:
    """Reports, newest first; at first those that are not decided."""
    user, edition = cast(User, request.user), edition_of(request)
    if not handles_cases(user):
        raise Http404("cases")
    return list_page(
        request, "awards/cases.html", reports_visible_to(user, edition), "awards:reports_case", edition
    )


@never_cache
@require_safe
def case(request: HttpRequest, number: str, **kwargs: Any) -> HttpResponse:
    """A report for its handler, with the reporter masked."""
    user, edition = cast(User, request.user), edition_of(request)
    report = get_case_for(user, edition, number)
    audit.record(user, "report.read", report, edition=edition)
    return _page(request, report)


@require_POST
def accept(request: HttpRequest, number: str, **kwargs: Any) -> HttpResponse:
    def act(report: Report, user: User) -> str:
        reports.accept(report, handler=user)
        return "已受理，由您核查。请填写核查情况，供组委会裁定。"

    return _act(request, number, act)


@require_POST
def refuse(request: HttpRequest, number: str, **kwargs: Any) -> HttpResponse:
    def act(report: Report, user: User) -> str:
        reports.refuse(report, handler=user, findings=clean(request.POST.get("reason", "")))
        return "已决定不予受理，举报人可以凭查询链接看到理由。"

    return _act(request, number, act)


@require_POST
def findings(request: HttpRequest, number: str, **kwargs: Any) -> HttpResponse:
    def act(report: Report, user: User) -> str:
        reports.note_findings(report, handler=user, findings=clean(request.POST.get("findings", "")))
        return "核查情况已保存，组委会可以据此裁定。"

    return _act(request, number, act)


@never_cache
@require_POST
def reveal(request: HttpRequest, number: str, **kwargs: Any) -> HttpResponse:
    """Shows who reported, on this answer alone; recorded."""
    user, edition = cast(User, request.user), edition_of(request)
    report = get_case_for(user, edition, number)
    try:
        reporter = reports.reveal(report, actor=user)
    except Refusal as refusal:
        return _page(request, report, refusal)
    return _page(request, report, reporter=reporter)


@never_cache
@require_safe
def evidence(request: HttpRequest, key: UUID, **kwargs: Any) -> HttpResponse:
    """A piece of evidence for case handlers and the committee; every look is recorded."""
    user, edition = cast(User, request.user), edition_of(request)
    found = get_evidence_for(user, edition, key)
    audit.record(user, "evidence.read", found, edition=edition, report=found.report_id)
    # Whoever reports may send anything: it is saved, never opened within the portal.
    name = f"{found.report.number}-{found.name}"
    return hand_out(request, found.file, name, found.content_type, inline=False)


def list_page(
    request: HttpRequest, template: str, rows: QuerySet[Report], name: str, edition: Edition
) -> HttpResponse:
    """A page of reports: open ones, or all with ``?all``."""
    everything = "all" in request.GET
    chosen = rows if everything else rows.filter(status__in=OPEN_REPORT)
    page = page_by(
        chosen.select_related("award__tier", "award__entry__team", "handler"),
        order="received_at",
        cursor=request.GET.get("after", ""),
        size=30,
    )
    today = timezone.localdate(clock.now(edition))
    context = {
        **desk_context(request, edition),
        "everything": everything,
        "rows": [
            {
                "report": report,
                "subject": award_label(report.award),
                "url": address(request, name, number=report.number),
                "state": SIGNS[ReportStatus(report.status)],
                "until": (until := deadline_of(report)),
                "overdue": until is not None and until < today,
            }
            for report in page.items
        ],
        "next_url": f"?{'all&' if everything else ''}after={page.next}" if page.next else "",
    }
    return render(request, template, context)


def case_context(request: HttpRequest, report: Report, refusal: Refusal | None = None) -> dict[str, Any]:
    """What the pages of a case have in common for handler and committee; nothing of the reporter."""
    return {
        **desk_context(request, report.edition),
        "report": report,
        "subject": award_label(report.award),
        "state": SIGNS[ReportStatus(report.status)],
        "until": deadline_of(report),
        "evidence": report.evidence.all(),
        "rulings": list(report.rulings.select_related("proposed_by", "decided_by")),
        "refusal": refusal,
    }


def desk_context(request: HttpRequest, edition: Edition) -> dict[str, Any]:
    """The work desk's side menu."""
    return {
        "menu": menu_of(pages_of(edition, cast(User, request.user)), request.path),
        "menu_title": "工作台",
    }


def _act(request: HttpRequest, number: str, act: Callable[[Report, User], str]) -> HttpResponse:
    user, edition = cast(User, request.user), edition_of(request)
    report = get_case_for(user, edition, number)
    try:
        sentence = act(report, user)
    except Refusal as refusal:
        return _page(request, get_case_for(user, edition, number), refusal)
    messages.success(request, sentence)
    return HttpResponseRedirect(address(request, "awards:reports_case", number=number))


def _page(
    request: HttpRequest,
    report: Report,
    refusal: Refusal | None = None,
    reporter: Reporter | None = None,
) -> HttpResponse:
    user = cast(User, request.user)
    mine = can_handle(user, report)
    context = {
        **case_context(request, report, refusal),
        "reporter": _told(report.reporter, revealed=reporter is not None) if mine else None,
        "revealed": reporter is not None,
        "may_reveal": mine,
        "may_accept": mine and report.status == ReportStatus.RECEIVED,
        "may_note": mine and report.status == ReportStatus.ACCEPTED,
        "reason": request.POST.get("reason", ""),
        "findings": request.POST.get("findings", report.findings),
    }
    return render(request, "awards/case.html", context, status=refusal.status if refusal else 200)


def _told(reporter: Reporter, *, revealed: bool) -> list[dict[str, str]]:
    """The reporter's rows, masked unless revealed: a name shows nothing, numbers their ends."""
    number, phone = reporter.document_number, reporter.phone
    return [
        {"label": "姓名", "value": reporter.name if revealed else HIDDEN},
        {"label": "证件类型", "value": document_label(reporter.document_type)},
        {"label": "证件号码", "value": number if revealed else mask_document(number)},
        {"label": "手机", "value": phone if revealed else mask_phone(phone)},
        {"label": "单位", "value": (reporter.unit if revealed else HIDDEN) if reporter.unit else "未填写"},
    ]
