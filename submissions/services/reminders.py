"""Reminders before the submission deadline, once each, to teams that have not submitted."""

from __future__ import annotations

from datetime import timedelta

from django.db import transaction

from competition import clock, outbox, stages
from competition.models import Edition, Stage
from competition.phones import international
from registration.models import Representative
from submissions.models import Entry
from submissions.workflow import EntryStatus

KIND = "submission.reminder"


def send_reminders() -> int:
    """Write what is due now for every edition with a submission deadline ahead; returns how many were new.

    Of several offsets that have passed only the most recent is written. Safe to run any number of times, also
    at the same time: the outbox keeps one per person and offset.
    """
    total = 0
    for stage in Stage.objects.filter(key=stages.SUBMISSION).select_related("edition"):
        offset = due_offset(stage)
        if offset is not None:
            total += _remind(stage, offset)
    return total


def due_offset(stage: Stage) -> timedelta | None:
    """The most recent reminder that is due: the smallest offset not shorter than the time left; None if none."""
    left = stage.closes_at - clock.now(stage.edition)
    if left <= timedelta(0):
        return None
    passed = [offset for offset in offsets_of(stage.edition) if left <= offset]
    return min(passed, default=None)


def offsets_of(edition: Edition) -> list[timedelta]:
    """The edition's ``reminders.submission``: hours before the deadline, e.g. [168, 72, 24, 3]."""
    settings = edition.texts("reminders") or {}
    hours = settings.get("submission", []) if isinstance(settings, dict) else settings
    return [timedelta(hours=float(one)) for one in hours]


@transaction.atomic
def _remind(stage: Stage, offset: timedelta) -> int:
    waiting = Entry.objects.filter(
        edition=stage.edition, status__in=[EntryStatus.DRAFT, EntryStatus.RETURNED]
    ).select_related("team__owner")
    contacts = {
        one.team_id: one
        for one in Representative.objects.filter(
            team__in=waiting.values("team"), is_contact=True, confirmed_at__isnull=False
        )
    }
    return sum(_remind_team(entry, contacts.get(entry.team_id), stage, offset) for entry in waiting)


def _remind_team(entry: Entry, contact: Representative | None, stage: Stage, offset: timedelta) -> int:
    occurrence = f"{stage.closes_at:%Y%m%d%H%M}-{int(offset.total_seconds())}"
    title = f"作品提交将于{stages.format_end(stage.closes_at)}截止"
    what = "已退回修改，尚未重新提交" if entry.status == EntryStatus.RETURNED else "尚未提交"
    body = (
        f"团队“{entry.team.name}”的作品“{entry.team.project_name}”{what}。"
        f"请在{stages.format_end(stage.closes_at)}前完成申报书、定稿盖章并提交；逾期不能提交。"
    )
    owner = entry.team.owner
    sent = outbox.tell(
        owner, KIND, f"{entry.reference}:owner", occurrence, title=title, body=body, edition=entry.edition
    )
    also = False
    if contact is not None and contact.mobile and contact.mobile_hash != owner.phone_hash:
        deadline = stages.format_end(stage.closes_at)
        also = outbox.post_sms(
            KIND,
            f"{entry.reference}:contact",
            occurrence,
            recipient=international(contact.mobile),
            template="submission.reminder",
            params={"team": entry.team.name, "state": what, "deadline": deadline},
            title=title,
            edition=entry.edition,
        )
    return sent + also
