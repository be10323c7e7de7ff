"""Where apps on the right register what a registration sets off."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from competition.errors import WrongState
from competition.models import User
from competition.registries import Registry
from registration.models import Team
from registration.workflow import BEFORE_APPROVAL


@dataclass(frozen=True)
class TeamCard:
    """A card on the team's page; ``urgent`` ones stand first; ``until`` is ready to show."""

    title: str
    text: str
    url: str = ""
    action: str = ""
    until: str = ""
    urgent: bool = False


#: name -> function(team): called in the transaction of the approval.
team_approved: Registry[Callable[[Team], None]] = Registry("team approved")
#: name -> function(team, status): called in the transaction in which a team withdraws or is disqualified.
team_left: Registry[Callable[[Team, str], None]] = Registry("team left")
#: name -> function(team, path, before): called in the transaction in which the chief granted a correction of one
#: field; ``before`` is what it said, '' where that was a number of a person.
team_corrected: Registry[Callable[[Team, str, str], None]] = Registry("team corrected")
#: name -> function(team, user): cards of other apps for the team's page.
team_cards: Registry[Callable[[Team, User], list[TeamCard]]] = Registry("team cards")
#: name -> function(team): why the team cannot take itself out any more, or ''.
team_bound: Registry[Callable[[Team], str]] = Registry("team bound")
#: name -> function(credit code): names that the public reads of a unit in other apps (published works).
public_names: Registry[Callable[[str], list[str]]] = Registry("public names of units")


def require_unbound(team: Team) -> None:
    """WrongState, with the sentence that says why, when a team cannot take itself out of the contest any more."""
    for _, why in team_bound:
        if sentence := why(team):
            raise WrongState(sentence)


def cards_of(team: Team, user: User) -> list[TeamCard]:
    """All cards of other apps about a team, urgent ones first; before its approval nothing follows."""
    if team.status in BEFORE_APPROVAL:
        return []
    cards = [card for _, make in team_cards for card in make(team, user)]
    return sorted(cards, key=lambda card: not card.urgent)
