"""Gatekeeping, assignments with the progress of their sheets, and rankings as tables."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from django.db.models import OuterRef, QuerySet, Subquery
from django.http import HttpRequest

from competition.exports import Export
from competition.models import Edition, User
from judging.forms.gates import GateFilter
from judging.models import Assignment, Gate, Result, ScoreSheet
from judging.permissions.experts import sees_roll
from judging.permissions.gates import sees_gates
from judging.permissions.results import is_office
from judging.views.gates import chosen_gates
from judging.workflow import ResultStatus, Round
from submissions.models import Entry

GATES = ("编号", "项目", "赛道", "赛题", "把关部门", "状态", "意见", "转入时间", "把关时间", "确认时间")
ASSIGNMENTS = (
    "环节",
    "赛道",
    "作品编号",
    "项目",
    "评审代号",
    "专家",
    "状态",
    "分配时间",
    "提交时间",
    "回执编号",
)
RANKING = ("环节", "结果状态", "赛道", "名次", "作品编号", "项目", "团队", "得分", "评分表数")


def gates(edition: Edition, user: User, request: HttpRequest) -> Export | None:
    """Those that the person sees, with the list's filters."""
    if not sees_gates(user):
        return None
    return Export("初步把关", GATES, lambda: _gates(chosen_gates(user, edition, GateFilter(request.GET))))


def _gates(rows: QuerySet[Gate]) -> Iterator[list[Any]]:
    for gate in rows.order_by("created_at", "pk").iterator(chunk_size=500):
        team = gate.entry.team
        yield [
            gate.entry.reference, team.project_name, team.topic.track.name if team.topic else "",
            str(team.topic or ""), gate.department.name if gate.department else "",
            gate.get_status_display(), gate.opinion, gate.created_at, gate.decided_at, gate.confirmed_at,
        ]  # fmt: skip


def assignments(edition: Edition, user: User, request: HttpRequest) -> Export | None:
    """Who scores what and which sheets are in, without any score; for officers and the chief (R16)."""
    if not sees_roll(user):
        return None
    return Export("评审分配与进度", ASSIGNMENTS, lambda: _assignments(edition))


def _assignments(edition: Edition) -> Iterator[list[Any]]:
    rows: Any = Assignment.objects.filter(edition=edition).select_related(
        "expert__user", "entry__team__topic__track"
    )
    rows = rows.annotate(**_last_sheet()).order_by(
        "round", "entry__team__topic__track__number", "entry", "pk"
    )
    for one in rows.iterator(chunk_size=500):
        team = one.entry.team
        yield [
            one.get_round_display(), team.topic.track.name if team.topic else "", one.entry.reference,
            team.project_name, one.code, one.expert.user.display_name, one.get_status_display(),
            one.assigned_at, one.sheet_at, one.sheet_number,
        ]  # fmt: skip


def _last_sheet() -> dict[str, Any]:
    sheets = ScoreSheet.objects.filter(assignment=OuterRef("pk")).order_by("-pk")
    return {
        "sheet_at": Subquery(sheets.values("submitted_at")[:1]),
        "sheet_number": Subquery(sheets.values("number")[:1]),
    }


def results(edition: Edition, user: User, request: HttpRequest) -> Export | None:
    """Rankings of the proposed and confirmed results, for officers and the chief."""
    if not is_office(user):
        return None
    return Export("评审结果", RANKING, lambda: _results(edition))


def _results(edition: Edition) -> Iterator[list[Any]]:
    found = (
        Result.objects.filter(edition=edition).exclude(status=ResultStatus.REFUSED).order_by("round", "pk")
    )
    names = dict(edition.tracks.values_list("number", "name"))
    entries = {str(one.pk): one for one in Entry.objects.filter(edition=edition).select_related("team")}
    for result in found:
        for part in result.content["parts"]:
            for place in part["ranking"]["places"]:
                entry = entries.get(place["entry"])
                yield [
                    Round(result.round).label, result.get_status_display(), names.get(part["track"], ""),
                    place["rank"], entry.reference if entry else "", entry.team.project_name if entry else "",
                    entry.team.name if entry else "", Decimal(place["score"]), place["sheets"],
                ]  # fmt: skip
