"""From a posted page to stored answers and back.

Names of inputs: the keys from the section down, joined by '-': `summary`, `aggregation-scope`,
`cases-0-org_name` (third part of a table: the row's place on the page), `cases-0-_id` (the row's lasting id),
`scenarios__design_other__text` (a detail: field, choice and detail joined by '__'), `ip_proof__na` (the reason
why a file does not apply). A post may hold anything else besides; it is passed over.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Final, Protocol

from competition.form_schema.fields import NOT_APPLICABLE, ROW_ID, Field
from competition.form_schema.values import (
    as_dict,
    as_list,
    as_rows,
    as_text,
    canonical_date,
    canonical_month,
    canonical_number,
    clean,
)

_ROW_ID: Final = re.compile(r"[a-z0-9]{1,16}", re.ASCII)
_CANONICAL: Final = {
    "number": canonical_number,
    "integer": canonical_number,
    "date": canonical_date,
    "month": canonical_month,
}


class Post(Protocol):
    """What is needed of Django's QueryDict."""

    def getlist(self, key: str) -> list[str]:
        """All values posted under a name; empty when there are none."""

    def keys(self) -> Iterable[str]:
        """The posted names."""


class FlatPost:
    """A post made from a plain mapping, for whatever does not come from a browser (imports, rehearsals, tests)."""

    def __init__(self, values: Mapping[str, str | Sequence[str]]) -> None:
        self._values = {
            key: [value] if isinstance(value, str) else list(value) for key, value in values.items()
        }

    def getlist(self, key: str) -> list[str]:
        """All values under a name."""
        return list(self._values.get(key, []))

    def keys(self) -> Iterable[str]:
        """The names."""
        return self._values.keys()


def parse_fields(fields: Iterable[Field], post: Post, prefix: str = "") -> dict[str, Any]:
    """The answers in a post: numbers canonical, line ends \\n, blanks left out, derived fields passed over."""
    answers: dict[str, Any] = {}
    for field in fields:
        if not field.derived:
            _parse_into(answers, field, field.key, post, prefix)
    return answers


def _parse_into(answers: dict[str, Any], field: Field, key: str, post: Post, prefix: str) -> None:
    name = prefix + key
    value = _parse_one(field, post, name)
    if value:
        answers[key] = value
    if field.not_applicable:
        reason = _last(post, name + NOT_APPLICABLE)
        if reason:
            answers[key + NOT_APPLICABLE] = reason
    for choice in field.choices:
        for detail in choice.details:
            _parse_into(answers, detail, f"{key}__{choice.key}__{detail.key}", post, prefix)


def _parse_one(field: Field, post: Post, name: str) -> Any:
    if field.kind == "block":
        return parse_fields(field.fields, post, f"{name}-")
    if field.kind == "table":
        return _parse_rows(field, post, name)
    if field.kind == "file":
        return None
    if field.kind == "choices":
        typed = (clean(value) for value in post.getlist(name))
        return list(dict.fromkeys(_choice_key(field, value) for value in typed if value))
    value = _last(post, name)
    if field.kind == "tick":
        return "1" if value else ""
    if field.kind == "choice":
        return _choice_key(field, value)
    return clean(_CANONICAL.get(field.kind, str)(value))


def canonical_inputs(fields: Iterable[Field], post: Post, prefix: str = "") -> Iterator[tuple[str, str, str]]:
    """Inputs of numbers and dates that are stored otherwise than typed: name, as typed, as stored."""
    for field in fields:
        yield from _canonical_below(field, prefix + field.key, post)


def _canonical_below(field: Field, name: str, post: Post) -> Iterator[tuple[str, str, str]]:
    if field.kind == "block":
        yield from canonical_inputs(field.fields, post, f"{name}-")
    elif field.kind == "table":
        for index in _row_indexes(post, name):
            yield from canonical_inputs(field.fields, post, f"{name}-{index}-")
    elif field.kind in _CANONICAL:
        typed = (post.getlist(name) or [""])[-1]
        stored = clean(_CANONICAL[field.kind](clean(typed)))
        if stored != typed:
            yield name, typed, stored
    for choice in field.choices:
        for detail in choice.details:
            yield from _canonical_below(detail, f"{name}__{choice.key}__{detail.key}", post)


def _choice_key(field: Field, value: str) -> str:
    """A look-up box may send '011 谷物种植' or '谷物种植' where the key is '011'."""
    if field.style != "lookup" or field.choice(value):
        return value
    plain = " ".join(unicodedata.normalize("NFKC", value).split())
    code = plain.partition(" ")[0]
    if field.choice(code):
        return code
    named = [choice.key for choice in field.choices if choice.label.partition(" ")[2] == plain]
    return named[0] if len(named) == 1 else value


def _last(post: Post, name: str) -> str:
    values = post.getlist(name)
    return clean(values[-1]) if values else ""


def _parse_rows(field: Field, post: Post, name: str) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = []
    taken: set[str] = set()
    for index in _row_indexes(post, name):
        prefix = f"{name}-{index}-"
        row = parse_fields(field.fields, post, prefix)
        row_id = _last(post, prefix + ROW_ID)
        if not _ROW_ID.fullmatch(row_id) or row_id in taken:
            row_id = ""
        if row or row_id:
            rows.append({ROW_ID: row_id, **row})
            taken.add(row_id)
    return _with_ids(rows)


def _row_indexes(post: Post, name: str) -> list[str]:
    """The places of the rows as posted ('0', '1', '12'), in the order of their numbers."""
    place = re.compile(re.escape(name) + r"-(\d{1,6})-", re.ASCII)
    found = {match[1] for match in map(place.match, post.keys()) if match}
    return sorted(found, key=lambda digits: (int(digits), digits))


def _with_ids(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Give each row that has no id yet a number above all that are there."""
    numbered = [int(row[ROW_ID][1:]) for row in rows if re.fullmatch(r"r\d{1,9}", row[ROW_ID], re.ASCII)]
    highest = max(numbered, default=0)
    for row in rows:
        if not row[ROW_ID]:
            highest += 1
            row[ROW_ID] = f"r{highest}"
    return rows


def initial_fields(
    fields: Iterable[Field], answers: Mapping[str, Any], prefix: str = ""
) -> dict[str, str | list[str]]:
    """The inverse: input name -> what stands in it, wrong or not."""
    shown: dict[str, str | list[str]] = {}
    for field in fields:
        if not field.derived:
            _show_into(shown, field, field.key, answers, prefix)
    return shown


def _show_into(
    shown: dict[str, str | list[str]], field: Field, key: str, answers: Mapping[str, Any], prefix: str
) -> None:
    name, value = prefix + key, answers.get(key)
    if field.kind == "block":
        shown.update(initial_fields(field.fields, as_dict(value), f"{name}-"))
    elif field.kind == "table":
        for index, row in enumerate(as_rows(value)):
            shown[f"{name}-{index}-{ROW_ID}"] = as_text(row.get(ROW_ID))
            shown.update(initial_fields(field.fields, row, f"{name}-{index}-"))
    elif field.kind == "choices":
        if as_list(value):
            shown[name] = as_list(value)
    elif as_text(value):
        shown[name] = as_text(value)
    if field.not_applicable and as_text(answers.get(key + NOT_APPLICABLE)):
        shown[name + NOT_APPLICABLE] = as_text(answers.get(key + NOT_APPLICABLE))
    for choice in field.choices:
        for detail in choice.details:
            _show_into(shown, detail, f"{key}__{choice.key}__{detail.key}", answers, prefix)


def unknown_keys(fields: Iterable[Field], answers: Mapping[str, Any], prefix: str = "") -> list[str]:
    """Paths in stored answers that the schema does not know (an older schema's, or damage)."""
    known: dict[str, Field | None] = {}
    for field in fields:
        _know(known, field, field.key)
    strange: list[str] = []
    for key, value in answers.items():
        if key not in known:
            strange.append(f"{prefix}{key}")
            continue
        field_here = known[key]
        if field_here is not None and field_here.kind == "block":
            strange += unknown_keys(field_here.fields, as_dict(value), f"{prefix}{key}-")
        elif field_here is not None and field_here.kind == "table":
            for index, row in enumerate(as_rows(value)):
                plain = {one: row[one] for one in row if one != ROW_ID}
                strange += unknown_keys(field_here.fields, plain, f"{prefix}{key}-{index}-")
    return strange


def _know(known: dict[str, Field | None], field: Field, key: str) -> None:
    known[key] = field
    if field.not_applicable:
        known[key + NOT_APPLICABLE] = None
    for choice in field.choices:
        for detail in choice.details:
            _know(known, detail, f"{key}__{choice.key}__{detail.key}")
