"""More material asked for during judging: asked until a date, answered with files and words, or taken back (R72)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, Final

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.db.models import QuerySet

from competition import audit, clock, outbox, sms_texts, stages
from competition.errors import Invalid, NotAllowed, StageClosed, WrongState
from competition.files import KINDS, MEGABYTE, check_upload
from competition.models import Edition, User
from competition.phones import international
from registration.models import Representative
from submissions.models import SUPPLEMENT, Entry, SupplementRequest
from submissions.permissions import can_check_entry, is_of_team
from submissions.services.attachments import store_row
from submissions.services.entries import lock
from submissions.workflow import EntryStatus

KIND: Final = "supplement"
MOST_FILES: Final = 10
#: Of all files of an answer together: nginx takes 200 MB a request.
MOST_MEGABYTES: Final = 190
MAX_MEGABYTES: Final = 50
#: What a team may send; the whole list of the form's slots but video, which is the form's own.
ACCEPTED: Final = tuple(kind for kind in KINDS if kind != "mp4")
LONGEST: Final = 1000


@transaction.atomic
def ask(entry: Entry, *, officer: User, asked: str, until: datetime) -> SupplementRequest:
    """Ask a team whose entry is being judged for more material until an instant of the edition's time (R72).

    Raises NotAllowed, WrongState (not accepted, or left), Invalid at ``asked`` and ``until``.
    """
    entry = lock(entry)
    _require_officer(entry, officer)
    if entry.status != EntryStatus.ACCEPTED:
        raise WrongState("只有通过形式审查、正在评审的作品可以要求补充材料；此前请退回修改。")
    now, words = clock.now(entry.edition), asked.strip()
    problems = {}
    if not words:
        problems["asked"] = "请写明需要补充的材料，团队会看到。"
    elif len(words) > LONGEST:
        problems["asked"] = f"请写在{LONGEST}字以内。"
    if until <= now:
        problems["until"] = "截止时间须晚于现在。"
    if problems:
        raise Invalid(problems)
    made = SupplementRequest.objects.create(
        entry=entry, asked=words, until=until, asked_by=officer, asked_at=now
    )
    audit.record(officer, "supplement.asked", made, edition=entry.edition, entry=entry.reference)
    _tell_team(
        made,
        "asked",
        f"请在{stages.format_end(until)}前补充材料",
        f"评审中需要您的团队补充材料：\n{words}\n"
        f"请在{stages.format_end(until)}前登录，在作品页提交；逾期不能提交。已提交的材料原则上不予退还。",
    )
    return made


@transaction.atomic
def answer(
    request: SupplementRequest,
    *,
    actor: User,
    answer: str,
    files: Sequence[UploadedFile[Any]] = (),
    at: datetime | None = None,
) -> SupplementRequest:
    """Hand in what was asked for, once and for good: files, words, or both (R72, R73).

    ``at`` is the request's arrival: what arrived in time is honoured. Raises NotAllowed, WrongState (answered,
    taken back, entry left), StageClosed, Invalid at ``files`` and ``answer``.
    """
    entry = lock(request.entry)
    request = SupplementRequest.objects.select_for_update(of=("self",)).get(pk=request.pk)
    if not is_of_team(actor, entry):
        raise NotAllowed("只有本团队成员可以提交补充材料。")
    _require_open(request, entry, at)
    words = answer.strip()
    if not words and not files:
        raise Invalid({"files": "请上传材料，或写明情况。"})
    if len(words) > LONGEST:
        raise Invalid({"answer": f"说明请写在{LONGEST}字以内。"})
    if len(files) > MOST_FILES:
        raise Invalid({"files": f"最多上传{MOST_FILES}个文件，请合并后再上传。"})
    if sum(one.size or 0 for one in files) > MOST_MEGABYTES * MEGABYTE:
        raise Invalid({"files": f"各文件合计超过 {MOST_MEGABYTES} MB，请压缩后再上传。"})
    # All of them before the first is stored: what storage has taken no refusal takes back.
    sound = [check_upload(one, kinds=ACCEPTED, max_megabytes=MAX_MEGABYTES, field="files") for one in files]
    for upload, checked in zip(files, sound, strict=True):
        upload.name = f"upload.{checked.kind}"
        store_row(entry, SUPPLEMENT, checked, upload, actor, supplement=request)
    request.answer, request.answered_by, request.answered_at = words, actor, clock.now(entry.edition)
    request.save(update_fields=["answer", "answered_by", "answered_at"])
    audit.record(actor, "supplement.answered", request, edition=entry.edition, files=len(files))
    _tell_office(request, entry, "answered", f"{entry.reference} 已提交补充材料", f"共{len(files)}个文件。")
    return request


@transaction.atomic
def withdraw(request: SupplementRequest, *, officer: User) -> SupplementRequest:
    """Take a request back that nobody has answered; the team is told. Raises NotAllowed, WrongState."""
    entry = lock(request.entry)
    request = SupplementRequest.objects.select_for_update(of=("self",)).get(pk=request.pk)
    _require_officer(entry, officer)
    _require_waiting(request)
    request.withdrawn_at = clock.now(entry.edition)
    request.save(update_fields=["withdrawn_at"])
    audit.record(officer, "supplement.withdrawn", request, edition=entry.edition)
    _tell_team(request, "withdrawn", "不再需要补充材料", f"此前要求补充的材料不再需要提交：\n{request.asked}")
    return request


def is_open(request: SupplementRequest, *, at: datetime | None = None) -> bool:
    """Whether the team may still answer: asked, not over at the request's arrival, entry in judging."""
    if request.answered_at or request.withdrawn_at or request.entry.status != EntryStatus.ACCEPTED:
        return False
    edition = request.entry.edition
    now = clock.now(edition)
    arrived = now if at is None else clock.at(edition, at)
    return arrived < request.until and now < request.until + edition.honoured_for


def state_of(request: SupplementRequest) -> dict[str, str]:
    """Badge state and word of a request."""
    if request.answered_at:
        return {"state": "done", "word": "已补充"}
    if request.withdrawn_at:
        return {"state": "closed", "word": "已撤回"}
    return (
        {"state": "wait", "word": "等待补充"} if is_open(request) else {"state": "act", "word": "逾期未补充"}
    )


def requests_of(entry: Entry) -> list[SupplementRequest]:
    """All requests of an entry, the newest first; one query, none before it passed the formal check."""
    if entry.status not in {EntryStatus.ACCEPTED, EntryStatus.WITHDRAWN}:
        return []
    found = list(SupplementRequest.objects.filter(entry=entry))
    for one in found:
        one.entry = entry
    return found


def open_requests(edition: Edition) -> QuerySet[SupplementRequest]:
    """Requests that nobody has answered, the one that ends first in front."""
    return SupplementRequest.objects.filter(
        entry__edition=edition, entry__status=EntryStatus.ACCEPTED, answered_at=None, withdrawn_at=None
    ).order_by("until", "id")


def remind_due() -> int:
    """Remind teams once before the time ends, and tell the asking officer once when it has; returns how many.

    Safe to run any number of times: the outbox keeps one message per person and occurrence.
    """
    waiting = SupplementRequest.objects.filter(
        answered_at=None, withdrawn_at=None, entry__status=EntryStatus.ACCEPTED
    ).select_related("entry__team__owner", "entry__edition", "asked_by")
    return sum(_remind(one, clock.now(one.entry.edition)) for one in waiting)


@transaction.atomic
def _remind(request: SupplementRequest, now: datetime) -> int:
    entry = request.entry
    if request.until <= now:
        return _tell_office(
            request,
            entry,
            "overdue",
            f"{entry.reference} 逾期未补充材料",
            f"应于{stages.format_end(request.until)}前提交，团队没有提交。",
        )
    passed = [one for one in _offsets(entry.edition) if request.until - now <= one]
    # Asked for less than the offset ahead: the request itself has just said it.
    passed = [one for one in passed if request.until - request.asked_at > one]
    if not passed:
        return 0
    return _tell_team(
        request,
        f"soon-{int(min(passed).total_seconds())}",
        f"补充材料将于{stages.format_end(request.until)}截止",
        f"尚未收到您的团队需要补充的材料：\n{request.asked}\n请在{stages.format_end(request.until)}前登录提交；逾期不能提交。",
    )


def _offsets(edition: Edition) -> list[timedelta]:
    settings = edition.texts("reminders")
    hours = settings.get("supplement", []) if isinstance(settings, dict) else []
    return [timedelta(hours=float(one)) for one in hours]


def _require_officer(entry: Entry, officer: User) -> None:
    if not can_check_entry(officer, entry):
        raise NotAllowed("只有秘书处办公室工作人员可以要求补充材料，且不能是本人所在的团队。")


def _require_waiting(request: SupplementRequest) -> None:
    if request.answered_at:
        raise WrongState("团队已经提交了补充材料。")
    if request.withdrawn_at:
        raise WrongState("此项要求已撤回，无需提交。")


def _require_open(request: SupplementRequest, entry: Entry, at: datetime | None) -> None:
    _require_waiting(request)
    if entry.status != EntryStatus.ACCEPTED:
        raise WrongState("作品不在评审中，不再接收补充材料。")
    request.entry = entry
    if not is_open(request, at=at):
        raise StageClosed(f"补充材料已于{stages.format_end(request.until)}截止，不能再提交。")


def _tell_team(request: SupplementRequest, occasion: str, title: str, body: str) -> int:
    """Write to the owner, and to the confirmed contact when that is somebody else."""
    entry, occurrence = request.entry, f"{request.pk}:{occasion}"
    team = entry.team
    whole = f"团队“{team.name}”的作品“{team.project_name}”：\n{body}"
    sent = outbox.tell(
        team.owner,
        KIND,
        f"{entry.reference}:owner",
        occurrence,
        title=title,
        body=whole,
        edition=entry.edition,
    )
    contact = Representative.objects.filter(team=team, is_contact=True, confirmed_at__isnull=False).first()
    if contact is None or not contact.mobile or contact.mobile_hash == team.owner.phone_hash:
        return int(sent)
    also = outbox.post_sms(
        KIND,
        f"{entry.reference}:contact",
        occurrence,
        recipient=international(contact.mobile),
        template=sms_texts.GENERIC,
        params={"title": title},
        title=title,
        edition=entry.edition,
    )
    return sent + also


def _tell_office(request: SupplementRequest, entry: Entry, occasion: str, title: str, body: str) -> int:
    told = outbox.tell(
        request.asked_by,
        f"{KIND}.office",
        entry.reference,
        f"{request.pk}:{occasion}",
        title=title,
        body=f"“{entry.team.project_name}”，要求补充：{request.asked}\n{body}",
        edition=entry.edition,
    )
    return int(told)
