"""Hints as the case page shows them: at their places, and beside the items of the checklist."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from django.urls import reverse

from submissions.models import Hint, Receipt
from submissions.places import Place
from submissions.workflow import HintKind

#: Which item of the checklist a kind of hint belongs to; missing proofs of a unit are R80's.
RULES: Final = {
    HintKind.MISSING: "R81",
    HintKind.OTHER_UNIT: "R82",
    HintKind.SIMILAR: "R82",
    HintKind.CHANGED: "R79",
}
OF_UNITS: Final = "R80"


@dataclass(frozen=True)
class Hints:
    """All hints of the version that counts, as rows for the templates."""

    rows: tuple[dict[str, Any], ...]

    def of_rule(self, rule: str) -> list[dict[str, Any]]:
        """Those beside the item of a rule."""
        return [row for row in self.rows if row["rule"] == rule]

    def at(self, place: Place) -> list[dict[str, Any]]:
        """Those at a field or in it."""
        return [row for row in self.rows if row["at"] is not None and place.covers(row["at"])]


def hints_of(receipt: Receipt | None) -> Hints:
    """The hints of a submitted version; one query, none without a version."""
    if receipt is None:
        return Hints(())
    return Hints(tuple(_row(one, receipt) for one in Hint.objects.filter(revision=receipt.revision_id)))


def _row(hint: Hint, receipt: Receipt) -> dict[str, Any]:
    data, entry_id = hint.data, receipt.revision.entry_id
    url, label = "", ""
    if hint.kind == HintKind.SIMILAR:
        url, label = reverse("admin:submissions_entry_similar", args=[entry_id, data["entry"]]), "对比"
    elif hint.kind == HintKind.CHANGED:
        ends = f"?from={data['before']}&to={receipt.revision.number}"
        url, label = reverse("submissions:compare", args=[entry_id]) + ends, "对比"
    elif hint.place:
        url, label = f"#at-{hint.place}", "查看"
    return {
        "hint": hint,
        "rule": OF_UNITS if "unit" in data else RULES[HintKind(hint.kind)],
        "at": Place.parse(hint.place) if hint.place else None,
        "quiet": bool(data.get("na") or data.get("unread")),
        "url": url,
        "label": label,
        "outside": hint.kind in {HintKind.SIMILAR, HintKind.CHANGED},
    }
