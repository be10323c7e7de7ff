"""Doorbells: ids in, one service call, safe to run twice."""

from __future__ import annotations

import logging

from celery import shared_task
from django.conf import settings

from competition import reconciler

logger = logging.getLogger(__name__)


@shared_task(name="competition.reconcile", ignore_result=True)
def reconcile() -> None:
    """Do whatever is due; nothing when somebody else is at it."""
    reconciler.run()


def ring() -> None:
    """Ask a worker to reconcile now; a broker that is down only means that it happens later."""
    if not settings.RING_DOORBELL:
        return
    try:
        reconcile.apply_async(retry=False)
    except Exception as error:
        logger.warning("the doorbell is out of order: %s", type(error).__name__)
