"""The final at the work desk and on the team's page."""

from __future__ import annotations

from competition import roles, stages
from competition.desk import DeskPage, address_in
from competition.models import Edition, User
from judging.models import Presentation, Result
from judging.permissions.final import can_watch
from judging.workflow import FinalStatus, ResultStatus, Round
from registration.registries import TeamCard


def pages(edition: Edition, user: User) -> list[DeskPage]:
    """For host, supervisor and office, with a result that waits for this person to lock it."""
    if not can_watch(user):
        return []
    waiting = Result.objects.none()
    if user.has_role(roles.SUPERVISOR, roles.CHIEF):
        proposed = Result.objects.filter(edition=edition, round=Round.FINAL, status=ResultStatus.PROPOSED)
        waiting = proposed.exclude(proposed_by=user)
    text = "决赛名单、抽签、签到和展示、评分进度、成绩锁定（四（三）4）。"
    url = address_in(edition, "judging:final_console")
    return [DeskPage(80, "决赛", text, url, group="决赛", waiting=waiting)]


def card(one: Presentation, edition: Edition) -> TeamCard:
    """When and where the team presents, and its place in the order once drawn."""
    session = one.session
    if session.status == FinalStatus.LOCKED or one.ended_at:
        return TeamCard(title="决赛展示已完成", text="决赛成绩由第二人锁定后，获奖结果经公示公布。")
    when = stages.format_instant(session.starts_at) if session.starts_at else ""
    turn = f"出场顺序：第{one.position}位。" if one.position else "出场顺序现场抽签决定。"
    text = f"{turn}{when}，{session.place}。每项展示与答辩{session.minutes_each}分钟，请提前到场签到。"
    url = address_in(edition, "judging:final_draw")
    return TeamCard(title="请参加决赛", text=text, url=url, action="查看名单和抽签记录", urgent=True)
