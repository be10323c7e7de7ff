"""Two versions of an entry side by side, or a version and the draft: for the team and the office."""

from __future__ import annotations

from itertools import groupby
from typing import Any, Final

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from competition import audit
from competition.form_schema.comparing import ADDED, CHANGED, MOVED, REMOVED, Change
from competition.form_schema.wording import folded
from registration.permissions import is_officer
from submissions.models import Entry, Revision
from submissions.permissions import get_entry_for, is_of_team
from submissions.services.comparing import changes_between
from submissions.views.desk import base_context

DRAFT: Final = "draft"
WORDS: Final = {CHANGED: "修改", ADDED: "新增", REMOVED: "删除", MOVED: "顺序变动"}
ICONS: Final = {CHANGED: "edit", ADDED: "add", REMOVED: "trash", MOVED: "refresh"}


@never_cache
@require_safe
def compare(request: HttpRequest, pk: int) -> HttpResponse:
    """What differs between ``from`` and ``to`` (a version's number; for the team also the draft)."""
    entry = get_entry_for(request.user, pk)
    # For everybody but the office what is visible is the own.
    own = not is_officer(request.user) or is_of_team(request.user, entry)
    versions = list(
        Revision.objects.filter(entry=entry)
        .select_related("receipt")
        .only("number", "frozen_at", "receipt__number")
    )
    names = [str(one.number) for one in versions]
    ends = [DRAFT, *names] if own else names
    before, after = _asked(request, names, ends)
    context = {
        **base_context(entry),
        "own": own,
        "befores": [(str(one.number), _named(one)) for one in versions],
        "afters": ([(DRAFT, "当前草稿")] if own else [])
        + [(str(one.number), _named(one)) for one in versions],
        "before": before,
        "after": after,
        "whole": "all" in request.GET,
        **_found(entry, before, after, whole="all" in request.GET),
    }
    if not own:
        audit.record(
            request.user, "revision.compared", entry, edition=entry.edition, before=before, after=after
        )
    return render(request, "submissions/compare.html", context)


def _asked(request: HttpRequest, befores: list[str], afters: list[str]) -> tuple[str, str]:
    """The two ends: as asked, else the last version and what came after it. 404 for one that is not there."""
    after = request.GET.get("to") or (afters[0] if afters else "")
    older = [one for one in befores if after == DRAFT or int(one) < int(after)] if after in afters else []
    before = request.GET.get("from") or (older or befores or [""])[0]
    if (after and after not in afters) or (before and before not in befores):
        raise Http404("version")
    return before, after


def _found(entry: Entry, before: str, after: str, *, whole: bool) -> dict[str, Any]:
    if not before or before == after:
        return {"groups": [], "count": 0, "same": bool(before)}
    wanted = {str(one.number): one for one in _contents(entry, before, after)}
    changes = changes_between(entry, wanted[before], wanted.get(after))
    groups = [
        {"title": title, "changes": [_shown(one, whole) for one in inside]}
        for title, inside in groupby(changes, key=lambda one: one.section)
    ]
    return {"groups": groups, "count": len(changes), "same": not changes}


def _contents(entry: Entry, *numbers: str) -> list[Revision]:
    wanted = [int(number) for number in numbers if number != DRAFT]
    return list(Revision.objects.filter(entry=entry, number__in=wanted).defer("private"))


def _shown(change: Change, whole: bool) -> dict[str, Any]:
    return {
        "label": change.label,
        "kind": change.kind,
        "word": WORDS[change.kind],
        "icon": ICONS[change.kind],
        "parts": change.parts if whole else folded(change.parts),
    }


def _named(revision: Revision) -> str:
    submitted = "，已提交" if hasattr(revision, "receipt") else ""
    return f"第{revision.number}版（{timezone.localtime(revision.frozen_at):%m-%d %H:%M}定稿{submitted}）"
