"""Who proposes, publishes and lengthens publicity; the loaders of notices (R88-R90, decision 17)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import Http404

from awards.models import PublicityNotice
from awards.workflow import NoticeStatus
from competition import roles

if TYPE_CHECKING:
    from competition.models import Edition, User

#: What the public may read, for good.
PUBLIC = (NoticeStatus.PUBLISHED, NoticeStatus.CONCLUDED)


def works_on_notices(user: User) -> bool:
    """Officers and chiefs prepare publicity and keep the calendar of working days."""
    return user.is_authenticated and user.has_role(roles.OFFICER, roles.CHIEF)


def can_publish(user: User, notice: PublicityNotice) -> bool:
    """A chief other than who proposed it (decision 17)."""
    waits = notice.status == NoticeStatus.PROPOSED
    return waits and notice.proposed_by_id != user.pk and user.is_authenticated and user.has_role(roles.CHIEF)


def can_withdraw(user: User, notice: PublicityNotice) -> bool:
    """Officers and chiefs, while it is not published."""
    return notice.status == NoticeStatus.PROPOSED and works_on_notices(user)


def can_lengthen(user: User, notice: PublicityNotice) -> bool:
    """A chief, while it runs (R89: never shortened)."""
    runs = notice.status == NoticeStatus.PUBLISHED
    return runs and user.is_authenticated and user.has_role(roles.CHIEF)


def get_notice_for(user: User, edition: Edition, number: int) -> PublicityNotice:
    """A notice of the edition for those who prepare it; else 404."""
    notice = (
        PublicityNotice.objects.filter(edition=edition, number=number)
        .select_related("proposed_by", "published_by")
        .first()
    )
    if notice is None or not works_on_notices(user):
        raise Http404("notice")
    return notice


def get_public_notice(edition: Edition, number: int) -> PublicityNotice:
    """A notice that was published, for anybody (R90); else 404."""
    notice = PublicityNotice.objects.filter(edition=edition, number=number, status__in=PUBLIC).first()
    if notice is None:
        raise Http404("notice")
    return notice
