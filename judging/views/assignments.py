"""Assignments: the numbers, the run, one more by hand, one taken away."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, cast
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from competition.errors import Refusal
from competition.keyset import page_by
from competition.middleware import address, edition_of
from competition.models import Track, User
from judging.forms.experts import AddForm, ReasonForm, RunForm
from judging.permissions.experts import get_assignment_for_office, get_entry_for_office, require_roll
from judging.services import assignments, workload
from judging.services.experts import roll_of
from judging.views.experts import WRITES, desk

#: Entries short of experts that the page names at once.
MOST_SHORT = 50


@never_cache
@require_safe
def listing(request: HttpRequest, **kwargs: Any) -> HttpResponse:
    """The numbers of every track; with ``?track=3`` the entries of one."""
    require_roll(cast(User, request.user))
    number = request.GET.get("track", "")
    track = next((one for one in edition_of(request).tracks.all() if str(one.number) == number), None)
    return _track(request, track) if track else _overview(request)


@require_POST
def run(request: HttpRequest, **kwargs: Any) -> HttpResponse:
    """Compute and make assignments for all tracks."""
    user, edition = cast(User, request.user), edition_of(request)
    require_roll(user)
    form = RunForm(request.POST, edition=edition)
    if not form.is_valid():
        return _overview(request, form, 422)
    try:
        made = assignments.assign(edition, actor=user, per_entry=form.cleaned_data["per_entry"])
    except Refusal as refusal:
        form.refuse(refusal)
        return _overview(request, form, refusal.status)
    given, lacking = len(made.content["pairs"]), len(made.content["unserved"])
    left = f"；{lacking}项作品专家不足，原因见下" if lacking else ""
    messages.success(request, f"本次新分配{given}项评审任务{left}。")
    return HttpResponseRedirect(address(request, "judging:assignments"))


@never_cache
@WRITES
def add(request: HttpRequest, pk: int, **kwargs: Any) -> HttpResponse:
    """Give an entry one more expert by hand."""
    user, edition = cast(User, request.user), edition_of(request)
    entry = get_entry_for_office(user, edition, pk)
    offered = workload.candidates(entry)
    form = AddForm(request.POST if request.method == "POST" else None, candidates=offered)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            expert = next(one.expert for one in offered if one.expert.pk == form.cleaned_data["expert"])
            try:
                assignments.assign_one(entry, expert, actor=user, reason=form.cleaned_data["reason"])
            except Refusal as refusal:
                form.refuse(refusal)
                status = refusal.status
            else:
                messages.success(request, f"已将{entry.reference}分配给{expert}。")
                return HttpResponseRedirect(_list_of(request, entry))
    context = {
        **desk(request),
        "entry": entry,
        "form": form,
        "barred": [one for one in offered if one.barred],
        "able": sum(not one.barred for one in offered),
        "back": _list_of(request, entry),
    }
    return render(request, "judging/assignment_add.html", context, status=status)


@never_cache
@WRITES
def recuse(request: HttpRequest, pk: int, **kwargs: Any) -> HttpResponse:
    """Take an assignment away for a conflict."""
    user, edition = cast(User, request.user), edition_of(request)
    assignment = get_assignment_for_office(user, edition, pk)
    form = ReasonForm(request.POST if request.method == "POST" else None, label_suffix="")
    status = 200
    if request.method == "POST" and form.is_valid():
        try:
            assignments.recuse(assignment, actor=user, reason=form.cleaned_data["reason"])
        except Refusal as refusal:
            form.refuse(refusal)
            status = refusal.status
        else:
            messages.success(request, f"已办理{assignment.expert}对{assignment.entry.reference}的回避。")
            return HttpResponseRedirect(_list_of(request, assignment.entry))
    context = {
        **desk(request),
        "assignment": assignment,
        "form": form,
        "live": assignment.status in assignments.LIVE,
        "back": _list_of(request, assignment.entry),
    }
    return render(request, "judging/assignment_recuse.html", context, status=status)


def _overview(request: HttpRequest, form: RunForm | None = None, status: int = 200) -> HttpResponse:
    edition = edition_of(request)
    last, roll = workload.last_run(edition), roll_of(edition)
    why = workload.reasons(last)
    short = list(
        workload.short_of_experts(edition)
        .select_related("team__topic__track")
        .order_by("pk")[: MOST_SHORT + 1]
    )
    context = {
        **desk(request),
        "form": form or RunForm(edition=edition),
        "least": workload.least_sheets(edition),
        "tracks": workload.by_track(edition),
        "last": last,
        "made": len(last.content["pairs"]) if last else 0,
        "lacking": len(why),
        "short": _folded(
            ([one.team.topic.track], {"entry": one, "why": _why(why.get(one.pk, ""), last)})
            for one in short[:MOST_SHORT]
        ),
        "short_listed": min(len(short), MOST_SHORT),
        "more_short": len(short) > MOST_SHORT,
        "loads": _folded(
            (list(one.tracks.all()), one) for one in sorted(roll, key=_by_load) if _is_at_work(one)
        ),
    }
    return render(request, "judging/assignments.html", context, status=status)


def _track(request: HttpRequest, track: Track) -> HttpResponse:
    page = page_by(
        workload.of_track(edition_of(request), track),
        order="id",
        cursor=request.GET.get("after", ""),
        size=30,
    )
    query = {"track": track.number}
    context = {
        **desk(request),
        "track": track,
        "entries": page.items,
        "least": workload.least_sheets(edition_of(request)),
        "first_url": "" if page.is_first else f"?{urlencode(query)}",
        "next_url": f"?{urlencode({**query, 'after': page.next})}" if page.next else "",
    }
    return render(request, "judging/assignments_track.html", context)


def _folded(rows: Iterable[tuple[list[Track], Any]]) -> list[tuple[str, list[Any]]]:
    """Rows under their tracks, which the page folds: hundreds of rows are too long for a phone."""
    found: dict[tuple[int, ...], tuple[str, list[Any]]] = {}
    for tracks, row in rows:
        title = "、".join(map(str, tracks)) or "未选择赛道"
        found.setdefault(tuple(track.number for track in tracks), (title, []))[1].append(row)
    return [found[numbers] for numbers in sorted(found)]


def _is_at_work(expert: Any) -> bool:
    return bool(expert.is_active or expert.open or expert.submitted)


def _by_load(expert: Any) -> tuple[int, int]:
    return (-expert.open - expert.submitted, expert.pk)


def _why(sentence: str, last: Any) -> str:
    if sentence:
        return sentence
    return "上次分配后新增，或有专家回避；请重新分配。" if last else "尚未分配。"


def _list_of(request: HttpRequest, entry: Any) -> str:
    return f"{address(request, 'judging:assignments')}?track={entry.team.topic.track.number}"
