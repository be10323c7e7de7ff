"""Named queries of the registration."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.models import Q

from competition import roles
from registration.workflow import LIVE

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from competition.models import User


class TeamQuerySet(models.QuerySet[Any]):
    def visible_to(self, user: User | AnonymousUser) -> TeamQuerySet:
        """Teams that a person may know of: the own ones; officers and chiefs see all."""
        if not user.is_authenticated or not user.is_active:
            return self.none()
        if user.has_role(roles.OFFICER, roles.CHIEF):
            return self
        return self.belonging_to(user)

    def belonging_to(self, user: User) -> TeamQuerySet:
        """Teams that a person owns."""
        return self.filter(Q(owner=user))

    def live(self) -> TeamQuerySet:
        return self.filter(status__in=LIVE)
