"""The outbox as a page: what the portal has written to people, with links and codes to use."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django.db.models import Q, QuerySet

from competition.keyset import Page, page_by
from competition.models import Edition, OutboxMessage
from competition.outbox import MAIL, SMS

SIZE = 20
#: Addresses are encrypted: a search reads the newest messages one by one, so many at most.
SEARCHED = 5000


@dataclass(frozen=True)
class Outbox:
    """One page of messages; ``capped`` when a search stopped before the oldest."""

    page: Page[OutboxMessage]
    capped: bool = False


def outbox(edition: Edition, *, cursor: str, recipient: str) -> Outbox:
    """Mails and SMS of the edition and of accounts, newest first; ``recipient`` is part of an address or phone."""
    rows = OutboxMessage.objects.filter(Q(edition=edition) | Q(edition=None), channel__in=[MAIL, SMS])
    if not recipient:
        return Outbox(page_by(rows, order="created_at", cursor=cursor, size=SIZE))
    found = list(_matching(rows, recipient))
    return Outbox(Page(found[:SIZE], "", True), capped=len(found) > SIZE)


def _matching(rows: QuerySet[OutboxMessage], recipient: str) -> Iterator[OutboxMessage]:
    wanted = recipient.replace(" ", "").lower()
    count = 0
    for row in rows.order_by("-created_at", "-pk")[:SEARCHED].iterator(chunk_size=500):
        if wanted in row.recipient.lower():
            count += 1
            yield row
        if count > SIZE:
            return
