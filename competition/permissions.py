"""Who may do what to an edition, its articles and its records."""

from __future__ import annotations

from typing import TYPE_CHECKING

from competition import roles

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from competition.models import User

    Visitor = User | AnonymousUser


def is_staff_role(user: Visitor) -> bool:
    """Officers and the chief of the secretariat work in the admin site."""
    return user.is_authenticated and user.has_role(*roles.ADMIN_SITE)


def can_publish_articles(user: Visitor) -> bool:
    """Officers and the chief publish news, notices, downloads and answers."""
    return is_staff_role(user)


def can_change_stages(user: Visitor) -> bool:
    """Only the chief sets the instants of stages: they decide the outcome (R12, R77)."""
    return user.is_authenticated and user.has_role(roles.CHIEF)


def can_assign_departments(user: Visitor) -> bool:
    """Officers and the chief say which department gates a topic (R17)."""
    return is_staff_role(user)


def can_read_outbox(user: Visitor) -> bool:
    """Officers and the chief see what was sent and what failed, not to whom nor what it said."""
    return is_staff_role(user)


def can_read_audit(user: Visitor) -> bool:
    """The chief and the auditor read the audit log."""
    return user.is_authenticated and user.has_role(roles.CHIEF, roles.AUDITOR)
