"""Technical verification at the work desk and on the team's page."""

from __future__ import annotations

from django.db.models import Q

from competition import clock, roles, stages
from competition.desk import DeskPage, address_in
from competition.models import Edition, User
from judging.models import Verification
from judging.permissions.verification import assigned_verifications, is_office
from judging.workflow import Mode, VerificationStatus
from registration.models import Team
from registration.registries import TeamCard


def pages(edition: Edition, user: User) -> list[DeskPage]:
    """For the office with what waits for it, for an expert with the own verifications; one query each."""
    found = []
    waiting = VerificationStatus.WAITING
    if is_office(user):
        due = Q(starts_at__isnull=True) | Q(mode=Mode.ON_LINE_ASKED) | Q(starts_at__lte=clock.now(edition))
        count = Verification.objects.filter(due, edition=edition, status=waiting).count()
        text = "安排入围和优秀奖作品的技术验证，答复线上申请，登记三项审查结果（四（三）3）。"
        url = address_in(edition, "judging:verification_list")
        found.append(DeskPage(70, "技术验证", text, url, count, "技术验证"))
    if user.has_role(roles.EXPERT):
        count = assigned_verifications(user, edition).filter(status=waiting).count()
        text = "请您参加的技术验证：时间、地点、材料，登记验证意见。"
        url = address_in(edition, "judging:verification_mine")
        found.append(DeskPage(70, "我的技术验证", text, url, count, "技术验证"))
    return found


def cards(team: Team, user: User) -> list[TeamCard]:
    """The verification of the team's entry: when and where, or its result; experts are never named; one query."""
    found = Verification.objects.select_related("edition").filter(entry__team=team).first()
    if found is None or found.status == VerificationStatus.VOID:
        return []
    url = address_in(found.edition, "judging:verification_team", pk=found.entry_id)
    title, text, urgent = _texts(found)
    return [TeamCard(title=title, text=text, url=url, action="查看", urgent=urgent)]


def _texts(found: Verification) -> tuple[str, str, bool]:
    if found.status == VerificationStatus.PASSED:
        return "技术验证已通过", "技术真实性、数据来源和知识产权合法性三项审查均已通过。", False
    if found.status == VerificationStatus.FAILED:
        return "技术验证未通过", "作品退出名单，可查看验证意见。", False
    if found.starts_at:
        how = "线上" if found.mode == Mode.ON_LINE else "线下"
        when = stages.format_instant(found.starts_at)
        return "请参加技术验证", f"{when}，{found.place}（{how}）。请准备系统演示和有关证明材料。", True
    if found.mode == Mode.ON_LINE_ASKED:
        return "作品进入技术验证", "线上验证申请已提交，等待秘书处答复。", False
    return (
        "作品进入技术验证",
        "时间和地点确定后通知。技术验证以线下方式进行，特殊情况可申请线上完成。",
        False,
    )
