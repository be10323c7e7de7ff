"""Scoring at the work desk: the expert's own sheets, the office's overview."""

from __future__ import annotations

from competition.desk import DeskPage, address_in
from competition.models import Edition, User
from judging.models import Assignment
from judging.permissions.reviewing import sees_progress, sees_reviews
from judging.workflow import AssignmentStatus


def pages(edition: Edition, user: User) -> list[DeskPage]:
    """An expert's open sheets; for officers and chiefs how far scoring is."""
    found = []
    if user.is_authenticated and sees_reviews(user):
        open_ = Assignment.objects.visible_to(user).filter(edition=edition, status=AssignmentStatus.OPEN)
        text = "阅读匿名评审材料，按评分表逐项评分。"
        url = address_in(edition, "judging:reviewing_list")
        found.append(DeskPage(50, "专家评分", text, url, group="评审", waiting=open_))
    if sees_progress(user):
        text = "各赛道评分表提交情况，提醒未交齐的专家。"
        found.append(
            DeskPage(50, "评分进度", text, address_in(edition, "judging:reviewing_progress"), group="初赛")
        )
    return found
