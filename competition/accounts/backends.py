"""Where a session's person comes from: the user and the roles in one query."""

from __future__ import annotations

from typing import Any

from allauth.account.auth_backends import AuthenticationBackend
from django.contrib.auth.backends import ModelBackend
from django.contrib.postgres.aggregates import ArrayAgg
from django.db.models import Q

from competition.models import User


class _WithRoles(ModelBackend):
    def get_user(self, user_id: Any) -> User | None:
        names = ArrayAgg("groups__name", filter=Q(groups__isnull=False), default=[])
        user = User.objects.filter(pk=user_id).annotate(role_names=names).first()
        if user is None or not self.user_can_authenticate(user):
            return None
        user.roles = frozenset(user.role_names)
        return user


class Passwords(_WithRoles):
    """Django's own."""


class Codes(_WithRoles, AuthenticationBackend):
    """allauth's: phone codes, mail and password."""
