"""Named queries of the submissions."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import models

from competition import roles
from registration.models import Team

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from competition.models import User


class EntryQuerySet(models.QuerySet[Any]):
    def visible_to(self, user: User | AnonymousUser) -> EntryQuerySet:
        """Entries that a person may know of: those of the own teams; officers and chiefs see all."""
        if not user.is_authenticated or not user.is_active:
            return self.none()
        if user.has_role(roles.OFFICER, roles.CHIEF):
            return self
        return self.filter(team__in=Team.objects.belonging_to(user))
