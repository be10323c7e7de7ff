"""SMS: the interface that a gateway implements, and how an outbox message becomes a call of it.

Gateways on the mainland send approved templates with parameters, not free text. A message therefore
carries both: the full text, and in ``data`` (see ``template``) the name of its template and parameters. A gateway maps
the names to the identifiers it was given for them.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any, Protocol

from django.conf import settings
from django.utils.module_loading import import_string

from competition.crypto import decrypt, encrypt
from competition.models import OutboxMessage


@dataclass(frozen=True)
class Sms:
    """One text: ``phone`` in E.164 (``+8613800138000``), ``reference`` unique per message.

    A gateway that takes an identifier of the caller passes ``reference`` on, so that a repetition after
    an unclear answer is not sent twice.
    """

    phone: str
    text: str
    reference: str
    template: str = ""
    params: dict[str, Any] = field(default_factory=dict)


class SmsGateway(Protocol):
    """What ``SMS_BACKEND`` names: made without arguments, reads its own settings from the environment."""

    def send(self, sms: Sms) -> None:
        """Hand the text to the carrier; raise anything to have it tried again later."""


def template(name: str, **params: Any) -> dict[str, str]:
    """``OutboxMessage.data`` of an SMS: its template and, encrypted, the parameters."""
    return {"template": name, "params": encrypt(json.dumps(params, ensure_ascii=False))}


def deliver(message: OutboxMessage) -> None:
    """Send one outbox message by the configured gateway; raises what the gateway raises."""
    if not message.recipient:
        raise ValueError("an SMS without recipient")
    gateway: SmsGateway = import_string(settings.SMS_BACKEND)()
    gateway.send(
        Sms(
            phone=message.recipient,
            text=message.body,
            reference=f"outbox-{message.pk}",
            template=str(message.data.get("template", "")),
            params=json.loads(decrypt(str(message.data.get("params", ""))) or "{}"),
        )
    )
