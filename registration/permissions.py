"""Who may do what with a registration; strangers get a 404."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from django.db.models import Q
from django.http import Http404
from django.shortcuts import get_object_or_404

from competition import roles
from competition.models import Edition, User
from registration.models import Correction, Representative, Team, Unit, UnitConsent, UnitProof
from registration.workflow import LIVE

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    Anybody = User | AnonymousUser


def belongs_to(user: Anybody, team: Team) -> bool:
    """Whether a person owns or represents the team; one query, none for a team with its people prefetched."""
    if user.is_authenticated and "representatives" in getattr(team, "_prefetched_objects_cache", {}):
        held = user.phone_hash if user.phone_verified else ""
        confirmed = {one.mobile_hash for one in team.representatives.all() if one.confirmed_at is not None}
        return user.is_active and (team.owner_id == user.pk or bool(held and held in confirmed))
    return user.is_authenticated and Team.objects.belonging_to(user).filter(pk=team.pk).exists()


def owns(user: Anybody, team: Team) -> bool:
    """The account that registers the team."""
    return user.is_authenticated and user.is_active and team.owner_id == user.pk


def can_edit_team(user: Anybody, team: Team) -> bool:
    """The owner, while the registration is a draft or returned (R76: never after approval)."""
    return owns(user, team) and team.is_editable


def can_withdraw_team(user: Anybody, team: Team) -> bool:
    """The owner, while the team still takes part."""
    return owns(user, team) and team.status in LIVE


def is_officer(user: Anybody) -> bool:
    """Officers and chiefs of the secretariat."""
    return user.is_authenticated and user.has_role(roles.OFFICER, roles.CHIEF)


def can_review_team(user: Anybody, team: Team) -> bool:
    """Officers and chiefs, but nobody reviews a team that is their own."""
    return is_officer(user) and not belongs_to(user, team)


def can_unmask(user: Anybody, representative: Representative) -> bool:
    """Who reviews a team may see its people's numbers in full; every look is recorded."""
    return can_review_team(user, representative.team)


def can_ask_correction(user: Anybody, team: Team) -> bool:
    """The owner, and an officer for the team; whether something may change now is the service's question (R76)."""
    return owns(user, team) or can_review_team(user, team)


def can_decide_correction(user: Anybody, correction: Correction) -> bool:
    """The chief, on what another person asked for and on no team of the own (decision 5)."""
    if not user.is_authenticated or not user.has_role(roles.CHIEF):
        return False
    return correction.asked_by_id != user.pk and not belongs_to(user, correction.team)


def get_correction_for(user: Anybody, edition: Edition, pk: int) -> Correction:
    """The correction for who works in the office, else 404."""
    if not is_officer(user):
        raise Http404("correction")
    rows = Correction.objects.select_related("team__edition", "team__owner", "asked_by", "decided_by")
    return get_object_or_404(rows, pk=pk, team__edition=edition)


def get_team_for(user: Anybody, pk: int) -> Team:
    """The team if the person may know of it, else 404."""
    teams = Team.objects.visible_to(user).select_related("edition", "owner", "topic__track", "claimed_by")
    return cast(Team, get_object_or_404(teams, pk=pk))


def get_unit_for(user: Anybody, pk: int) -> Unit:
    """The unit if the person may know of its team, else 404."""
    units = Unit.objects.select_related("team__edition", "team__owner")
    return get_object_or_404(units, pk=pk, team__in=Team.objects.visible_to(user))


def get_representative_for(user: Anybody, pk: int) -> Representative:
    """The representative if the person may know of the team, else 404."""
    people = Representative.objects.select_related("team__edition", "team__owner", "unit")
    return get_object_or_404(people, pk=pk, team__in=Team.objects.visible_to(user))


def get_proof_for(user: Anybody, pk: int) -> UnitProof:
    """The proof if the person may know of its team, else 404; removed ones only for officers."""
    proofs = UnitProof.objects.select_related(
        "unit__team__edition", "unit__team__owner", "left_team__edition", "left_team__owner"
    )
    if not is_officer(user):
        proofs = proofs.filter(removed_at__isnull=True)
    seen = Team.objects.visible_to(user)
    return get_object_or_404(proofs.filter(Q(unit__team__in=seen) | Q(left_team__in=seen)), pk=pk)


def get_unit_consent(token: str) -> UnitConsent:
    """What a unit was asked, for anybody who holds the link; else 404."""
    asked = UnitConsent.objects.select_related("unit__team__edition", "unit__team__topic__track")
    return get_object_or_404(asked, token=token)


def get_confirmation(token: str) -> Representative:
    """The representative behind a confirmation link, for anybody who holds it; else 404."""
    people = Representative.objects.select_related(
        "team__edition", "team__owner", "team__topic__track", "unit"
    )
    return get_object_or_404(people.exclude(token=""), token=token)
