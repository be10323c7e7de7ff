"""Score sheets: drafts saved as typed, submitted for good, corrected by a new sheet with a reason (R18, R29)."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any, Final

from django.db import transaction
from django.utils import timezone

from competition import audit, clock, outbox, stages
from competition.errors import Invalid, NotAllowed, StaleVersion, WrongState
from competition.models import Edition, User
from competition.transitions import move
from judging import scoring
from judging.models import Assignment, Expert, Result, ScoreSheet, SheetDraft
from judging.permissions.reviewing import can_see_material, has_begun, is_assigned, sees_progress
from judging.rubric import policy_of, round_of
from judging.workflow import ASSIGNMENT, AssignmentStatus, ResultStatus, Round
from submissions.sealing import canonical

COMMENT_MOST: Final = 2000
REASON_MOST: Final = 300
MARK_MOST: Final = 12
_NUMBER: Final = re.compile(r"\d{1,3}(\.\d{1,6})?", re.ASCII)


@transaction.atomic
def save_draft(
    assignment: Assignment,
    *,
    actor: User,
    marks: dict[str, str],
    comment: str,
    version: int,
    at: datetime | None = None,
) -> SheetDraft:
    """Keep marks and comment as typed, right or wrong; ``version`` 0 where nothing was saved before.

    Raises NotAllowed, WrongState, StageClosed, StaleVersion, Invalid (comment over 2000 characters).
    """
    assignment = _lock(assignment)
    _require_writable(assignment, actor, at)
    _require_comment(comment)
    draft = SheetDraft.objects.filter(assignment=assignment).first() or SheetDraft(
        assignment=assignment, version=0
    )
    if draft.version != version:
        raise StaleVersion("这份评分表刚在另一个窗口保存过，请载入最新内容后再改。")
    known = {item.key for item in scoring.items(_round(assignment))}
    draft.marks = {key: value.strip()[:MARK_MOST] for key, value in marks.items() if key in known}
    draft.comment, draft.version = comment, version + 1
    draft.save()
    return draft


@transaction.atomic
def submit(
    assignment: Assignment, *, actor: User, marks: dict[str, str], comment: str, at: datetime | None = None
) -> ScoreSheet:
    """Submit the sheet, for good (R18, R29). ``marks`` are decimals as text by the rubric's items.

    Raises Invalid (by item), NotAllowed, StageClosed, WrongState (submitted, material not released, result there).
    """
    assignment = _lock(assignment)
    _require_writable(assignment, actor, at)
    sheet = _seal(assignment, actor, marks, comment)
    move(assignment, AssignmentStatus.SUBMITTED, ASSIGNMENT)
    SheetDraft.objects.filter(assignment=assignment).delete()
    return sheet


@transaction.atomic
def correct(
    sheet: ScoreSheet, *, actor: User, marks: dict[str, str], comment: str, reason: str
) -> ScoreSheet:
    """A new sheet in place of the last one, with the reason; until the round's result is proposed.

    Raises Invalid (by item, or no reason), NotAllowed, WrongState (an older sheet, or a result is there).
    """
    assignment = _lock(sheet.assignment)
    if not is_assigned(actor, assignment):
        raise NotAllowed("只有评分的专家本人可以更正。")
    _require_no_result(assignment)
    if ScoreSheet.objects.filter(replaces=sheet).exists():
        raise WrongState("这份评分表已经更正过，请更正最新的一份。")
    reason = reason.strip()
    if not reason or len(reason) > REASON_MOST:
        raise Invalid({"reason": f"请写明更正的原因，不超过{REASON_MOST}字。"})
    return _seal(assignment, actor, marks, comment, replaces=sheet, reason=reason)


def can_correct(sheet: ScoreSheet) -> bool:
    """Whether the last sheet of an assignment may still be corrected: no result was proposed."""
    assignment = sheet.assignment
    return assignment.status == AssignmentStatus.SUBMITTED and not _has_result(assignment)


def counted(edition: Edition, round: str) -> dict[int, list[scoring.Sheet]]:
    """The sheets that count, by entry: of assignments still submitted, after corrections; one query (R18, R29)."""
    rows = ScoreSheet.objects.filter(
        assignment__edition=edition,
        assignment__round=round,
        assignment__status=AssignmentStatus.SUBMITTED,
        replaced_by__isnull=True,
    ).order_by("assignment__entry_id", "assignment__code")
    rubric, places = round_of(edition, round), policy_of(edition).places
    found: dict[int, list[scoring.Sheet]] = {}
    for entry, marks in rows.values_list("assignment__entry_id", "marks"):
        read = {key: Decimal(value) for key, value in marks.items()}
        found.setdefault(entry, []).append(scoring.sheet(rubric, read, places=places))
    return found


@transaction.atomic
def remind(expert: Expert, *, round: str, actor: User) -> bool:
    """Write to an expert whose sheets are not in, once a day; False when that was done today or nothing is open.

    The letter names no entry. Raises NotAllowed.
    """
    if not sees_progress(actor):
        raise NotAllowed("只有秘书处办公室可以催办。")
    open_ = Assignment.objects.filter(expert=expert, round=round, status=AssignmentStatus.OPEN).count()
    if not open_:
        return False
    edition = expert.edition
    today = timezone.localtime(clock.real_now()).date().isoformat()
    stage = stages.view(edition, stages.PRELIMINARY) if round == Round.PRELIMINARY else None
    until = f"\n评分时间：{stage.when}" if stage else ""
    told = outbox.tell(
        expert.user,
        "sheet.remind",
        str(expert.pk),
        f"{round}:{today}",
        title=f"您还有{open_}份评分表待提交",
        body=f"{expert.user.display_name}您好：\n{edition.name}{Round(round).label}，您还有{open_}份评分表待提交，请登录后在“专家评分”中办理。{until}",
        edition=edition,
    )
    if told:
        audit.record(actor, "sheet.reminded", expert, edition=edition, round=round, open=open_)
    return told


def read_marks(edition: Edition, round: str, marks: Mapping[str, str]) -> dict[str, Decimal]:
    """Marks from what was typed. Raises Invalid with a sentence by item for what is missing or out of range (R18)."""
    rubric = round_of(edition, round)
    read, strange = {}, {}
    for item in scoring.items(rubric):
        typed = marks.get(item.key, "")
        mark = number_of(typed)
        if mark is not None:
            read[item.key] = mark
        elif typed.strip():
            strange[item.key] = f"“{item.label}”应填写0至{item.points.normalize():f}之间的数字。"
    problems = scoring.mark_problems(rubric, read, places=policy_of(edition).places) | strange
    if problems:
        raise Invalid(
            {item.key: problems[item.key] for item in scoring.items(rubric) if item.key in problems}
        )
    return read


def number_of(typed: str) -> Decimal | None:
    """The number that was typed, full-width or not; None when it is none."""
    text = unicodedata.normalize("NFKC", typed).strip()
    return Decimal(text) if _NUMBER.fullmatch(text) else None


def _seal(
    assignment: Assignment,
    actor: User,
    marks: dict[str, str],
    comment: str,
    *,
    replaces: ScoreSheet | None = None,
    reason: str = "",
) -> ScoreSheet:
    _require_comment(comment)
    edition, comment = assignment.edition, comment.strip()
    read = read_marks(edition, assignment.round, marks)
    places = policy_of(edition).places
    total = scoring.sheet(_round(assignment), read, places=places).total
    kept = {key: f"{mark:.{places}f}" for key, mark in read.items()}
    now = clock.now(edition)
    count = ScoreSheet.objects.filter(assignment=assignment).count() + 1
    number = f"PF{edition.pk}-{assignment.code}-{count:02d}"
    sheet = ScoreSheet.objects.create(
        assignment=assignment,
        marks=kept,
        total=total,
        comment=comment,
        number=number,
        sha256=sheet_hash(
            number, assignment.round, kept, comment, replaces.number if replaces else "", reason, now
        ),
        replaces=replaces,
        reason=reason,
        submitted_at=now,
    )
    verb = "sheet.corrected" if replaces else "sheet.submitted"
    audit.record(actor, verb, sheet, edition=edition, sha256=sheet.sha256)
    return sheet


def sheet_hash(
    number: str, round: str, marks: dict[str, str], comment: str, replaces: str, reason: str, at: datetime
) -> str:
    """SHA-256 (hex) over the canonical JSON of a sheet; its time in UTC, to the microsecond."""
    content: dict[str, Any] = {
        "number": number,
        "round": round,
        "marks": marks,
        "comment": comment,
        "replaces": replaces,
        "reason": reason,
        "submitted_at": at.astimezone(timezone.get_fixed_timezone(0)).isoformat(timespec="microseconds"),
    }
    return hashlib.sha256(canonical(content)).hexdigest()


def _lock(assignment: Assignment) -> Assignment:
    return (
        Assignment.objects.select_for_update(of=("self",))
        .select_related("edition", "expert__user")
        .get(pk=assignment.pk)
    )


def _round(assignment: Assignment) -> Any:
    return round_of(assignment.edition, assignment.round)


def _require_writable(assignment: Assignment, actor: User, at: datetime | None) -> None:
    if not is_assigned(actor, assignment):
        raise NotAllowed("只有被分配的专家本人可以评分。")
    if assignment.status != AssignmentStatus.OPEN:
        raise WrongState("这份评分表已经提交；如有错误，请在回执页面更正。")
    if assignment.round == Round.PRELIMINARY:
        stages.require_open(assignment.edition, stages.PRELIMINARY, at=at)
        if not can_see_material(assignment):
            raise WrongState("这份作品的材料正在检查，放行后才能评分。")
    elif not has_begun(assignment):
        raise WrongState("这个项目的现场展示尚未开始，或决赛成绩已经锁定，现在不能评分。")
    _require_no_result(assignment)


def _has_result(assignment: Assignment) -> bool:
    there = (ResultStatus.PROPOSED, ResultStatus.CONFIRMED)
    return Result.objects.filter(
        edition=assignment.edition_id, round=assignment.round, status__in=there
    ).exists()


def _require_no_result(assignment: Assignment) -> None:
    if _has_result(assignment):
        raise WrongState(f"{Round(assignment.round).label}的评审结果已经提出，评分表不能再提交或更正。")


def _require_comment(comment: str) -> None:
    if len(comment) > COMMENT_MOST:
        raise Invalid({"comment": f"评语不超过{COMMENT_MOST}字。"})
