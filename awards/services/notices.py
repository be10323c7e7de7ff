"""Publicity: proposed by one, published by another, only ever lengthened, concluded by the clock (R88-R90)."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from datetime import date, datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import transaction
from django.db.models import Max

from awards.models import Award, CalendarDay, PublicityNotice
from awards.permissions.notices import can_lengthen, can_publish, can_withdraw, works_on_notices
from awards.publicity import Counting, Period, end_of, lengthened, local_day, period
from awards.services import awarding
from awards.workflow import AWARD, NOTICE, AwardStatus, NoticeStatus
from competition import audit, clock
from competition.errors import Invalid, NotAllowed, WrongState
from competition.holidays import published_calendar
from competition.models import Edition, User
from competition.services.lists import imported_days
from competition.transitions import move
from competition.workdays import Calendar, CorrectedCalendar
from submissions.sealing import canonical

TITLE_MOST: Final = 120
WHY_MOST: Final = 300
NOTE_MOST: Final = 200
UNKNOWN_END: Final = "缺少公示截止日的节假日安排，请核对后填写截止日期。"


def default_title(edition: Edition) -> str:
    """The title of the public list unless staff give another one."""
    return f"关于{edition.name}拟获奖名单的公示"


def calendar(edition: Edition) -> Calendar:
    """The published calendar with the days that staff imported over it, and over both those entered by hand.

    Two queries.
    """
    entered = dict(CalendarDay.objects.values_list("day", "is_workday"))
    return CorrectedCalendar({**imported_days(edition), **entered}, published_calendar)


def period_from(edition: Edition, published_at: datetime) -> Period:
    """How long a notice published at an instant of the edition's time would stand (R89)."""
    counting = Counting.from_settings(edition.data["publicity"])
    return period(local_day(published_at, _zone()), counting, calendar(edition))


def period_of(notice: PublicityNotice) -> Period | None:
    """The period of a published notice with its last day as it is now; None before it is published."""
    if notice.published_at is None:
        return None
    counting = Counting.from_settings(notice.edition.data["publicity"])
    given = period(local_day(notice.published_at, _zone()), counting, published_calendar)
    return Period(given.published_on, given.counted_first, given.counted_last, notice.last_day)


def proposable(edition: Edition) -> Any:
    """Awards that no notice has taken up yet."""
    return Award.objects.filter(edition=edition, status=AwardStatus.PROPOSED, notice__isnull=True)


@transaction.atomic
def propose(edition: Edition, *, actor: User, title: str = "") -> PublicityNotice:
    """Propose to publish every proposed award that no notice holds (R88, decision 17).

    Raises NotAllowed, WrongState (nothing to publish, another one waits), Invalid (title over 120 characters).
    """
    if not works_on_notices(actor):
        raise NotAllowed("只有秘书处工作人员可以拟定公示。")
    title = title.strip() or default_title(edition)
    if len(title) > TITLE_MOST:
        raise Invalid({"title": f"最多{TITLE_MOST}字，现为{len(title)}字。"})
    Edition.objects.select_for_update(no_key=True).only("pk").get(pk=edition.pk)
    if PublicityNotice.objects.filter(edition=edition, status=NoticeStatus.PROPOSED).exists():
        raise WrongState("已有一份公示等待第二人发布。")
    awards = list(proposable(edition).select_for_update(of=("self",)))
    if not awards:
        raise WrongState("没有可以公示的奖项，请先拟定奖项。")
    last = PublicityNotice.objects.filter(edition=edition).aggregate(last=Max("number"))["last"] or 0
    notice = PublicityNotice.objects.create(
        edition=edition,
        number=last + 1,
        title=title,
        proposed_by=actor,
        proposed_at=clock.now(edition),
    )
    Award.objects.filter(pk__in=[award.pk for award in awards]).update(notice=notice)
    audit.record(actor, "notice.proposed", notice, edition=edition, awards=len(awards))
    return notice


@transaction.atomic
def withdraw(notice: PublicityNotice, *, actor: User) -> PublicityNotice:
    """Take back a notice that is not published; its awards may be proposed anew. Raises NotAllowed, WrongState."""
    notice = _lock(notice)
    _require_proposed(notice)
    if not can_withdraw(actor, notice):
        raise NotAllowed("只有秘书处工作人员可以撤回公示。")
    move(notice, NoticeStatus.WITHDRAWN, NOTICE)
    Award.objects.filter(notice=notice, status=AwardStatus.PROPOSED).update(notice=None)
    audit.record(actor, "notice.withdrawn", notice, edition=notice.edition)
    return notice


@transaction.atomic
def publish(notice: PublicityNotice, *, actor: User, last_day: date | None = None) -> PublicityNotice:
    """Publish the list for the time that the rules give, or until a later ``last_day`` (R89, decisions 15, 17).

    Raises NotAllowed (the proposer; not a chief), WrongState, Invalid (the calendar does not reach and no last
    day is given; the day is too early or a rest day).
    """
    notice = _lock(notice)
    _require_proposed(notice)
    if not can_publish(actor, notice):
        raise NotAllowed("须由提出人以外的秘书处负责人发布。")
    awards = list(awards_of(notice).filter(status=AwardStatus.PROPOSED).select_for_update(of=("self",)))
    if not awards:
        raise WrongState("名单中的奖项均已取消，请撤回这份公示。")
    edition, now = notice.edition, clock.now(notice.edition)
    until = _last_day(edition, now, last_day)
    content = content_from(awards)
    move(
        notice,
        NoticeStatus.PUBLISHED,
        NOTICE,
        content=content,
        sha256=content_hash(content),
        published_by=actor,
        published_at=now,
        last_day=until,
        ends_at=end_of(until, _zone()),
    )
    for award in awards:
        move(award, AwardStatus.PUBLISHED, AWARD)
        _tell_published(award, notice)
    audit.record(
        actor,
        "notice.published",
        notice,
        edition=edition,
        awards=len(awards),
        sha256=notice.sha256,
        last_day=until.isoformat(),
    )
    return notice


@transaction.atomic
def lengthen(notice: PublicityNotice, *, last_day: date, why: str, actor: User) -> PublicityNotice:
    """Let the publicity end on a later working day, for a reason that the public reads (R89).

    Raises NotAllowed, WrongState (not running any more), Invalid (not later, a rest day, no reason).
    """
    notice = _lock(notice)
    edition, before = notice.edition, notice.last_day
    if notice.status != NoticeStatus.PUBLISHED or before is None or is_over(notice):
        raise WrongState("公示不在进行中，不能延长。")
    if not can_lengthen(actor, notice):
        raise NotAllowed("只有秘书处负责人可以延长公示期。")
    why = why.strip()
    if not why or len(why) > WHY_MOST:
        raise Invalid({"why": f"请写明延长的原因，最多{WHY_MOST}字，会在公示页面显示。"})
    if last_day <= before:
        raise Invalid({"last_day": f"公示期只能延长，须晚于现截止日{before.isoformat()}。"})
    if calendar(edition)(last_day) is False:
        raise Invalid({"last_day": "这一天是休息日，请选择工作日。"})
    # The state stays; the database refuses an earlier end.
    PublicityNotice.objects.filter(pk=notice.pk).update(
        last_day=last_day, ends_at=end_of(last_day, _zone()), lengthened_why=why
    )
    notice.refresh_from_db()
    data = {"before": before.isoformat(), "last_day": last_day.isoformat()}
    audit.record(actor, "notice.lengthened", notice, edition=edition, **data)
    return notice


def conclude_due() -> int:
    """Conclude every notice whose end has passed in its edition's time, each exactly once; returns how many.

    What arrived before the end is honoured for the edition's grace: so long no award is confirmed over its head.
    """
    running = PublicityNotice.objects.filter(status=NoticeStatus.PUBLISHED).select_related("edition")
    rows = running.defer("content", "edition__form", "edition__rubrics", "edition__data")
    return sum(_conclude(notice.pk) for notice in rows if is_over(notice))


@transaction.atomic
def enter_day(edition: Edition, *, day: date, is_workday: bool, note: str, actor: User) -> CalendarDay:
    """Enter a working day or a day off where the known calendar ends or is wrong, with what it rests on.

    Notices that are published keep their end. Raises NotAllowed, Invalid (nothing to rest on).
    """
    if not works_on_notices(actor):
        raise NotAllowed("只有秘书处工作人员可以维护工作日历。")
    note = note.strip()
    if not note or len(note) > NOTE_MOST:
        raise Invalid({"note": f"请写明依据（如国务院办公厅通知的文号），最多{NOTE_MOST}字。"})
    row, _ = CalendarDay.objects.update_or_create(
        day=day, defaults={"is_workday": is_workday, "note": note, "entered_by": actor}
    )
    audit.record(actor, "calendar.entered", row, edition=edition, day=day.isoformat(), is_workday=is_workday)
    return row


def until_text(notice: PublicityNotice) -> str:
    """``2025年8月27日24时``; nothing before it is published."""
    day = notice.last_day
    return f"{day.year}年{day.month}月{day.day}日24时" if day else ""


def is_over(notice: PublicityNotice) -> bool:
    """Whether its last day is over in the edition's time."""
    return notice.ends_at is not None and notice.ends_at <= clock.now(notice.edition)


def _is_settled(notice: PublicityNotice) -> bool:
    """Whether no report that arrived before the end can be on its way any more."""
    now, edition = clock.now(notice.edition), notice.edition
    return notice.ends_at is not None and notice.ends_at + edition.honoured_for <= now


def awards_of(notice: PublicityNotice) -> Any:
    """The awards of a notice in the order of prizes, with what the public list says about them."""
    return (
        notice.awards.select_related("tier", "entry__team__owner", "entry__team__topic__track", "edition")
        .defer("edition__form", "edition__rubrics", "edition__data")
        .prefetch_related("entry__team__units")
        .order_by("tier__position", "position", "pk")
    )


def content_from(awards: Iterable[Award]) -> list[dict[str, Any]]:
    """The public list: prize, place, project, team and units, never a person (R90)."""
    return [_line(award) for award in awards]


def content_hash(content: list[dict[str, Any]]) -> str:
    """SHA-256 (hex) of the list as canonical JSON, which anybody can download and compute again."""
    return hashlib.sha256(canonical(content)).hexdigest()


@transaction.atomic
def _conclude(pk: int) -> int:
    # Not the key: a report that is being received refers to the notice and holds its award already.
    rows = PublicityNotice.objects.select_for_update(of=("self",), skip_locked=True, no_key=True)
    notice = (
        rows.filter(pk=pk, status=NoticeStatus.PUBLISHED)
        .select_related("edition")
        .defer("edition__form", "edition__rubrics")
        .first()
    )
    if notice is None or not _is_settled(notice):
        return 0
    move(notice, NoticeStatus.CONCLUDED, NOTICE, concluded_at=clock.now(notice.edition))
    audit.record(None, "notice.concluded", notice, edition=notice.edition)
    for award in notice.awards.filter(status=AwardStatus.PUBLISHED).order_by("tier__position", "position"):
        awarding.settle(award)
    return 1


def _lock(notice: PublicityNotice) -> PublicityNotice:
    return (
        PublicityNotice.objects.select_for_update(of=("self",), no_key=True)
        .select_related("edition")
        .defer("edition__form", "edition__rubrics")
        .get(pk=notice.pk)
    )


def _require_proposed(notice: PublicityNotice) -> None:
    if notice.status != NoticeStatus.PROPOSED:
        raise WrongState(f"当前状态为“{notice.get_status_display()}”，不能再办理。")


def _last_day(edition: Edition, now: datetime, chosen: date | None) -> date:
    known = calendar(edition)
    counting = Counting.from_settings(edition.data["publicity"])
    given = period(local_day(now, _zone()), counting, known)
    if chosen is not None:
        try:
            given = lengthened(given, chosen, known)
        except ValueError as problem:
            raise Invalid({"last_day": str(problem)}) from problem
    if given.last_day is None:
        raise Invalid({"last_day": UNKNOWN_END})
    return given.last_day


def _line(award: Award) -> dict[str, Any]:
    line: dict[str, Any] = {
        "award": award.pk,
        "tier": award.tier.key,
        "tier_name": award.tier.name,
        "position": award.position,
        "amount_fen": award.amount_fen,
    }
    if award.entry is None:
        return {**line, "unit": award.unit_name, "reason": award.reason}
    team = award.entry.team
    return {
        **line,
        "entry": award.entry.reference,
        "project": team.project_name,
        "team": team.name,
        "units": [unit.name for unit in sorted(team.units.all(), key=lambda unit: unit.position)],
        "track": str(team.topic.track) if team.topic else "",
        "topic": str(team.topic) if team.topic else "",
    }


def _tell_published(award: Award, notice: PublicityNotice) -> None:
    awarding.tell_team(
        award,
        "published",
        f"拟获{award.tier.name}，正在公示",
        f"您的作品拟获{award.tier.name}，名单已公示，公示期至{until_text(notice)}。"
        "公示期满无异议的，获奖结果随即确认。",
    )


def _zone() -> ZoneInfo:
    return ZoneInfo(settings.TIME_ZONE)
