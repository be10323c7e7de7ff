"""Doorbells of the house."""

from __future__ import annotations

from celery import shared_task

from competition.config.demo import advance


@shared_task(name="demo.advance")
def advance_demo(edition_pk: int, step: str) -> None:
    """Play the demonstration's next step; nothing when it is played already."""
    advance.play_next(edition_pk, step)
