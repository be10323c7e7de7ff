"""Write to the audit log, in the caller's transaction."""

from __future__ import annotations

import hashlib
import json
from datetime import timedelta
from typing import Any

from django.db import models, transaction

from competition import clock
from competition.models import AuditEvent, AuditSeal, Edition, User

GENESIS = "0" * 64
#: Rows younger than this may still be joined by rows of an unfinished transaction.
SETTLED_AFTER = timedelta(minutes=5)


def record(
    actor: User | None,
    verb: str,
    target: models.Model,
    *,
    edition: Edition | None = None,
    **data: Any,
) -> AuditEvent:
    """Record that ``actor`` did ``verb`` to ``target``; ``data`` holds keys and numbers, never PII."""
    return AuditEvent.objects.create(
        at=clock.real_now(),
        edition=edition,
        actor=actor,
        verb=verb,
        target_type=target._meta.label_lower,
        target_id=str(target.pk),
        data=data,
    )


def chain(previous: str, rows: list[AuditEvent]) -> str:
    """The head of the chain after ``rows`` follow ``previous``: SHA-256, hex."""
    digest = hashlib.sha256(previous.encode())
    for row in rows:
        line = [
            row.pk,
            row.at.isoformat(),
            row.actor_id,
            row.verb,
            row.target_type,
            row.target_id,
            row.data,
        ]
        digest.update(json.dumps(line, ensure_ascii=False, sort_keys=True).encode())
    return digest.hexdigest()


@transaction.atomic
def seal() -> int:
    """Seal what has settled since the last seal; returns the number of rows sealed."""
    last = AuditSeal.objects.order_by("-id").first()
    rows = list(
        AuditEvent.objects.filter(
            id__gt=last.last_id if last else 0, at__lt=clock.real_now() - SETTLED_AFTER
        ).order_by("id")[:5000]
    )
    if rows:
        previous = last.head if last else GENESIS
        AuditSeal.objects.create(
            first_id=rows[0].pk,
            last_id=rows[-1].pk,
            previous=previous,
            head=chain(previous, rows),
        )
    return len(rows)


def broken_seals() -> list[int]:
    """Ids of seals that no longer match their rows or their predecessor; empty when all is well."""
    broken, previous = [], GENESIS
    for sealed in AuditSeal.objects.order_by("id"):
        rows = list(AuditEvent.objects.filter(id__range=(sealed.first_id, sealed.last_id)).order_by("id"))
        if sealed.previous != previous or chain(previous, rows) != sealed.head:
            broken.append(sealed.pk)
        previous = sealed.head
    return broken
