"""The formal check: an officer accepts a submitted version, returns it with reasons, or rejects it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction

from competition import audit, clock, outbox, stages
from competition.errors import Invalid, NotAllowed, StaleVersion, WrongState
from competition.models import User
from competition.transitions import move
from submissions.checklist import ITEM_VALUES, items_of
from submissions.models import Entry, FormalCheck, Receipt
from submissions.permissions import can_check_entry
from submissions.places import Place
from submissions.registries import entry_accepted
from submissions.services.claiming import hold
from submissions.services.entries import lock
from submissions.services.revisions import last_receipt
from submissions.services.sealed_files import settled
from submissions.services.uploads import UNDER_WAY
from submissions.workflow import TRANSITIONS, EntryStatus, FormalVerdict

_TO = {
    FormalVerdict.ACCEPT: EntryStatus.ACCEPTED,
    FormalVerdict.RETURN: EntryStatus.RETURNED,
    FormalVerdict.REJECT: EntryStatus.REJECTED,
}


@transaction.atomic
def accept(receipt: Receipt, *, officer: User, checklist: Mapping[str, str], note: str = "") -> FormalCheck:
    """The version passes the formal check; every item of the checklist must be settled and none failed.

    Raises NotAllowed, WrongState (also while a declared file is still on its way), StaleVersion (a newer
    version was submitted), Invalid.
    """
    entry = _open(receipt, officer)
    problems = _unsettled(entry, checklist)
    problems |= {
        f"item_{key}": "此项判为“不符合”，不能通过；请退回修改或不予通过。"
        for key, value in checklist.items()
        if value == "no"
    }
    if problems:
        raise Invalid(problems, "审查项尚未全部符合，不能通过。")
    coming = [one for one in settled(receipt.revision.content, entry).values() if one.status in UNDER_WAY]
    if coming:
        raise WrongState(f"“{coming[0].name}”在截止前申明，还在传送或检查，请等它有结果后再通过。")
    return _decide(entry, receipt, FormalVerdict.ACCEPT, officer, checklist, {}, note, None)


@transaction.atomic
def return_for_correction(
    receipt: Receipt,
    *,
    officer: User,
    checklist: Mapping[str, str],
    reasons: Mapping[str, str],
    note: str = "",
    until: datetime | None = None,
) -> FormalCheck:
    """Send the entry back with reasons at sections or fields ({place: reason}) for the team to mend.

    The team may submit again until the submission deadline or, only what was asked for, until ``until``
    (the edition's time). Raises NotAllowed, WrongState, StaleVersion, Invalid.
    """
    entry = _open(receipt, officer)
    kept = {place: reason.strip() for place, reason in reasons.items() if reason.strip()}
    problems = {f"reason_{place}": "没有这个位置。" for place in kept if Place.parse(place) is None}
    if not kept:
        problems["reasons"] = "请至少指出一处需要修改的内容，并写明理由。"
    now = clock.now(entry.edition)
    closed = not stages.is_open(entry.edition, stages.SUBMISSION)
    if until is not None and until <= now:
        problems["until"] = "补正期限须晚于现在。"
    elif until is None and closed:
        problems["until"] = "提交已截止，请给出补正期限，否则团队无法修改。"
    if problems:
        raise Invalid(problems)
    return _decide(entry, receipt, FormalVerdict.RETURN, officer, checklist, kept, note.strip(), until)


@transaction.atomic
def reject(receipt: Receipt, *, officer: User, checklist: Mapping[str, str], note: str) -> FormalCheck:
    """The entry fails the formal check for good. Raises NotAllowed, WrongState, StaleVersion, Invalid."""
    entry = _open(receipt, officer)
    if not note.strip():
        raise Invalid({"note": "请写明不通过的理由，团队会看到。"})
    return _decide(entry, receipt, FormalVerdict.REJECT, officer, checklist, {}, note.strip(), None)


def _open(receipt: Receipt, officer: User) -> Entry:
    entry = lock(receipt.revision.entry)
    if not can_check_entry(officer, entry):
        raise NotAllowed("只有秘书处办公室工作人员可以作形式审查，且不能审查本人所在团队的作品。")
    if entry.status != EntryStatus.SUBMITTED:
        raise WrongState(f"作品当前状态为“{entry.get_status_display()}”，不能作形式审查。")
    newest = last_receipt(entry)
    if newest is not None and newest.pk != receipt.pk:
        raise StaleVersion(f"团队刚刚提交了第{newest.revision.number}版，请刷新页面，审查最新版本。")
    hold(entry, officer)
    return entry


def _unsettled(entry: Entry, checklist: Mapping[str, str]) -> dict[str, str]:
    return {
        f"item_{item.key}": f"请判断“{item.label}”。"
        for item in items_of(entry.edition)
        if checklist.get(item.key) not in ITEM_VALUES
    }


def _decide(
    entry: Entry,
    receipt: Receipt,
    verdict: FormalVerdict,
    officer: User,
    checklist: Mapping[str, str],
    reasons: dict[str, str],
    note: str,
    until: datetime | None,
) -> FormalCheck:
    known = {item.key for item in items_of(entry.edition)}
    check = FormalCheck.objects.create(
        receipt=receipt,
        verdict=verdict,
        checklist={key: value for key, value in checklist.items() if key in known and value in ITEM_VALUES},
        reasons=reasons,
        note=note,
        until=until,
        officer=officer,
        at=clock.now(entry.edition),
    )
    move(entry, _TO[verdict], TRANSITIONS, correction_until=until)
    if verdict == FormalVerdict.ACCEPT:
        for _, follow in entry_accepted:
            follow(entry)
    audit.record(
        officer,
        f"formal_check.{verdict}",
        check,
        edition=entry.edition,
        receipt=receipt.number,
        places=list(reasons),
    )
    _tell(entry, check)
    return check


_TITLES = {
    FormalVerdict.ACCEPT: "作品已通过形式审查",
    FormalVerdict.RETURN: "作品需要修改后重新提交",
    FormalVerdict.REJECT: "作品未通过形式审查",
}


def _tell(entry: Entry, check: FormalCheck) -> None:
    verdict = FormalVerdict(check.verdict)
    lines = [f"团队“{entry.team.name}”的作品“{entry.team.project_name}”：{_TITLES[verdict]}。"]
    if check.reasons:
        lines.append(f"需要修改的内容共{len(check.reasons)}处，请登录后在申报书页面查看逐项意见。")
    if check.until:
        lines.append(f"请在{stages.format_instant(check.until)}前修改、重新定稿盖章并提交。")
    elif verdict == FormalVerdict.RETURN:
        lines.append("请在提交截止前修改、重新定稿盖章并提交。")
    if check.note:
        lines.append(f"意见：{check.note}")
    outbox.tell(
        entry.team.owner,
        f"formal_check.{verdict}",
        entry.reference,
        str(check.pk),
        title=_TITLES[verdict],
        body="\n".join(lines),
        edition=entry.edition,
    )
