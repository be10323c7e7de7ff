"""An accepted entry as its judges by name read it: the sealed version, without what concerns persons alone."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from competition.form_schema import Row
from submissions import services
from submissions.form import schema_of
from submissions.models import Entry, Receipt
from submissions.services import sealed_files

#: Facts of the registration that are about persons: neither a department nor a verifier needs them.
PERSONAL: Final = frozenset({"team.members", "unit.contact_name", "unit.contact_title", "unit.contact_phone"})


@dataclass(frozen=True)
class Part:
    """A section of the form, to read; of a unit where the section repeats."""

    anchor: str
    title: str
    rows: tuple[Row, ...]


@dataclass(frozen=True)
class Reading:
    """The version that passed the formal check; ``files`` by slot as it names them."""

    receipt: Receipt
    parts: tuple[Part, ...]
    files: dict[str, list[dict[str, Any]]]
    units: tuple[dict[str, Any], ...]

    @property
    def keys(self) -> set[str]:
        """Keys of the files that the version names and that are there."""
        return {file["key"] for files in self.files.values() for file in files if "absent" not in file}


def read_entry(entry: Entry) -> Reading | None:
    """The last sealed version without document numbers, phones and contacts; None when there is none; one query."""
    receipt = (
        Receipt.objects.filter(revision__entry=entry)
        .select_related("revision")
        .defer("revision__private")
        .first()
    )
    if receipt is None:
        return None
    content = receipt.revision.content
    facts = services.facts_from(content, "")
    answers = {(one["key"], one["unit"]): one["answers"] for one in content["sections"]}
    files = sealed_files.files_by_slot(content, entry)
    parts = []
    for section in schema_of(entry.edition).sections:
        for unit_id in facts.unit_ids if section.repeat == "unit" else [None]:
            rows = section.rows(answers.get((section.key, unit_id), {}), derived=facts.derived(unit_id))
            shown = tuple(row for row in rows if row.field.derived not in PERSONAL)
            if shown:
                name = facts.unit(unit_id)["name"] if unit_id is not None else ""
                title = f"{section.title}：{name}" if name else section.title
                anchor = f"{section.key}-{unit_id}" if unit_id is not None else section.key
                parts.append(Part(anchor, title, shown))
    return Reading(receipt, tuple(parts), files, tuple(content["registration"]["units"]))
