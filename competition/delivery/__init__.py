"""How messages leave the outbox: one sender per channel, its transport chosen by the settings.

``MAIL_TRANSPORT`` is ``outbox`` or ``smtp``; ``SMS_BACKEND`` is ``outbox`` or the dotted path of a class
with the interface of ``competition.delivery.sms.SmsGateway``. With ``outbox`` a message goes nowhere: on
a developer's machine and in the demonstration it counts as delivered and is read on the outbox page; in
production it stays due until a transport is configured.
"""

from __future__ import annotations

from django.conf import settings

from competition import outbox
from competition.delivery import mail, sms
from competition.models import OutboxMessage
from competition.registries import outbox_senders

OUTBOX = "outbox"


class NoTransport(outbox.ChannelDown):
    """No transport is configured for this channel; the message stays due."""


def send_mail(message: OutboxMessage) -> None:
    """Deliver a message of the channel ``mail``, or raise."""
    if settings.MAIL_TRANSPORT == OUTBOX:
        _readable_here()
    else:
        mail.deliver(message)


def send_sms(message: OutboxMessage) -> None:
    """Deliver a message of the channel ``sms``, or raise."""
    if settings.SMS_BACKEND == OUTBOX:
        _readable_here()
    else:
        sms.deliver(message)


def _readable_here() -> None:
    if not settings.LOCAL:
        raise NoTransport("还没有配置发送通道。")


def register() -> None:
    """Called once when the app is ready."""
    outbox_senders.register(outbox.MAIL, send_mail)
    outbox_senders.register(outbox.SMS, send_sms)
