"""Who writes about a work, who publishes it, who may answer to it, and the loaders (R84, R86, R87)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404

from awards.models import Opportunity, Work
from awards.workflow import AwardStatus, WorkStatus
from competition import roles
from submissions.permissions import is_of_team

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from competition.models import Edition, User
    from submissions.models import Entry

_WHOLE = ("award__entry__team__topic__track", "award__tier", "edition")
_LARGE = ("edition__form", "edition__rubrics")


def publishes(user: User | AnonymousUser) -> bool:
    """Officers and chiefs publish works, opportunities and the ceremony."""
    return user.is_authenticated and user.has_role(roles.OFFICER, roles.CHIEF)


def can_write(user: User, work: Work) -> bool:
    """Whoever is of the work's team may write, while it is a draft."""
    return work.status == WorkStatus.DRAFT and is_of_team(user, _entry(work))


def speaks_for(user: User, work: Work) -> bool:
    """Only the team's owner consents, and takes the consent back."""
    return bool(_entry(work).team.owner_id == user.pk)


def can_answer(user: User | AnonymousUser, work: Work) -> bool:
    """Any registered visitor may express interest in a public work, but not in the own (R86)."""
    return user.is_authenticated and is_public(work) and not is_of_team(user, _entry(work))


def is_public(work: Work) -> bool:
    """Published with consent, and the award stands."""
    return work.status == WorkStatus.PUBLISHED and work.award.status == AwardStatus.CONFIRMED


def public_works(edition: Edition) -> QuerySet[Work]:
    """The works that everybody may read, with award, team, topic and track (R84)."""
    return (
        Work.objects.filter(edition=edition, status=WorkStatus.PUBLISHED, award__status=AwardStatus.CONFIRMED)
        .select_related(*_WHOLE)
        .defer(*_LARGE)
    )


def get_public_work(edition: Edition, pk: int) -> Work:
    """A published work; else 404."""
    work = public_works(edition).filter(pk=pk).first()
    if work is None:
        raise Http404("work")
    return work


def get_own_work_for(user: User, edition: Edition, pk: int) -> Work:
    """A work of the person's own team; 403 for the office, which has a page of its own; else 404."""
    work = _works(edition).filter(pk=pk).first()
    if work is not None and is_of_team(user, _entry(work)):
        return work
    if work is not None and publishes(user):
        raise PermissionDenied("这是获奖团队使用的页面；工作人员请在“作品库”办理。")
    raise Http404("work")


def get_office_work_for(user: User, edition: Edition, pk: int) -> Work:
    """Any work of the edition for officers and chiefs; else 404."""
    work = _works(edition).filter(pk=pk).first() if publishes(user) else None
    if work is None:
        raise Http404("work")
    return work


def get_opportunity_for(user: User, edition: Edition, pk: int) -> Opportunity:
    """Any opportunity of the edition for officers and chiefs; else 404."""
    found = Opportunity.objects.filter(edition=edition, pk=pk).first() if publishes(user) else None
    if found is None:
        raise Http404("opportunity")
    return found


def require_publisher(user: User) -> None:
    """404 unless the person publishes."""
    if not publishes(user):
        raise Http404("library")


def _works(edition: Edition) -> QuerySet[Work]:
    return Work.objects.filter(edition=edition).select_related(*_WHOLE).defer(*_LARGE)


def _entry(work: Work) -> Entry:
    entry = work.award.entry
    assert entry is not None  # awards to units have no work
    return entry
