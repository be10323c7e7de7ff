"""Real-name reports: received with evidence, accepted and looked into, ruled by two of the committee (R88, R92-R94)."""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils import timezone

from awards.models import Award, Evidence, Report, Reporter, Ruling
from awards.permissions.reports import REVEALED, access_hash, can_confirm_ruling, can_handle, can_rule
from awards.publicity import local_day
from awards.services import awarding, notices, revoking
from awards.workflow import REPORT, AwardStatus, NoticeStatus, ReportStatus
from competition import audit, clock, identity, limits, outbox
from competition.errors import Invalid, NotAllowed, WrongState
from competition.files import CheckedFile, check_upload
from competition.limits import Limit
from competition.models import Edition, User
from competition.phones import international
from competition.transitions import move
from competition.workdays import add_workdays
from registration.names import person_name_problem

KINDS: Final = ("pdf", "jpg", "png")
MOST_FILES: Final = 10
MOST_MEGABYTES: Final = 20
MOST_TEXT: Final = 5000
LEAST_MATTER: Final = 10
#: Reports that were received; mistakes in the form take nothing.
PER_PHONE: Final = Limit("report.phone", 5, timedelta(days=1), "该手机号24小时内提交的举报过多")
#: Every try from one network, right or wrong: each may carry 200 MB.
PER_ADDRESS: Final = Limit("report.address", 30, timedelta(hours=1), "本网络提交举报的次数过多")
UPHELD: Final = "经组委会对实名举报核查裁定，举报成立。"


def least_evidence(edition: Edition) -> int:
    """How many files a report needs at least (R92)."""
    return int(edition.data["reports"]["least_evidence"])


def problems(
    edition: Edition, typed: Mapping[str, str], files: Sequence[UploadedFile[Any]]
) -> dict[str, str]:
    """What stands in the way of a report, by field; {} when nothing does (R92, R93).

    ``typed`` holds name, document_type, document_number, phone, unit and matter as they were typed.
    """
    name, matter = typed["name"].strip(), typed["matter"].strip()
    found = {
        "name": person_name_problem(name)
        if name
        else "请填写真实姓名。举报实行实名制，匿名举报无效，不予受理。",
        "document_number": identity.document_problem(typed["document_type"], typed["document_number"]),
        "phone": identity.mobile_problem(typed["phone"]),
        "unit": "单位名称最多120字。" if len(typed["unit"].strip()) > 120 else "",
        "matter": _matter_problem(matter),
    }
    try:
        _check_files(edition, files)
    except Invalid as refusal:
        found |= refusal.problems
    return {field: sentence for field, sentence in found.items() if sentence}


@transaction.atomic
def receive(
    award: Award,
    *,
    name: str,
    document_type: str,
    document_number: str,
    phone: str,
    unit: str,
    matter: str,
    files: Sequence[UploadedFile[Any]],
    at: datetime | None = None,
) -> tuple[Report, str]:
    """Take a report about an award of a public notice; returns it and the reporter's access token (R92).

    The token is returned once; only its keyed hash is kept. A report that arrived (``at``, real time) after the
    end of publicity is late: it holds nothing up. Raises Invalid (R93: nothing anonymous), WrongState, TooMany.
    """
    # The lock under which awards are settled: a report that is first holds the award up.
    award = awarding.lock(award)
    notice, edition = award.notice, award.edition
    if notice is None or notice.status not in {NoticeStatus.PUBLISHED, NoticeStatus.CONCLUDED}:
        raise WrongState("该奖项不在公示名单中，不能举报。")
    if award.status not in {AwardStatus.PUBLISHED, AwardStatus.CONFIRMED}:
        raise WrongState("该奖项已取消或撤销，无需举报。")
    typed = {
        "name": name,
        "document_type": document_type,
        "document_number": document_number,
        "phone": phone,
        "unit": unit,
        "matter": matter,
    }
    if found := problems(edition, typed, files):
        raise Invalid(found)
    mobile = identity.normalise_mobile(phone)
    limits.take((PER_PHONE, f"{edition.pk}:{mobile}"))
    arrived = clock.now(edition) if at is None else clock.at(edition, at)
    over = notice.ends_at is not None and arrived >= notice.ends_at
    token = secrets.token_urlsafe(24)
    report = Report.objects.create(
        edition=edition,
        number=_new_number(arrived),
        notice=notice,
        award=award,
        matter=matter.strip(),
        is_late=over or notice.status == NoticeStatus.CONCLUDED or award.status == AwardStatus.CONFIRMED,
        received_at=arrived,
        accept_by=_due(edition, arrived, "accept_working_days"),
        access_hash=access_hash(token),
    )
    Reporter.objects.create(
        report=report,
        name=name.strip(),
        document_type=document_type,
        document_number=identity.normalise_document(document_number),
        phone=mobile,
        unit=unit.strip(),
    )
    _keep_files(report, files)
    audit.record(None, "report.received", report, edition=edition, late=report.is_late, evidence=len(files))
    _tell_reporter(report, "received")
    return report, token


def holds(award: Award) -> bool:
    """Whether a report that came in time and is not decided holds the award up (decision 16)."""
    return awarding.is_held(award)


@transaction.atomic
def accept(report: Report, *, handler: User) -> Report:
    """The case handler takes the case; the time to rule runs from here. Raises NotAllowed, WrongState."""
    report = _lock(report)
    _require_handler(report, handler)
    now = clock.now(report.edition)
    move(
        report,
        ReportStatus.ACCEPTED,
        REPORT,
        handler=handler,
        accepted_at=now,
        rule_by=_due(report.edition, now, "rule_working_days"),
    )
    audit.record(handler, "report.accepted", report, edition=report.edition)
    return report


@transaction.atomic
def refuse(report: Report, *, handler: User, findings: str) -> Report:
    """The case is not taken, for a reason that the reporter reads; what it held up goes on.

    Raises NotAllowed, WrongState, Invalid (no reason).
    """
    report = _lock(report)
    _require_handler(report, handler)
    findings = _text("findings", findings, "请写明不予受理的理由，举报人会看到。")
    move(report, ReportStatus.REFUSED, REPORT, handler=handler, findings=findings)
    audit.record(handler, "report.refused", report, edition=report.edition)
    _tell_closed(report)
    _release(report)
    return report


@transaction.atomic
def note_findings(report: Report, *, handler: User, findings: str) -> Report:
    """Write down what the inquiry found, for the committee; without a word about the reporter (R94).

    Raises NotAllowed, WrongState (only while the case is looked into), Invalid.
    """
    report = _lock(report)
    _require_handler(report, handler)
    if report.status != ReportStatus.ACCEPTED:
        raise WrongState(f"当前状态为“{report.get_status_display()}”，不能填写核查情况。")
    findings = _text("findings", findings, "请填写核查情况。")
    reporter = report.reporter
    for secret in (reporter.name, reporter.document_number, reporter.phone):
        if secret and secret in findings:
            raise Invalid({"findings": "核查情况中出现了举报人的姓名、证件号码或手机号码，请删去后再保存。"})
    # The state stays; only who handles it and what was found change.
    Report.objects.filter(pk=report.pk).update(findings=findings, handler=handler)
    report.refresh_from_db()
    audit.record(handler, "report.findings", report, edition=report.edition, length=len(findings))
    return report


@transaction.atomic
def propose_ruling(report: Report, *, actor: User, upheld: bool, answer: str) -> Ruling:
    """A member of the committee proposes the ruling with its written answer (R94).

    Raises NotAllowed, WrongState (not looked into), Invalid (no answer).
    """
    report = _lock(report)
    if not can_rule(actor, report):
        raise NotAllowed("只有组委会成员可以拟定裁定，受理人和与被举报团队有关的人须回避。")
    if report.status != ReportStatus.ACCEPTED:
        raise WrongState(f"当前状态为“{report.get_status_display()}”，不能拟定裁定。")
    if not report.findings:
        raise WrongState("受理人尚未填写核查情况，不能拟定裁定。")
    answer = _text("answer", answer, "请写明书面答复，举报人会看到。")
    ruling = Ruling.objects.create(
        report=report,
        upheld=upheld,
        answer=answer,
        proposed_by=actor,
        proposed_at=clock.now(report.edition),
    )
    move(report, ReportStatus.PROPOSED, REPORT)
    audit.record(actor, "ruling.proposed", ruling, edition=report.edition, upheld=upheld)
    return ruling


@transaction.atomic
def confirm_ruling(ruling: Ruling, *, actor: User) -> Ruling:
    """Another member agrees: the award ends, or goes on (R91, R94). Raises NotAllowed, WrongState."""
    ruling, report = _pending(ruling, actor)
    _decide(ruling, actor, confirmed=True)
    move(report, ReportStatus.UPHELD if ruling.upheld else ReportStatus.DISMISSED, REPORT)
    audit.record(actor, "ruling.confirmed", ruling, edition=report.edition, upheld=ruling.upheld)
    _tell_closed(report)
    if ruling.upheld:
        revoking.end(report.award, reason=UPHELD, actor=actor)
    else:
        _release(report)
    return ruling


@transaction.atomic
def send_back(ruling: Ruling, *, actor: User, note: str) -> Ruling:
    """Another member does not agree: the case is looked into again. Raises NotAllowed, WrongState, Invalid."""
    ruling, report = _pending(ruling, actor)
    note = _text("note", note, "请写明退回的原因。", most=300)
    _decide(ruling, actor, confirmed=False, note=note)
    move(report, ReportStatus.ACCEPTED, REPORT)
    audit.record(actor, "ruling.sent_back", ruling, edition=report.edition)
    return ruling


@transaction.atomic
def reveal(report: Report, *, actor: User) -> Reporter:
    """Who reported; every look is recorded (decision 16). Raises NotAllowed."""
    if not can_handle(actor, report):
        raise NotAllowed("只有本案受理人可以查看举报人身份。")
    audit.record(actor, REVEALED, report, edition=report.edition)
    return report.reporter


def _matter_problem(matter: str) -> str:
    if len(matter) < LEAST_MATTER:
        return f"请具体说明举报的事实，至少{LEAST_MATTER}字。"
    return f"举报事项最多{MOST_TEXT}字，现为{len(matter)}字。" if len(matter) > MOST_TEXT else ""


def _check_files(edition: Edition, files: Sequence[UploadedFile[Any]]) -> list[CheckedFile]:
    least = least_evidence(edition)
    if len(files) < least:
        raise Invalid({"evidence": f"请至少上传{least}份证据；没有证据的举报不予受理。"})
    if len(files) > MOST_FILES:
        raise Invalid({"evidence": f"最多上传{MOST_FILES}份证据，现为{len(files)}份，请合并后再上传。"})
    return [check_upload(one, kinds=KINDS, max_megabytes=MOST_MEGABYTES, field="evidence") for one in files]


def _keep_files(report: Report, files: Sequence[UploadedFile[Any]]) -> None:
    for number, (upload, facts) in enumerate(
        zip(files, _check_files(report.edition, files), strict=True), start=1
    ):
        Evidence.objects.create(
            report=report,
            file=upload,
            # A file's own name may tell who the reporter is.
            name=f"证据{number}.{facts.kind}",
            size=facts.size,
            sha256=facts.sha256,
            content_type=facts.content_type,
        )


def _new_number(received_at: datetime) -> str:
    """A number that tells the day and neither how many reports there are nor the next one."""
    day = timezone.localtime(received_at)
    while True:
        number = f"JB{day:%Y%m%d}-{secrets.randbelow(1_000_000):06d}"
        if not Report.objects.filter(number=number).exists():
            return number


def _due(edition: Edition, start: datetime, key: str) -> date | None:
    """The last of so many working days after ``start``; None where the calendar does not reach."""
    days = int(edition.data["reports"][key])
    return add_workdays(local_day(start, ZoneInfo(settings.TIME_ZONE)), days, notices.calendar(edition))


def _lock(report: Report) -> Report:
    return (
        Report.objects.select_for_update(of=("self",))
        .select_related("edition", "award__entry__team", "handler", "reporter")
        .defer("edition__form", "edition__rubrics")
        .get(pk=report.pk)
    )


def _require_handler(report: Report, handler: User) -> None:
    if not can_handle(handler, report):
        raise NotAllowed("只有本案受理人可以办理，与被举报团队有关的人须回避。")


def _pending(ruling: Ruling, actor: User) -> tuple[Ruling, Report]:
    report = _lock(ruling.report)
    ruling = Ruling.objects.select_for_update().get(pk=ruling.pk)
    ruling.report = report
    if ruling.decided_by_id is not None or report.status != ReportStatus.PROPOSED:
        raise WrongState("这份裁定已有决定，请刷新页面查看最新状态。")
    if not can_confirm_ruling(actor, ruling):
        raise NotAllowed("须由拟定人以外的组委会成员确认，受理人和与被举报团队有关的人须回避。")
    return ruling, report


def _decide(ruling: Ruling, actor: User, *, confirmed: bool, note: str = "") -> None:
    ruling.decided_by, ruling.decided_at = actor, clock.now(ruling.report.edition)
    ruling.is_confirmed, ruling.note = confirmed, note
    ruling.save(update_fields=["decided_by", "decided_at", "is_confirmed", "note"])


def _release(report: Report) -> None:
    """What this report held up goes on, unless another one holds it."""
    awarding.settle(report.award)


def _tell_closed(report: Report) -> None:
    _tell_reporter(report, "closed")


def _tell_reporter(report: Report, what: str) -> None:
    """An SMS that says nothing of the matter."""
    kind = f"report.{what}"
    outbox.post_sms(
        kind,
        report.number,
        "1",
        recipient=international(report.reporter.phone),
        template=kind,
        params={"number": report.number},
        title="举报处理情况",
        edition=report.edition,
    )


def _text(field: str, text: str, missing: str, *, most: int = MOST_TEXT) -> str:
    text = text.strip()
    if not text:
        raise Invalid({field: missing})
    if len(text) > most:
        raise Invalid({field: f"最多{most}字，现为{len(text)}字。"})
    return text
