"""Who does an entry's formal check: one officer at a time, told to everybody else."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone

from competition import audit, clock, outbox
from competition.errors import NotAllowed, WrongState
from competition.models import User
from submissions.models import Entry
from submissions.permissions import can_check_entry
from submissions.services.entries import lock
from submissions.workflow import EntryStatus


@transaction.atomic
def claim(entry: Entry, *, officer: User) -> Entry:
    """Take a waiting entry that nobody has; claiming the own one again does nothing.

    Raises NotAllowed, and WrongState when it is not waiting or another officer has it.
    """
    locked = _open(entry, officer)
    hold(locked, officer)
    return locked


@transaction.atomic
def release_claim(entry: Entry, *, officer: User) -> Entry:
    """Put the own entry back for others; one that nobody has stays so. Raises NotAllowed, WrongState."""
    locked = _open(entry, officer)
    _require_held_by(locked, officer)
    if locked.claimed_by_id is not None:
        _keep(locked, None)
        audit.record(officer, "entry.released", locked, edition=locked.edition)
    return locked


@transaction.atomic
def take_over(entry: Entry, *, officer: User) -> Entry:
    """Take an entry from the officer who has it, who is told. Raises NotAllowed, WrongState."""
    locked = _open(entry, officer)
    former = locked.claimed_by
    if former == officer:
        return locked
    _keep(locked, officer)
    audit.record(officer, "entry.taken_over", locked, edition=locked.edition)
    if former is not None:
        outbox.tell(
            former,
            "formal_check.taken_over",
            locked.reference,
            f"{timezone.now():%Y%m%d%H%M%S%f}",
            title=f"{locked.reference} 已由“{officer.display_name}”接手",
            body=f"您领取的{locked.reference}“{locked.team.project_name}”的形式审查，已由“{officer.display_name}”接手。",
            edition=locked.edition,
        )
    return locked


def hold(entry: Entry, officer: User) -> None:
    """An entry that an officer decides is that officer's. ``entry`` is locked. Raises WrongState."""
    _require_held_by(entry, officer)
    if entry.claimed_by_id is None:
        _keep(entry, officer)
        audit.record(officer, "entry.claimed", entry, edition=entry.edition)


def held_sentence(entry: Entry) -> str:
    """Who has the entry and since when, as a sentence; '' when nobody has it."""
    if entry.claimed_by is None or entry.claimed_at is None:
        return ""
    since = f"{timezone.localtime(entry.claimed_at):%m月%d日 %H:%M}"
    return f"该作品由“{entry.claimed_by.display_name}”于{since}领取，正在审查。"


def _require_held_by(entry: Entry, officer: User) -> None:
    if entry.claimed_by_id not in (None, officer.pk):
        raise WrongState(f"{held_sentence(entry)}本次操作没有生效；需要由您办理的，请先接手。")


def _open(entry: Entry, officer: User) -> Entry:
    locked = lock(entry)
    if not can_check_entry(officer, locked):
        raise NotAllowed("只有秘书处办公室工作人员可以领取，且不能领取本人所在团队的作品。")
    if locked.status != EntryStatus.SUBMITTED:
        raise WrongState(f"作品当前状态为“{locked.get_status_display()}”，没有等待审查，不能领取或放回。")
    return locked


def _keep(entry: Entry, officer: User | None) -> None:
    # Not a change of the material: its version stays.
    entry.claimed_by = officer
    entry.claimed_at = clock.now(entry.edition) if officer else None
    Entry.objects.filter(pk=entry.pk).update(claimed_by=officer, claimed_at=entry.claimed_at)
