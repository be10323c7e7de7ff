"""Publicity at the work desk."""

from __future__ import annotations

from awards.models import PublicityNotice
from awards.permissions.notices import works_on_notices
from awards.workflow import NoticeStatus
from competition import roles
from competition.desk import DeskPage, address_in
from competition.models import Edition, User


def pages(edition: Edition, user: User) -> list[DeskPage]:
    """For officers and chiefs; a chief sees what waits to be published."""
    if not works_on_notices(user):
        return []
    waiting = None
    if user.has_role(roles.CHIEF):
        proposed = PublicityNotice.objects.filter(edition=edition, status=NoticeStatus.PROPOSED)
        waiting = proposed.exclude(proposed_by=user)
    text = "拟定、发布和延长获奖名单公示，维护工作日历（八）。"
    url = address_in(edition, "awards:notices_list")
    return [DeskPage(100, "获奖公示", text, url, group="公示", waiting=waiting)]
