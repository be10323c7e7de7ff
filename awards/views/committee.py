"""The committee's pages about reports: read what was found, rule, confirm another's ruling (R94)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, cast

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from awards.models import Report, Ruling
from awards.permissions.reports import (
    can_confirm_ruling,
    can_rule,
    get_committee_case_for,
    reports_visible_to,
    rules_cases,
)
from awards.services import reports
from awards.views.cases import case_context, list_page
from awards.workflow import ReportStatus
from competition import audit
from competition.errors import Invalid, Refusal, WrongState
from competition.form_schema.values import clean
from competition.middleware import address, edition_of
from competition.models import User


@never_cache
@require_safe
def listing(request: HttpRequest, **kwargs: Any) -> HttpResponse:
    """Reports for the committee, newest first; at first those that are not decided."""
    user, edition = cast(User, request.user), edition_of(request)
    if not rules_cases(user):
        raise Http404("committee")
    rows = reports_visible_to(user, edition)
    return list_page(request, "awards/committee.html", rows, "awards:reports_ruling", edition)


@never_cache
@require_safe
def case(request: HttpRequest, number: str, **kwargs: Any) -> HttpResponse:
    """A report for the committee: matter, evidence, findings; never the reporter."""
    user, edition = cast(User, request.user), edition_of(request)
    report = get_committee_case_for(user, edition, number)
    audit.record(user, "report.read", report, edition=edition)
    return _page(request, report)


@require_POST
def propose(request: HttpRequest, number: str, **kwargs: Any) -> HttpResponse:
    def act(report: Report, user: User) -> str:
        verdict = request.POST.get("verdict", "")
        if verdict not in {"upheld", "dismissed"}:
            raise Invalid({"verdict": "请选择举报是否成立。"})
        answer = clean(request.POST.get("answer", ""))
        reports.propose_ruling(report, actor=user, upheld=verdict == "upheld", answer=answer)
        return "裁定已拟定，待组委会另一名成员确认后生效。"

    return _act(request, number, act)


@require_POST
def confirm(request: HttpRequest, number: str, **kwargs: Any) -> HttpResponse:
    def act(report: Report, user: User) -> str:
        ruling = reports.confirm_ruling(_proposed(report), actor=user)
        effect = "该奖项已取消" if ruling.upheld else "该奖项不再因本举报暂缓"
        return f"已确认“{ruling}”，{effect}，举报人可以看到书面答复。"

    return _act(request, number, act)


@require_POST
def send_back(request: HttpRequest, number: str, **kwargs: Any) -> HttpResponse:
    def act(report: Report, user: User) -> str:
        reports.send_back(_proposed(report), actor=user, note=clean(request.POST.get("note", "")))
        return "已退回，可补充核查后重新拟定裁定。"

    return _act(request, number, act)


def _proposed(report: Report) -> Ruling:
    ruling = report.rulings.filter(decided_by__isnull=True).first()
    if ruling is None:
        raise WrongState("没有待确认的裁定，请刷新页面查看最新状态。")
    return ruling


def _act(request: HttpRequest, number: str, act: Callable[[Report, User], str]) -> HttpResponse:
    user, edition = cast(User, request.user), edition_of(request)
    report = get_committee_case_for(user, edition, number)
    try:
        sentence = act(report, user)
    except Refusal as refusal:
        return _page(request, get_committee_case_for(user, edition, number), refusal)
    messages.success(request, sentence)
    return HttpResponseRedirect(address(request, "awards:reports_ruling", number=number))


def _page(request: HttpRequest, report: Report, refusal: Refusal | None = None) -> HttpResponse:
    user = cast(User, request.user)
    context = case_context(request, report, refusal)
    proposed = next((one for one in context["rulings"] if one.decided_by_id is None), None)
    if proposed is not None:
        proposed.report = report
    context |= {
        "proposed": proposed,
        "may_propose": report.status == ReportStatus.ACCEPTED
        and bool(report.findings)
        and can_rule(user, report),
        "may_confirm": proposed is not None and can_confirm_ruling(user, proposed),
        "typed": {name: request.POST.get(name, "") for name in ("verdict", "answer", "note")},
    }
    return render(request, "awards/ruling.html", context, status=refusal.status if refusal else 200)
