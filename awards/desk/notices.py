"""Publicity at the work desk."""

from __future__ import annotations

from awards.models import PublicityNotice
from awards.permissions.notices import works_on_notices
from awards.workflow import NoticeStatus
from competition import roles
from competition.desk import DeskPage, address_in
from competition.models import Edition, User


def pages(edition: Edition, user: User) -> list[DeskPage]:
    """For officers and chiefs; a chief sees what waits to be published; one query at most."""
    if not works_on_notices(user):
        return []
    count = 0
    if user.has_role(roles.CHIEF):
        waiting = PublicityNotice.objects.filter(edition=edition, status=NoticeStatus.PROPOSED)
        count = waiting.exclude(proposed_by=user).count()
    text = "拟定、发布和延长获奖名单公示，维护工作日历（八）。"
    return [DeskPage(100, "获奖公示", text, address_in(edition, "awards:notices_list"), count, "公示")]
