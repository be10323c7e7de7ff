"""Doorbells: ids in, one service call, safe to run twice."""

from __future__ import annotations

from celery import shared_task
from django.conf import settings

from competition import outbox, reconciler


@shared_task(name="competition.reconcile", ignore_result=True)
def reconcile() -> None:
    """Do whatever is due; nothing when somebody else is at it."""
    reconciler.run()


@shared_task(name="competition.deliver", ignore_result=True)
def deliver() -> None:
    """Send the outbox now; messages that another worker holds are left to it."""
    outbox.send_due()


def ring() -> None:
    """Ask a worker to send the outbox; when nobody hears it, the reconciler's next run does it."""
    if settings.RING_DOORBELL:
        deliver.apply_async(expires=60)
