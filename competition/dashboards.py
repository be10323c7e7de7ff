"""What waits for a person: cards of the apps for the start page of the secretariat's site."""

from __future__ import annotations

from dataclasses import dataclass

from competition.models import Edition, User
from competition.registries import dashboard_cards


@dataclass(frozen=True)
class Card:
    """Something to do: how many wait, since when in words, and where it is done."""

    title: str
    text: str
    url: str
    label: str
    count: int


def cards_for(edition: Edition, user: User) -> list[Card]:
    """Cards of every app that concern ``user``, in the order in which the apps were loaded."""
    return [card for _, make in dashboard_cards for card in make(edition, user)]
