"""Who may do what to an edition, its articles and its records."""

from __future__ import annotations

from typing import TYPE_CHECKING

from competition import roles

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from competition.models import ListImport, User

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


def can_resend(user: Visitor) -> bool:
    """Officers and the chief have a message that failed tried again."""
    return is_staff_role(user)


def can_read_audit(user: Visitor) -> bool:
    """The chief and the auditor read the audit log."""
    return user.is_authenticated and user.has_role(roles.CHIEF, roles.AUDITOR)


def can_see_people(user: Visitor) -> bool:
    """Officers and the chief see who has an account and which role; never full phone numbers."""
    return is_staff_role(user)


def can_manage_people(user: Visitor) -> bool:
    """The chief alone grants and revokes roles and closes accounts."""
    return user.is_authenticated and user.has_role(roles.CHIEF)


def can_invite(user: Visitor, role: str) -> bool:
    """The chief invites to every role, an officer invites experts."""
    if not user.is_authenticated or role not in roles.LABELS:
        return False
    return user.has_role(roles.CHIEF) or (role == roles.EXPERT and user.has_role(roles.OFFICER))


def works_on_lists(user: Visitor) -> bool:
    """Officers and the chief import lists of excluded units, blacklists, past winners, words and rest days."""
    return is_staff_role(user)


def can_undo_list(user: Visitor, batch: ListImport) -> bool:
    """Whoever brought it in, while of the office, and the chief."""
    if not user.is_authenticated:
        return False
    return user.has_role(roles.CHIEF) or (works_on_lists(user) and batch.actor_id == user.pk)
