"""Asks for the hints of a submitted version; the job itself stands above the submission (hints.py)."""

from __future__ import annotations

from typing import Final

from competition import outbox
from submissions.models import Receipt

CHANNEL: Final = "submissions.hints"
KIND: Final = "hints.make"


def request_hints(receipt: Receipt, occasion: str = "submitted") -> None:
    """Have the hints of a submitted version made soon, in the caller's transaction; once for an occasion."""
    outbox.post(
        KIND,
        receipt.number,
        occasion,
        channel=CHANNEL,
        edition=receipt.revision.entry.edition,
        data={"receipt": receipt.pk},
    )
