"""The queue of registrations as a table; phones masked, nobody's document."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.db.models import Count, F, OuterRef, QuerySet, Subquery
from django.http import HttpRequest

from competition.admin.exporting import listed
from competition.exports import Export
from competition.models import Edition, User
from competition.phones import masked
from competition.reference import region_label
from registration.models import Representative, Team, Unit
from registration.permissions import is_officer

COLUMNS = (
    "编号", "团队", "项目", "赛道", "赛题", "牵头单位", "统一社会信用代码", "牵头单位所在地", "参赛单位数", "参赛代表数",
    "联络人", "联络人手机", "状态", "不符合项", "需判断项", "待查信用记录", "经办人", "提交时间", "审核时间",
)  # fmt: skip


def registrations(edition: Edition, user: User, request: HttpRequest) -> Export | None:
    """For officers and the chief, with the filters of the queue."""
    if not is_officer(user):
        return None
    return Export("参赛团队", COLUMNS, lambda: _rows(listed(request, Team)))


def _rows(teams: QuerySet[Team]) -> Iterator[list[Any]]:
    lead = Unit.objects.filter(team=OuterRef("pk"), is_lead=True)
    contact = Representative.objects.filter(team=OuterRef("pk"), is_contact=True)
    people = Representative.objects.filter(team=OuterRef("pk")).order_by().values("team")
    units = Unit.objects.filter(team=OuterRef("pk")).order_by().values("team")
    rows = teams.select_related("topic__track", "claimed_by").annotate(
        lead_name=Subquery(lead.values("name")[:1]),
        lead_code=Subquery(lead.values("credit_code")[:1]),
        contact_name=Subquery(contact.values("name")[:1]),
        contact_mobile=Subquery(contact.values("mobile")[:1]),
        of_people=Subquery(people.annotate(n=Count("pk")).values("n")),
        of_units=Subquery(units.annotate(n=Count("pk")).values("n")),
        topic_code=F("topic__code"),
    )
    for team in rows.iterator(chunk_size=500):
        yield [
            team.reference, team.name, team.project_name,
            team.topic.track.name if team.topic else "", str(team.topic or ""),
            team.lead_name, team.lead_code, region_label(team.lead_region),
            team.of_units or 0, team.of_people or 0,
            team.contact_name, masked(team.contact_mobile or ""), team.get_status_display(),
            team.blocks, team.doubts, team.lookups_due,
            team.claimed_by.display_name if team.claimed_by else "", team.submitted_at, team.decided_at,
        ]  # fmt: skip
