"""The registration's cards on the secretariat's start page, and its page at the desk."""

from __future__ import annotations

from django.db.models import Count, Min
from django.urls import reverse

from competition import roles
from competition.dashboards import Card
from competition.desk import DeskPage, address_in
from competition.models import Edition, User
from competition.permissions import is_staff_role
from competition.stages import format_instant
from registration.models import Correction, Team
from registration.workflow import TeamStatus


def correction_card(edition: Edition, user: User) -> list[Card]:
    """For the chief: how many corrections wait for a decision, without those asked for in person; one query."""
    if not user.has_role(roles.CHIEF):
        return []
    rows = Correction.objects.filter(team__edition=edition, state=Correction.State.ASKED)
    waiting = rows.exclude(asked_by=user).aggregate(count=Count("pk"), oldest=Min("asked_at"))
    if not waiting["count"]:
        return []
    text = f"最早一份申请于{format_instant(waiting['oldest'])}提出。"
    url = address_in(edition, "registration:correction_queue")
    return [Card("信息更正", text, url, "去决定", waiting["count"])]


def correction_pages(edition: Edition, user: User) -> list[DeskPage]:
    """The queue of corrections at the desk; what waits is counted by the card."""
    if not is_staff_role(user):
        return []
    url = address_in(edition, "registration:correction_queue")
    text = "审核通过后的笔误，由负责人决定是否更正（赛题和代表名单不变）。"
    return [DeskPage(5, "信息更正", text, url, group="报名")]


def review_card(edition: Edition, user: User) -> list[Card]:
    """How many registrations wait for their eligibility review, and the oldest of them; one query."""
    if not is_staff_role(user):
        return []
    waiting = Team.objects.filter(edition=edition, status=TeamStatus.SUBMITTED).aggregate(
        count=Count("pk"), oldest=Min("submitted_at")
    )
    text = (
        f"最早一份提交于{format_instant(waiting['oldest'])}。" if waiting["count"] else "没有等待审核的报名。"
    )
    url = f"{reverse('admin:registration_team_changelist')}?status__exact={TeamStatus.SUBMITTED}"
    return [Card("资格审核", text, url, "去审核", waiting["count"])]
