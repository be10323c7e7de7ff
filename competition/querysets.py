"""Named queries of the competition."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Q, QuerySet

from competition.identity import name_key

if TYPE_CHECKING:
    from datetime import datetime

    from competition.models import Article, Edition, ListEntry


def published(edition: Edition, now: datetime) -> QuerySet[Article]:
    """The edition's articles that the public may read at ``now`` (the edition's time)."""
    return edition.articles.filter(published_at__isnull=False, published_at__lte=now)


def list_entries_like(rows: QuerySet[ListEntry], words: str) -> QuerySet[ListEntry]:
    """Rows of lists whose name or project contains ``words``, or whose code begins with it; all for ''."""
    key = name_key(words)
    if not key:
        return rows
    return rows.filter(
        Q(name_key__contains=key) | Q(project_key__contains=key) | Q(credit_key__startswith=key)
    )
