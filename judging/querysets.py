"""Named queries of judging; everybody sees the own part and nothing of anybody else's."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import models

from competition import roles
from judging.workflow import GateStatus
from submissions.models import Entry
from submissions.workflow import EntryStatus

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from competition.models import Edition, User


def judgeable(edition: Edition) -> models.QuerySet[Entry]:
    """Entries that experts judge: they passed the formal check and the gate recommends them (R17)."""
    return Entry.objects.filter(
        edition=edition, status=EntryStatus.ACCEPTED, gate__status=GateStatus.RECOMMENDED
    )


class GateQuerySet(models.QuerySet[Any]):
    def visible_to(self, user: User | AnonymousUser) -> GateQuerySet:
        """Gates of the reviewer's own department without those it is recused from; officers and chiefs see all."""
        if not user.is_authenticated or not user.is_active:
            return self.none()
        if user.has_role(roles.OFFICER, roles.CHIEF):
            return self
        if user.has_role(roles.DEPARTMENT) and user.department_id:
            return self.filter(department=user.department_id, recusal="")
        return self.none()

    def waiting_for(self, user: User) -> GateQuerySet:
        """Of the visible ones those at which this person has something to do: decide, or confirm another's word."""
        waiting = models.Q(status=GateStatus.WAITING)
        if user.has_role(roles.OFFICER, roles.CHIEF):
            office = waiting & (models.Q(department__isnull=True) | ~models.Q(recusal=""))
            second = models.Q(status__in=[GateStatus.DECLINING, GateStatus.RECOMMENDING])
            return self.visible_to(user).filter(office | (second & ~models.Q(decided_by=user)))
        return self.visible_to(user).filter(waiting)


class ExpertQuerySet(models.QuerySet[Any]):
    def visible_to(self, user: User | AnonymousUser) -> ExpertQuerySet:
        """The roll is the secretariat's; nobody else may know who judges (R16)."""
        if user.is_authenticated and user.is_active and user.has_role(roles.OFFICER, roles.CHIEF):
            return self
        return self.none()


class AssignmentQuerySet(models.QuerySet[Any]):
    def visible_to(self, user: User | AnonymousUser) -> AssignmentQuerySet:
        """An expert's own assignments that were not taken away; nobody else's (R16)."""
        if not user.is_authenticated or not user.is_active or not user.has_role(roles.EXPERT):
            return self.none()
        return self.filter(expert__user=user, expert__is_active=True, status__in=["open", "submitted"])
