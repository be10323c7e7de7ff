"""The outbox: written in the transaction of the change, sent by the reconciler, rung by Celery."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta
from typing import Any, Final

from django.core.cache import cache
from django.db import transaction
from django.db.models import Case, IntegerField, Q, Value, When

from competition import clock, sms_texts
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
#: From when on pages say that messages are late; what waits for more than a day is the office's matter.
LATE_AFTER: Final = timedelta(minutes=2)
GIVEN_UP_AFTER: Final = timedelta(days=1)
LATE_KNOWN_SECONDS: Final = 30


class DeliveryError(Exception):
    """A message did not leave. ``reason`` is Chinese, for the office, and names nobody."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class Undeliverable(DeliveryError):
    """This message can never leave as it is: it is not tried again."""


class NotNow(DeliveryError):
    """This one recipient cannot be written to now; others can."""


class ChannelDown(DeliveryError):
    """Nobody can be written to on this channel now: the rest of the run leaves it alone."""


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
    expires_at: datetime | None = None,
) -> bool:
    """Write a message in the caller's transaction; False when this occurrence was written before.

    Mail and SMS of a rehearsal never leave: they count as sent when written, and can be read here.
    After ``expires_at`` (real time) it is not sent any more. SMS are written by ``post_sms``.
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
            "expires_at": expires_at,
            "sent_at": clock.real_now() if stays else None,
        },
    )
    if created and not stays:
        transaction.on_commit(ring, robust=True)
    return created


def post_sms(
    kind: str,
    subject: str,
    occurrence: str,
    *,
    recipient: str,
    template: str,
    params: dict[str, Any],
    title: str = "",
    edition: Edition | None = None,
    data: dict[str, Any] | None = None,
    expires_at: datetime | None = None,
) -> bool:
    """Write an SMS from one of the filed templates (competition/sms_texts.py), like ``post``."""
    return post(
        kind,
        subject,
        occurrence,
        channel=SMS,
        recipient=recipient,
        title=title,
        body=sms_texts.text(template, signed=edition.short_name if edition is not None else "", **params),
        edition=edition,
        data=(data or {}) | sms_texts.data(template, **params),
        expires_at=expires_at,
    )


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
    """Write to a person by mail when an address is known, else an SMS with the title that asks to log in."""
    if not user.email:
        return post_sms(
            kind,
            subject,
            occurrence,
            recipient=user.phone,
            template=sms_texts.GENERIC,
            params={"title": title},
            title=title,
            edition=edition,
        )
    return post(
        kind, subject, occurrence, channel=MAIL, recipient=user.email, title=title, body=body, edition=edition
    )


def send_due(limit: int = 500) -> int:
    """Send what is due, each message in its own transaction; returns how many left.

    A channel that is down costs one attempt per run: the others are not kept waiting behind it.
    """
    sent = 0
    down: set[str] = set()
    for _ in range(limit):
        outcome = _send_next(down)
        if outcome is None:
            break
        sent += outcome
    return sent


def is_late(*channels: str) -> bool:
    """Whether messages of one of these channels have been overdue for two minutes; known for half a minute."""
    return any(_channel_is_late(channel) for channel in channels)


def _channel_is_late(channel: str) -> bool:
    key = f"outbox.late.{channel}"
    known = cache.get(key)
    if known is None:
        known = overdue(channel)
        cache.set(key, known, LATE_KNOWN_SECONDS)
    return bool(known)


def overdue(channel: str) -> bool:
    """Whether a message of the channel waits unsent for longer than ``LATE_AFTER``.

    Both what nobody has tried since it was due, and what was tried in vain; a single recipient who
    cannot be written to now makes nobody else's messages late.
    """
    now = clock.real_now()
    untouched = Q(next_attempt_at__lt=now - LATE_AFTER)
    in_vain = Q(attempts__gt=0, created_at__lt=now - LATE_AFTER) & ~Q(last_error=NotNow.__name__)
    waiting = OutboxMessage.objects.waiting().filter(channel=channel, created_at__gt=now - GIVEN_UP_AFTER)
    return waiting.filter(untouched | in_vain).exists()


@transaction.atomic
def _send_next(down: set[str]) -> int | None:
    now = clock.real_now()
    message = (
        OutboxMessage.objects.waiting()
        .select_for_update(skip_locked=True)
        .filter(next_attempt_at__lte=now + CLOCKS_DIFFER)
        .exclude(channel__in=down)
        .order_by(_JOBS_LAST, "next_attempt_at", "id")
        .first()
    )
    if message is None:
        return None
    if message.expires_at is not None and message.expires_at <= now:
        message.expired_at, message.reason = now, "到期时仍未能发出，不再补发。"
        message.save(update_fields=["expired_at", "reason"])
        return 0
    try:
        with transaction.atomic():
            outbox_senders[message.channel](message)
    except Exception as error:
        if isinstance(error, ChannelDown):
            down.add(message.channel)
        _put_off(message, error, now)
        return 0
    message.attempts += 1
    message.sent_at, message.reason = now, ""
    message.save(update_fields=["attempts", "sent_at", "reason"])
    return 1


def _put_off(message: OutboxMessage, error: Exception, now: datetime) -> None:
    """Note that it did not leave: for good, or until the next attempt."""
    logger.warning("outbox message %s was not sent: %s", message.pk, type(error).__name__)
    wait = BACKOFF_SECONDS[min(message.attempts, len(BACKOFF_SECONDS) - 1)]
    message.attempts += 1
    message.last_error = type(error).__name__
    message.reason = error.reason[:200] if isinstance(error, DeliveryError) else ""
    message.next_attempt_at = now + timedelta(seconds=wait)
    if isinstance(error, Undeliverable):
        message.failed_at = now
    message.save(update_fields=["attempts", "last_error", "reason", "next_attempt_at", "failed_at"])


def ring() -> None:
    """Have what is due sent soon; to be called when the transaction has been committed."""
    # The task imports this module; Celery is only a doorbell and may be out of order.
    from competition import tasks

    tasks.ring()
