"""Technical verification at the work desk."""

from __future__ import annotations

from django.db.models import Q

from competition import clock, roles
from competition.desk import DeskPage, address_in
from competition.models import Edition, User
from judging.models import Verification
from judging.permissions.verification import assigned_verifications, is_office
from judging.workflow import Mode, VerificationStatus


def pages(edition: Edition, user: User) -> list[DeskPage]:
    """For the office with what waits for it, for an expert with the own verifications."""
    found = []
    waiting = VerificationStatus.WAITING
    if is_office(user):
        due = Q(starts_at__isnull=True) | Q(mode=Mode.ON_LINE_ASKED) | Q(starts_at__lte=clock.now(edition))
        rows = Verification.objects.filter(due, edition=edition, status=waiting)
        text = "安排入围和优秀奖作品的技术验证，答复线上申请，登记三项审查结果（四（三）3）。"
        url = address_in(edition, "judging:verification_list")
        found.append(DeskPage(70, "技术验证", text, url, group="技术验证", waiting=rows))
    if user.has_role(roles.EXPERT):
        rows = assigned_verifications(user, edition).filter(status=waiting)
        text = "请您参加的技术验证：时间、地点、材料，登记验证意见。"
        url = address_in(edition, "judging:verification_mine")
        found.append(DeskPage(70, "我的技术验证", text, url, group="技术验证", waiting=rows))
    return found
