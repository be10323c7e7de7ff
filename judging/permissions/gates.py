"""Who gates an entry, who is the second pair of eyes, and the loader through which every view gets a gate (R17)."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

from django.http import Http404

from competition import roles
from judging.models import Gate
from judging.workflow import GateStatus
from submissions.permissions import is_of_team

if TYPE_CHECKING:
    from competition.models import Edition, User

_SECOND = {GateStatus.DECLINING, GateStatus.RECOMMENDING}


def sees_gates(user: User) -> bool:
    """Department reviewers, officers and chiefs have business with gatekeeping (R17)."""
    return user.is_authenticated and user.has_role(roles.OFFICER, roles.CHIEF, roles.DEPARTMENT)


def is_of_department(user: User, gate: Gate) -> bool:
    """Whether the person reviews for the department of the entry's topic, which is not recused (R17)."""
    department = gate.department_id
    return bool(department) and user.has_role(roles.DEPARTMENT) and user.department_id == department


def can_decide(user: User, gate: Gate) -> bool:
    """The department's reviewer; where there is none or it is recused, officers and chiefs (decision 25)."""
    if gate.status != GateStatus.WAITING or not user.is_authenticated:
        return False
    if gate.department_id and not gate.recusal:
        may = is_of_department(user, gate)
    else:
        may = user.has_role(roles.OFFICER, roles.CHIEF)
    return may and not is_of_team(user, gate.entry)


def can_confirm(user: User, gate: Gate) -> bool:
    """An officer or chief other than who decided, never for the own team (decision 25)."""
    if gate.status not in _SECOND or not user.is_authenticated:
        return False
    another = gate.decided_by_id != user.pk
    return another and user.has_role(roles.OFFICER, roles.CHIEF) and not is_of_team(user, gate.entry)


def can_recuse(user: User, gate: Gate) -> bool:
    """The department's reviewer for the own department, officers and chiefs for any, before it is decided."""
    if gate.status != GateStatus.WAITING or not gate.department_id or gate.recusal:
        return False
    return is_of_department(user, gate) or user.has_role(roles.OFFICER, roles.CHIEF)


def get_gate_for(user: User, edition: Edition, pk: int) -> Gate:
    """A gate of the edition that the person may know of, with entry, team, topic, track; else 404."""
    gate: Gate | None = (
        Gate.objects.visible_to(user)
        .filter(edition=edition, pk=pk)
        .select_related(
            "department", "decided_by", "confirmed_by", "entry__team__topic__track", "entry__edition"
        )
        .defer("entry__edition__rubrics", "entry__edition__form")
        .first()
    )
    if gate is None:
        raise Http404("gate")
    return gate


def require_listed(keys: set[str], key: UUID) -> None:
    """404 unless the file is one of those that the accepted version names."""
    if str(key) not in keys:
        raise Http404("file")
