"""What other pages show of the submissions: the entry's card on the team's page, the blank form."""

from __future__ import annotations

from django.urls import reverse

from competition import stages
from competition.desk import DeskPage, address_in
from competition.downloads import Download
from competition.models import Edition, User
from registration.models import Team
from registration.registries import TeamCard
from submissions.models import Entry
from submissions.permissions import can_check_entry
from submissions.services import supplements
from submissions.workflow import EntryStatus

_TEXTS = {
    EntryStatus.DRAFT: (
        "填写申报书并提交作品",
        "按章节填写，随时保存；完成后定稿、盖章、上传扫描件并提交。",
        "去填写",
    ),
    EntryStatus.SUBMITTED: (
        "作品已提交",
        "秘书处办公室将作形式审查。提交截止前可以继续修改并重新提交。",
        "查看",
    ),
    EntryStatus.RETURNED: ("作品需要修改", "形式审查提出了修改意见，请修改后重新定稿并提交。", "去修改"),
    EntryStatus.ACCEPTED: ("作品已通过形式审查", "作品进入评审，材料不再修改。", "查看"),
    EntryStatus.REJECTED: ("作品未通过形式审查", "可查看审查意见。", "查看"),
    EntryStatus.WITHDRAWN: ("已退出比赛", "作品不再参加评审。", "查看"),
}


def entry_card(team: Team, user: User) -> list[TeamCard]:
    """One card once the application form is open; urgent while the team has something to hand in."""
    entry: Entry | None = getattr(team, "entry", None)
    if entry is None:
        return []
    entry.edition = team.edition
    title, text, action = _TEXTS[EntryStatus(entry.status)]
    urgent = entry.status in {EntryStatus.DRAFT, EntryStatus.RETURNED}
    return [
        TeamCard(
            title=title,
            text=text,
            url=entry.get_absolute_url(),
            action=action,
            until=_until(entry) if urgent else "",
            urgent=urgent,
        )
    ]


def supplement_cards(team: Team, user: User) -> list[TeamCard]:
    """One urgent card for each request for more material that is still open (R72); one query."""
    entry: Entry | None = getattr(team, "entry", None)
    if entry is None:
        return []
    entry.edition = team.edition
    return [
        TeamCard(
            title="请补充材料",
            text=one.asked if len(one.asked) <= 80 else f"{one.asked[:79]}…",
            url=reverse("submissions:supplement", args=[entry.pk, one.pk]),
            action="去提交",
            until=stages.format_end(one.until),
            urgent=True,
        )
        for one in supplements.requests_of(entry)
        if supplements.is_open(one)
    ]


def supplement_pages(edition: Edition, user: User) -> list[DeskPage]:
    """The office's list of what teams have been asked for and have not sent yet."""
    if not can_check_entry(user):
        return []
    text = "评审中要求团队补充、尚未收到的材料（六（二）6）。"
    url = address_in(edition, "submissions:supplements")
    rows = supplements.open_requests(edition)
    return [DeskPage(35, "补充材料", text, url, group="初赛", waiting=rows)]


def blank_form(edition: Edition) -> list[Download]:
    """The empty application form (R78)."""
    return [
        Download(
            title="参赛项目申报书（空白）",
            summary="附件2的全部内容，供准备材料时参考；正式填报在网上进行。",
            url=reverse("submissions:blank_form", kwargs={"edition_slug": edition.slug}),
            kind="PDF",
        ),
        Download(
            title="参赛项目申报书（空白，Word 版）",
            summary="版式与附件2一致，可以分头填写；填好后在作品页导入，逐项核对后带入网上的申报书。",
            url=reverse("submissions:blank_word", kwargs={"edition_slug": edition.slug}),
            kind="Word",
        ),
    ]


def _until(entry: Entry) -> str:
    if entry.status == EntryStatus.RETURNED and entry.correction_until:
        return stages.format_end(entry.correction_until)
    stage = stages.view(entry.edition, stages.SUBMISSION)
    if stage is None:
        return ""
    return stage.when if stage.provisional else stages.format_end(stage.closes_at)
