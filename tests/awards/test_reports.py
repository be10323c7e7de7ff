"""Real-name reports: nothing anonymous, the reporter known to the handler alone, ruled by two of the committee."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client

from awards.models import Award, Evidence, Report, Reporter, Ruling
from awards.services import awarding, notices, reports
from awards.workflow import AwardStatus, ReportStatus
from competition import clock, limits, roles
from competition.challenge import FIELD
from competition.errors import Invalid, NotAllowed, TooMany, WrongState
from competition.models import AuditEvent, Edition, OutboxMessage, User
from submissions.models import Entry
from tests.awards.reported import (
    ANSWER,
    DOCUMENT,
    FINDINGS,
    MATTER,
    NAME,
    PHONE,
    UNIT,
    evidence,
    investigated,
    published,
    typed,
)
from tests.contest import accepted_entry
from tests.fixtures import make_user
from tests.solving import solved

Staff = Callable[..., User]


@pytest.fixture
def entry(edition: Edition, lihua: User, wangfang: User) -> Entry:
    return accepted_entry(edition, lihua, also=wangfang)


@pytest.fixture
def award(edition: Edition, entry: Entry, qianjin: User, sunli: User) -> Award:
    """A third prize of Lihua's entry, in publicity."""
    return published(edition, entry, qianjin, sunli)


@pytest.fixture
def handler(staff: Staff) -> User:
    return staff(roles.CASE_HANDLER, "何立")


@pytest.fixture
def two(staff: Staff) -> tuple[User, User]:
    """Two members of the committee."""
    return staff(roles.COMMITTEE, "周正"), staff(roles.COMMITTEE, "吴衡")


def pass_publicity(award: Award) -> None:
    """Let the notice's end pass and conclude it."""
    now = clock.now(award.edition)
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute(
            "UPDATE awards_publicitynotice SET ends_at = %s WHERE id = %s",
            [now - award.edition.honoured_for, award.notice_id],
        )
        cursor.execute("SET LOCAL session_replication_role = origin")
    notices.conclude_due()


@pytest.mark.rule("R92")
def test_report_is_received_with_number_deadline_and_a_message_that_says_nothing(award: Award) -> None:
    report, token = reports.receive(award, **typed())

    message = OutboxMessage.objects.get(kind="report.received")
    assert (report.status, report.is_late, report.award) == (ReportStatus.RECEIVED, False, award)
    assert report.accept_by is not None
    assert (message.channel, message.recipient) == ("sms", f"+86{PHONE}")
    assert report.number in message.body
    assert not any(word in message.body for word in (token, NAME, MATTER, award.tier.name, "数智先锋"))


@pytest.mark.rule("R94")
def test_time_to_accept_and_to_rule_is_counted_in_working_days(
    award: Award, handler: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    friday = datetime(2025, 9, 26, 15, 0, tzinfo=ZoneInfo("Asia/Shanghai"))
    report, _ = reports.receive(award, **typed(), at=friday)
    monkeypatch.setattr(clock, "now", lambda edition: friday + timedelta(days=2))

    report = reports.accept(report, handler=handler)

    # 28 September and 11 October 2025 are make-up days, 1 to 8 October are days off.
    assert (report.accept_by, report.rule_by) == (date(2025, 10, 10), date(2025, 10, 24))


@pytest.mark.rule("R93")
@pytest.mark.parametrize(
    ("change", "field", "sentence"),
    [
        ({"name": " "}, "name", "匿名举报无效"),
        ({"name": "http://x.cn"}, "name", "姓名"),
        ({"document_number": ""}, "document_number", "证件号码"),
        ({"document_number": DOCUMENT[:-1] + "A"}, "document_number", "居民身份证"),
        ({"phone": "0351-4012345"}, "phone", "11位手机"),
        ({"matter": "有问题"}, "matter", "至少10字"),
    ],
)
def test_anonymous_or_vague_reports_are_refused(
    award: Award, change: dict[str, Any], field: str, sentence: str
) -> None:
    with pytest.raises(Invalid) as refusal:
        reports.receive(award, **typed(**change))

    assert list(refusal.value.problems) == [field]
    assert sentence in refusal.value.problems[field]
    assert not Report.objects.exists()


@pytest.mark.rule("R92")
@pytest.mark.parametrize("files", ["none", "eleven", "a script"])
def test_evidence_is_needed_and_is_what_it_says(award: Award, files: str) -> None:
    given: dict[str, list[Any]] = {
        "none": [],
        "eleven": [evidence(f"{number}.pdf") for number in range(11)],
        "a script": [evidence("证据.html")],
    }

    with pytest.raises(Invalid) as refusal:
        reports.receive(award, **typed(files=given[files]))

    assert list(refusal.value.problems) == ["evidence"]


def test_nothing_of_the_reporter_stands_readable_in_the_database(award: Award) -> None:
    report, token = reports.receive(award, **typed())

    with connection.cursor() as cursor:
        stored = ""
        for table in ("report", "reporter", "evidence"):
            cursor.execute(f"SELECT t::text FROM awards_{table} t")
            stored += " ".join(row[0] for row in cursor.fetchall())
        cursor.execute("SELECT t::text FROM competition_outboxmessage t WHERE kind LIKE 'report.%%'")
        stored += " ".join(row[0] for row in cursor.fetchall())
        cursor.execute("SELECT t::text FROM competition_auditevent t WHERE verb LIKE 'report%%'")
        stored += " ".join(row[0] for row in cursor.fetchall())
    assert MATTER in stored
    assert not any(secret in stored for secret in (NAME, DOCUMENT, PHONE, UNIT, token))
    assert Reporter.objects.get(report=report).document_number == DOCUMENT


def test_reporter_and_evidence_are_never_changed_or_deleted(award: Award) -> None:
    report, _ = reports.receive(award, **typed())

    for act in (
        lambda: Reporter.objects.filter(report=report).update(document_type="passport"),
        lambda: Reporter.objects.filter(report=report).delete(),
        lambda: Evidence.objects.filter(report=report).update(name="x"),
    ):
        with pytest.raises(Exception, match="Cannot"), transaction.atomic():
            act()
    assert (Reporter.objects.count(), Evidence.objects.count()) == (1, 1)


@pytest.mark.rule("R88")
def test_open_report_holds_its_award_and_not_the_others(
    edition: Edition, award: Award, zhaolei: User, qianjin: User, sunli: User
) -> None:
    other = published(edition, accepted_entry(edition, zhaolei), qianjin, sunli)
    reports.receive(award, **typed())

    pass_publicity(award)
    pass_publicity(other)

    award.refresh_from_db()
    other.refresh_from_db()
    assert (reports.holds(award), reports.holds(other)) == (True, False)
    assert (award.status, other.status) == (AwardStatus.PUBLISHED, AwardStatus.CONFIRMED)


@pytest.mark.rule("R94")
@pytest.mark.parametrize(
    ("upheld", "report_becomes", "award_becomes"),
    [
        (True, ReportStatus.UPHELD, AwardStatus.VOID),
        (False, ReportStatus.DISMISSED, AwardStatus.CONFIRMED),
    ],
)
def test_ruling_of_two_members_ends_the_award_or_lets_it_go_on(
    award: Award,
    handler: User,
    two: tuple[User, User],
    upheld: bool,
    report_becomes: str,
    award_becomes: str,
) -> None:
    report = investigated(award, handler)
    pass_publicity(award)
    ruling = reports.propose_ruling(report, actor=two[0], upheld=upheld, answer=ANSWER)
    waiting = Award.objects.get(pk=award.pk).status

    ruling = reports.confirm_ruling(ruling, actor=two[1])

    award.refresh_from_db()
    report.refresh_from_db()
    assert (waiting, award.status, report.status) == (AwardStatus.PUBLISHED, award_becomes, report_becomes)
    assert (ruling.is_confirmed, ruling.proposed_by, ruling.decided_by) == (True, *two)
    assert OutboxMessage.objects.filter(kind="report.closed", subject=report.number).count() == 1


@pytest.mark.rule("R94")
def test_one_member_cannot_rule_alone(award: Award, handler: User, two: tuple[User, User]) -> None:
    ruling = reports.propose_ruling(investigated(award, handler), actor=two[0], upheld=True, answer=ANSWER)

    with pytest.raises(NotAllowed):
        reports.confirm_ruling(ruling, actor=two[0])
    with pytest.raises(IntegrityError), transaction.atomic():
        Ruling.objects.filter(pk=ruling.pk).update(decided_by=two[0])
    assert Award.objects.get(pk=award.pk).status == AwardStatus.PUBLISHED


@pytest.mark.parametrize("role", [roles.OFFICER, roles.CHIEF, roles.AUDITOR, roles.CASE_HANDLER])
def test_nobody_but_the_committee_rules(award: Award, handler: User, staff: Staff, role: str) -> None:
    report = investigated(award, handler)

    with pytest.raises(NotAllowed):
        reports.propose_ruling(report, actor=staff(role), upheld=True, answer=ANSWER)


def test_who_handles_a_case_does_not_rule_on_it(award: Award, staff: Staff) -> None:
    both = staff(roles.CASE_HANDLER, "何立")
    both.groups.add(staff(roles.COMMITTEE).groups.get())

    with pytest.raises(NotAllowed):
        reports.propose_ruling(investigated(award, both), actor=both, upheld=False, answer=ANSWER)


def test_who_saw_the_reporter_does_not_rule_either(award: Award, handler: User, staff: Staff) -> None:
    both = staff(roles.CASE_HANDLER, "何立")
    both.groups.add(staff(roles.COMMITTEE).groups.get())
    report, _ = reports.receive(award, **typed())
    reports.reveal(report, actor=both)
    reports.accept(report, handler=handler)
    reports.note_findings(report, handler=handler, findings=FINDINGS)

    with pytest.raises(NotAllowed):
        reports.propose_ruling(report, actor=both, upheld=False, answer=ANSWER)


def test_ruling_needs_findings_and_an_answer(award: Award, handler: User, two: tuple[User, User]) -> None:
    report, _ = reports.receive(award, **typed())
    with pytest.raises(WrongState):
        reports.propose_ruling(report, actor=two[0], upheld=True, answer=ANSWER)
    report = reports.accept(report, handler=handler)
    with pytest.raises(WrongState, match="核查情况"):
        reports.propose_ruling(report, actor=two[0], upheld=True, answer=ANSWER)
    report = reports.note_findings(report, handler=handler, findings=FINDINGS)

    with pytest.raises(Invalid, match="书面答复"):
        reports.propose_ruling(report, actor=two[0], upheld=True, answer=" ")


def test_second_member_sends_back_and_the_case_is_looked_into_again(
    award: Award, handler: User, two: tuple[User, User]
) -> None:
    report = investigated(award, handler)
    ruling = reports.propose_ruling(report, actor=two[0], upheld=True, answer=ANSWER)

    ruling = reports.send_back(ruling, actor=two[1], note="请补充合同原件。")

    report.refresh_from_db()
    assert (report.status, ruling.is_confirmed, ruling.note) == (
        ReportStatus.ACCEPTED,
        False,
        "请补充合同原件。",
    )
    with pytest.raises(WrongState):
        reports.confirm_ruling(ruling, actor=two[1])
    again = reports.propose_ruling(report, actor=two[1], upheld=False, answer=ANSWER)
    assert reports.confirm_ruling(again, actor=two[0]).is_confirmed is True


@pytest.mark.rule("R91")
def test_late_report_holds_nothing_up_and_still_leads_to_a_revocation(
    award: Award, handler: User, two: tuple[User, User]
) -> None:
    pass_publicity(award)
    report = investigated(award, handler)
    held = reports.holds(award)
    ruling = reports.propose_ruling(report, actor=two[0], upheld=True, answer=ANSWER)

    reports.confirm_ruling(ruling, actor=two[1])

    award.refresh_from_db()
    assert (report.is_late, held, award.status) == (True, False, AwardStatus.REVOKED)


def test_report_that_arrives_at_the_end_to_the_instant_is_late(award: Award) -> None:
    assert award.notice is not None
    assert award.notice.ends_at is not None

    before, _ = reports.receive(award, **typed(), at=award.notice.ends_at - timedelta(microseconds=1))
    after, _ = reports.receive(award, **typed(), at=award.notice.ends_at)

    assert (before.is_late, after.is_late) == (False, True)


def test_what_is_refused_releases_its_award_and_says_why(award: Award, handler: User) -> None:
    report, _ = reports.receive(award, **typed())
    pass_publicity(award)
    with pytest.raises(Invalid, match="理由"):
        reports.refuse(report, handler=handler, findings=" ")

    report = reports.refuse(report, handler=handler, findings="证据与所述事项无关。")

    award.refresh_from_db()
    assert (report.status, award.status) == (ReportStatus.REFUSED, AwardStatus.CONFIRMED)
    with pytest.raises(WrongState):
        reports.accept(report, handler=handler)


def test_only_the_cases_own_handler_works_on_it(award: Award, handler: User, staff: Staff) -> None:
    other = staff(roles.CASE_HANDLER, "另一人")
    report, _ = reports.receive(award, **typed())
    reports.accept(report, handler=handler)

    with pytest.raises(NotAllowed):
        reports.note_findings(report, handler=other, findings=FINDINGS)
    report.refresh_from_db()
    with pytest.raises(NotAllowed):
        reports.reveal(report, actor=other)
    handler.groups.clear()
    assert reports.note_findings(report, handler=other, findings=FINDINGS).handler == other


def test_findings_never_name_the_reporter(award: Award, handler: User) -> None:
    report, _ = reports.receive(award, **typed())
    report = reports.accept(report, handler=handler)

    with pytest.raises(Invalid, match="举报人"):
        reports.note_findings(report, handler=handler, findings=f"{NAME}提供了合同。")


@pytest.mark.parametrize("role", [roles.COMMITTEE, roles.CHIEF, roles.OFFICER, roles.AUDITOR])
def test_identity_is_revealed_to_the_handler_alone_and_every_look_is_recorded(
    award: Award, handler: User, staff: Staff, role: str
) -> None:
    report = investigated(award, handler)
    with pytest.raises(NotAllowed):
        reports.reveal(report, actor=staff(role))

    seen = [reports.reveal(report, actor=handler).name for _ in range(2)]

    looks = AuditEvent.objects.filter(verb="reporter.revealed", target_id=str(report.pk))
    assert seen == [NAME, NAME]
    assert [look.actor for look in looks] == [handler, handler]


def test_pages_show_the_identity_only_after_asking(
    award: Award, handler: User, two: tuple[User, User], as_user: Callable[[User | None], Client]
) -> None:
    report = investigated(award, handler)
    client, secrets = as_user(handler), (NAME, DOCUMENT, PHONE, UNIT)

    masked = client.get(f"/cases/{report.number}/").content.decode()
    shown = client.post(f"/cases/{report.number}/reporter/").content.decode()
    again = client.get(f"/cases/{report.number}/").content.decode()
    committee = as_user(two[0]).get(f"/committee/{report.number}/").content.decode()

    assert [secret in masked for secret in secrets] == [False] * 4
    assert [secret in shown for secret in secrets] == [True] * 4
    assert [secret in again for secret in secrets] == [False] * 4
    assert [secret in committee for secret in (*secrets, DOCUMENT[-4:])] == [False] * 5
    assert MATTER in committee
    assert FINDINGS in committee


@pytest.mark.parametrize("where", ["cases", "committee"])
def test_who_is_of_the_reported_team_does_not_learn_of_the_report(
    edition: Edition, qianjin: User, sunli: User, as_user: Callable[[User | None], Client], where: str
) -> None:
    role = {"cases": roles.CASE_HANDLER, "committee": roles.COMMITTEE}[where]
    own = make_user("own", "郝成", role=role, phone="+8613800138055")
    other = make_user("other", "刘洋", role=role)
    entry = accepted_entry(edition, make_user("owner", "高远"), also=own)
    report, _ = reports.receive(published(edition, entry, qianjin, sunli), **typed())
    key = report.evidence.get().key

    def seen(user: User) -> list[Any]:
        client = as_user(user)
        return [
            report.number in client.get(f"/{where}/").content.decode(),
            client.get(f"/{where}/{report.number}/").status_code,
            client.get(f"/cases/evidence/{key}/").status_code,
        ]

    assert seen(own) == [False, 404, 404]
    assert seen(other) == [True, 200, 200]
    with pytest.raises(NotAllowed):
        reports.accept(report, handler=own)


def test_evidence_is_handed_out_for_saving_only_and_without_its_own_name(
    award: Award, handler: User, as_user: Callable[[User | None], Client]
) -> None:
    report, _ = reports.receive(award, **typed())

    response = as_user(handler).get(f"/cases/evidence/{report.evidence.get().key}/")

    body = b"".join(response.streaming_content)  # type: ignore[attr-defined]
    assert body.startswith(b"%PDF")
    assert response["Content-Disposition"].startswith("attachment")
    assert response["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in response["Content-Security-Policy"]
    assert report.evidence.get().name == "证据1.pdf"
    assert AuditEvent.objects.filter(verb="evidence.read", actor=handler).exists()


def posted(award: Award, **changes: Any) -> dict[str, Any]:
    values = typed(award=str(award.pk), agree="on", **changes)
    return {"evidence": values.pop("files"), **values, **solved()}


def address_of(award: Award) -> str:
    assert award.notice is not None
    return f"/publicity/{award.notice.number}/report/"


def test_report_without_a_solution_is_refused_and_keeps_what_was_typed(award: Award, client: Client) -> None:
    sent = {key: value for key, value in posted(award).items() if key != FIELD}

    response = client.post(address_of(award), sent)

    assert response.status_code == 422
    assert "还没有完成安全验证" in response.content.decode()
    assert str(sent["name"]) in response.content.decode()
    assert not Report.objects.exists()


@pytest.mark.rule("R92")
def test_report_is_made_without_an_account_and_read_by_its_link(
    award: Award, handler: User, two: tuple[User, User], client: Client
) -> None:
    form = client.get(f"{address_of(award)}?award={award.pk}").content.decode()
    sent = client.post(address_of(award), posted(award, files=[evidence(), evidence("照片.pdf")]))
    first = client.get(sent["Location"]).content.decode()
    report = Report.objects.get()
    reports.accept(report, handler=handler)
    reports.note_findings(report, handler=handler, findings=FINDINGS)
    ruling = reports.propose_ruling(
        Report.objects.get(), actor=two[0], upheld=False, answer="经核查，举报不成立。"
    )
    before = Client().get(sent["Location"]).content.decode()
    reports.confirm_ruling(ruling, actor=two[1])
    after = Client().get(sent["Location"]).content.decode()

    assert "匿名举报无效" in form
    assert f'value="{award.pk}" selected' in form
    assert (sent.status_code, report.evidence.count()) == (302, 2)
    assert (report.number in first, sent["Location"] in first) == (True, True)
    assert ("举报不成立" in before, FINDINGS in before, "已受理，核查中" in before) == (False, False, True)
    assert "经核查，举报不成立。" in after
    assert (FINDINGS in after, NAME in after, "查询链接是" in after) == (False, False, False)
    assert client.get("/reports/not-a-token/").status_code == 404


@pytest.mark.rule("R93")
def test_refused_form_keeps_what_was_typed_and_asks_for_the_files_again(award: Award, client: Client) -> None:
    response = client.post(address_of(award), posted(award, name="", document_number="123"))

    page = response.content.decode()
    assert response.status_code == 422
    assert all(text in page for text in (MATTER, PHONE, UNIT, "匿名举报无效", "证据文件须重新选择"))
    assert "居民身份证号码应为18位" in page
    assert not Report.objects.exists()


def test_form_needs_consent_and_an_award_of_its_notice(
    edition: Edition, award: Award, zhaolei: User, qianjin: User, sunli: User, client: Client
) -> None:
    other = published(edition, accepted_entry(edition, zhaolei), qianjin, sunli)

    foreign = client.post(address_of(award), posted(other))
    silent = client.post(address_of(award), {**posted(award), "agree": ""})

    assert (foreign.status_code, silent.status_code) == (422, 422)
    assert "请选择公示名单中的奖项" in foreign.content.decode()
    assert "请阅读并勾选" in silent.content.decode()


def test_reports_are_limited_by_phone_and_by_network(award: Award, client: Client) -> None:
    for _ in range(5):
        reports.receive(award, **typed())
    with pytest.raises(TooMany):
        reports.receive(award, **typed())
    reports.receive(award, **typed(phone="13912345679"))
    for _ in range(30):
        limits.take((reports.PER_ADDRESS, "127.0.0.1"))

    response = client.post(address_of(award), posted(award, phone="13912345680"))

    assert response.status_code == 429
    assert MATTER in response.content.decode()


def test_team_is_not_told_who_reported(
    award: Award, handler: User, two: tuple[User, User], lihua: User
) -> None:
    report = investigated(award, handler)
    ruling = reports.propose_ruling(report, actor=two[0], upheld=True, answer=f"{ANSWER}感谢{NAME}。")

    reports.confirm_ruling(ruling, actor=two[1])

    award.refresh_from_db()
    told = " ".join(
        f"{one.title}{one.body}" for one in OutboxMessage.objects.filter(kind__startswith="award.")
    )
    assert "举报成立" in told
    assert not any(word in told + award.ended_why for word in (NAME, PHONE, report.number, MATTER))


def test_award_off_the_list_cannot_be_reported(
    edition: Edition, award: Award, qianjin: User, zhaolei: User, sunli: User
) -> None:
    unpublished = published(edition, accepted_entry(edition, zhaolei), qianjin, sunli)
    Award.objects.filter(pk=unpublished.pk).update(notice=None)
    Award.objects.filter(pk=award.pk).update(status=AwardStatus.VOID, ended_why="取消资格")

    for one in (unpublished, award):
        with pytest.raises(WrongState):
            reports.receive(one, **typed())
    assert awarding.is_held(award) is False
