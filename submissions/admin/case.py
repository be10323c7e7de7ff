"""What the case page shows: the sealed version that counts, its files, the checklist, what happened."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.utils import timezone

from competition import clock, stages
from competition.form_schema import Row
from competition.models import Edition, User
from competition.stages import Phase
from submissions import services
from submissions.admin.acts import neighbours
from submissions.admin.hinting import Hints, hints_of
from submissions.checklist import ITEM_VALUES, items_of
from submissions.comparison import compare_contents
from submissions.form import schema_of
from submissions.models import Entry, FormalCheck, Receipt, SupplementRequest
from submissions.permissions import can_check_entry, is_of_team
from submissions.places import Place
from submissions.services import sealed_files
from submissions.services.claiming import held_sentence
from submissions.services.supplements import is_open, state_of
from submissions.workflow import EntryStatus, FormalVerdict

STATES = {
    EntryStatus.DRAFT: "todo",
    EntryStatus.SUBMITTED: "wait",
    EntryStatus.ACCEPTED: "done",
    EntryStatus.RETURNED: "act",
    EntryStatus.REJECTED: "rejected",
    EntryStatus.WITHDRAWN: "closed",
}


def case_context(entry: Entry, officer: User) -> dict[str, Any]:
    """Everything on the case page. It reads the sealed content alone, never what the team is writing now."""
    receipts = list(
        Receipt.objects.filter(revision__entry=entry)
        .select_related("revision", "scan", "submitted_by")
        .defer("revision__private")
    )
    checks = list(
        FormalCheck.objects.filter(receipt__revision__entry=entry).select_related("officer", "receipt")
    )
    receipt = receipts[0] if receipts else None
    hints = hints_of(receipt)
    own = is_of_team(officer, entry)
    may_check = not own and can_check_entry(officer)
    return {
        "title": f"{entry.reference} {entry.team.project_name}",
        "entry": entry,
        "edition": entry.edition,
        "entry_state": STATES[EntryStatus(entry.status)],
        "receipt": receipt,
        "sections": _sections(entry, receipt, hints) if receipt else [],
        "proofs": _proofs(receipt) if receipt else [],
        "items": _items(entry, receipt, hints),
        "hints": hints,
        "item_values": list(ITEM_VALUES.items()),
        "last_check": checks[0] if checks else None,
        "last_version": next(
            (one.revision.number for one in receipts if checks and one.pk == checks[0].receipt_id), 0
        ),
        "history": _history(entry, receipts, checks),
        "changes": _changes(entry, receipts, checks),
        "own": own,
        **_what_may_be_done(entry, officer, may_check),
        **_supplements(entry, may_check),
        **_times(entry),
    }


def _what_may_be_done(entry: Entry, officer: User, may_check: bool) -> dict[str, Any]:
    """Who holds the case, what this officer may do with it, and the cases beside it."""
    mine = entry.claimed_by_id == officer.pk
    waiting = entry.status == EntryStatus.SUBMITTED and may_check
    previous, following = neighbours(entry, officer)
    return {
        "may_decide": waiting and (mine or entry.claimed_by_id is None),
        "may_claim": waiting,
        "mine": mine,
        "held": held_sentence(entry) if waiting and not mine else "",
        "previous": previous,
        "waiting": following,
    }


def _times(entry: Entry) -> dict[str, Any]:
    """The deadline, and the times that the date fields propose."""
    deadline = stages.view(entry.edition, stages.SUBMISSION)
    still_open = deadline is not None and deadline.phase is Phase.OPEN
    return {
        "still_open": still_open,
        "deadline": deadline,
        "now": clock.now(entry.edition),
        "typed": {
            "note": "",
            "until": "" if still_open else proposed(entry.edition, "correction_days"),
            "marks": {},
            "items": {},
            "asked": "",
            "supplement_until": proposed(entry.edition, "supplement_days"),
        },
    }


def proposed(edition: Edition, setting: str) -> str:
    """Six in the evening after the edition's number of days, for a date field; '' when it does not say."""
    days = (edition.texts("checking") or {}).get(setting)
    if days is None:
        return ""
    day = timezone.localtime(clock.now(edition) + timedelta(days=days))
    return f"{day:%Y-%m-%d}T18:00"


def _items(entry: Entry, receipt: Receipt | None, hints: Hints) -> list[dict[str, Any]]:
    """The checklist, each item with the words of its rule and what was noticed about it."""
    return [
        {"item": one, "facts": _facts(entry, receipt, one.rule), "hints": hints.of_rule(one.rule)}
        for one in items_of(entry.edition)
    ]


def _facts(entry: Entry, receipt: Receipt | None, rule: str) -> str:
    """What the officer has to compare for an item, in a line."""
    team = entry.team
    if rule == "R61":
        return f"赛题：{team.topic}（{team.topic.track}）" if team.topic else ""
    if rule == "R70":
        return f"项目名称：{team.project_name}"
    if rule == "R65" and receipt:
        rows = [
            value
            for section in receipt.revision.content["sections"]
            if section["key"] == "cases"
            for value in section["answers"].values()
            if isinstance(value, list)
        ]
        return f"填写了{sum(map(len, rows))}个应用案例"
    return ""


def _changes(entry: Entry, receipts: list[Receipt], checks: list[FormalCheck]) -> list[Any]:
    """What the version that counts says otherwise than the one that was first accepted (R71)."""
    first = next((one for one in reversed(checks) if one.verdict == FormalVerdict.ACCEPT), None)
    if first is None or first.receipt_id == receipts[0].pk:
        return []
    accepted = next(one for one in receipts if one.pk == first.receipt_id)
    return compare_contents(schema_of(entry.edition), accepted.revision.content, receipts[0].revision.content)


def _supplements(entry: Entry, may_check: bool) -> dict[str, Any]:
    """Requests for more material; they begin when an entry has passed the formal check (R72)."""
    if entry.status not in {EntryStatus.ACCEPTED, EntryStatus.WITHDRAWN}:
        return {"supplements": [], "may_ask": False, "shows_supplements": False}
    rows = SupplementRequest.objects.filter(entry=entry).select_related("asked_by", "answered_by")
    found = []
    for one in rows.prefetch_related("files"):
        one.entry = entry
        found.append({"request": one, "open": is_open(one), **state_of(one)})
    return {
        "supplements": found,
        "may_ask": may_check and entry.status == EntryStatus.ACCEPTED,
        "shows_supplements": bool(found) or entry.status == EntryStatus.ACCEPTED,
    }


def _sections(entry: Entry, receipt: Receipt, hints: Hints) -> list[dict[str, Any]]:
    content = receipt.revision.content
    facts = services.facts_from(content, "")
    answers = {(one["key"], one["unit"]): one["answers"] for one in content["sections"]}
    files = sealed_files.files_by_slot(content, entry)
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
                    "rows": [_row(row, place, hints) for row in rows],
                    "files": files,
                }
            )
    return shown


def _row(row: Row, place: Place, hints: Hints) -> dict[str, Any]:
    here = Place(place.section, place.unit_id, row.name)
    return {"row": row, "place": str(here), "hints": hints.at(here)}


def _proofs(receipt: Receipt) -> list[dict[str, Any]]:
    """Proofs of the units as they were sealed; their files are on the registration's case page."""
    return [
        {"unit": unit["name"], **proof}
        for unit in receipt.revision.content["registration"]["units"]
        for proof in unit["proofs"]
    ]


def _history(entry: Entry, receipts: list[Receipt], checks: list[FormalCheck]) -> list[dict[str, Any]]:
    numbers = {one.pk: one.revision.number for one in receipts}
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
                "text": f"{FormalVerdict(check.verdict).label}（第{numbers[check.receipt_id]}版）",
                "note": "　".join(part for part in (check.note, marks) if part),
            }
        )
    return sorted(events, key=lambda event: event["at"], reverse=True)
