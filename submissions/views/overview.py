"""The entry's own page: what to do now, how far the form is, receipts, what happened."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from competition.arrival import arrived_at
from competition.errors import Refusal
from submissions import services
from submissions.models import Entry, Receipt, Revision
from submissions.permissions import can_withdraw_entry, get_own_entry_for
from submissions.services.supplements import requests_of, state_of
from submissions.views.desk import Desk, base_context, look_at, section_url
from submissions.workflow import EntryStatus, FormalVerdict

_BADGES = {
    EntryStatus.DRAFT: "now",
    EntryStatus.SUBMITTED: "wait",
    EntryStatus.RETURNED: "act",
    EntryStatus.ACCEPTED: "done",
    EntryStatus.REJECTED: "rejected",
    EntryStatus.WITHDRAWN: "closed",
}


@never_cache
@require_safe
def entry(request: HttpRequest, pk: int) -> HttpResponse:
    """Overview of an entry."""
    found = get_own_entry_for(request.user, pk)
    desk = look_at(found)
    revisions = list(
        Revision.objects.filter(entry=found)
        .defer("content", "private")
        .select_related("receipt")
        .prefetch_related("receipt__checks")
    )
    context = {
        **base_context(found, desk.deadline),
        "desk": desk,
        "badge_state": _BADGES[EntryStatus(found.status)],
        "todos": _todos(desk, revisions),
        "sections": desk.menu(),
        "reasons": _reasons(desk),
        "receipts": [one.receipt for one in revisions if hasattr(one, "receipt")],
        "events": _events(found, revisions),
        "supplements": [{"request": one, **state_of(one)} for one in requests_of(found)],
        "may_withdraw": can_withdraw_entry(request.user, found),
    }
    return render(request, "submissions/entry.html", context)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """Say that the team will not take part: a page that says what it means, then the act."""
    found = get_own_entry_for(request.user, pk)
    refusal: Refusal | None = None
    if request.method == "POST":
        try:
            if "sure" not in request.POST:
                raise Refusal("请先勾选确认。", field="sure")
            services.withdraw(found, actor=request.user, at=arrived_at(request))
        except Refusal as said:
            refusal = said
        else:
            messages.success(request, "已退出比赛。")
            return redirect(found.get_absolute_url())
    context = {
        **base_context(found),
        "refusal": refusal,
        "may_withdraw": can_withdraw_entry(request.user, found),
    }
    return render(request, "submissions/withdraw.html", context, status=refusal.status if refusal else 200)


def _reasons(desk: Desk) -> list[dict[str, str]]:
    """The officer's reasons with their places as people call them."""
    found = []
    for state in desk.state.sections:
        labels = {one.key: one.label for one in state.section.fields}
        for key, text in desk.reasons_at(state.place).items():
            label = f"{state.title} · {labels[key]}" if key in labels else state.title
            anchor = f"#reason-{key}" if key else ""
            found.append({"label": label, "text": text, "url": section_url(desk.entry, state.place) + anchor})
    return found


def _todos(desk: Desk, revisions: list[Revision]) -> list[dict[str, Any]]:
    entry, status = desk.entry, EntryStatus(desk.entry.status)
    if not desk.writable:
        return []
    steps = reverse("submissions:submit_page", args=[entry.pk])
    latest = revisions[0] if revisions else None
    sealed = latest is not None and hasattr(latest, "receipt")
    edited = latest is not None and entry.version != latest.entry_version
    if status == EntryStatus.RETURNED and (latest is None or (sealed and not edited)):
        return [
            _todo(
                "按审查意见修改申报书",
                "意见写在对应的栏目旁；改好后重新定稿、盖章并提交。",
                desk,
                _first(desk),
            )
        ]
    if latest is not None and not sealed:
        if edited:
            text = f"第{latest.number}版定稿之后又有修改。要提交新内容，请重新定稿盖章；也可以按第{latest.number}版提交。"
        else:
            text = f"第{latest.number}版已定稿，请打印、盖章、上传扫描件，然后提交。"
        return [_todo("盖章并提交", text, desk, steps, "继续")]
    if sealed and not edited:
        return []
    if desk.state.ready:
        text = (
            "内容有改动，尚未提交。重新定稿、盖章、提交后才会生效。"
            if sealed
            else "各部分都已填完，可以定稿盖章。"
        )
        return [_todo("定稿、盖章并提交", text, desk, steps, "去提交")]
    left = desk.state.total - desk.state.done
    return [_todo("填写申报书", f"还有{left}项必填内容。", desk, _first(desk), "继续填写")]


def _todo(title: str, text: str, desk: Desk, url: str, label: str = "去修改") -> dict[str, Any]:
    return {"title": title, "text": text, "url": url, "label": label, **_until(desk)}


def _until(desk: Desk) -> dict[str, Any]:
    """Provisional stages show their months, as the notice does; a time for corrections is exact."""
    stage = desk.deadline
    if stage is not None and stage.provisional and desk.until == stage.closes_at:
        return {"until_text": f"提交时间：{stage.when}"}
    return {"until": desk.until}


def _first(desk: Desk) -> str:
    """The first section that asks for something: an officer's reason, else what is not complete."""
    asked = [one for one in desk.state.sections if desk.reasons_at(one.place)]
    open_ones = asked or [one for one in desk.state.sections if not one.complete] or desk.state.sections
    return section_url(desk.entry, open_ones[0].place)


def _events(entry: Entry, revisions: list[Revision]) -> list[dict[str, Any]]:
    events: list[tuple[datetime, str, str]] = [(entry.created_at, "申报书已开放填写", "")]
    for revision in revisions:
        events.append(
            (revision.frozen_at, f"第{revision.number}版定稿", f"内容校验值 {revision.sha256[:16]}…")
        )
        receipt: Receipt | None = getattr(revision, "receipt", None)
        if receipt is not None:
            events.append(
                (receipt.submitted_at, f"第{revision.number}版已提交", f"回执编号 {receipt.number}")
            )
            for check in receipt.checks.all():
                word = f"形式审查：{FormalVerdict(check.verdict).label}"
                events.append((check.at, word, check.note))
    if entry.status == EntryStatus.WITHDRAWN:
        events.append((entry.updated_at, "团队已退出比赛", ""))
    return [{"at": at, "text": text, "note": note} for at, text, note in sorted(events, reverse=True)]
