"""Results: proposed by one person with all their inputs, confirmed by another after counting again (R18-R22, R30)."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import transaction

from competition import audit, clock
from competition.errors import Invalid, NotAllowed, WrongState
from competition.models import Edition, Track, User
from competition.transitions import move
from judging import shortlist
from judging.models import Assignment, Result, Vote
from judging.permissions.results import can_confirm, can_propose, can_vote
from judging.services import final, lists, tidings, verification
from judging.services.tally import Part, Preview, content_of, preview, seats_of, waiting_sheets
from judging.workflow import PROPOSAL, Pool, ResultStatus, Round
from submissions.models import Entry
from submissions.sealing import content_hash
from submissions.workflow import EntryStatus

__all__ = [
    "Part",
    "Preview",
    "confirm",
    "confirmed",
    "final_order",
    "is_unchanged",
    "preview",
    "propose",
    "record_vote",
    "refuse",
    "seats_of",
    "waiting_sheets",
]

MINUTES_MOST = 3000
NOTE_MOST = 300


@transaction.atomic
def record_vote(
    edition: Edition, *, round: str, track: Track | None, order: Sequence[int], minutes: str, actor: User
) -> Vote:
    """Record how the panel orders entries that nothing else separates, best first; a later vote counts (R18, R30).

    ``track`` is None in the final. After the preliminary is confirmed votes serve replacements alone.
    Raises NotAllowed, WrongState (a result waits or, in the final, is confirmed), Invalid.
    """
    if not can_vote(actor, round):
        raise NotAllowed("只有提出结果的工作人员可以登记表决。")
    _lock(edition)
    open_result = Result.objects.filter(edition=edition, round=round, status=ResultStatus.PROPOSED)
    if open_result.exists() or (round == Round.FINAL and confirmed(edition, round)):
        raise WrongState("结果已经提出，不能再登记表决；需要表决的，先退回结果。")
    said = minutes.strip()
    if not said or len(said) > MINUTES_MOST:
        raise Invalid({"minutes": f"请写明表决经过（出席人数、票数），最多{MINUTES_MOST}字。"})
    if set(map(str, order)) not in _equals(edition, round, track) or len(set(order)) != len(order):
        raise Invalid({"order": "表决须排定全部并列作品的先后，不多不少，每个作品一个名次。"})
    vote = Vote.objects.create(
        edition=edition,
        round=round,
        track=track,
        order=list(order),
        minutes=said,
        recorded_by=actor,
        at=clock.now(edition),
    )
    audit.record(actor, "vote.recorded", vote, edition=edition, round=round, order=list(order))
    return vote


@transaction.atomic
def propose(edition: Edition, *, round: str, actor: User) -> Result:
    """Propose the result of a round as an immutable snapshot with all its inputs and their SHA-256 (R18, R20, R30).

    Raises NotAllowed, WrongState (proposed or confirmed already; the final still runs), Invalid (sheets, votes or
    draws are wanting; the sentence says which).
    """
    if not can_propose(actor, round):
        raise NotAllowed("只有秘书处工作人员（决赛还有主持人）可以提出结果。")
    _lock(edition)
    if Result.objects.filter(
        edition=edition, round=round, status__in=[ResultStatus.PROPOSED, ResultStatus.CONFIRMED]
    ).exists():
        raise WrongState("这一环节的结果已经提出或确认。")
    if round == Round.FINAL:
        final.require_presented(edition)
    made = preview(edition, round)
    if made.wanted:
        raise Invalid({"result": made.wanted[0]}, "还不能提出结果：" + "".join(made.wanted[:3]))
    content = content_of(made)
    result = Result.objects.create(
        edition=edition,
        round=round,
        content=content,
        sha256=content_hash(content),
        proposed_by=actor,
        proposed_at=clock.now(edition),
    )
    audit.record(actor, "result.proposed", result, edition=edition, round=round, sha256=result.sha256)
    return result


@transaction.atomic
def confirm(result: Result, *, actor: User) -> Result:
    """A second person confirms, if counting again gives the same to the byte (R18, R20, R21, R22, R30).

    The preliminary opens the technical verification of every listed entry; the final is locked. Raises NotAllowed,
    WrongState (decided already; a sheet, an entry, a vote or a draw changed since).
    """
    result = _lock_result(result)
    _require_decider(result, actor)
    edition = result.edition
    if confirmed(edition, result.round):
        raise WrongState("这一环节的结果已经确认。")
    _lock_inputs(edition, result.round)
    if not is_unchanged(result):
        raise WrongState("结果提出以后，评分表、作品、表决或抽签有变化，不能确认；请退回后重新提出。")
    move(
        result,
        ResultStatus.CONFIRMED,
        PROPOSAL,
        decided_by=actor,
        decided_at=clock.now(edition),
    )
    audit.record(actor, "result.confirmed", result, edition=edition, round=result.round, sha256=result.sha256)
    if result.round == Round.FINAL:
        final.locked(edition)
    else:
        for entry in _listed(result):
            verification.open_for(entry)
        tidings.post(result)
    return result


@transaction.atomic
def refuse(result: Result, *, actor: User, note: str) -> Result:
    """The second person does not confirm and says why; a new proposal may follow. NotAllowed, WrongState, Invalid."""
    result = _lock_result(result)
    _require_decider(result, actor)
    said = note.strip()
    if not said or len(said) > NOTE_MOST:
        raise Invalid({"note": f"请写明不确认的理由，最多{NOTE_MOST}字。"})
    now = clock.now(result.edition)
    move(result, ResultStatus.REFUSED, PROPOSAL, decided_by=actor, decided_at=now, note=said)
    audit.record(actor, "result.refused", result, edition=result.edition, round=result.round)
    return result


def is_unchanged(result: Result) -> bool:
    """Whether the rows still give what the proposal holds, and the proposal its hash (R18)."""
    if content_hash(result.content) != result.sha256:
        return False
    made = preview(result.edition, result.round)
    return not made.wanted and content_hash(content_of(made)) == result.sha256


def confirmed(edition: Edition, round: str) -> Result | None:
    """The confirmed result of a round with its content and who decided; None before."""
    rows = Result.objects.filter(edition=edition, round=round, status=ResultStatus.CONFIRMED)
    return rows.select_related("proposed_by", "decided_by").first()


def final_order(edition: Edition) -> list[Entry]:
    """The locked order of the final, best first; [] before. Entries that left afterwards keep their place (R31)."""
    result = confirmed(edition, Round.FINAL)
    if result is None:
        return []
    keys = [place["entry"] for place in result.content["parts"][0]["ranking"]["places"]]
    found = lists.with_team(Entry.objects.filter(pk__in=[int(key) for key in keys]))
    rows = {str(entry.pk): entry for entry in found}
    return [rows[key] for key in keys]


def _equals(edition: Edition, round: str, track: Track | None) -> list[set[str]]:
    """Sets of entries that nothing but a vote can order where their order counts."""
    number = track.number if track else None
    standing = lists.standing(edition).get(number or 0) if round == Round.PRELIMINARY else None
    if standing is not None:
        found = [set(shortlist.candidates(standing, pool)) for pool in Pool.values]
    else:
        parts = [part for part in preview(edition, round, with_votes=False).parts if part.number == number]
        found = [set(tie.entries) for part in parts for tie in part.ranking.ties]
    return [one for one in found if len(one) > 1]


def _listed(result: Result) -> list[Entry]:
    keys = [
        int(entry) for one in result.content["lists"].values() for pool in Pool.values for entry in one[pool]
    ]
    return lists.with_team(Entry.objects.filter(pk__in=keys).order_by("pk"))


def _lock(edition: Edition) -> None:
    # One proposal or vote of an edition at a time; rows that refer to the edition are not held up.
    Edition.objects.select_for_update(no_key=True).only("pk").get(pk=edition.pk)


def _lock_result(result: Result) -> Result:
    _lock(result.edition)
    return (
        Result.objects.select_for_update(of=("self",))
        .select_related("edition", "proposed_by")
        .get(pk=result.pk)
    )


def _lock_inputs(edition: Edition, round: str) -> None:
    """Nobody withdraws, submits or recuses between counting again and the end of the transaction."""
    entries = Entry.objects.filter(edition=edition, status=EntryStatus.ACCEPTED).order_by("pk")
    list(entries.select_for_update().values_list("pk", flat=True))
    rows = Assignment.objects.filter(edition=edition, round=round).order_by("pk")
    list(rows.select_for_update().values_list("pk", flat=True))


def _require_decider(result: Result, actor: User) -> None:
    if result.status != ResultStatus.PROPOSED:
        raise WrongState(f"这份结果{result.get_status_display()}，不能再办理。")
    if not can_confirm(actor, result):
        who = "现场监督或秘书处负责人" if result.round == Round.FINAL else "秘书处负责人"
        raise NotAllowed(f"须由提出人以外的{who}确认。")
