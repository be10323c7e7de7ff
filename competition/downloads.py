"""Documents that the portal makes for download (R78), offered by the apps that make them."""

from __future__ import annotations

from dataclasses import dataclass

from competition.models import Edition
from competition.registries import downloads


@dataclass(frozen=True)
class Download:
    """A document: its title, one sentence about it, its address and its kind (``PDF``)."""

    title: str
    summary: str
    url: str
    kind: str


def downloads_of(edition: Edition) -> list[Download]:
    """Every document on offer for an edition, in the order of registration."""
    return [document for _, offer in downloads for document in offer(edition)]
