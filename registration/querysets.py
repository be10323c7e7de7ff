"""Named queries of the registration."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.apps import apps
from django.db import models
from django.db.models import Q

from competition import roles
from registration.workflow import LIVE

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from competition.models import User


class TeamQuerySet(models.QuerySet[Any]):
    def visible_to(self, user: User | AnonymousUser) -> TeamQuerySet:
        """Teams that a person may know of: those one belongs to; officers and chiefs see all."""
        if not user.is_authenticated or not user.is_active:
            return self.none()
        if user.has_role(roles.OFFICER, roles.CHIEF):
            return self
        return self.belonging_to(user)

    def belonging_to(self, user: User) -> TeamQuerySet:
        """Teams that a person owns, or represents by a confirmed representative's phone."""
        mine = Q(owner=user)
        if user.phone_verified and user.phone_hash:
            representatives = apps.get_model("registration", "Representative").objects
            confirmed = representatives.filter(mobile_hash=user.phone_hash, confirmed_at__isnull=False)
            mine |= Q(pk__in=confirmed.values("team_id"))
        return self.filter(mine)

    def live(self) -> TeamQuerySet:
        return self.filter(status__in=LIVE)
