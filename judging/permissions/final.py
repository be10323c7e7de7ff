"""Who runs the final, who locks it, who watches, and the loaders of its pages (R27-R31)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import Http404

from competition import roles
from judging.models import FinalSession, Presentation

if TYPE_CHECKING:
    from competition.models import Edition, User


def can_run(user: User) -> bool:
    """The host, officers and chiefs prepare and run the final (R27, R28)."""
    return user.is_authenticated and user.has_role(roles.HOST, roles.OFFICER, roles.CHIEF)


def can_watch(user: User) -> bool:
    """Who runs it, and the supervisor: console, lock page and big screen (R28, R30)."""
    return user.is_authenticated and (can_run(user) or user.has_role(roles.SUPERVISOR))


def require_runner(user: User) -> None:
    """404 unless the person has business with the final; 403 is the services' to say."""
    if not can_watch(user):
        raise Http404("final")


def get_session_for(user: User, edition: Edition) -> FinalSession | None:
    """The final of the edition for who runs or supervises it, None before it is prepared; else 404."""
    require_runner(user)
    rows = FinalSession.objects.filter(edition=edition)
    return rows.select_related("draw__held_by", "draw__witnessed_by").first()


def get_presentation_for(user: User, edition: Edition, pk: int) -> Presentation:
    """A presentation of the edition's final, with its session, entry and team; else 404."""
    require_runner(user)
    found = (
        Presentation.objects.filter(session__edition=edition, pk=pk)
        .select_related("session__edition", "entry__team")
        .first()
    )
    if found is None:
        raise Http404("presentation")
    return found
