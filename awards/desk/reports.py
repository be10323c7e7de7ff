"""Reports at the work desk: for case handlers and for the committee, for nobody else."""

from __future__ import annotations

from django.db.models import Q

from awards.models import Ruling
from awards.permissions.reports import handles_cases, reports_visible_to, rules_cases
from awards.workflow import ReportStatus
from competition.desk import DeskPage, address_in
from competition.models import Edition, User

ORDER = 110


def pages(edition: Edition, user: User) -> list[DeskPage]:
    """What waits: new and own cases for a handler, rulings to make or confirm for the committee."""
    found = []
    visible = reports_visible_to(user, edition)
    if handles_cases(user):
        mine = Q(status=ReportStatus.RECEIVED) | Q(status=ReportStatus.ACCEPTED, handler=user, findings="")
        text = "受理公示期实名举报，核查并保护举报人身份（八）。"
        url = address_in(edition, "awards:reports_cases")
        found.append(DeskPage(ORDER, "举报受理", text, url, group="公示", waiting=visible.filter(mine)))
    if rules_cases(user):
        to_rule = Q(status=ReportStatus.ACCEPTED) & ~Q(findings="")
        own = Ruling.objects.filter(decided_by__isnull=True, proposed_by=user).values("report")
        waiting = (
            visible.filter(to_rule | Q(status=ReportStatus.PROPOSED))
            .exclude(handler=user)
            .exclude(pk__in=own)
        )
        text = "对已核查的举报作出裁定并书面答复，须两名成员（八）。"
        url = address_in(edition, "awards:reports_committee")
        found.append(DeskPage(ORDER, "举报裁定", text, url, group="公示", waiting=waiting))
    return found
