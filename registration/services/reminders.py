"""Whoever has not answered the confirmation SMS for two days is reminded, once (decision 24)."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from django.db import transaction

from competition import clock, outbox, stages
from competition.models import OutboxMessage
from competition.phones import international
from registration.models import Representative
from registration.workflow import EDITABLE

KIND: Final = "registration.confirm_reminder"
PATIENCE: Final = timedelta(days=2)
#: Who was asked longer ago than this has been reminded, or the registration has been left alone.
LEFT_ALONE: Final = timedelta(days=30)


def send_reminders() -> int:
    """Write what is due now; returns how many were new. Safe to run any number of times, also at once.

    Only while the registration can still be confirmed; the outbox keeps one per person and phone.
    """
    now = clock.real_now()
    waiting = Representative.objects.filter(
        confirmed_at__isnull=True,
        code_sent_at__lte=now - PATIENCE,
        code_sent_at__gt=now - LEFT_ALONE,
        team__status__in=EDITABLE,
    ).exclude(token="")
    open_editions: dict[int, bool] = {}
    count = 0
    for person in waiting.select_related("team__edition").order_by("pk"):
        edition = person.team.edition
        if edition.pk not in open_editions:
            open_editions[edition.pk] = stages.is_open(edition, stages.REGISTRATION)
        if open_editions[edition.pk] and not _reminded(person):
            count += _remind(person)
    return count


def _occurrence(person: Representative) -> str:
    return f"once:{person.mobile_hash[:16]}"


def _reminded(person: Representative) -> bool:
    reminders = OutboxMessage.objects.filter(kind=KIND, subject=f"representative:{person.pk}")
    return reminders.filter(occurrence=_occurrence(person)).exists()


@transaction.atomic
def _remind(person: Representative) -> bool:
    team = person.team
    return outbox.post_sms(
        KIND,
        f"representative:{person.pk}",
        _occurrence(person),
        recipient=international(person.mobile),
        template=KIND,
        params={"name": person.name, "team": team.name, "token": person.token},
        title="参赛代表确认提醒",
        edition=team.edition,
        data={"representative": person.pk, "team": team.pk},
    )
