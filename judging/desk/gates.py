"""Gatekeeping at the work desk and on the team's page."""

from __future__ import annotations

from competition.desk import DeskPage, address_in
from competition.models import Edition, User
from judging.models import Gate
from judging.permissions.gates import sees_gates
from judging.workflow import GateStatus
from registration.models import Team
from registration.registries import TeamCard


def pages(edition: Edition, user: User) -> list[DeskPage]:
    """For department reviewers and the secretariat, with what waits for the person; one query."""
    if not sees_gates(user):
        return []
    count = Gate.objects.waiting_for(user).filter(edition=edition).count()
    text = "对本部门赛题的参赛项目提出推荐或不推荐意见（四（三）2）。"
    return [DeskPage(10, "初步把关", text, address_in(edition, "judging:gates_list"), count, "初赛")]


def cards(team: Team, user: User) -> list[TeamCard]:
    """A team is told only that its entry is not recommended, with the reason (decision 25); one query."""
    found = Gate.objects.filter(entry__team=team, status=GateStatus.DECLINED).first()
    if found is None:
        return []
    text = f"经初步把关审核，作品不进入专家评审。理由：{found.opinion}"
    return [TeamCard(title="作品未获推荐进入评审", text=text)]
