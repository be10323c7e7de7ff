"""Who names the place of payout, who hands money over, who attests it, and the loader of a payout (R36, R38)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import QuerySet
from django.http import Http404

from awards.models import Payout
from awards.workflow import PayoutStatus
from competition import roles
from submissions.permissions import is_of_team

if TYPE_CHECKING:
    from competition.models import Edition, User


def names_place(user: User) -> bool:
    """The committee names the undertaking unit at which prizes are collected (R38)."""
    return user.is_authenticated and user.has_role(roles.COMMITTEE)


def pays_out(user: User) -> bool:
    """People of the undertaking unit who hand prizes over."""
    return user.is_authenticated and user.has_role(roles.PAYOUTS)


def sees_payouts(user: User) -> bool:
    """The undertaking unit, and the chief of the secretariat as a possible second person."""
    return user.is_authenticated and user.has_role(roles.PAYOUTS, roles.CHIEF)


def can_hand_over(user: User, payout: Payout) -> bool:
    """Somebody of the undertaking unit, while it is due, never to the own team (decision 19)."""
    return payout.status == PayoutStatus.DUE and pays_out(user) and not _is_own(user, payout)


def can_confirm_payout(user: User, payout: Payout) -> bool:
    """Another person of the undertaking unit or the chief, never for the own team (decision 19)."""
    another = payout.handed_by_id != user.pk
    handed = payout.status == PayoutStatus.HANDED
    return handed and another and sees_payouts(user) and not _is_own(user, payout)


def can_settle_reclaim(user: User, payout: Payout) -> bool:
    """Somebody of the undertaking unit to which the money came back, never for the own team (R91)."""
    return payout.status == PayoutStatus.RECLAIMING and pays_out(user) and not _is_own(user, payout)


def payouts_visible_to(user: User, edition: Edition) -> QuerySet[Payout]:
    """All payouts of the edition for who has business with them, none for others."""
    rows = Payout.objects.filter(edition=edition)
    return rows if sees_payouts(user) else rows.none()


def get_payout_for(user: User, edition: Edition, pk: int) -> Payout:
    """A payout with award, team, certificate and who handed over; 404 for who has no business with it."""
    found = (
        payouts_visible_to(user, edition)
        .filter(pk=pk)
        .select_related(
            "edition", "award__tier", "award__certificate", "award__entry__team", "handed_by", "confirmed_by"
        )
        .defer("edition__form", "edition__rubrics")
        .first()
    )
    if found is None:
        raise Http404("payout")
    return found


def _is_own(user: User, payout: Payout) -> bool:
    entry = payout.award.entry
    return entry is not None and is_of_team(user, entry)
