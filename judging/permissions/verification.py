"""Who applies for, arranges, records and reads technical verifications, and the loaders of their pages (R23-R26)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import Http404

from competition import roles
from judging.models import Expert, Verification
from judging.workflow import Mode, VerificationStatus
from submissions.permissions import get_own_entry_for, is_of_team

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from competition.models import Edition, User

_WITH = ("entry__team__topic__track", "entry__edition", "record__recorded_by", "applied_by", "answered_by")
_LARGE = ("entry__edition__form", "entry__edition__rubrics")


def is_office(user: User) -> bool:
    """Officers and chiefs arrange verifications."""
    return user.is_authenticated and user.has_role(roles.OFFICER, roles.CHIEF)


def is_verifier(user: User, verification: Verification) -> bool:
    """Whether the person is an expert assigned to it, on the roll and with the role."""
    return (
        user.is_authenticated
        and user.has_role(roles.EXPERT)
        and _own(user).filter(pk=verification.pk).exists()
    )


def can_apply_on_line(user: User, verification: Verification) -> bool:
    """The team, while nothing was recorded and no application waits or was granted (R26)."""
    open_now = verification.status == VerificationStatus.WAITING and verification.mode == Mode.ON_SITE
    return open_now and is_of_team(user, verification.entry)


def can_arrange(user: User, verification: Verification) -> bool:
    """Officers and chiefs, never of the own team's entry, while nothing was recorded (R24, R26)."""
    waiting = verification.status == VerificationStatus.WAITING
    return waiting and is_office(user) and not is_of_team(user, verification.entry)


def can_record(user: User, verification: Verification) -> bool:
    """Who arranges it, or an expert assigned to it (R25)."""
    if verification.status != VerificationStatus.WAITING:
        return False
    return can_arrange(user, verification) or is_verifier(user, verification)


def get_verification_for(user: User, edition: Edition, pk: int) -> Verification:
    """A verification of the edition for officers and chiefs; else 404."""
    rows = Verification.objects.all() if is_office(user) else Verification.objects.none()
    return _one(rows.filter(edition=edition, pk=pk))


def get_assigned_verification_for(user: User, edition: Edition, pk: int) -> Verification:
    """A verification of the edition to which the expert is assigned; else 404."""
    return _one(assigned_verifications(user, edition).filter(pk=pk))


def get_readable_verification_for(user: User, edition: Edition, pk: int) -> Verification:
    """For officers, chiefs and the experts assigned to it: who may read the entry's files here; else 404."""
    if is_office(user):
        return get_verification_for(user, edition, pk)
    return get_assigned_verification_for(user, edition, pk)


def get_own_verification_for(user: User, edition: Edition, entry_pk: int) -> Verification:
    """The verification of the own team's entry: 404 for strangers, 403 for staff, who use the work desk."""
    entry = get_own_entry_for(user, entry_pk)
    return _one(Verification.objects.filter(edition=edition, entry=entry))


def assigned_verifications(user: User, edition: Edition) -> QuerySet[Verification]:
    """An expert's verifications in the edition."""
    if not user.is_authenticated or not user.has_role(roles.EXPERT):
        return Verification.objects.none()
    return _own(user).filter(edition=edition)


def _own(user: User) -> QuerySet[Verification]:
    experts = Expert.objects.filter(user=user, is_active=True)
    return Verification.objects.filter(experts__in=experts)


def _one(rows: QuerySet[Verification]) -> Verification:
    found = rows.select_related(*_WITH).defer(*_LARGE).first()
    if found is None:
        raise Http404("verification")
    return found
