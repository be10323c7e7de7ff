"""What of a sealed entry experts of the blind round read, by the form's ``blind`` flags (R16, decision 28).

Values in, values out: fields flagged ``show`` with every identity word masked, fields flagged ``mask`` as codes
(案例单位A, 专利1), proofs as counts. What is not listed here does not exist for an expert.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from competition.form_schema import FormSchema, Row, Section
from competition.form_schema.display import CHOICES, FILES, GROUP, PARAGRAPHS, TABLE, Record
from competition.form_schema.fields import HIDE, MASK, SHOW, Field
from submissions.identity import Finder, Leak, Word

#: A hidden name shorter than this is a common word.
NAME_SHORTEST: Final = 4
#: Its words are the notice's own.
_OF_THE_NOTICE: Final = frozenset({"project.topic"})
_ORGANISATION: Final = "单位名称"

Derived = Callable[[int | None], Mapping[str, Any]]
Spot = tuple[str, int | None, str]


@dataclass(frozen=True)
class Projection:
    """The sections that experts read, and what was found and masked in them, by place."""

    sections: list[dict[str, Any]]
    leaks: list[dict[str, str]] = field(default_factory=list)
    #: Where the sections and the leaks stand in the form, one by one: section, unit, top field ('' for a section).
    places: list[Spot] = field(default_factory=list)
    leak_places: list[Spot] = field(default_factory=list)


def codes_of(schema: FormSchema, content: Mapping[str, Any], derived: Derived) -> list[Word]:
    """Values of masked fields with the code of each, and names hidden beside them, which texts must not tell either."""
    words: list[Word] = []
    for _, _, rows in _sections(schema, content, derived):
        for row in rows:
            words += _codes(row)
    return words


def project(
    schema: FormSchema,
    content: Mapping[str, Any],
    derived: Derived,
    finder: Finder,
    show: Callable[[Leak], str] = lambda leak: leak.instead,
) -> Projection:
    """The blind view of a version's ``content`` (R16). ``show`` says what stands in the place of what was found."""
    made = Projection([])
    for section, unit, rows in _sections(schema, content, derived):
        projector = _Projector(finder, show, section, made.leaks)
        shown: list[dict[str, Any]] = []
        for row in rows:
            shown += projector.row(row)
            found = len(made.leaks) - len(made.leak_places)
            made.leak_places.extend([(section.key, unit, row.field.key)] * found)
        if shown:
            made.sections.append({"key": section.key, "title": section.title, "rows": shown})
            made.places.append((section.key, unit, ""))
    return made


#: In front of a word found, and between what is said of it and itself; behind it.
MARK, SAID, END = "\ue000", "\ue002", "\ue001"


def marked(leak: Leak) -> str:
    """A word found as people see it who may: its kind, what stands in its place, itself."""
    return f"{MARK}{leak.kind}→{leak.instead}{SAID}{leak.words}{END}"


def with_counts(sections: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Sections with the number of words marked in each."""
    return [
        {**section, "marks": json.dumps(section["rows"], ensure_ascii=False).count(MARK)}
        for section in sections
    ]


def hidden_fields(schema: FormSchema) -> list[tuple[str, list[str]]]:
    """What experts see nothing of: sections with the labels of their hidden fields, in the form's order."""
    found = [
        (one.title, [field.label for field in one.fields if _is_hidden(field)]) for one in schema.sections
    ]
    return [(title, labels) for title, labels in found if labels]


def shown_slots(schema: FormSchema, content: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The files that experts see page by page: those in slots flagged ``show``, in their order."""
    found = []
    for file in content["attachments"]:
        slot = schema.find_slot(file["slot"])
        if slot is not None and slot[1].blind == SHOW:
            found.append(file)
    return found


def _sections(
    schema: FormSchema, content: Mapping[str, Any], derived: Derived
) -> Iterator[tuple[Section, int | None, tuple[Row, ...]]]:
    answers = {(one["key"], one["unit"]): one["answers"] for one in content["sections"]}
    units = [one["id"] for one in content["registration"]["units"]]
    for section in schema.sections:
        for unit in units if section.repeat == "unit" else [None]:
            yield section, unit, section.rows(answers.get((section.key, unit), {}), derived=derived(unit))


def _is_hidden(one: Field) -> bool:
    return all(map(_is_hidden, one.fields)) if one.kind == "block" else one.blind == HIDE


class _Projector:
    """Turns rows of one section into plain JSON, noting what it masks."""

    def __init__(
        self, finder: Finder, show: Callable[[Leak], str], section: Section, leaks: list[dict[str, str]]
    ) -> None:
        self.finder, self.show, self.section, self.leaks = finder, show, section, leaks

    def row(self, row: Row) -> Iterator[dict[str, Any]]:
        """One row for the expert's template, or nothing."""
        if row.form == GROUP:
            parts = [one for part in row.parts if not part.blank for one in self.row(part)]
            if parts:
                yield self._made(row, "group", parts=parts)
        elif row.blind != SHOW or row.form == FILES:
            return
        elif row.form == TABLE:
            yield self._table(row)
        elif row.form == CHOICES:
            yield self._made(row, "text", text=self._chosen(row))
        else:
            form = "paragraphs" if row.form == PARAGRAPHS else "text"
            text = row.text if row.field.derived in _OF_THE_NOTICE else self.masked(row, row.text)
            yield self._made(row, form, text=text)

    def masked(self, row: Row, text: str) -> str:
        """The text without what tells who it is by; what was found is noted."""

        def instead(leak: Leak) -> str:
            place = f"{self.section.title} · {row.label}"
            self.leaks.append({"place": place, "kind": leak.kind, "sentence": leak.sentence})
            return self.show(leak)

        return self.finder.replace(text, instead)

    def _made(self, row: Row, form: str, **more: Any) -> dict[str, Any]:
        return {"key": row.field.key, "no": row.field.no, "label": row.label, "form": form, **more}

    def _chosen(self, row: Row) -> str:
        """The ticked choices in one line, without hidden details."""
        groups: dict[str, list[str]] = {}
        for tick in row.ticks:
            if tick.ticked:
                inside = "，".join(
                    self.masked(row, detail.plain)
                    for detail in tick.details
                    if detail.blind == SHOW and not detail.blank
                )
                groups.setdefault(tick.group, []).append(
                    f"{tick.label}（{inside}）" if inside else tick.label
                )
        lines = ("、".join(labels) for labels in groups.values())
        return "；".join(
            f"{group}：{line}" if group else line for group, line in zip(groups, lines, strict=True)
        )

    def _table(self, row: Row) -> dict[str, Any]:
        codes = _row_codes(row)
        number, label = len(row.records), row.field.row_label or row.label
        proofs = any(column.kind == "file" and column.blind != SHOW for column in row.field.fields)
        text = (f"{number}项{label}" if number else "无") + (
            "，证明材料由秘书处核验" if proofs and number else ""
        )
        if not any(column.blind == SHOW for column in row.field.fields):
            listed = "、".join(code for by_row in codes for code in by_row.values())
            return self._made(row, "text", text=f"{text}（{listed}）" if listed else text)
        records = [
            {"label": record.label, "cells": list(self._cells(record, by_key))}
            for record, by_key in zip(row.records, codes, strict=True)
        ]
        return self._made(row, "table", text=text, records=records)

    def _cells(self, record: Record, codes: Mapping[str, str]) -> Iterator[dict[str, Any]]:
        for cell in record.cells:
            if cell.field.key in codes:
                yield self._made(cell, "text", text=codes[cell.field.key])
            elif not cell.blank:
                yield from self.row(cell)


def _codes(row: Row) -> Iterator[Word]:
    if row.form == GROUP:
        for part in row.parts:
            yield from _codes(part)
    elif row.form == TABLE and row.blind == SHOW:
        for record, codes in zip(row.records, _row_codes(row), strict=True):
            yield from _words(record.cells, codes)


def _words(cells: Iterable[Row], codes: Mapping[str, str]) -> Iterator[Word]:
    for cell in cells:
        code = codes.get(cell.field.key)
        if code is not None and len(cell.text) > 2:
            yield Word(cell.label, cell.text, code)
        elif codes and cell.field.kind == "text" and cell.blind == HIDE and len(cell.text) >= NAME_SHORTEST:
            yield Word(cell.label, cell.text)


def _row_codes(row: Row) -> list[dict[str, str]]:
    """For each record the codes of its masked cells by key: equal values of a column have equal codes."""
    seen: dict[tuple[str, str], str] = {}
    found = []
    for number, record in enumerate(row.records, start=1):
        codes = {}
        for cell in record.cells:
            if cell.blind == MASK and cell.text:
                code = _code(
                    row.field, cell.field, number, len({key for key in seen if key[0] == cell.field.key})
                )
                codes[cell.field.key] = seen.setdefault((cell.field.key, cell.text), code)
        found.append(codes)
    return found


def _code(table: Field, column: Field, number: int, before: int) -> str:
    label = table.row_label or table.label
    return f"{label}单位{_letters(before)}" if column.label.endswith(_ORGANISATION) else f"{label}{number}"


def _letters(number: int) -> str:
    """0 -> A, 25 -> Z, 26 -> AA."""
    text = ""
    number += 1
    while number:
        number, rest = divmod(number - 1, 26)
        text = chr(65 + rest) + text
    return text
