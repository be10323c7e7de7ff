"""SMS: the interface that a gateway implements, and how an outbox message becomes a call of it.

Gateways on the mainland send approved templates with parameters, not free text. A message therefore
carries both: the full text, and in ``data`` (see competition/sms_texts.py) the name of its template and
parameters. A gateway maps the names to the identifiers it was given for them.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol

from django.conf import settings
from django.utils.module_loading import import_string

from competition import outbox, sms_texts
from competition.crypto import decrypt
from competition.models import OutboxMessage


class Permanent(outbox.Undeliverable):
    """The carrier will never take this text for this number: not tried again, shown to the office."""


class Later(outbox.NotNow):
    """The carrier does not take this text now; other numbers are not concerned."""


class Down(outbox.ChannelDown):
    """The carrier takes nothing now, or cannot be reached: everything waits."""


@dataclass(frozen=True)
class Sms:
    """One text: ``phone`` in E.164 (``+8613800138000``), ``reference`` unique per message.

    ``again`` says that it was handed over before with an unclear or refusing answer: a gateway first
    asks the carrier whether ``reference`` was taken since ``written_at``, where the carrier can tell.
    """

    phone: str
    text: str
    reference: str
    template: str = ""
    params: dict[str, Any] = field(default_factory=dict)
    again: bool = False
    written_at: datetime | None = None


class SmsGateway(Protocol):
    """What ``SMS_BACKEND`` names: made without arguments, reads its own settings from the environment."""

    def send(self, sms: Sms) -> None:
        """Hand the text to the carrier.

        Raises Permanent when it will never be taken, Down when nothing is taken now, Later or anything
        else to have this one tried again later.
        """


#: ``OutboxMessage.data`` of an SMS.
template = sms_texts.data


def deliver(message: OutboxMessage) -> None:
    """Send one outbox message by the configured gateway; raises what the gateway raises."""
    if not message.recipient:
        raise Permanent("没有收信号码。")
    gateway: SmsGateway = import_string(settings.SMS_BACKEND)()
    gateway.send(
        Sms(
            phone=message.recipient,
            text=message.body,
            reference=f"outbox-{message.pk}",
            template=str(message.data.get("template", "")),
            params=json.loads(decrypt(str(message.data.get("params", ""))) or "{}"),
            again=message.attempts > 0,
            written_at=message.created_at,
        )
    )
