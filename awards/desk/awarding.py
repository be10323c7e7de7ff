"""Awards at the work desk and on the team's page."""

from __future__ import annotations

from awards.models import Award, Revocation
from awards.permissions.awarding import sees_awards
from awards.services.notices import until_text
from awards.workflow import STANDING, AwardStatus, NoticeStatus
from competition import roles
from competition.desk import DeskPage, address_in
from competition.models import Edition, User
from registration.registries import TeamCard


def pages(edition: Edition, user: User) -> list[DeskPage]:
    """For officers and chiefs; a chief sees how many proposals to cancel wait."""
    if not sees_awards(user):
        return []
    waiting = None
    if user.has_role(roles.CHIEF):
        proposals = Revocation.objects.filter(
            award__edition=edition, award__status__in=STANDING, decided_by__isnull=True
        )
        waiting = proposals.exclude(proposed_by=user)
    text = "按决赛结果拟定奖项，登记优秀组织奖和突出贡献奖，取消奖项（五）。"
    url = address_in(edition, "awards:awarding_list")
    return [DeskPage(90, "奖项", text, url, group="公示", waiting=waiting)]


def card(award: Award) -> TeamCard | None:
    """What the team won, once the public may know it."""
    name, notice = award.tier.name, award.notice
    if notice is None or notice.published_at is None:
        return None
    url = address_in(award.edition, "awards:notices_public", number=notice.number)
    if award.status == AwardStatus.CONFIRMED:
        return TeamCard(f"荣获{name}", "公示期满，获奖结果已经确认。", url=url, action="查看公示名单")
    if award.status == AwardStatus.PUBLISHED:
        if notice.status == NoticeStatus.CONCLUDED:
            text = "公示期已满，获奖结果尚待确认，确认后会通知您。"
            return TeamCard(f"拟获{name}", text, url=url, action="查看公示名单")
        text = f"名单公示至{until_text(notice)}，期满无异议的，获奖结果随即确认。"
        return TeamCard(f"拟获{name}，正在公示", text, url=url, action="查看公示名单")
    word = "已取消" if award.status == AwardStatus.VOID else "已撤销"
    return TeamCard(f"{name}{word}", f"原因：{award.ended_why}")
