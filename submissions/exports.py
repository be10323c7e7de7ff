"""The queue of the formal check as a table."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.db.models import OuterRef, QuerySet, Subquery
from django.http import HttpRequest

from competition.admin.exporting import listed
from competition.exports import Export
from competition.models import Edition, User
from registration.models import Unit
from registration.permissions import is_officer
from submissions.models import Entry

COLUMNS = (
    "编号", "团队编号", "项目", "团队", "赛道", "赛题", "牵头单位", "统一社会信用代码", "状态", "最近提交时间", "补正期限",
)  # fmt: skip


def entries(edition: Edition, user: User, request: HttpRequest) -> Export | None:
    """For officers and the chief, with the filters of the queue."""
    if not is_officer(user):
        return None
    return Export("形式审查", COLUMNS, lambda: _rows(listed(request, Entry)))


def _rows(rows: QuerySet[Entry]) -> Iterator[list[Any]]:
    lead = Unit.objects.filter(team=OuterRef("team"), is_lead=True)
    found = rows.select_related("team__topic__track").annotate(
        lead_name=Subquery(lead.values("name")[:1]), lead_code=Subquery(lead.values("credit_code")[:1])
    )
    for entry in found.iterator(chunk_size=500):
        team = entry.team
        yield [
            entry.reference, team.reference, team.project_name, team.name,
            team.topic.track.name if team.topic else "", str(team.topic or ""),
            entry.lead_name, entry.lead_code, entry.get_status_display(),
            entry.submitted_at, entry.correction_until,
        ]  # fmt: skip
