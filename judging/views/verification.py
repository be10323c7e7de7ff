"""Technical verification: the team's page, the office's list and case, the experts' list and case."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, cast
from uuid import UUID

from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from competition import audit, roles
from competition.desk import menu_of, pages_of
from competition.errors import Refusal
from competition.handing import hand_out
from competition.middleware import address, edition_of
from competition.models import Edition, User
from judging.forms.verification import AnswerForm, ApplyForm, PlainForm, RecordForm, ScheduleForm
from judging.models import Expert, Verification
from judging.permissions.gates import require_listed
from judging.permissions.verification import (
    assigned_verifications,
    can_apply_on_line,
    can_arrange,
    can_record,
    get_assigned_verification_for,
    get_own_verification_for,
    get_readable_verification_for,
    get_verification_for,
    is_office,
)
from judging.services import verification as services
from judging.services.reading import read_entry
from judging.workflow import Mode, VerificationStatus
from submissions.permissions import get_named_attachment
from submissions.views.viewing import hand_out_plain

STATES = {
    VerificationStatus.WAITING: "wait",
    VerificationStatus.PASSED: "done",
    VerificationStatus.FAILED: "rejected",
    VerificationStatus.VOID: "closed",
}
Load = Callable[[User, Edition, int], Verification]


@never_cache
@require_safe
def team(request: HttpRequest, pk: int, **kwargs: Any) -> HttpResponse:
    """What the team sees of its verification, and its application for one on line."""
    found = get_own_verification_for(cast(User, request.user), edition_of(request), pk)
    return _team_page(request, found, ApplyForm(label_suffix=""))


@require_POST
def apply(request: HttpRequest, pk: int, **kwargs: Any) -> HttpResponse:
    """The team applies for verification on line."""
    user = cast(User, request.user)
    found = get_own_verification_for(user, edition_of(request), pk)
    form = ApplyForm(request.POST, label_suffix="")
    if form.is_valid():
        try:
            services.apply_on_line(found, actor=user, reason=form.cleaned_data["reason"])
        except Refusal as refusal:
            form.refuse(refusal)
            return _team_page(request, found, form, refusal.status)
        messages.success(request, "申请已提交，秘书处答复后会通知您。")
        return HttpResponseRedirect(address(request, "judging:verification_team", pk=pk))
    return _team_page(request, found, form, 422)


@never_cache
@require_safe
def listing(request: HttpRequest, **kwargs: Any) -> HttpResponse:
    """All verifications of the edition for the office: as many as there are seats."""
    user, edition = cast(User, request.user), edition_of(request)
    if not is_office(user):
        raise Http404("verifications")
    rows = Verification.objects.filter(edition=edition)
    lead = "入围决赛和优秀奖作品须通过技术真实性、数据来源合法性、知识产权合法性三项审查。"
    return _list(request, rows, "judging:verification_case", lead)


@never_cache
@require_safe
def mine(request: HttpRequest, **kwargs: Any) -> HttpResponse:
    """The verifications in which an expert takes part."""
    user, edition = cast(User, request.user), edition_of(request)
    if not user.has_role(roles.EXPERT):
        raise Http404("verifications")
    lead = "请您参加的技术验证。技术验证不实行盲评。"
    return _list(request, assigned_verifications(user, edition), "judging:verification_assigned", lead)


@never_cache
@require_safe
def case(request: HttpRequest, pk: int, **kwargs: Any) -> HttpResponse:
    """A verification at the office."""
    return _read(request, pk, get_verification_for)


@never_cache
@require_safe
def assigned(request: HttpRequest, pk: int, **kwargs: Any) -> HttpResponse:
    """A verification as its expert sees it."""
    return _read(request, pk, get_assigned_verification_for)


@never_cache
@require_safe
def file(request: HttpRequest, pk: int, key: UUID, **kwargs: Any) -> HttpResponse:
    """A file that the accepted version names, for its experts without metadata; every look is recorded."""
    user, edition = cast(User, request.user), edition_of(request)
    found = get_readable_verification_for(user, edition, pk)
    reading = read_entry(found.entry)
    require_listed(reading.keys if reading else set(), key)
    attachment = get_named_attachment(found.entry_id, key)
    audit.record(user, "attachment.read", attachment, edition=edition, verification=found.pk)
    if is_office(user):
        return hand_out(request, attachment.file, attachment.name, attachment.content_type)
    return hand_out_plain(request, attachment)


@require_POST
def schedule(request: HttpRequest, pk: int, **kwargs: Any) -> HttpResponse:
    """Set time, place and experts."""
    user = cast(User, request.user)
    found = get_verification_for(user, edition_of(request), pk)
    form = ScheduleForm(found, _assigned(found), request.POST)

    def act() -> str:
        services.schedule(found, officer=user, **form.cleaned_data)
        return "时间、地点和专家已安排，团队和专家会收到通知。"

    return _act(request, found, form, act, schedule=form)


@require_POST
def answer(request: HttpRequest, pk: int, **kwargs: Any) -> HttpResponse:
    """Grant or refuse verification on line, as the pressed button says."""
    user = cast(User, request.user)
    found = get_verification_for(user, edition_of(request), pk)
    form = AnswerForm(request.POST, label_suffix="")
    granted = request.POST.get("granted") == "yes"

    def act() -> str:
        services.answer(found, officer=user, granted=granted, answer=form.cleaned_data["answer"])
        return "已同意线上验证。" if granted else "已答复：以线下方式进行。"

    return _act(request, found, form, act, answer=form)


@require_POST
def record(request: HttpRequest, pk: int, **kwargs: Any) -> HttpResponse:
    """The office records what was found."""
    return _record(request, pk, get_verification_for)


@require_POST
def record_assigned(request: HttpRequest, pk: int, **kwargs: Any) -> HttpResponse:
    """An expert records what was found."""
    return _record(request, pk, get_assigned_verification_for)


def _record(request: HttpRequest, pk: int, load: Load) -> HttpResponse:
    user = cast(User, request.user)
    found = load(user, edition_of(request), pk)
    form = RecordForm(found, _assigned(found), request.POST)

    def act() -> str:
        given = {name: form.cleaned_data[name] for name in ("opinion", "mode", "experts")}
        made = services.record(found, actor=user, **form.items, **given)
        return f"技术验证结果已登记：{made}。"

    return _act(request, found, form, act, record=form)


def _act(
    request: HttpRequest, found: Verification, form: PlainForm, act: Callable[[], str], **forms: PlainForm
) -> HttpResponse:
    """Do it if the form's shape is right; a refusal keeps what was typed."""
    status = 422
    if form.is_valid():
        try:
            messages.success(request, act())
        except Refusal as refusal:
            form.refuse(refusal)
            status = refusal.status
        else:
            return HttpResponseRedirect(address(request, _page_name(request), pk=found.pk))
    return _case_page(request, found, status, **forms)


def _read(request: HttpRequest, pk: int, load: Load) -> HttpResponse:
    user, edition = cast(User, request.user), edition_of(request)
    found = load(user, edition, pk)
    audit.record(user, "verification.read", found, edition=edition)
    return _case_page(request, found)


def _page_name(request: HttpRequest) -> str:
    own = request.resolver_match is not None and (request.resolver_match.url_name or "").endswith("assigned")
    return "judging:verification_assigned" if own else "judging:verification_case"


def _case_page(
    request: HttpRequest, found: Verification, status: int = 200, **forms: PlainForm
) -> HttpResponse:
    user = cast(User, request.user)
    own = _page_name(request) == "judging:verification_assigned"
    may_arrange = not own and can_arrange(user, found)
    may_record = may_arrange or can_record(user, found)
    experts = _assigned(found)
    context = {
        **_desk(request),
        "verification": found,
        "entry": found.entry,
        "state": STATES[VerificationStatus(found.status)],
        "record": getattr(found, "record", None),
        "reading": read_entry(found.entry),
        "experts": experts,
        "asked": may_arrange and found.mode == Mode.ON_LINE_ASKED,
        "answer_form": forms.get("answer") or AnswerForm(label_suffix=""),
        "schedule_form": forms.get("schedule") or (ScheduleForm(found, experts) if may_arrange else None),
        "record_form": forms.get("record")
        or (RecordForm(found, experts) if may_record and experts else None),
        "record_page": "judging:verification_record_assigned" if own else "judging:verification_record",
        "list_page": "judging:verification_mine" if own else "judging:verification_list",
        "bound": [form for form in forms.values() if form.is_bound],
    }
    return render(request, "judging/verification.html", context, status=status)


def _team_page(request: HttpRequest, found: Verification, form: ApplyForm, status: int = 200) -> HttpResponse:
    context = {
        "verification": found,
        "entry": found.entry,
        "state": STATES[VerificationStatus(found.status)],
        "record": getattr(found, "record", None),
        "form": form,
        "may_apply": can_apply_on_line(cast(User, request.user), found),
    }
    return render(request, "judging/verification_team.html", context, status=status)


def _list(request: HttpRequest, rows: QuerySet[Verification], page: str, lead: str) -> HttpResponse:
    found = rows.select_related("entry__team__topic__track").order_by(
        "entry__team__topic__track__number", "starts_at", "pk"
    )
    shown = [{"one": one, "state": _state(one), "word": _word(one)} for one in found]
    context = {**_desk(request), "rows": shown, "page": page, "lead": lead}
    return render(request, "judging/verifications.html", context)


def _assigned(found: Verification) -> list[Expert]:
    return list(found.experts.select_related("user").order_by("pk"))


def _state(one: Verification) -> str:
    asked = one.status == VerificationStatus.WAITING and one.mode == Mode.ON_LINE_ASKED
    return "act" if asked else STATES[VerificationStatus(one.status)]


def _word(one: Verification) -> str:
    if one.status != VerificationStatus.WAITING:
        return str(one.get_status_display())
    if one.mode == Mode.ON_LINE_ASKED:
        return "申请线上，待答复"
    return str(one.get_status_display()) if one.starts_at else "待安排"


def _desk(request: HttpRequest) -> dict[str, Any]:
    pages = pages_of(edition_of(request), cast(User, request.user))
    return {"menu": menu_of(pages, request.path), "menu_title": "工作台"}
