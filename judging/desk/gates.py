"""Gatekeeping at the work desk."""

from __future__ import annotations

from competition.desk import DeskPage, address_in
from competition.models import Edition, User
from judging.models import Gate
from judging.permissions.gates import sees_gates


def pages(edition: Edition, user: User) -> list[DeskPage]:
    """For department reviewers and the secretariat, with what waits for the person."""
    if not sees_gates(user):
        return []
    waiting = Gate.objects.waiting_for(user).filter(edition=edition)
    text = "对本部门赛题的参赛项目提出推荐或不推荐意见（四（三）2）。"
    url = address_in(edition, "judging:gates_list")
    return [DeskPage(10, "初步把关", text, url, group="初赛", waiting=waiting)]
