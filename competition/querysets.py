"""Named queries of the competition."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import QuerySet
from django.utils import timezone

if TYPE_CHECKING:
    from competition.models import Article


def published(articles: QuerySet[Article]) -> QuerySet[Article]:
    """Articles that the public may read now (real time)."""
    return articles.filter(published_at__isnull=False, published_at__lte=timezone.now())
