"""Gatekeeping: the list, the entry to read with facts, decision and history, and the acts."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, cast
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from competition import audit
from competition.desk import menu_of, pages_of
from competition.errors import Refusal
from competition.form_schema.values import clean
from competition.handing import hand_out
from competition.keyset import page_by
from competition.middleware import address, edition_of
from competition.models import Edition, User
from judging.forms.gates import MINE, GateFilter
from judging.models import Gate
from judging.permissions.gates import (
    can_confirm,
    can_decide,
    can_recuse,
    get_gate_for,
    require_listed,
    sees_gates,
)
from judging.services import gates
from judging.services.reading import read_entry
from judging.workflow import GateStatus
from submissions.permissions import get_named_attachment

STATES = {
    GateStatus.WAITING: "now",
    GateStatus.DECLINING: "wait",
    GateStatus.RECOMMENDING: "wait",
    GateStatus.RECOMMENDED: "done",
    GateStatus.DECLINED: "rejected",
    GateStatus.VOID: "closed",
}


@never_cache
@require_safe
def listing(request: HttpRequest, **kwargs: Any) -> HttpResponse:
    """Gates that concern the person, newest first; at first those at which there is something to do."""
    user, edition = cast(User, request.user), edition_of(request)
    if not sees_gates(user):
        raise Http404("gates")
    form = GateFilter(request.GET)
    page = page_by(
        chosen_gates(user, edition, form), order="created_at", cursor=request.GET.get("after", ""), size=30
    )
    query = {"status": form.state, "q": form.words}
    context = {
        **_desk(request, edition),
        "form": form,
        "filtered": form.state != MINE or bool(form.words),
        "rows": [{"gate": gate, "state": STATES[GateStatus(gate.status)]} for gate in page.items],
        "first_url": "" if page.is_first else f"?{urlencode(query)}",
        "next_url": f"?{urlencode({**query, 'after': page.next})}" if page.next else "",
    }
    return render(request, "judging/gates.html", context)


@never_cache
@require_safe
def case(request: HttpRequest, pk: int, **kwargs: Any) -> HttpResponse:
    """An entry at the gate."""
    user, edition = cast(User, request.user), edition_of(request)
    gate = get_gate_for(user, edition, pk)
    audit.record(user, "gate.read", gate, edition=edition)
    return _page(request, gate)


@never_cache
@require_safe
def file(request: HttpRequest, pk: int, key: UUID, **kwargs: Any) -> HttpResponse:
    """A file that the accepted version names; every look is recorded."""
    user, edition = cast(User, request.user), edition_of(request)
    gate = get_gate_for(user, edition, pk)
    reading = read_entry(gate.entry)
    require_listed(reading.keys if reading else set(), key)
    found = get_named_attachment(gate.entry_id, key)
    audit.record(user, "attachment.read", found, edition=edition, gate=gate.pk)
    return hand_out(request, found.file, found.name, found.content_type)


@require_POST
def recommend(request: HttpRequest, pk: int, **kwargs: Any) -> HttpResponse:
    def act(gate: Gate, user: User) -> str:
        gate = gates.recommend(gate, actor=user, opinion=_typed(request, "opinion"))
        word = "已推荐进入评审" if gate.status == GateStatus.RECOMMENDED else "已提出推荐意见，待第二人确认"
        return f"“{gate.entry.team.project_name}”{word}。"

    return _act(request, pk, act)


@require_POST
def decline(request: HttpRequest, pk: int, **kwargs: Any) -> HttpResponse:
    def act(gate: Gate, user: User) -> str:
        gates.decline(gate, actor=user, opinion=_typed(request, "opinion"))
        return f"“{gate.entry.team.project_name}”的不推荐意见已提出，秘书处确认后生效。"

    return _act(request, pk, act)


@require_POST
def confirm(request: HttpRequest, pk: int, **kwargs: Any) -> HttpResponse:
    def act(gate: Gate, user: User) -> str:
        gate = gates.confirm(gate, actor=user)
        told = "，团队会收到通知" if gate.status == GateStatus.DECLINED else ""
        return f"已确认“{gate.entry.team.project_name}”{gate.get_status_display()}{told}。"

    return _act(request, pk, act)


@require_POST
def send_back(request: HttpRequest, pk: int, **kwargs: Any) -> HttpResponse:
    def act(gate: Gate, user: User) -> str:
        gates.send_back(gate, actor=user, reason=_typed(request, "reason"))
        return f"“{gate.entry.team.project_name}”的意见已退回，由原把关方重新办理。"

    return _act(request, pk, act)


@require_POST
def recuse(request: HttpRequest, pk: int, **kwargs: Any) -> HttpResponse:
    def act(gate: Gate, user: User) -> str:
        gates.recuse(gate, actor=user, reason=_typed(request, "recusal"))
        return f"已登记回避，“{gate.entry.team.project_name}”改由秘书处办公室把关。"

    return _act(request, pk, act)


def _act(request: HttpRequest, pk: int, act: Callable[[Gate, User], str]) -> HttpResponse:
    """Do it and go to the next one that waits, else to the list; a refusal keeps what was typed."""
    user, edition = cast(User, request.user), edition_of(request)
    gate = get_gate_for(user, edition, pk)
    try:
        sentence = act(gate, user)
    except Refusal as refusal:
        return _page(request, get_gate_for(user, edition, pk), refusal)
    messages.success(request, sentence)
    following = _next(user, edition, pk)
    if following is None:
        return HttpResponseRedirect(address(request, "judging:gates_list"))
    return HttpResponseRedirect(address(request, "judging:gates_case", pk=following))


def _page(request: HttpRequest, gate: Gate, refusal: Refusal | None = None) -> HttpResponse:
    user = cast(User, request.user)
    context = {
        **_desk(request, gate.entry.edition),
        "gate": gate,
        "entry": gate.entry,
        "state": STATES[GateStatus(gate.status)],
        "reading": read_entry(gate.entry),
        "history": _history(gate),
        "may_decide": can_decide(user, gate),
        "may_confirm": can_confirm(user, gate),
        "may_recuse": can_recuse(user, gate),
        "following": _next(user, gate.entry.edition, gate.pk),
        "refusal": refusal,
        "typed": {name: _typed(request, name) for name in ("opinion", "reason", "recusal")},
    }
    return render(request, "judging/gate.html", context, status=refusal.status if refusal else 200)


def chosen_gates(user: User, edition: Edition, form: GateFilter) -> QuerySet[Gate]:
    """What the list shows, and what is exported from it."""
    rows: QuerySet[Gate] = Gate.objects.visible_to(user)
    if form.state == MINE:
        rows = Gate.objects.waiting_for(user)
    elif form.state in GateStatus.values:
        rows = rows.filter(status=form.state)
    if form.words:
        rows = rows.filter(entry__team__project_name__icontains=form.words)
    return rows.filter(edition=edition).select_related("department", "entry__team__topic__track")


def _next(user: User, edition: Edition, pk: int) -> int | None:
    waiting = Gate.objects.waiting_for(user).filter(edition=edition).exclude(pk=pk)
    following: int | None = waiting.order_by("created_at", "pk").values_list("pk", flat=True).first()
    return following


def _history(gate: Gate) -> list[dict[str, Any]]:
    events = [
        {
            "at": one.at,
            "who": one.by.display_name,
            "text": one.get_to_display(),
            "note": one.opinion,
        }
        for one in gate.decisions.select_related("by")
    ]
    return [*events, {"at": gate.created_at, "text": "通过形式审查，转入初步把关"}]


def _desk(request: HttpRequest, edition: Edition) -> dict[str, Any]:
    pages = pages_of(edition, cast(User, request.user))
    return {"menu": menu_of(pages, request.path), "menu_title": "工作台"}


def _typed(request: HttpRequest, name: str) -> str:
    return clean(request.POST.get(name, ""))
