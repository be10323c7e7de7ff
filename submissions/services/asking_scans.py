"""Asks for a file's scan for viruses; the job itself stands above the submission (viruses.py)."""

from __future__ import annotations

from typing import Final

from competition import clamd, outbox
from competition.models import Edition
from submissions.models import Attachment

CHANNEL: Final = "submissions.viruses"
KIND: Final = "file.scan"


def request_scan(attachment: Attachment, edition: Edition) -> bool:
    """Have a file scanned soon, if there is a scanner; in the caller's transaction, once for a file."""
    return clamd.is_configured() and outbox.post(
        KIND,
        str(attachment.pk),
        "1",
        channel=CHANNEL,
        edition=edition,
        data={"attachment": attachment.pk},
    )
