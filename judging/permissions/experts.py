"""Who keeps the roll of experts and assigns them; nobody else may know who judges (R07, R16)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import Http404

from competition import roles
from judging.models import Assignment, Expert
from judging.querysets import judgeable

if TYPE_CHECKING:
    from competition.models import Edition, User
    from submissions.models import Entry


def sees_roll(user: User) -> bool:
    """Officers and chiefs keep the roll, the panels and the assignments."""
    return user.is_authenticated and user.has_role(roles.OFFICER, roles.CHIEF)


def require_roll(user: User) -> None:
    """404 for everybody who has no business with the roll."""
    if not sees_roll(user):
        raise Http404("experts")


def can_recuse_assignment(user: User, assignment: Assignment) -> bool:
    """The expert of the assignment, officers and chiefs."""
    return sees_roll(user) or (user.is_active and assignment.expert.user_id == user.pk)


def get_expert_for(user: User, edition: Edition, pk: int) -> Expert:
    """An expert of the edition's roll with account; else 404."""
    require_roll(user)
    expert: Expert | None = (
        Expert.objects.visible_to(user)
        .filter(edition=edition, pk=pk)
        .select_related("user", "edition")
        .first()
    )
    if expert is None:
        raise Http404("expert")
    return expert


def get_assignment_for_office(user: User, edition: Edition, pk: int) -> Assignment:
    """An assignment of the edition for the secretariat; else 404."""
    require_roll(user)
    found = (
        Assignment.objects.filter(edition=edition, pk=pk)
        .select_related("expert__user", "entry__team__topic__track", "edition")
        .first()
    )
    if found is None:
        raise Http404("assignment")
    return found


def get_entry_for_office(user: User, edition: Edition, pk: int) -> Entry:
    """An entry that experts judge, with team and track, for the secretariat; else 404."""
    require_roll(user)
    found = judgeable(edition).filter(pk=pk).select_related("team__topic__track", "edition").first()
    if found is None:
        raise Http404("entry")
    return found
