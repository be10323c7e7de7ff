"""Works, opportunities and the ceremony at the work desk; the work on its team's page."""

from __future__ import annotations

from awards.models import Award, Work
from awards.permissions.library import publishes
from awards.workflow import WorkStatus
from competition.desk import DeskPage, address_in
from competition.models import Edition, User
from registration.registries import TeamCard

_TEXTS = {
    WorkStatus.DRAFT: "修改简介并同意后，经秘书处发布，企业、投资机构和政府部门可以看到并与您联系。",
    WorkStatus.CONSENTED: "已同意发布，等待秘书处发布。",
}


def pages(edition: Edition, user: User) -> list[DeskPage]:
    """For officers and chiefs, with the works that wait for publication."""
    if not publishes(user):
        return []
    waiting = Work.objects.filter(edition=edition, status=WorkStatus.CONSENTED)
    group = "推介"
    return [
        DeskPage(
            140,
            "作品库",
            "发布团队同意公开的作品简介（七1）。",
            address_in(edition, "awards:library_desk"),
            group=group,
            waiting=waiting,
        ),
        DeskPage(
            141,
            "机会清单",
            "发布应用场景和产业需求（七4）。",
            address_in(edition, "awards:library_opportunities_desk"),
            group=group,
        ),
        DeskPage(
            135,
            "颁奖安排",
            "时间、地点和颁奖顺序（四（三）5）。",
            address_in(edition, "awards:library_ceremony_desk"),
            group="颁奖",
        ),
    ]


def navigation() -> list[tuple[str, str]]:
    """What the site's navigation shows of awards: words and the names of their pages."""
    return [("结果", "awards:library_results"), ("作品库", "awards:library_list")]


def card(award: Award, asked: int) -> TeamCard | None:
    """The team's work with what there is to do; ``asked`` is how many would like to talk to it."""
    work: Work | None = getattr(award, "work", None)
    if work is None or work.status == WorkStatus.WITHDRAWN:
        return None
    text = _TEXTS.get(WorkStatus(work.status)) or f"已在作品库发布，收到{asked}份合作意向。"
    url = address_in(award.edition, "awards:library_edit", pk=work.pk)
    draft = work.status == WorkStatus.DRAFT
    return TeamCard(
        title="作品库", text=text, url=url, action="修改并同意" if draft else "查看", urgent=draft
    )
