"""The credit look-ups of a case as one table: units and people down, the lists across (R49-R51)."""

from __future__ import annotations

from typing import Any

from django.urls import reverse

from registration.models import CreditLookup, Team
from registration.services.lookups import LISTED, counting, subjects


def credit_table(team: Team) -> dict[str, Any]:
    """The table with what is due in it; one query for what is prefetched."""
    lists, done = team.edition.texts("credit_lists"), counting(team)
    rows: list[dict[str, Any]] = [
        {
            "name": name,
            "kind": "单位" if kind == "unit" else "代表",
            "cells": [_cell(subject, one, done.get((subject, one["key"]))) for one in lists],
        }
        for subject, (name, kind) in subjects(team).items()
    ]
    due = sum(cell["due"] for row in rows for cell in row["cells"])
    return {"lists": lists, "rows": rows, "due": due}


def _cell(subject: str, one: dict[str, str], found: CreditLookup | None) -> dict[str, Any]:
    return {
        "value": f"{one['key']}|{subject}",
        "list": one["label"],
        "due": found is None,
        "found": found,
        "listed": found is not None and found.outcome == LISTED,
        "url": reverse("admin:registration_team_evidence", args=[found.evidence_id])
        if found and found.evidence_id
        else "",
    }
