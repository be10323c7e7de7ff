"""The registration's card on the secretariat's start page."""

from __future__ import annotations

from django.db.models import Count, Min
from django.urls import reverse

from competition.dashboards import Card
from competition.models import Edition, User
from competition.permissions import is_staff_role
from competition.stages import format_instant
from registration.models import Team
from registration.workflow import TeamStatus


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
