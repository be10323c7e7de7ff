"""The final's console for the host, and the page on which its result is locked by a second person (R27-R31)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, cast

from django.contrib import messages
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from competition import roles
from competition.errors import NotAllowed, Refusal
from competition.middleware import address, edition_of
from competition.models import Edition, User
from judging.forms.final import PrepareForm
from judging.forms.results import CalledForm, NoteForm, VoteForm, tied_keys
from judging.models import Assignment, FinalSession, Presentation, Result, Vote
from judging.permissions.final import (
    can_run,
    get_presentation_for,
    get_session_for,
    require_runner,
)
from judging.permissions.results import can_confirm, can_propose, get_result_for
from judging.services import final as services
from judging.services import results
from judging.views.draws import draw_context, witnesses
from judging.views.results import STATES, tie_forms, unranked_rows, vote_rows
from judging.views.tables import desk, ranking_rows, snapshot_rows
from judging.workflow import AssignmentStatus, FinalStatus, ResultStatus, Round
from submissions.models import Entry

SIGNS = {
    FinalStatus.PREPARING: "todo",
    FinalStatus.LISTED: "wait",
    FinalStatus.DRAWN: "now",
    FinalStatus.RUNNING: "now",
    FinalStatus.LOCKED: "done",
}


@never_cache
@require_safe
def console(request: HttpRequest, **kwargs: Any) -> HttpResponse:
    """The console: preparation, list, draw, presentations and sheets; the supervisor reads along."""
    return _console(request)


@require_POST
def prepare(request: HttpRequest, **kwargs: Any) -> HttpResponse:
    """Set date, place and minutes."""
    form = PrepareForm(request.POST, label_suffix="")

    def act(edition: Edition, user: User) -> str:
        services.prepare(edition, actor=user, **form.cleaned_data)
        return "时间和地点已保存。"

    return _with_form(request, form, act, prepare=form)


@require_POST
def publish(request: HttpRequest, **kwargs: Any) -> HttpResponse:
    """Publish the list of the final."""

    def act(edition: Edition, user: User) -> str:
        services.publish_list(edition, actor=user)
        return "决赛名单和抽签承诺值已公布，团队会收到通知。"

    return _act(request, act)


@require_POST
def take_back(request: HttpRequest, **kwargs: Any) -> HttpResponse:
    """Take the list back before the draw."""

    def act(edition: Edition, user: User) -> str:
        services.take_back_list(edition, actor=user)
        return "名单已收回，核对后请重新公布。"

    return _act(request, act)


@require_POST
def hold(request: HttpRequest, **kwargs: Any) -> HttpResponse:
    """Draw the order with the numbers called out."""
    form = CalledForm(witnesses(cast(User, request.user)), request.POST)

    def act(edition: Edition, user: User) -> str:
        services.draw(edition, called=form.called, actor=user, witness=form.witness)
        return "出场顺序已抽签，记录已公布，团队会收到通知。"

    return _with_form(request, form, act, called=form)


@require_POST
def check_in(request: HttpRequest, pk: int, **kwargs: Any) -> HttpResponse:
    """A team is there."""
    return _step(request, pk, services.check_in, "已签到。")


@require_POST
def begin(request: HttpRequest, pk: int, **kwargs: Any) -> HttpResponse:
    """A presentation begins."""
    return _step(request, pk, services.begin, "展示开始。")


@require_POST
def end(request: HttpRequest, pk: int, **kwargs: Any) -> HttpResponse:
    """A presentation ends."""
    return _step(request, pk, services.end, "展示结束。")


@require_POST
def propose(request: HttpRequest, **kwargs: Any) -> HttpResponse:
    """Propose the result of the final."""
    user, edition = cast(User, request.user), edition_of(request)
    require_runner(user)
    try:
        results.propose(edition, round=Round.FINAL, actor=user)
    except Refusal as refusal:
        return _lock_page(request, refusal=refusal)
    messages.success(request, "决赛结果已提出，请现场监督或秘书处负责人（提出人以外）核对锁定。")
    return HttpResponseRedirect(address(request, "judging:final_lock"))


@require_POST
def vote(request: HttpRequest, **kwargs: Any) -> HttpResponse:
    """Record the panel's vote about equal finalists."""
    user, edition = cast(User, request.user), edition_of(request)
    require_runner(user)
    keys = tied_keys(request.POST.get("tie", ""))
    found = Entry.objects.filter(edition=edition, pk__in=keys).select_related("team").order_by("pk")
    form = VoteForm({entry.pk: entry.team.project_name for entry in found}, request.POST)
    if not form.is_valid():
        return _lock_page(request, vote_form=form, status=422)
    minutes = form.cleaned_data["minutes"]
    try:
        results.record_vote(
            edition, round=Round.FINAL, track=None, order=form.order, minutes=minutes, actor=user
        )
    except Refusal as refusal:
        return _lock_page(request, vote_form=form, refusal=refusal)
    messages.success(request, "表决已登记，排名随之更新。")
    return HttpResponseRedirect(address(request, "judging:final_lock"))


@never_cache
@require_safe
def lock(request: HttpRequest, **kwargs: Any) -> HttpResponse:
    """The ranking of the final, to be proposed by one and locked by another."""
    return _lock_page(request)


@require_POST
def confirm(request: HttpRequest, pk: int, **kwargs: Any) -> HttpResponse:
    """The second person locks the result."""
    user = cast(User, request.user)
    result = get_result_for(user, edition_of(request), pk, Round.FINAL)
    try:
        results.confirm(result, actor=user)
    except Refusal as refusal:
        return _lock_page(request, refusal=refusal)
    messages.success(request, "决赛成绩已锁定。")
    return HttpResponseRedirect(address(request, "judging:final_lock"))


@require_POST
def refuse(request: HttpRequest, pk: int, **kwargs: Any) -> HttpResponse:
    """The second person does not lock it and says why."""
    user = cast(User, request.user)
    result = get_result_for(user, edition_of(request), pk, Round.FINAL)
    form = NoteForm(request.POST, label_suffix="")
    if not form.is_valid():
        return _lock_page(request, note=form, status=422)
    try:
        results.refuse(result, actor=user, note=form.cleaned_data["note"])
    except Refusal as refusal:
        return _lock_page(request, note=form, refusal=refusal)
    messages.success(request, "已退回，可以重新提出结果。")
    return HttpResponseRedirect(address(request, "judging:final_lock"))


def _with_form(
    request: HttpRequest, form: Any, act: Callable[[Edition, User], str], **forms: Any
) -> HttpResponse:
    """Do it if the form's shape is right; a refusal keeps what was typed."""
    user, edition = cast(User, request.user), edition_of(request)
    _require_runs(user)
    if not form.is_valid():
        return _console(request, status=422, **forms)
    try:
        messages.success(request, act(edition, user))
    except Refusal as refusal:
        form.refuse(refusal)
        return _console(request, status=refusal.status, **forms)
    return HttpResponseRedirect(address(request, "judging:final_console"))


def _act(request: HttpRequest, act: Callable[[Edition, User], str]) -> HttpResponse:
    user, edition = cast(User, request.user), edition_of(request)
    require_runner(user)
    try:
        messages.success(request, act(edition, user))
    except Refusal as refusal:
        return _console(request, refusal=refusal, status=refusal.status)
    return HttpResponseRedirect(address(request, "judging:final_console"))


def _step(request: HttpRequest, pk: int, act: Callable[..., Presentation], sentence: str) -> HttpResponse:
    found = get_presentation_for(cast(User, request.user), edition_of(request), pk)

    def do(edition: Edition, user: User) -> str:
        act(found, actor=user)
        return f"第{found.position}位“{found.entry.team.name}”{sentence}"

    return _act(request, do)


def _require_runs(user: User) -> None:
    require_runner(user)
    if not can_run(user):
        raise NotAllowed("只有决赛主持人和秘书处工作人员可以办理。")


def _console(
    request: HttpRequest, *, refusal: Refusal | None = None, status: int = 200, **forms: Any
) -> HttpResponse:
    user, edition = cast(User, request.user), edition_of(request)
    session = get_session_for(user, edition)
    state = FinalStatus(session.status) if session else FinalStatus.PREPARING
    runs = can_run(user)
    context: dict[str, Any] = {
        **desk(request),
        "session": session,
        "status_word": state.label,
        "sign": SIGNS[state],
        "state": state.value,
        "runs": runs,
        "refusal": refusal,
        "presentations": _presentations(session) if session else [],
        "prepare_form": forms.get("prepare") or _prepare_form(session),
        "bound": list(forms.values()),
    }
    if state == FinalStatus.PREPARING:
        context["open_matters"] = services.open_matters(edition)
    if state == FinalStatus.LISTED and runs:
        context["called_form"] = forms.get("called") or CalledForm(witnesses(user))
    if session and session.draw:
        context |= draw_context(session.draw)
    return render(request, "judging/final.html", context, status=status)


def _prepare_form(session: FinalSession | None) -> PrepareForm:
    if session is None:
        return PrepareForm(label_suffix="")
    names = ("starts_at", "place", "minutes_each")
    return PrepareForm(initial={name: getattr(session, name) for name in names}, label_suffix="")


def _presentations(session: FinalSession) -> list[dict[str, Any]]:
    """The order with what each has still to do, and how many sheets are in."""
    rows = list(session.presentations.select_related("entry__team__topic__track"))
    counted = (
        Assignment.objects.filter(round=Round.FINAL, entry__presentation__session=session)
        .exclude(status__in=[AssignmentStatus.VOID, AssignmentStatus.RECUSED])
        .values("entry")
        .annotate(all=Count("pk"), done=Count("pk", filter=Q(status=AssignmentStatus.SUBMITTED)))
    )
    sheets = {row["entry"]: row for row in counted}
    running = any(one.started_at and not one.ended_at and not one.is_void for one in rows)
    return [{"one": one, "sheets": sheets.get(one.entry_id), **_step_of(one, running)} for one in rows]


def _step_of(one: Presentation, running: bool) -> dict[str, str]:
    """The sign, the word and the next thing to press of a presentation."""
    if one.is_void:
        return {"sign": "closed", "word": "已退出", "next": ""}
    if one.ended_at:
        return {"sign": "done", "word": "已结束", "next": ""}
    if one.started_at:
        return {"sign": "now", "word": "正在展示", "next": "end"}
    if one.checked_in_at:
        return {"sign": "wait", "word": "已签到", "next": "" if running else "begin"}
    return {"sign": "todo", "word": "未签到", "next": "check_in"}


def _lock_page(
    request: HttpRequest,
    *,
    refusal: Refusal | None = None,
    note: NoteForm | None = None,
    vote_form: VoteForm | None = None,
    status: int = 200,
) -> HttpResponse:
    user, edition = cast(User, request.user), edition_of(request)
    session = get_session_for(user, edition)
    rows = Result.objects.filter(edition=edition, round=Round.FINAL)
    result = rows.select_related("edition", "proposed_by", "decided_by").first()
    context: dict[str, Any] = {
        **desk(request),
        "session": session,
        "result": result,
        "state": STATES[ResultStatus(result.status)] if result else "todo",
        "refusal": refusal,
        "form": note or NoteForm(label_suffix=""),
        "may_confirm": result is not None and can_confirm(user, result),
        "may_propose": can_propose(user, Round.FINAL),
        "may_lock_role": user.has_role(roles.SUPERVISOR, roles.CHIEF),
    }
    if result is None or result.status == ResultStatus.REFUSED:
        made = results.preview(edition, Round.FINAL)
        part = made.parts[0]
        votes = list(Vote.objects.filter(edition=edition, round=Round.FINAL).select_related("recorded_by"))
        context |= {
            "made": made,
            "part": part,
            "rows": ranking_rows(edition, part),
            "unranked": unranked_rows(part),
            "ties": tie_forms(made, part, vote_form),
            "votes": vote_rows(votes, part),
        }
    else:
        part_data = result.content["parts"][0]
        keys = [one["entry"] for one in part_data["entries"]]
        entries = {str(one.pk): one for one in _with_team(keys)}
        context["rows"] = snapshot_rows(edition, part_data["ranking"], entries, final=True)
    return render(request, "judging/final_lock.html", context, status=refusal.status if refusal else status)


def _with_team(keys: list[str]) -> list[Entry]:
    found = Entry.objects.filter(pk__in=[int(key) for key in keys])
    return list(found.select_related("team__topic__track"))
