"""Publicity: by two people, for the days of the law, concluded exactly once, open to everybody."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import connection, connections, transaction
from django.db.utils import InternalError
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from awards.models import Award, CalendarDay, PublicityNotice, Report
from awards.services import awarding, notices, revoking
from awards.workflow import AwardStatus, NoticeStatus, ReportStatus
from competition import clock
from competition.errors import Invalid, NotAllowed, WrongState
from competition.models import AuditEvent, Edition, OutboxMessage, User
from competition.registries import due_work
from submissions.models import Entry
from tests.awards.ground import WEDNESDAY, after_publicity, at, decided, entries_of, published

AsUser = Callable[[User | None], Client]
SHANGHAI = ZoneInfo("Asia/Shanghai")


@pytest.fixture
def entries(edition: Edition, lihua: User, qianjin: User, sunli: User) -> list[Entry]:
    made = entries_of(edition, lihua, 2)
    decided(edition, qianjin, sunli, finalists=made[:1], excellence=made[1:])
    return made


@pytest.fixture
def awards(edition: Edition, entries: list[Entry], qianjin: User) -> list[Award]:
    """A first prize and an excellence award, proposed."""
    return awarding.propose(edition, actor=qianjin)


@pytest.fixture
def running(edition: Edition, awards: list[Award], qianjin: User, sunli: User) -> PublicityNotice:
    """Published on Wednesday, 2025-08-20; it ends with 2025-08-27."""
    return published(edition, qianjin, sunli)


def report(award: Award, *, is_late: bool = False) -> Report:
    assert award.notice is not None
    return Report.objects.create(
        edition=award.edition, number=f"JB20250821-{award.pk:06d}", notice=award.notice, award=award,
        matter="所述应用案例与实际不符。", is_late=is_late, received_at=WEDNESDAY,
        access_hash=hashlib.sha256(str(award.pk).encode()).hexdigest(),
    )  # fmt: skip


def states(edition: Edition) -> list[str]:
    return list(Award.objects.filter(edition=edition).values_list("status", flat=True))


@pytest.mark.rule("R88")
def test_publish_makes_the_awards_public_with_an_immutable_list(
    edition: Edition, entries: list[Entry], running: PublicityNotice
) -> None:
    team = entries[0].team

    assert running.content[0] == {
        "award": Award.objects.get(entry=entries[0]).pk,
        "tier": "first",
        "tier_name": "一等奖",
        "position": 1,
        "amount_fen": 5_000_000,
        "entry": entries[0].reference,
        "project": team.project_name,
        "team": team.name,
        "units": [unit.name for unit in team.units.all()],
        "track": str(team.topic.track),
        "topic": str(team.topic),
    }
    assert (running.number, running.title) == (1, "关于2025年“数据要素×”大赛山西分赛拟获奖名单的公示")
    assert running.sha256 == notices.content_hash(running.content)
    assert states(edition) == [AwardStatus.PUBLISHED, AwardStatus.PUBLISHED]
    told = OutboxMessage.objects.filter(kind="award.published")
    assert all("公示期至2025年8月27日24时" in one.body for one in told) and told.count() == 2


@pytest.mark.rule("R89")
@pytest.mark.parametrize(
    ("published_on", "last_day"),
    [
        (date(2025, 8, 20), date(2025, 8, 27)),
        (date(2025, 8, 22), date(2025, 8, 29)),
        (date(2025, 8, 23), date(2025, 9, 1)),
        (date(2025, 9, 21), date(2025, 9, 28)),
        (date(2025, 9, 24), date(2025, 10, 9)),
        (date(2026, 2, 9), date(2026, 2, 24)),
    ],
)
def test_publicity_ends_by_the_real_calendar(
    edition: Edition, awards: list[Award], qianjin: User, sunli: User, published_on: date, last_day: date
) -> None:
    at(
        edition,
        datetime.combine(published_on, datetime.min.time(), SHANGHAI) + timedelta(hours=23, minutes=50),
    )

    notice = notices.publish(notices.propose(edition, actor=qianjin), actor=sunli)

    ends_at = datetime.combine(last_day + timedelta(days=1), datetime.min.time(), SHANGHAI)
    assert (notice.last_day, notice.ends_at) == (last_day, ends_at)


@pytest.mark.rule("R89")
def test_publisher_says_the_last_day_where_the_calendar_ends(
    edition: Edition, awards: list[Award], qianjin: User, sunli: User
) -> None:
    at(edition, datetime(2026, 12, 26, 4, tzinfo=UTC))
    notice = notices.propose(edition, actor=qianjin)

    for day in (None, date(2027, 1, 1)):
        with pytest.raises(Invalid) as refused:
            notices.publish(notice, actor=sunli, last_day=day)
        assert list(refused.value.problems) == ["last_day"]
    notice = notices.publish(notice, actor=sunli, last_day=date(2027, 1, 4))

    assert (notice.last_day, notice.ends_at) == (date(2027, 1, 4), datetime(2027, 1, 4, 16, tzinfo=UTC))


@pytest.mark.rule("R89")
def test_entered_days_correct_the_calendar(
    edition: Edition, awards: list[Award], qianjin: User, sunli: User
) -> None:
    notices.enter_day(edition, day=date(2025, 8, 27), is_workday=False, note="临时调休", actor=qianjin)

    notice = published(edition, qianjin, sunli)

    assert notice.last_day == date(2025, 8, 28)
    with pytest.raises(Invalid):
        notices.enter_day(edition, day=date(2025, 8, 29), is_workday=False, note=" ", actor=qianjin)
    assert CalendarDay.objects.count() == 1


@pytest.mark.rule("R88")
def test_publish_needs_another_person_and_a_chief(
    edition: Edition,
    awards: list[Award],
    qianjin: User,
    sunli: User,
    zhaolei: User,
    staff: Callable[..., User],
) -> None:
    with pytest.raises(NotAllowed):
        notices.propose(edition, actor=zhaolei)
    notice = notices.propose(edition, actor=sunli)
    for person in (sunli, qianjin, zhaolei):
        with pytest.raises(NotAllowed):
            notices.publish(notice, actor=person)
    with pytest.raises(WrongState, match="等待第二人"):
        notices.propose(edition, actor=qianjin)

    notices.publish(notice, actor=staff("chief"))

    with pytest.raises(WrongState):
        notices.publish(notice, actor=staff("chief"))


def test_withdrawn_notice_gives_its_awards_back(
    edition: Edition, awards: list[Award], qianjin: User, sunli: User
) -> None:
    first = notices.withdraw(notices.propose(edition, actor=qianjin), actor=qianjin)

    second = notices.propose(edition, actor=qianjin)

    assert (first.status, second.number, second.awards.count()) == (NoticeStatus.WITHDRAWN, 2, 2)
    with pytest.raises(WrongState):
        notices.withdraw(first, actor=qianjin)


@pytest.mark.rule("R89")
def test_publicity_is_only_lengthened(
    edition: Edition, running: PublicityNotice, qianjin: User, sunli: User
) -> None:
    with pytest.raises(NotAllowed):
        notices.lengthen(running, last_day=date(2025, 8, 29), why="系统维护", actor=qianjin)
    for day in (date(2025, 8, 27), date(2025, 8, 30)):  # not later; a Saturday
        with pytest.raises(Invalid):
            notices.lengthen(running, last_day=day, why="系统维护", actor=sunli)

    notice = notices.lengthen(running, last_day=date(2025, 8, 29), why="系统维护", actor=sunli)

    assert (notice.ends_at, notice.lengthened_why) == (datetime(2025, 8, 29, 16, tzinfo=UTC), "系统维护")
    with pytest.raises(InternalError, match="Cannot update rows"), transaction.atomic():
        PublicityNotice.objects.filter(pk=notice.pk).update(last_day=date(2025, 8, 28))
    after_publicity(edition, notice)
    with pytest.raises(WrongState):
        notices.lengthen(notice, last_day=date(2025, 9, 5), why="系统维护", actor=sunli)


def test_published_notice_stays_in_the_database(running: PublicityNotice) -> None:
    rows = PublicityNotice.objects.filter(pk=running.pk)

    for attempt in (
        lambda: rows.update(content=[]),
        lambda: rows.update(title="另一个标题"),
        lambda: rows.update(sha256="0" * 64),
        lambda: connection.cursor().execute("DELETE FROM awards_publicitynotice"),
    ):
        with pytest.raises(InternalError, match=r"Cannot (update|delete) rows"), transaction.atomic():
            attempt()
    with pytest.raises(InternalError, match="Cannot truncate"), transaction.atomic():
        connection.cursor().execute("SET CONSTRAINTS ALL IMMEDIATE; TRUNCATE awards_publicitynotice CASCADE")


@pytest.mark.rule("R88", "R89")
def test_end_of_publicity_confirms_once(edition: Edition, running: PublicityNotice) -> None:
    assert running.ends_at is not None
    at(edition, running.ends_at - timedelta(minutes=1))
    too_early = notices.conclude_due()
    after_publicity(edition, running)

    done = (due_work["awards.publicity"](), due_work["awards.publicity"]())

    running.refresh_from_db()
    assert (too_early, done, running.status) == (0, (1, 0), NoticeStatus.CONCLUDED)
    assert states(edition) == [AwardStatus.CONFIRMED, AwardStatus.CONFIRMED]
    assert AuditEvent.objects.filter(verb="notice.concluded").count() == 1
    assert OutboxMessage.objects.filter(kind="award.confirmed").count() == 2


@pytest.mark.django_db(transaction=True)
def test_two_reconcilers_conclude_a_notice_once(edition: Edition, running: PublicityNotice) -> None:
    after_publicity(edition, running)

    def conclude(_: int) -> int:
        try:
            return notices.conclude_due()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(3) as pool:
        done = list(pool.map(conclude, range(3)))

    assert sum(done) == 1
    assert AuditEvent.objects.filter(verb="award.confirmed").count() == 2


def test_clock_of_another_edition_concludes_nothing(edition: Edition, running: PublicityNotice) -> None:
    """The notice stands in a rehearsal's past; by real time it would be over long since."""
    assert running.ends_at is not None and running.ends_at < clock.real_now()

    assert notices.conclude_due() == 0


@pytest.mark.rule("R88", "R91")
def test_open_report_keeps_its_award_pending_and_no_other(edition: Edition, running: PublicityNotice) -> None:
    first, second = Award.objects.filter(edition=edition)
    case = report(first)
    report(second, is_late=True)
    after_publicity(edition, running)

    notices.conclude_due()
    held = states(edition)
    Report.objects.filter(pk=case.pk).update(status=ReportStatus.DISMISSED)
    awarding.settle(first)

    assert held == [AwardStatus.PUBLISHED, AwardStatus.CONFIRMED]
    assert states(edition) == [AwardStatus.CONFIRMED, AwardStatus.CONFIRMED]


def test_settling_before_the_end_confirms_nothing(edition: Edition, running: PublicityNotice) -> None:
    award = awarding.settle(Award.objects.filter(edition=edition)[0])

    assert award.status == AwardStatus.PUBLISHED


@pytest.mark.rule("R90", "R91")
def test_anybody_reads_the_notice_and_what_was_cancelled(
    edition: Edition, entries: list[Entry], running: PublicityNotice
) -> None:
    revoking.end(Award.objects.get(entry=entries[0]), reason="李华提交虚假材料")

    client = Client()
    page = client.get(reverse("awards:notices_public", kwargs={"number": 1})).content.decode()
    raw = client.get(reverse("awards:notices_data", kwargs={"number": 1})).content

    assert "关于2025年“数据要素×”大赛山西分赛拟获奖名单的公示" in page
    assert "2025年8月27日（星期三），当日24时截止" in page
    assert page.count('<span class="laureates-word">已取消</span>') == 1
    assert reverse("awards:report_new", kwargs={"number": 1}) in page
    assert [name for name in ("虚假材料", "李华", "王芳", "13800138001") if name in page] == []
    assert hashlib.sha256(raw).hexdigest() == running.sha256 and running.sha256 in page


@pytest.mark.rule("R90")
def test_public_sees_no_notice_before_it_is_published(
    edition: Edition, awards: list[Award], qianjin: User
) -> None:
    notices.propose(edition, actor=qianjin)

    client = Client()

    assert client.get(reverse("awards:notices_public", kwargs={"number": 1})).status_code == 404
    assert client.get(reverse("awards:notices_data", kwargs={"number": 1})).status_code == 404
    assert "还没有公示" in client.get(reverse("awards:notices_public_list")).content.decode()


def test_office_proposes_and_chief_publishes_through_pages(
    edition: Edition, awards: list[Award], qianjin: User, sunli: User, as_user: AsUser
) -> None:
    at(edition, datetime(2026, 12, 26, 4, tzinfo=UTC))
    office, chief = as_user(qianjin), as_user(sunli)

    office.post(reverse("awards:notices_propose"), {"title": ""})
    number = {"number": PublicityNotice.objects.get().number}
    publish = reverse("awards:notices_publish", kwargs=number)
    own = office.post(publish)
    unsaid = chief.post(publish)
    early = chief.post(publish, {"publish-last_day": "2026-12-30"})
    done = chief.post(publish, {"publish-last_day": "2027-01-04"})

    assert [answer.status_code for answer in (own, unsaid, early, done)] == [403, 422, 422, 302]
    assert 'value="2026-12-30"' in early.content.decode()
    assert "至2027年1月4日24时" in chief.get(done["Location"]).content.decode()
    assert states(edition) == [AwardStatus.PUBLISHED, AwardStatus.PUBLISHED]


def test_public_list_needs_no_more_queries_for_more_lines(
    edition: Edition, running: PublicityNotice, lihua: User, qianjin: User
) -> None:
    def queries(rows: int) -> int:
        content = running.content[:1] * rows
        PublicityNotice.objects.create(
            edition=edition, number=10 + rows, title="公示", status=NoticeStatus.PUBLISHED, content=content,
            proposed_by=qianjin, proposed_at=WEDNESDAY, published_by=lihua, published_at=WEDNESDAY,
            last_day=date(2025, 8, 27), ends_at=running.ends_at,
        )  # fmt: skip
        with CaptureQueriesContext(connection) as asked:
            Client().get(reverse("awards:notices_public", kwargs={"number": 10 + rows}))
        return len(asked)

    assert queries(1) == queries(3) <= 12
