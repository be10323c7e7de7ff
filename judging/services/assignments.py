"""Assignments: computed over all entries, made by hand, recused, closed (R07, R16, R18)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import Any

from django.db import IntegrityError, transaction

from competition import audit, clock, outbox
from competition.errors import Invalid, NotAllowed, Refusal, WrongState
from competition.models import Edition, User
from competition.transitions import move
from judging.matching import Able, Matching, Wanted, match
from judging.models import Assignment, AssignmentRun, Conflict, Expert, ExpertUnit
from judging.models.score import new_code
from judging.permissions.experts import can_recuse_assignment, sees_roll
from judging.querysets import judgeable
from judging.workflow import ASSIGNMENT, AssignmentStatus, Round
from registration.models import Representative, Unit
from submissions.models import Entry

LIVE = (AssignmentStatus.OPEN, AssignmentStatus.SUBMITTED)
REASON_MOST = 300
#: Experts whom the smallest result needs at most.
MOST_PER_ENTRY = 15


@transaction.atomic
def assign(edition: Edition, *, actor: User, per_entry: int | None = None) -> AssignmentRun:
    """Give every entry that passed the gate its experts of the preliminary, as evenly as can be (R18).

    ``per_entry`` is the number of experts of each (the edition's ``scoring.experts_per_entry`` when absent). What is
    assigned stays, so that running it again fills the gaps alone. Raises NotAllowed, Invalid (fewer than the least
    number of sheets).
    """
    _require_office(actor)
    Edition.objects.select_for_update(no_key=True).only("pk").get(pk=edition.pk)
    scoring = edition.data["scoring"]
    wanted = int(scoring["experts_per_entry"]) if per_entry is None else per_entry
    if not int(scoring["least_sheets"]) <= wanted <= MOST_PER_ENTRY:
        raise Invalid({"per_entry": f"每项作品的专家数应为{scoring['least_sheets']}至{MOST_PER_ENTRY}。"})
    found, inputs = _compute(edition, wanted)
    run = AssignmentRun.objects.create(
        edition=edition,
        per_entry=wanted,
        content={
            **inputs,
            "pairs": [list(pair) for pair in found.pairs],
            "loads": {str(expert): load for expert, load in sorted(found.loads.items())},
            "unserved": [
                {"entry": one.entry, "missing": one.missing, "sentence": one.sentence}
                for one in found.unserved
            ],
        },
        made_by=actor,
        made_at=clock.now(edition),
    )
    _make(edition, found.pairs, run)
    audit.record(actor, "assignments.made", run, edition=edition, made=len(found.pairs))
    _tell(edition, run, Counter(expert for _, expert in found.pairs))
    return run


@transaction.atomic
def assign_one(entry: Entry, expert: Expert, *, actor: User, reason: str) -> Assignment:
    """Give an entry one more expert by hand, with the reason (R18).

    Raises NotAllowed, Invalid (no reason), Refusal (a conflict, another track, not judged, has it
    already or had it and was recused).
    """
    _require_office(actor)
    edition, said = entry.edition, _reason(reason)
    if not judgeable(edition).filter(pk=entry.pk).exists():
        raise WrongState("此作品未通过初步把关或已退出，不能分配专家。")
    if not expert.is_active or expert.edition_id != edition.pk:
        raise WrongState("此专家不在本届参加评审的名册上。")
    if not expert.tracks.filter(topics__teams__entry=entry).exists():
        raise WrongState("此专家不评审该作品所在的赛道，请先在专家名册中勾选该赛道。")
    if (expert.pk, entry.pk) in conflicts_of(edition, [expert]):
        raise Refusal("此专家与该作品存在利益冲突（任职单位、所在团队或已申报的回避），不能分配。")
    if Assignment.objects.filter(round=Round.PRELIMINARY, expert=expert, entry=entry).exists():
        raise WrongState("此专家已经分配过该作品。")
    _make(edition, [(entry.pk, expert.pk)], None)
    made = Assignment.objects.get(round=Round.PRELIMINARY, expert=expert, entry=entry)
    audit.record(actor, "assignment.added", made, edition=edition, reason=said)
    _tell(edition, made, Counter([expert.pk]))
    return made


@transaction.atomic
def recuse(assignment: Assignment, *, actor: User, reason: str) -> Conflict:
    """The expert does not judge this entry: by own declaration or found by staff; a sheet counts no more (R07).

    Raises NotAllowed, WrongState, Invalid (no reason).
    """
    assignment = (
        Assignment.objects.select_for_update(of=("self",))
        .select_related("expert__user", "entry__edition", "edition")
        .get(pk=assignment.pk)
    )
    if not can_recuse_assignment(actor, assignment):
        raise NotAllowed("只有专家本人或秘书处工作人员可以办理回避。")
    said = _reason(reason)
    move(assignment, AssignmentStatus.RECUSED, ASSIGNMENT)
    return note_conflict(assignment.expert, assignment.entry, actor=actor, reason=said)


@transaction.atomic
def note_conflict(expert: Expert, entry: Entry, *, actor: User, reason: str) -> Conflict:
    """Write a conflict down, once for an expert and an entry. Raises NotAllowed, Invalid (no reason)."""
    own = expert.user_id == actor.pk
    if not own:
        _require_office(actor)
    source = Conflict.Source.DECLARED if own else Conflict.Source.STAFF
    found, created = Conflict.objects.get_or_create(
        expert=expert,
        entry=entry,
        defaults={"source": source, "reason": _reason(reason), "by": actor, "at": clock.now(entry.edition)},
    )
    if created:
        audit.record(actor, "conflict.noted", found, edition=entry.edition, source=source)
    return found


@transaction.atomic
def close_assignments(entry: Entry, reason: str) -> None:
    """The entry has left the contest: nobody scores it, its sheets count no more; safe to call again (R54, R60)."""
    rows = Assignment.objects.select_for_update(of=("self",)).filter(entry=entry, status__in=LIVE)
    for assignment in rows.order_by("pk"):
        move(assignment, AssignmentStatus.VOID, ASSIGNMENT)
        audit.record(None, "assignment.closed", assignment, edition=entry.edition, reason=reason)


def conflicts_of(edition: Edition, experts: Iterable[Expert]) -> set[tuple[int, int]]:
    """Pairs (expert, entry) in conflict: noted, by a unit's code or name, or of the own team; six queries (R07)."""
    judges = {expert.pk: expert for expert in experts}
    pairs = set(Conflict.objects.filter(expert__in=judges).values_list("expert_id", "entry_id"))
    by_code: dict[str, set[int]] = {}
    by_name: dict[str, set[int]] = {}
    for unit in ExpertUnit.objects.filter(expert__in=judges):
        by_name.setdefault(unit.name_key, set()).add(unit.expert_id)
        if unit.credit_key:
            by_code.setdefault(unit.credit_key, set()).add(unit.expert_id)
    units = Unit.objects.filter(team__entry__edition=edition).values_list(
        "team__entry", "credit_key", "name_key"
    )
    for entry, code, name in units:
        for expert in by_code.get(code, set()) | by_name.get(name, set()):
            pairs.add((expert, entry))
    return pairs | _of_own_teams(edition, judges)


def _of_own_teams(edition: Edition, judges: dict[int, Expert]) -> set[tuple[int, int]]:
    users = dict(Expert.objects.filter(pk__in=judges).values_list("user_id", "pk"))
    phones = dict(
        Expert.objects.filter(pk__in=judges)
        .exclude(user__phone_hash="")
        .values_list("user__phone_hash", "pk")
    )
    owned = Entry.objects.filter(edition=edition, team__owner__in=users).values_list("team__owner", "pk")
    members = Representative.objects.filter(
        edition=edition, mobile_hash__in=phones, team__entry__isnull=False
    ).values_list("mobile_hash", "team__entry")
    return {(users[owner], entry) for owner, entry in owned} | {
        (phones[mobile], entry) for mobile, entry in members
    }


def _compute(edition: Edition, per_entry: int) -> tuple[Matching, dict[str, Any]]:
    experts = list(
        Expert.objects.filter(edition=edition, is_active=True).prefetch_related("tracks").order_by("pk")
    )
    there = list(
        Assignment.objects.filter(edition=edition, round=Round.PRELIMINARY).values_list(
            "expert_id", "entry_id", "status"
        )
    )
    live = [(expert, entry) for expert, entry, status in there if status in LIVE]
    has, loads = Counter(entry for _, entry in live), Counter(expert for expert, _ in live)
    entries = list(judgeable(edition).order_by("pk").values_list("pk", "team__topic__track__number"))
    wanted = [
        Wanted(entry, track, max(0, per_entry - has[entry]), min(has[entry], per_entry))
        for entry, track in entries
    ]
    able = [
        Able(one.pk, frozenset(track.number for track in one.tracks.all()), loads[one.pk]) for one in experts
    ]
    conflicts = conflicts_of(edition, experts)
    found = match(wanted, able, conflicts=conflicts, taken={(expert, entry) for expert, entry, _ in there})
    inputs = {
        "entries": [[one.entry, one.track, one.need] for one in wanted],
        "experts": [[one.expert, sorted(one.tracks), one.load] for one in able],
        "conflicts": sorted(map(list, conflicts)),
    }
    return found, inputs


def _make(edition: Edition, pairs: Iterable[tuple[int, int]], run: AssignmentRun | None) -> None:
    used = set(Assignment.objects.filter(edition=edition).values_list("code", flat=True))
    rows, now = [], clock.now(edition)
    for entry, expert in pairs:
        code = new_code()
        while code in used:
            code = new_code()
        used.add(code)
        rows.append(
            Assignment(
                edition=edition,
                round=Round.PRELIMINARY,
                expert_id=expert,
                entry_id=entry,
                code=code,
                run=run,
                assigned_at=now,
            )
        )
    try:
        with transaction.atomic():
            Assignment.objects.bulk_create(rows, batch_size=1000)
    except IntegrityError as error:
        raise WrongState("分配期间专家、回避或作品有变化，请重新分配。") from error


def _tell(edition: Edition, occasion: AssignmentRun | Assignment, counts: Counter[int]) -> None:
    """Each expert hears how many entries there are, never which."""
    for expert in Expert.objects.filter(pk__in=counts).select_related("user").order_by("pk"):
        outbox.tell(
            expert.user,
            "assignment.made",
            f"{occasion._meta.model_name}-{occasion.pk}",
            str(expert.pk),
            title="您有新的评审任务",
            body=(
                f"{edition.name}初赛：您有{counts[expert.pk]}项作品待评审，请登录后在“评审任务”中查看。"
                "如与任何一项存在利害关系，请先办理回避。"
            ),
            edition=edition,
        )


def _reason(reason: str) -> str:
    said = reason.strip()
    if not said or len(said) > REASON_MOST:
        raise Invalid({"reason": f"请写明原因，最多{REASON_MOST}字。"})
    return said


def _require_office(actor: User) -> None:
    if not sees_roll(actor):
        raise NotAllowed("只有秘书处工作人员可以分配专家。")
