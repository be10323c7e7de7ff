"""Who scores what and when, and the loaders through which experts' views get it (R16, R18)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import Http404

from competition import roles
from judging.models import Assignment, BlindMaterial, BlindPage, FinalSession, Presentation, ScoreSheet
from judging.workflow import AssignmentStatus, FinalStatus, MaterialStatus, Round
from submissions.permissions import is_of_team

if TYPE_CHECKING:
    from competition.models import Edition, User


def sees_reviews(user: User) -> bool:
    """Experts have business with score sheets."""
    return user.is_authenticated and user.has_role(roles.EXPERT)


def sees_progress(user: User) -> bool:
    """Officers and chiefs see who is late; nobody else may know who judges (R16)."""
    return user.is_authenticated and user.has_role(roles.OFFICER, roles.CHIEF)


def is_assigned(user: User, assignment: Assignment) -> bool:
    """Whether it is this expert's own, not taken away."""
    mine = assignment.expert.user_id == user.pk and assignment.expert.is_active
    there = assignment.status in (AssignmentStatus.OPEN, AssignmentStatus.SUBMITTED)
    return mine and there and sees_reviews(user)


def can_see_material(assignment: Assignment) -> bool:
    """Blind material of the preliminary once an officer released it; the final is not blind (R16)."""
    if assignment.round == Round.FINAL:
        return True
    return BlindMaterial.objects.filter(entry=assignment.entry_id, status=MaterialStatus.RELEASED).exists()


def has_begun(assignment: Assignment) -> bool:
    """In the final a sheet is written once the presentation has begun, until the result is locked (R29)."""
    running = FinalSession.objects.filter(edition=assignment.edition_id, status=FinalStatus.RUNNING)
    begun = Presentation.objects.filter(
        session__in=running, entry=assignment.entry_id, started_at__isnull=False, is_void=False
    )
    return begun.exists()


def get_assignment_for(user: User, edition: Edition, code: str) -> Assignment:
    """The expert's own assignment by its code; else 404, whatever the reason."""
    found: Assignment | None = (
        Assignment.objects.visible_to(user)
        .filter(edition=edition, code=code)
        .select_related("edition", "expert__user", "entry__team__topic__track")
        .first()
    )
    if found is None:
        raise Http404("assignment")
    return found


def get_material_of(assignment: Assignment) -> BlindMaterial | None:
    """The released material of a blind assignment, or None."""
    return BlindMaterial.objects.filter(entry=assignment.entry_id, status=MaterialStatus.RELEASED).first()


def get_shown_page_for(user: User, edition: Edition, code: str, number: int) -> BlindPage:
    """A page that experts see, of released material of an own blind assignment; else 404."""
    assignments = Assignment.objects.visible_to(user).filter(
        edition=edition, code=code, round=Round.PRELIMINARY
    )
    page = BlindPage.objects.filter(
        number=number,
        verdict=BlindPage.Verdict.SHOWN,
        material__status=MaterialStatus.RELEASED,
        material__entry__in=assignments.values("entry"),
    ).first()
    if page is None:
        raise Http404("page")
    return page


def get_final_assignment_for(user: User, edition: Edition, pk: int) -> Assignment:
    """An own assignment of the final, which is not blind; else 404."""
    found: Assignment | None = (
        Assignment.objects.visible_to(user)
        .filter(edition=edition, pk=pk, round=Round.FINAL)
        .select_related("entry__edition")
        .first()
    )
    if found is None:
        raise Http404("assignment")
    return found


def get_sheet_for(user: User, edition: Edition, number: str) -> ScoreSheet:
    """A submitted sheet for the office, never of the own team: it names the expert; else 404 (R16)."""
    sheet = (
        ScoreSheet.objects.filter(assignment__edition=edition, number=number)
        .select_related(
            "assignment__edition",
            "assignment__expert__user",
            "assignment__entry__team__topic__track",
            "replaces",
        )
        .first()
        if sees_progress(user)
        else None
    )
    if sheet is None or is_of_team(user, sheet.assignment.entry):
        raise Http404("sheet")
    return sheet
