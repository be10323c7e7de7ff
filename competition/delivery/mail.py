"""Mail: Django's ``send_mail`` writes into the outbox; the outbox leaves by SMTP."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.core.mail.backends.base import BaseEmailBackend

from competition import outbox
from competition.models import OutboxMessage

SMTP = "django.core.mail.backends.smtp.EmailBackend"


class OutboxBackend(BaseEmailBackend):
    """``EMAIL_BACKEND``: whatever Django or a library mails is written into the outbox, once per recipient."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        for message in email_messages:
            for recipient in message.recipients():
                outbox.post(
                    "mail",
                    "django",
                    secrets.token_hex(16),
                    channel=outbox.MAIL,
                    recipient=recipient,
                    title=str(message.subject),
                    body=str(message.body),
                )
        return len(email_messages)


def deliver(message: OutboxMessage) -> None:
    """Send one outbox message by SMTP; raises what the connection raises.

    The Message-ID is derived from the row, so that a mail server can drop a repetition.
    """
    if not message.recipient:
        raise outbox.Undeliverable("没有收件地址。")
    domain = urlsplit(settings.SITE_URL).hostname or "localhost"
    EmailMessage(
        subject=message.title,
        body=message.body,
        from_email=settings.DEFAULT_FROM_EMAIL,
        to=[message.recipient],
        headers={"Message-ID": f"<outbox-{message.pk}@{domain}>", "Auto-Submitted": "auto-generated"},
        connection=get_connection(SMTP),
    ).send()
