"""Who proposes awards and ends them, and the loader through which every view gets an award (R54, R91, decision 17)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import Http404

from awards.models import Award, Revocation
from awards.workflow import STANDING
from competition import roles
from submissions.permissions import is_of_team

if TYPE_CHECKING:
    from competition.models import Edition, User


def sees_awards(user: User) -> bool:
    """The secretariat has business with awards before the public knows them."""
    return user.is_authenticated and user.has_role(roles.OFFICER, roles.CHIEF)


def can_award(user: User) -> bool:
    """Officers and chiefs propose prizes and enter awards to units; the chief publishes them (decision 17)."""
    return sees_awards(user)


def can_propose_revocation(user: User, award: Award) -> bool:
    """An officer or chief, for an award that stands, never for the own team (R54, R91)."""
    return award.status in STANDING and sees_awards(user) and not _is_own(user, award)


def can_confirm_revocation(user: User, revocation: Revocation) -> bool:
    """A chief other than the proposer, never for the own team; also who may refuse it (decision 17)."""
    if revocation.decided_by_id is not None or not user.is_authenticated:
        return False
    another = revocation.proposed_by_id != user.pk
    return another and user.has_role(roles.CHIEF) and not _is_own(user, revocation.award)


def get_award_for(user: User, edition: Edition, pk: int) -> Award:
    """An award of the edition with tier, entry, team, notice, for who sees awards; else 404."""
    award = (
        Award.objects.filter(edition=edition, pk=pk)
        .select_related("tier", "entry__team__owner", "entry__team__topic__track", "notice", "proposed_by")
        .first()
    )
    if award is None or not sees_awards(user):
        raise Http404("award")
    return award


def _is_own(user: User, award: Award) -> bool:
    return award.entry is not None and is_of_team(user, award.entry)
