"""The home page: it has to see every app, to count entries and to say what can be done today."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from competition import clock, stages
from competition.desk import address_in
from competition.middleware import edition_of
from competition.models import Article, Edition, Organisation
from competition.querysets import published
from competition.stages import Phase, StageView
from submissions.workflow import EntryStatus

HOME_ARTICLES = 5
#: Entries that were handed in and not taken back.
HANDED_IN = [EntryStatus.SUBMITTED, EntryStatus.RETURNED, EntryStatus.ACCEPTED]


@dataclass(frozen=True)
class Action:
    """What a visitor can do today: the button's words, its address, and a sentence beneath it."""

    label: str
    url: str
    sentence: str


@login_not_required
@require_safe
def home(request: HttpRequest, **kwargs: Any) -> HttpResponse:
    edition = edition_of(request)
    line = stages.overview(edition)
    context = {
        "stages": line,
        "is_before": bool(line) and line[0].phase is Phase.BEFORE,
        "deadline": next_deadline(line),
        "action": action_today(edition, line),
        "tracks": _tracks(edition),
        "news": _latest(edition, Article.Category.NEWS),
        "notices": _latest(edition, Article.Category.NOTICE),
        "prizes": edition.texts("prizes"),
        "organisers": _organisers(edition),
        "account": edition.texts("official_account"),
    }
    return render(request, "competition/home.html", context)


def next_deadline(line: list[StageView]) -> StageView | None:
    """The open stage that closes first, else the stage that opens next; None when all is over."""
    running = [stage for stage in line if stage.phase is Phase.OPEN]
    coming = [stage for stage in line if stage.phase is Phase.BEFORE]
    if running:
        return min(running, key=lambda stage: stage.closes_at)
    return min(coming, key=lambda stage: stage.opens_at) if coming else None


def action_today(edition: Edition, line: list[StageView]) -> Action:
    """The one primary button of the home page, by the stages as of now (R08, R09, R77, R90)."""
    phases = {stage.key: stage.phase for stage in line}
    if phases.get(stages.REGISTRATION) is Phase.OPEN:
        return Action("我要报名", reverse("registration:teams"), "注册账号，填写团队、单位和代表信息。")
    if phases.get(stages.SUBMISSION) is Phase.OPEN:
        return Action("提交参赛项目", reverse("registration:teams"), "报名成功的团队请在截止前提交申报书。")
    if phases.get(stages.REGISTRATION) is Phase.BEFORE:
        return Action(
            "了解赛道赛题", reverse("competition:tracks"), "报名尚未开始，可先了解赛题、下载申报书模板。"
        )
    return _after_submission(edition, phases)


def _after_submission(edition: Edition, phases: dict[str, Phase]) -> Action:
    """Once nothing can be handed in any more: the outcome as far as it goes."""
    if phases.get(stages.PUBLICITY) is Phase.OPEN:
        url = address_in(edition, "awards:notices_public_list")
        return Action("查看获奖公示", url, "获奖名单正在公示，接受社会监督；举报实行实名制。")
    if phases.get(stages.PUBLICITY) is Phase.OVER:
        if phases.get(stages.CEREMONY) is Phase.OVER:
            url = address_in(edition, "awards:library_list")
            return Action("浏览作品库", url, "获奖作品向社会开放，登录后可以与团队联系合作。")
        return Action(
            "查看获奖结果",
            address_in(edition, "awards:library_results"),
            "公示已经结束，获奖结果已确认的在此公布。",
        )
    if phases.get(stages.PRELIMINARY) is Phase.OVER:
        url = address_in(edition, "awards:library_results")
        return Action("查看入围名单", url, "初赛已经结束，结果确认后公布入围决赛和优秀奖候选名单。")
    return Action("查看赛程安排", reverse("competition:schedule"), "报名和作品提交已经结束，正在评审。")


def _tracks(edition: Edition) -> list[Any]:
    rows = edition.tracks.annotate(
        # The open topic (number 0) is not counted among the 48.
        topic_count=Count("topics", filter=Q(topics__number__gt=0), distinct=True),
        entry_count=Count(
            "topics__teams__entry", filter=Q(topics__teams__entry__status__in=HANDED_IN), distinct=True
        ),
    )
    return list(rows.order_by("number"))


def _latest(edition: Edition, category: str) -> list[Article]:
    rows = published(edition, clock.now(edition)).filter(category=category)
    return list(rows.order_by("-published_at", "-pk")[:HOME_ARTICLES])


def _organisers(edition: Edition) -> list[tuple[str, list[Organisation]]]:
    rows = list(edition.organisations.all())
    return [(role.label, [row for row in rows if row.role == role]) for role in Organisation.Role]
