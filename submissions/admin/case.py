"""What the case page shows: the sealed version that counts, its files, the checklist, what happened."""

from __future__ import annotations

from typing import Any

from django.urls import reverse

from competition import clock, stages
from competition.form_schema import Row
from competition.models import User
from competition.stages import Phase
from submissions import services
from submissions.checklist import ITEM_VALUES, items_of
from submissions.form import schema_of
from submissions.models import Entry, FormalCheck, Receipt
from submissions.permissions import can_check_entry, is_of_team
from submissions.places import Place
from submissions.workflow import EntryStatus, FormalVerdict

STATES = {
    EntryStatus.DRAFT: "todo",
    EntryStatus.SUBMITTED: "wait",
    EntryStatus.ACCEPTED: "done",
    EntryStatus.RETURNED: "act",
    EntryStatus.REJECTED: "rejected",
    EntryStatus.WITHDRAWN: "closed",
}


def case_context(entry: Entry, officer: User, *, waiting: Entry | None) -> dict[str, Any]:
    """Everything on the case page. It reads the sealed content alone, never what the team is writing now."""
    receipts = list(
        Receipt.objects.filter(revision__entry=entry)
        .select_related("revision", "scan", "submitted_by")
        .defer("revision__private")
    )
    checks = list(
        FormalCheck.objects.filter(receipt__revision__entry=entry).select_related(
            "officer", "receipt__revision"
        )
    )
    receipt = receipts[0] if receipts else None
    deadline = stages.view(entry.edition, stages.SUBMISSION)
    return {
        "title": f"{entry.reference} {entry.team.project_name}",
        "entry": entry,
        "entry_state": STATES[EntryStatus(entry.status)],
        "receipt": receipt,
        "sections": _sections(entry, receipt) if receipt else [],
        "proofs": _proofs(receipt) if receipt else [],
        "items": items_of(entry.edition),
        "item_values": list(ITEM_VALUES.items()),
        "last_check": checks[0] if checks else None,
        "history": _history(entry, receipts, checks),
        "may_decide": entry.status == EntryStatus.SUBMITTED and can_check_entry(officer, entry),
        "own": is_of_team(officer, entry),
        "waiting": waiting,
        "still_open": deadline is not None and deadline.phase is Phase.OPEN,
        "deadline": deadline,
        "now": clock.now(entry.edition),
        "typed": {"note": "", "until": "", "marks": {}, "items": {}},
    }


def _sections(entry: Entry, receipt: Receipt) -> list[dict[str, Any]]:
    content = receipt.revision.content
    facts = services.facts_from(content, "")
    answers = {(one["key"], one["unit"]): one["answers"] for one in content["sections"]}
    files: dict[str, list[dict[str, Any]]] = {}
    for file in content["attachments"]:
        files.setdefault(file["slot"], []).append(file)
    shown = []
    for section in schema_of(entry.edition).sections:
        for unit_id in facts.unit_ids if section.repeat == "unit" else [None]:
            derived = facts.derived(unit_id)
            name = facts.unit(unit_id)["name"] if unit_id is not None else ""
            place = Place(section.key, unit_id)
            rows = section.rows(answers.get((section.key, unit_id), {}), derived=derived)
            shown.append(
                {
                    "title": f"{section.title}：{name}" if name else section.title,
                    "place": str(place),
                    "rows": [_row(row, place) for row in rows],
                    "files": files,
                }
            )
    return shown


def _row(row: Row, place: Place) -> dict[str, Any]:
    return {"row": row, "place": str(Place(place.section, place.unit_id, row.name))}


def _proofs(receipt: Receipt) -> list[dict[str, Any]]:
    """Proofs of the units as they were sealed; their files are on the registration's case page."""
    return [
        {"unit": unit["name"], **proof}
        for unit in receipt.revision.content["registration"]["units"]
        for proof in unit["proofs"]
    ]


def _history(entry: Entry, receipts: list[Receipt], checks: list[FormalCheck]) -> list[dict[str, Any]]:
    events: list[dict[str, Any]] = [{"at": entry.created_at, "text": "申报书开放填写"}]
    for receipt in receipts:
        events.append(
            {
                "at": receipt.submitted_at,
                "who": receipt.submitted_by.display_name,
                "text": f"提交第{receipt.revision.number}版",
                "note": f"回执 {receipt.number}",
            }
        )
    for check in checks:
        marks = "；".join(check.reasons.values())
        events.append(
            {
                "at": check.at,
                "who": check.officer.display_name,
                "text": f"{FormalVerdict(check.verdict).label}（第{check.receipt.revision.number}版）",
                "note": "　".join(part for part in (check.note, marks) if part),
            }
        )
    return sorted(events, key=lambda event: event["at"], reverse=True)


def case_url(entry: Entry) -> str:
    """The case page's address."""
    return reverse("admin:submissions_entry_change", args=[entry.pk])
