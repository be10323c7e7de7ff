"""The outbox: written in the transaction of the change, sent by the reconciler, rung by Celery."""

from __future__ import annotations

import logging
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.db.models import Case, IntegerField, Value, When

from competition import clock
from competition.models import Edition, OutboxMessage, User
from competition.registries import outbox_senders

logger = logging.getLogger(__name__)

MAIL = "mail"
SMS = "sms"
BACKOFF_SECONDS = (15, 60, 300, 900, 3600)
#: A message is due from its writer's clock; the sender's may be a little behind.
CLOCKS_DIFFER = timedelta(seconds=1)
#: A code that somebody waits for does not queue behind the printing of forms.
_JOBS_LAST = Case(When(channel__in=(MAIL, SMS), then=Value(0)), default=Value(1), output_field=IntegerField())


def post(
    kind: str,
    subject: str,
    occurrence: str,
    *,
    channel: str,
    recipient: str = "",
    title: str = "",
    body: str = "",
    edition: Edition | None = None,
    data: dict[str, Any] | None = None,
) -> bool:
    """Write a message in the caller's transaction; False when this occurrence was written before.

    Mail and SMS of a rehearsal never leave: they count as sent when written, and can be read here.
    """
    stays = edition is not None and edition.is_rehearsal and channel in {MAIL, SMS}
    _, created = OutboxMessage.objects.get_or_create(
        kind=kind,
        subject=subject,
        occurrence=occurrence,
        defaults={
            "channel": channel,
            "recipient": recipient,
            "title": title,
            "body": body,
            "edition": edition,
            "data": data or {},
            "sent_at": clock.real_now() if stays else None,
        },
    )
    if created and not stays:
        transaction.on_commit(_ring, robust=True)
    return created


def tell(
    user: User,
    kind: str,
    subject: str,
    occurrence: str,
    *,
    title: str,
    body: str,
    edition: Edition | None,
) -> bool:
    """Write to a person by mail when an address is known, else by SMS."""
    channel, recipient = (MAIL, user.email) if user.email else (SMS, user.phone)
    return post(
        kind,
        subject,
        occurrence,
        channel=channel,
        recipient=recipient,
        title=title,
        body=body,
        edition=edition,
    )


def send_due(limit: int = 500) -> int:
    """Send what is due, each message in its own transaction; returns how many left."""
    sent = 0
    for _ in range(limit):
        outcome = _send_next()
        if outcome is None:
            break
        sent += outcome
    return sent


@transaction.atomic
def _send_next() -> int | None:
    now = clock.real_now()
    message = (
        OutboxMessage.objects.select_for_update(skip_locked=True)
        .filter(sent_at__isnull=True, next_attempt_at__lte=now + CLOCKS_DIFFER)
        .order_by(_JOBS_LAST, "next_attempt_at", "id")
        .first()
    )
    if message is None:
        return None
    try:
        with transaction.atomic():
            outbox_senders[message.channel](message)
    except Exception as error:
        logger.warning("outbox message %s was not sent: %s", message.pk, type(error).__name__)
        wait = BACKOFF_SECONDS[min(message.attempts, len(BACKOFF_SECONDS) - 1)]
        message.attempts += 1
        message.last_error = type(error).__name__
        message.next_attempt_at = now + timedelta(seconds=wait)
        message.save(update_fields=["attempts", "last_error", "next_attempt_at"])
        return 0
    message.attempts += 1
    message.sent_at = now
    message.save(update_fields=["attempts", "sent_at"])
    return 1


def _ring() -> None:
    # The task imports this module; Celery is only a doorbell and may be out of order.
    from competition.tasks import ring

    ring()
