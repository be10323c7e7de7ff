"""The long texts of a version: what similarity is looked for in. Values in, values out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from competition.form_schema import FormSchema, Row
from competition.form_schema.display import GROUP, PARAGRAPHS, TABLE

#: A shorter text says the same as others without having been copied.
SHORTEST: Final = 30


@dataclass(frozen=True, slots=True)
class MainText:
    """A long text with the section that it stands in and what it is called there."""

    section: str
    label: str
    text: str


def main_texts(schema: FormSchema, content: Mapping[str, Any]) -> list[MainText]:
    """Every long text of a version's content in the order of the form."""
    found = []
    for answered in content["sections"]:
        section = schema.section(answered["key"])
        if section is not None:
            for label, text in _texts(section.rows(answered["answers"])):
                if len(text) >= SHORTEST:
                    found.append(MainText(section.title, label, text))
    return found


def _texts(rows: tuple[Row, ...], above: str = "") -> Iterator[tuple[str, str]]:
    for row in rows:
        label = f"{above} · {row.label}" if above else row.label
        if row.form == PARAGRAPHS:
            yield label, row.text
        elif row.form == GROUP:
            yield from _texts(row.parts, label)
        elif row.form == TABLE:
            for record in row.records:
                yield from _texts(record.cells, record.label)
