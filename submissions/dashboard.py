"""The submissions' card on the secretariat's start page."""

from __future__ import annotations

from django.db.models import Count, Min
from django.urls import reverse

from competition.dashboards import Card
from competition.models import Edition, User
from competition.permissions import is_staff_role
from competition.stages import format_instant
from submissions.models import Entry
from submissions.workflow import EntryStatus


def check_card(edition: Edition, user: User) -> list[Card]:
    """How many entries wait for their formal check, and the oldest of them; one query."""
    if not is_staff_role(user):
        return []
    waiting = Entry.objects.filter(edition=edition, status=EntryStatus.SUBMITTED).aggregate(
        count=Count("pk"), oldest=Min("submitted_at")
    )
    text = (
        f"最早一份提交于{format_instant(waiting['oldest'])}。" if waiting["count"] else "没有等待审查的作品。"
    )
    url = f"{reverse('admin:submissions_entry_changelist')}?status__exact={EntryStatus.SUBMITTED}"
    return [Card("形式审查", text, url, "去审查", waiting["count"])]
