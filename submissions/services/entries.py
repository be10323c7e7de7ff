"""An entry from approval to the end: opened, written section by section, left."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any

from django.db import transaction
from django.db.models import F

from competition import audit, clock, outbox, stages
from competition.errors import NotAllowed, Refusal, StageClosed, StaleVersion, WrongState
from competition.form_schema import Problem, Progress, Section
from competition.models import User
from competition.transitions import move
from registration.models import Team
from registration.registries import require_unbound
from submissions import parts
from submissions.facts import unit_values
from submissions.form import schema_of
from submissions.models import Attachment, Entry, EntrySection, FormalCheck, Upload
from submissions.permissions import can_edit_entry, can_withdraw_entry
from submissions.places import Place
from submissions.registries import entry_left
from submissions.services import presence
from submissions.workflow import TRANSITIONS, UPLOAD, EntryStatus, FormalVerdict, UploadStatus

STALE = "这一部分刚刚由他人（或您在另一个窗口）保存了新内容。您的内容没有被保存，也没有丢失，请核对后再保存。"
CLOSED_STATES = {
    EntryStatus.ACCEPTED: "作品已通过形式审查，材料不能再修改；如需补正，请联系秘书处办公室。",
    EntryStatus.REJECTED: "作品未通过形式审查，材料不能再修改。",
    EntryStatus.WITHDRAWN: "团队已退出比赛，材料不能再修改。",
}


@dataclass(frozen=True)
class SavedSection:
    """A section as saved, what is wrong with what stands there, what stands in the way, how far it is."""

    section: EntrySection
    problems: list[Problem]
    blocking: list[Problem]
    progress: Progress


@transaction.atomic
def open_entry(team: Team) -> Entry:
    """Open the approved team's application form; one entry a team, opening it twice changes nothing (R52b)."""
    entry, created = Entry.objects.get_or_create(
        team=team, defaults={"edition": team.edition, "created_at": clock.now(team.edition)}
    )
    if created:
        audit.record(None, "entry.opened", entry, edition=team.edition)
    return entry


def open_on_approval(team: Team) -> None:
    """What the registration sets off when it approves a team."""
    open_entry(team)


@transaction.atomic
def follow_correction(team: Team, path: str, before: str) -> None:
    """The registration was corrected: a form that was frozen for stamping says something else now (decision 5)."""
    entry = Entry.objects.select_for_update(no_key=True).filter(team=team).first()
    if entry is not None and entry.is_editable:
        touch(entry)


@transaction.atomic
def close_entry(team: Team, reason: str) -> None:
    """The team has left (withdrawn, disqualified): its entry takes no further part (R54, R60)."""
    entry = Entry.objects.select_for_update(no_key=True).filter(team=team).first()
    if entry is not None and EntryStatus.WITHDRAWN in TRANSITIONS[entry.status]:
        move(entry, EntryStatus.WITHDRAWN, TRANSITIONS)
        audit.record(None, "entry.closed", entry, edition=team.edition, reason=reason)
        _follow(entry, reason)


@transaction.atomic
def withdraw(entry: Entry, *, actor: User, at: datetime | None = None) -> Entry:
    """The owner says that the team will not take part; nothing of it is judged. Raises NotAllowed, WrongState."""
    entry = lock(entry)
    if not can_withdraw_entry(actor, entry):
        raise NotAllowed("只有报名账号本人可以退出比赛，且须在作品尚未有最终审查结论时办理。")
    require_unbound(entry.team)
    move(entry, EntryStatus.WITHDRAWN, TRANSITIONS)
    audit.record(actor, "entry.withdrawn", entry, edition=entry.edition)
    _follow(entry, EntryStatus.WITHDRAWN)
    outbox.tell(
        actor,
        "entry.withdrawn",
        entry.reference,
        "1",
        title="您的团队已退出比赛",
        body=f"团队“{entry.team.name}”已退出比赛，作品“{entry.team.project_name}”不再参加评审。",
        edition=entry.edition,
    )
    return entry


@transaction.atomic
def save_section(
    entry: Entry,
    *,
    key: str,
    answers: Mapping[str, Any],
    version: int,
    actor: User,
    unit_id: int | None = None,
    at: datetime | None = None,
) -> SavedSection:
    """Save a section's answers as typed, right or wrong; drafts are free until the deadline (R77).

    ``version`` is the one that was read (0 when nothing was saved yet). Raises StaleVersion when there is a
    newer one, StageClosed, WrongState, NotAllowed; nothing is changed then.
    """
    return save_locked(
        lock(entry), key=key, answers=answers, version=version, actor=actor, unit_id=unit_id, at=at
    )


def save_locked(
    entry: Entry,
    *,
    key: str,
    answers: Mapping[str, Any],
    version: int,
    actor: User,
    unit_id: int | None = None,
    at: datetime | None = None,
) -> SavedSection:
    """``save_section`` for an entry whose row this transaction has locked already.

    People save every few seconds, so that it asks the database for no more than the section needs.
    """
    opened = require_writable(entry, actor=actor, at=at)
    section, derived = _section_with_values(entry, key, unit_id)
    row = EntrySection.objects.filter(entry=entry, key=key, unit=unit_id).first()
    if version != (row.version if row else 0):
        raise StaleVersion(STALE)
    row = row or EntrySection(entry=entry, key=key, unit_id=unit_id, version=0)
    kept = _known(section, answers)
    files = files_of(entry) if section.has_files else frozenset()
    if kept != row.answers or row.pk is None:
        _require_asked(opened, Place(key, unit_id), row.answers, kept)
        before, row.answers, row.version, row.updated_by = row.answers, kept, row.version + 1, actor
        row.save()
        if files:
            files -= _drop_orphans(entry, section, before, kept)
        touch(entry)
        transaction.on_commit(partial(presence.note_saved, entry.pk, Place(key, unit_id), row.version, actor))
    complete = section.check(kept, complete=True, files=files, derived=derived)
    return SavedSection(
        row,
        section.check(kept, complete=False, files=files, derived=derived),
        [one for one in complete if one.blocking],
        section.progress_with(complete),
    )


def _follow(entry: Entry, reason: str) -> None:
    """Let judging and awards draw their consequences, in this transaction."""
    for _, follow in entry_left:
        follow(entry, reason)


def lock(entry: Entry) -> Entry:
    """The entry's row, locked until the transaction ends, with team and edition.

    Not its key: whoever only refers to it (a verification, a change of the lists) is not held up.
    """
    return (
        Entry.objects.select_for_update(of=("self",), no_key=True)
        .select_related("team__owner", "team__topic__track", "edition")
        .defer("edition__form", "edition__rubrics")
        .get(pk=entry.pk)
    )


def touch(entry: Entry) -> None:
    """Note that the material of a locked entry changed since the last frozen version."""
    entry.version, entry.updated_at = entry.version + 1, clock.real_now()
    Entry.objects.filter(pk=entry.pk).update(version=F("version") + 1, updated_at=entry.updated_at)


def require_writable(entry: Entry, *, actor: User, at: datetime | None) -> list[Place] | None:
    """Refuse unless the team may change the entry now; returns the places open to it, None for all of them.

    Until the submission deadline everything is open; after it only what an officer asked for when returning
    the entry with a time limit. Raises WrongState, NotAllowed, StageClosed.
    """
    if not entry.is_editable:
        raise WrongState(CLOSED_STATES[EntryStatus(entry.status)])
    if not can_edit_entry(actor, entry):
        raise NotAllowed("只有本团队成员可以填写申报书。")
    try:
        stages.require_not_over(entry.edition, stages.SUBMISSION, at=at)
    except StageClosed:
        if not in_correction(entry, at=at):
            raise
        return asked_places(entry)
    return None


def in_correction(entry: Entry, *, at: datetime | None = None) -> bool:
    """Whether an officer's time for corrections is running at the request's arrival."""
    if entry.status != EntryStatus.RETURNED or entry.correction_until is None:
        return False
    now = clock.now(entry.edition)
    arrived = now if at is None else clock.at(entry.edition, at)
    return arrived < entry.correction_until and now < entry.correction_until + entry.edition.honoured_for


def asked_places(entry: Entry) -> list[Place]:
    """The places that the last return asked the team to mend."""
    check = FormalCheck.objects.filter(receipt__revision__entry=entry, verdict=FormalVerdict.RETURN).first()
    return [place for text in (check.reasons if check else {}) if (place := Place.parse(text))]


def _section_with_values(entry: Entry, key: str, unit_id: int | None) -> tuple[Section, dict[str, Any]]:
    """The form's section and a unit's derived values; refuses one that the form or the team does not have.

    Only a unit's part has conditions on derived values.
    """
    section = schema_of(entry.edition).section(key)
    if section is None or bool(section.repeat == "unit") != (unit_id is not None):
        raise Refusal("申报书没有这个部分。")
    if unit_id is None:
        return section, {}
    values = unit_values(entry, unit_id)
    if values is None:
        raise Refusal("申报书没有这个部分。")
    return section, values


def files_of(entry: Entry) -> frozenset[str]:
    """The slots that hold at least one file now, or one that was declared and is on its way; one query."""
    there = Attachment.objects.filter(entry=entry, removed_at__isnull=True, revision__isnull=True)
    coming = Upload.objects.filter(entry=entry, status__in=[UploadStatus.ARRIVING, UploadStatus.ARRIVED])
    return frozenset(
        there.exclude(file="")
        .values_list("slot")
        .union(coming.values_list("slot"))
        .values_list("slot", flat=True)
    )


def _known(section: Section, answers: Mapping[str, Any]) -> dict[str, Any]:
    derived = {field.key for field in section.fields if field.derived}
    kept = {name: value for name, value in answers.items() if name not in derived}
    if section.unknown(kept):
        raise Refusal("提交的内容与申报书不符，请刷新页面后重试。")
    return kept


def _require_asked(
    opened: list[Place] | None, place: Place, before: Mapping[str, Any], after: Mapping[str, Any]
) -> None:
    if opened is None:
        return
    changed = {name for name in {*before, *after} if before.get(name) != after.get(name)}
    for name in sorted(changed):
        if not any(asked.covers(Place(place.section, place.unit_id, name)) for asked in opened):
            raise StageClosed("提交已截止，只能修改形式审查意见要求补正的内容。")


def _drop_orphans(
    entry: Entry, section: Section, before: Mapping[str, Any], after: Mapping[str, Any]
) -> set[str]:
    """Files of rows that are gone go with them: a later row may get the same id. Returns their slots."""
    gone = {slot.key for slot in section.slots(before)} - {slot.key for slot in section.slots(after)}
    if gone:
        Attachment.objects.filter(entry=entry, slot__in=gone, removed_at__isnull=True).update(
            removed_at=clock.real_now()
        )
        coming = Upload.objects.select_for_update().filter(entry=entry, slot__in=gone)
        for upload in coming.filter(status__in=[UploadStatus.ARRIVING, UploadStatus.ARRIVED]):
            move(upload, UploadStatus.CANCELLED, UPLOAD, problem="所在的行已被移除。")
            transaction.on_commit(partial(parts.remove, upload.key))
    return gone
