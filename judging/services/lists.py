"""The lists of finalists and excellence awards as they stand: what fell out, who moved up (R20-R24, decision 13)."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import transaction

from competition import audit, clock, outbox
from competition.errors import Invalid, NotAllowed, WrongState
from competition.models import Edition, Track, User
from competition.transitions import move
from judging import shortlist
from judging.models import FinalSession, ListChange, Presentation, Replacement, Result, Vote
from judging.permissions.results import can_confirm_replacement, can_replace
from judging.shortlist import Shortlist
from judging.workflow import (
    PROPOSAL,
    ChangeKind,
    FinalStatus,
    Pool,
    ResultStatus,
    Round,
    VerificationStatus,
)
from submissions.models import Entry

REASON_MOST = 300
_BEFORE_THE_DRAW = {FinalStatus.PREPARING, FinalStatus.LISTED}


def confirmed(edition: Edition) -> Result | None:
    """The confirmed result of the preliminary without its long content; None before."""
    rows = Result.objects.filter(edition=edition, round=Round.PRELIMINARY, status=ResultStatus.CONFIRMED)
    return rows.defer("content").first()


def standing(edition: Edition) -> dict[int, Shortlist]:
    """Track number -> its lists now: the confirmed ones with every change replayed; {} before; two queries.

    Entries are their ids as strings (R20, R21, R22, R24).
    """
    rows = Result.objects.filter(edition=edition, round=Round.PRELIMINARY, status=ResultStatus.CONFIRMED)
    found = rows.values_list("pk", "content__lists").first()
    if found is None:
        return {}
    pk, lists = found
    now = {int(number): Shortlist.from_data(data) for number, data in lists.items()}
    changes = ListChange.objects.filter(result=pk).order_by("pk")
    for number, kind, pool, entry in changes.values_list("track__number", "kind", "pool", "entry_id"):
        now[number] = _changed(now[number], kind, pool, str(entry))
    return now


def finalists(edition: Edition) -> list[Entry]:
    """Finalists who stand and passed the technical verification, by track and rank (R21, R24)."""
    return _verified(edition, Pool.FINALISTS)


def excellence(edition: Edition) -> list[Entry]:
    """Excellence winners who stand and passed the technical verification, by track and rank (R22, R24)."""
    return _verified(edition, Pool.EXCELLENCE)


def is_open(edition: Edition) -> bool:
    """Whether vacancies may still be filled: until the order of the final is drawn (decision 13)."""
    session = FinalSession.objects.filter(edition=edition).only("status").first()
    return session is None or session.status in _BEFORE_THE_DRAW


@transaction.atomic
def void(entry: Entry, *, reason: str, actor: User | None = None) -> None:
    """The entry leaves the ranking and its list for good; safe to call again, also before there are lists (R24).

    On the list of the final its place in the order stays, unused (decision 14).
    """
    result = _lock(entry.edition)
    if result is None:
        return
    known = _track_of(entry, standing(entry.edition))
    if known is None or ListChange.objects.filter(result=result, entry=entry, kind=ChangeKind.VOID).exists():
        return
    number, lists = known
    pool = next((pool for pool in Pool.values if str(entry.pk) in lists.listed(pool)), "")
    change = ListChange.objects.create(
        result=result,
        track=_track(entry.edition, number),
        kind=ChangeKind.VOID,
        pool=pool,
        entry=entry,
        reason=reason[:REASON_MOST],
        by=actor,
        at=clock.now(entry.edition),
    )
    Presentation.objects.filter(entry=entry).update(is_void=True)
    audit.record(actor, "list.voided", change, edition=entry.edition, entry=entry.pk, pool=pool)


def leave(entry: Entry, reason: str) -> None:
    """The entry has left the contest: it leaves its list and the order of the final too (R54, R57, R60, R69)."""
    void(entry, reason=reason)


def next_in_line(edition: Edition, track: Track, pool: str, lists: Shortlist) -> tuple[str, ...]:
    """Who may fill a vacancy: of equals the one whom the panel's latest vote on all of them names first (R24).

    () without a vacancy or anybody left; several while that vote is wanting; one query.
    """
    equals = shortlist.candidates(lists, pool)
    if len(equals) < 2:
        return equals
    votes = Vote.objects.filter(edition=edition, round=Round.PRELIMINARY, track=track).order_by("-pk")
    for order in votes.values_list("order", flat=True):
        voted = [str(entry) for entry in order]
        if set(equals) <= set(voted):
            return (min(equals, key=voted.index),)
    return equals


@transaction.atomic
def propose_replacement(
    edition: Edition, *, track: Track, pool: str, entry: Entry | None, reason: str, actor: User
) -> Replacement:
    """Propose who fills a vacancy, or (None) that it stays empty; the chief confirms (decision 13).

    Raises NotAllowed, WrongState (no result, the order of the final is drawn, no vacancy, a proposal waits),
    Invalid (no reason, not next in line, a vote is wanting).
    """
    if not can_replace(actor, entry):
        raise NotAllowed("只有秘书处工作人员可以提出递补，且不得是该团队成员。")
    result = _lock_open(edition)
    said = reason.strip()
    if not said or len(said) > REASON_MOST:
        raise Invalid({"reason": f"请写明理由，最多{REASON_MOST}字。"})
    lists = standing(edition).get(track.number)
    if pool not in Pool.values or lists is None or not lists.vacancies(pool):
        raise WrongState("这份名单没有空缺的名额。")
    if Replacement.objects.filter(
        result=result, track=track, pool=pool, status=ResultStatus.PROPOSED
    ).exists():
        raise WrongState("这份名单已有待确认的递补提议，请先由秘书处负责人确认或退回。")
    _require_next(edition, track, pool, lists, entry)
    made = Replacement.objects.create(
        result=result,
        track=track,
        pool=pool,
        entry=entry,
        reason=said,
        proposed_by=actor,
        proposed_at=clock.now(edition),
    )
    audit.record(actor, "replacement.proposed", made, edition=edition, entry=entry.pk if entry else None)
    return made


@transaction.atomic
def confirm_replacement(replacement: Replacement, *, actor: User) -> Replacement:
    """The chief agrees: the list changes, and whoever moves up is verified (decision 13, R24).

    Raises NotAllowed, WrongState (decided, drawn, no vacancy any more), Invalid (not next in line any more).
    """
    replacement, edition = _lock_replacement(replacement)
    _require_confirmer(replacement, actor)
    _lock_open(edition)
    track, entry = replacement.track, replacement.entry
    lists = standing(edition)[track.number]
    if not lists.vacancies(replacement.pool):
        raise WrongState("这份名单已没有空缺的名额。")
    _require_next(edition, track, replacement.pool, lists, entry)
    now = clock.now(edition)
    move(replacement, ResultStatus.CONFIRMED, PROPOSAL, decided_by=actor, decided_at=now)
    change = ListChange.objects.create(
        result_id=replacement.result_id,
        track=track,
        kind=ChangeKind.MOVE_UP if entry else ChangeKind.LEAVE_VACANT,
        pool=replacement.pool,
        entry=entry,
        reason=replacement.reason,
        by=replacement.proposed_by,
        confirmed_by=actor,
        at=now,
    )
    audit.record(
        actor, "replacement.confirmed", replacement, edition=edition, entry=entry.pk if entry else None
    )
    if entry is not None:
        # Verification voids entries of the lists and imports this module.
        from judging.services.verification import open_for

        _tell_moved_up(edition, entry, replacement.pool, change)
        open_for(entry)
    return replacement


@transaction.atomic
def refuse_replacement(replacement: Replacement, *, actor: User) -> Replacement:
    """The chief does not agree; another proposal may follow. Raises NotAllowed, WrongState (decided)."""
    replacement, edition = _lock_replacement(replacement)
    _require_confirmer(replacement, actor)
    move(replacement, ResultStatus.REFUSED, PROPOSAL, decided_by=actor, decided_at=clock.now(edition))
    audit.record(actor, "replacement.refused", replacement, edition=edition)
    return replacement


def _changed(lists: Shortlist, kind: str, pool: str, entry: str) -> Shortlist:
    if kind == ChangeKind.VOID:
        return shortlist.void(lists, entry)
    if kind == ChangeKind.LEAVE_VACANT:
        return shortlist.leave_vacant(lists, pool)
    return shortlist.move_up(lists, pool, entry)[0]


def _verified(edition: Edition, pool: str) -> list[Entry]:
    listed = [entry for _, lists in sorted(standing(edition).items()) for entry in _ranked(lists, pool)]
    found = Entry.objects.filter(
        pk__in=[int(entry) for entry in listed], verification__status=VerificationStatus.PASSED
    )
    rows = {str(one.pk): one for one in with_team(found)}
    return [rows[entry] for entry in listed if entry in rows]


def with_team(rows: Iterable[Entry]) -> list[Entry]:
    """Entries of a query with what pages name of them: team, topic, track; one query."""
    return list(
        rows.select_related("edition", "team__owner", "team__topic__track").defer(  # type: ignore[attr-defined]
            "edition__form", "edition__rubrics"
        )
    )


def _ranked(lists: Shortlist, pool: str) -> list[str]:
    listed = set(lists.listed(pool))
    return [entry for group in lists.groups for entry in group if entry in listed]


def _track_of(entry: Entry, lists: dict[int, Shortlist]) -> tuple[int, Shortlist] | None:
    for number, one in lists.items():
        if any(str(entry.pk) in group for group in one.groups):
            return number, one
    return None


def _track(edition: Edition, number: int) -> Track:
    return Track.objects.get(edition=edition, number=number)


def _lock(edition: Edition) -> Result | None:
    # One change of the lists at a time: each is checked against those before it.
    found = confirmed(edition)
    if found is not None:
        Result.objects.select_for_update().only("pk").get(pk=found.pk)
    return found


def _lock_open(edition: Edition) -> Result:
    result = _lock(edition)
    if result is None:
        raise WrongState("初赛结果尚未确认，没有可递补的名单。")
    FinalSession.objects.select_for_update().filter(edition=edition).first()
    if not is_open(edition):
        raise WrongState("决赛出场顺序已经抽签，名单不再递补。")
    return result


def _lock_replacement(replacement: Replacement) -> tuple[Replacement, Edition]:
    found = (
        Replacement.objects.select_for_update(of=("self",))
        .select_related("track__edition", "entry__team__owner", "proposed_by")
        .get(pk=replacement.pk)
    )
    return found, found.track.edition


def _require_confirmer(replacement: Replacement, actor: User) -> None:
    if replacement.status != ResultStatus.PROPOSED:
        raise WrongState(f"这项提议{replacement.get_status_display()}，不能再办理。")
    if not can_confirm_replacement(actor, replacement):
        raise NotAllowed("递补须由提出人以外的秘书处负责人确认，且不得是该团队成员。")


def _require_next(edition: Edition, track: Track, pool: str, lists: Shortlist, entry: Entry | None) -> None:
    if entry is None:
        return
    able = next_in_line(edition, track, pool, lists)
    if str(entry.pk) not in able:
        raise Invalid({"entry": "只能由排名在后的第一个作品递补。"})
    if len(able) > 1:
        raise Invalid({"entry": "有并列的作品，须先由评审组表决并记录，再按表决递补。"})


def _tell_moved_up(edition: Edition, entry: Entry, pool: str, change: ListChange) -> None:
    name = Pool(pool).label
    outbox.tell(
        entry.team.owner,
        "list.moved_up",
        entry.reference,
        str(change.pk),
        title=f"作品递补列入{name}名单",
        body=f"团队“{entry.team.name}”的作品“{entry.team.project_name}”递补列入{name}名单，通过技术验证后有效。",
        edition=edition,
    )
