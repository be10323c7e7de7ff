"""From a filled score sheet to its receipt: confirm, submit, correct; or stand aside."""

from __future__ import annotations

from typing import Any, cast

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from competition.arrival import arrived_at
from competition.errors import Invalid, Refusal, StaleVersion
from competition.form_schema.values import clean
from competition.middleware import address, edition_of
from competition.models import User
from judging import scoring
from judging.models import Assignment, ScoreSheet, SheetDraft
from judging.permissions.reviewing import get_assignment_for
from judging.rubric import policy_of
from judging.services import assignments, sheets
from judging.views.reviewing import (
    MARK,
    desk,
    lines_of,
    page_of,
    total_of,
    typed_marks,
    typed_version,
)
from judging.workflow import AssignmentStatus


@never_cache
@require_safe
def confirm(request: HttpRequest, code: str, **kwargs: Any) -> HttpResponse:
    """The saved sheet once more before it is submitted for good; what is missing is said on the score page."""
    assignment = _own(request, code)
    if assignment.status == AssignmentStatus.SUBMITTED:
        return HttpResponseRedirect(address(request, "judging:reviewing_receipt", code=code))
    draft = SheetDraft.objects.filter(assignment=assignment).first()
    marks = draft.marks if draft else {}
    comment = draft.comment if draft else ""
    try:
        sheets.read_marks(assignment.edition, assignment.round, marks)
    except Refusal as refusal:
        return page_of(request, assignment, refusal, marks, comment)
    context = {
        **desk(request, assignment.edition),
        "assignment": assignment,
        "lines": lines_of(assignment, marks, {}),
        "total": total_of(assignment, marks),
        "comment": comment,
        "version": draft.version if draft else 0,
    }
    return render(request, "judging/review_confirm.html", context)


@require_POST
def submit(request: HttpRequest, code: str, **kwargs: Any) -> HttpResponse:
    """Submit the saved sheet as it was confirmed."""
    user, assignment = cast(User, request.user), _own(request, code)
    draft = SheetDraft.objects.filter(assignment=assignment).first()
    marks, comment = (draft.marks, draft.comment) if draft else ({}, "")
    try:
        if draft is not None and draft.version != typed_version(request):
            raise StaleVersion("确认之后评分又有修改，请核对后重新提交。")
        sheets.submit(assignment, actor=user, marks=marks, comment=comment, at=arrived_at(request))
    except Refusal as refusal:
        return page_of(request, assignment, refusal, marks, comment)
    return HttpResponseRedirect(address(request, "judging:reviewing_receipt", code=code))


@never_cache
@require_safe
def receipt(request: HttpRequest, code: str, **kwargs: Any) -> HttpResponse:
    """The submitted sheet with number, hash and time, to read and to print."""
    user, assignment = cast(User, request.user), _own(request, code)
    found = _last(assignment)
    following = (
        Assignment.objects.visible_to(user)
        .filter(edition=assignment.edition, round=assignment.round, status=AssignmentStatus.OPEN)
        .order_by("code")
        .first()
    )
    context = {
        **desk(request, assignment.edition),
        "assignment": assignment,
        "sheet": found,
        "lines": lines_of(assignment, found.marks, {}),
        "total": scoring.shown(found.total, policy_of(assignment.edition).places),
        "may_correct": sheets.can_correct(found),
        "following": following,
    }
    return render(request, "judging/review_receipt.html", context)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def correct(request: HttpRequest, code: str, **kwargs: Any) -> HttpResponse:
    """A new sheet in place of the last one, with the reason."""
    user, assignment = cast(User, request.user), _own(request, code)
    found = _last(assignment)
    if request.method != "POST":
        return _correction(request, assignment, found, found.marks, found.comment)
    marks, comment = typed_marks(request), clean(request.POST.get("comment", ""))
    reason = clean(request.POST.get("reason", ""))
    try:
        if request.POST.get("number") != found.number:
            raise StaleVersion("这份评分表刚在另一个窗口更正过，请核对最新的内容。")
        sheets.correct(found, actor=user, marks=marks, comment=comment, reason=reason)
    except Refusal as refusal:
        return _correction(request, assignment, found, marks, comment, reason, refusal)
    messages.success(request, "评分表已更正，以新的一份为准。")
    return HttpResponseRedirect(address(request, "judging:reviewing_receipt", code=code))


@require_POST
def recuse(request: HttpRequest, code: str, **kwargs: Any) -> HttpResponse:
    """The expert stands aside, with the reason."""
    user, assignment = cast(User, request.user), _own(request, code)
    try:
        assignments.recuse(assignment, actor=user, reason=clean(request.POST.get("recusal", "")))
    except Refusal as refusal:
        if assignment.status == AssignmentStatus.OPEN:
            return page_of(request, assignment, refusal)
        raise
    messages.success(request, "已登记回避，这份作品不再由您评审。")
    return HttpResponseRedirect(address(request, "judging:reviewing_list"))


def _correction(
    request: HttpRequest,
    assignment: Assignment,
    found: ScoreSheet,
    marks: dict[str, str],
    comment: str,
    reason: str = "",
    refusal: Refusal | None = None,
) -> HttpResponse:
    problems = refusal.problems if isinstance(refusal, Invalid) else {}
    lines = lines_of(assignment, marks, problems)
    context = {
        **desk(request, assignment.edition),
        "assignment": assignment,
        "sheet": found,
        "lines": lines,
        "total": total_of(assignment, marks),
        "comment": comment,
        "reason": reason,
        "refusal": refusal,
        "reason_problem": problems.get("reason", ""),
        "may_correct": sheets.can_correct(found),
        "summary": [
            {"href": f"#{MARK}{one.item.key}", "label": one.item.label, "sentence": one.problem}
            for one in lines
            if one.problem
        ],
    }
    status = refusal.status if refusal else 200
    return render(request, "judging/review_correct.html", context, status=status)


def _own(request: HttpRequest, code: str) -> Assignment:
    return get_assignment_for(cast(User, request.user), edition_of(request), code)


def _last(assignment: Assignment) -> ScoreSheet:
    found = ScoreSheet.objects.filter(assignment=assignment).select_related("assignment", "replaces").last()
    if found is None:
        raise Http404("sheet")
    return found
