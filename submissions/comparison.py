"""Two states of an entry side by side: frozen versions, or the draft as it stands."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from competition.form_schema import FormSchema
from competition.form_schema.comparing import Change, Version, compare
from submissions.facts import facts_from

_OTHER: Final = "（号码已更换）"


def compare_contents(schema: FormSchema, before: Mapping[str, Any], after: Mapping[str, Any]) -> list[Change]:
    """Every difference between two contents, as revisions hold them (R71). Document numbers and phones stay
    masked; where the masks are alike but the numbers are not, it says so."""
    return compare(schema, version_of(before), version_of(after, against=before))


def version_of(content: Mapping[str, Any], against: Mapping[str, Any] | None = None) -> Version:
    """A content as the comparison reads it; numbers that differ from ``against`` behind the same mask are marked."""
    facts = facts_from(_marking(content, against) if against else content, "")
    files: dict[str, list[Mapping[str, Any]]] = {}
    for file in content["attachments"]:
        files.setdefault(file["slot"], []).append(file)
    return Version(
        answers={(one["key"], one["unit"]): one["answers"] for one in content["sections"]},
        derived={unit: facts.derived(unit) for unit in (None, *facts.unit_ids)},
        files=files,
        units={unit["id"]: unit["name"] for unit in facts.public["units"]},
    )


def _marking(content: Mapping[str, Any], against: Mapping[str, Any]) -> dict[str, Any]:
    now, then = content["registration"], against["registration"]
    members = {one["position"]: one for one in then["team"]["members"]}
    units = {one["id"]: one for one in then["units"]}
    marked = [
        _marked(
            _marked(one, members.get(one["position"]), "document_number", "document_hash"),
            members.get(one["position"]),
            "mobile",
            "mobile_hash",
        )
        for one in now["team"]["members"]
    ]
    return {
        **content,
        "registration": {
            **now,
            "team": {**now["team"], "members": marked},
            "units": [
                _marked(one, units.get(one["id"]), "contact_way", "contact_way_hash") for one in now["units"]
            ],
        },
    }


def _marked(
    one: Mapping[str, Any], other: Mapping[str, Any] | None, shown: str, hashed: str
) -> dict[str, Any]:
    if other is None or one[shown] != other[shown] or one.get(hashed) == other.get(hashed):
        return dict(one)
    return {**one, shown: one[shown] + _OTHER}
