"""The three credit records looked up for each unit and person, with date and evidence (R49-R51; decision 9)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils import timezone

from competition import audit, clock
from competition.errors import Invalid, NotAllowed, WrongState
from competition.files import check_upload
from competition.models import User
from registration.models import CreditLookup, LookupEvidence, Team
from registration.permissions import can_review_team
from registration.services.editing import lock_team
from registration.workflow import TeamStatus

EVIDENCE_KINDS: Final = ("pdf", "jpg", "png")
EVIDENCE_MEGABYTES: Final = 20
#: States in which look-ups are recorded: before the decision, and after it when something comes up.
OPEN: Final = frozenset({TeamStatus.SUBMITTED, TeamStatus.RETURNED, TeamStatus.APPROVED})
CLEAR, LISTED = CreditLookup.Outcome.CLEAR, CreditLookup.Outcome.LISTED


@dataclass(frozen=True)
class Due:
    """A look-up that counts none yet: about whom, in which list, by which rule."""

    subject: str
    label: str
    kind: str
    list_key: str
    list_label: str
    rule: str


def subjects(team: Team) -> dict[str, tuple[str, str]]:
    """Whom to look up: subject -> (name, 'unit' or 'person'); two queries, none for what is prefetched.

    Units without a valid code and people without a document are none: findings hold them up.
    """
    units = {f"unit:{unit.credit_key}": (unit.name, "unit") for unit in team.units.all() if unit.credit_key}
    people = {
        f"person:{person.document_hash}": (person.name, "person")
        for person in team.representatives.all()
        if person.document_hash
    }
    return units | people


def counting(team: Team) -> dict[tuple[str, str], CreditLookup]:
    """The latest look-up of each subject and list, also of subjects that are gone; one query."""
    rows = team.lookups.select_related("officer", "evidence").order_by("subject", "list_key", "-id")
    return {(row.subject, row.list_key): row for row in rows.distinct("subject", "list_key")}


def due(team: Team, done: Mapping[tuple[str, str], CreditLookup] | None = None) -> list[Due]:
    """Every unit and person in every list of the edition that was not looked up yet; three queries.

    ``done`` is what ``counting`` gave, when the caller has it.
    """
    done = counting(team) if done is None else done
    return [
        Due(subject, name, kind, one["key"], one["label"], one["rule"])
        for subject, (name, kind) in subjects(team).items()
        for one in team.edition.texts("credit_lists")
        if (subject, one["key"]) not in done
    ]


@transaction.atomic
def add_evidence(team: Team, *, officer: User, upload: UploadedFile[Any]) -> LookupEvidence:
    """Keep a page saved from a credit web site; raises NotAllowed, WrongState, Invalid at ``evidence``."""
    locked = _open(team, officer)
    checked = check_upload(upload, kinds=EVIDENCE_KINDS, max_megabytes=EVIDENCE_MEGABYTES, field="evidence")
    upload.name = f"evidence.{checked.kind}"
    return LookupEvidence.objects.create(
        team=locked,
        file=upload,
        name=checked.name,
        size=checked.size,
        sha256=checked.sha256,
        content_type=checked.content_type,
        uploaded_by=officer,
    )


@transaction.atomic
def record(
    team: Team,
    *,
    officer: User,
    rows: Iterable[Mapping[str, str]],
    looked_on: date,
    evidence: LookupEvidence,
) -> list[CreditLookup]:
    """Record look-ups ({subject, list_key, outcome, note}); the latest of a subject and list counts (R49-R51).

    ``looked_on`` is the day in the edition's time. Raises NotAllowed, WrongState, Invalid at ``looked_on``,
    ``rows``, ``evidence`` or ``note``: a listing needs a note.
    """
    locked = _open(team, officer)
    known, lists = subjects(locked), {one["key"] for one in locked.edition.texts("credit_lists")}
    wanted = [dict(row) for row in rows]
    _require_sound(locked, wanted, known, lists, looked_on, evidence)
    made = [
        CreditLookup.objects.create(
            team=locked,
            subject=row["subject"],
            label=known[row["subject"]][0][:120],
            list_key=row["list_key"],
            outcome=row["outcome"],
            looked_on=looked_on,
            evidence=evidence,
            note=_note(row),
            officer=officer,
        )
        for row in wanted
    ]
    listed = sum(row.outcome == LISTED for row in made)
    audit.record(officer, "team.looked_up", locked, edition=locked.edition, count=len(made), listed=listed)
    # Findings read look-ups: they import this module.
    from registration.services.findings import refresh_findings

    refresh_findings(locked)
    return made


def record_clear(
    team: Team,
    *,
    officer: User,
    looked_on: date,
    evidence: LookupEvidence,
    note: str = "",
) -> list[CreditLookup]:
    """Record everything that is due at once as not listed."""
    rows = [
        {"subject": one.subject, "list_key": one.list_key, "outcome": CLEAR, "note": note}
        for one in due(team)
    ]
    return record(team, officer=officer, rows=rows, looked_on=looked_on, evidence=evidence)


def _open(team: Team, officer: User) -> Team:
    locked = lock_team(team.pk)
    if not can_review_team(officer, locked):
        raise NotAllowed("只有秘书处工作人员可以登记信用查询，且不能登记本人参加的团队。")
    if locked.status not in OPEN:
        raise WrongState(f"报名当前为“{locked.get_status_display()}”，不能登记信用查询。")
    return locked


def _note(row: Mapping[str, str]) -> str:
    return row.get("note", "").replace("\x00", "").strip()


def _require_sound(
    team: Team,
    rows: list[dict[str, str]],
    known: Mapping[str, tuple[str, str]],
    lists: set[str],
    looked_on: date,
    evidence: LookupEvidence,
) -> None:
    if not rows:
        raise Invalid({"rows": "请至少勾选一项查询。"})
    problems: dict[str, str] = {}
    if looked_on > timezone.localtime(clock.now(team.edition)).date():
        problems["looked_on"] = "查询日期不能晚于今天。"
    if any(
        row["subject"] not in known or row["list_key"] not in lists or row["outcome"] not in (CLEAR, LISTED)
        for row in rows
    ):
        problems["rows"] = "报名信息在您打开页面之后有更新，请刷新页面后重新勾选。"
    if evidence.team_id != team.pk:
        problems["evidence"] = "这份凭证不属于本团队，请重新上传。"
    if any(row["outcome"] == LISTED and not _note(row) for row in rows):
        problems["note"] = "列入名单的，请写明列入情况。"
    elif any(len(_note(row)) > 300 for row in rows):
        problems["note"] = "说明最多300个字。"
    if problems:
        raise Invalid(problems)
