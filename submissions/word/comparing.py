"""What a document would change in a section, field by field and row by row; and the answers after a yes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

from competition.form_schema import INVALID, OVER, ROW_ID, Field, Problem, rows_of
from competition.form_schema.binding import Binder, bind_fields
from competition.form_schema.values import as_dict, as_list, as_rows
from submissions.word.parts import UNWRITABLE
from submissions.word.placing import Draft
from submissions.word.tags import is_new_row

NEW: Final = "new"
REPLACES: Final = "replaces"
CLEARS: Final = "clears"
WRONG: Final = "wrong"
DROPS: Final = "drops"
#: From the states to what the page says.
WORDS: Final = {
    NEW: "新内容",
    REPLACES: "与现有内容不同",
    CLEARS: "文稿中为空",
    WRONG: "没有看懂",
    DROPS: "文稿中没有这一行",
}


@dataclass(frozen=True)
class Change:
    """One field (or one row of a table) that the document says something else about.

    ``key`` names it in the form; ``now`` and ``then`` are its texts; ``ticked`` is the proposal.
    """

    key: str
    label: str
    state: str
    now: str
    then: str
    sentences: tuple[str, ...] = ()
    over: bool = False
    guessed: bool = False
    cells: tuple[Change, ...] = ()
    row_id: str = ""  #: of a row: its lasting id in the entry, '' for a new one
    at: int = -1  #: of a row: its place in the document

    @property
    def takeable(self) -> bool:
        """Whether it can be taken over at all."""
        return self.state != WRONG

    @property
    def ticked(self) -> bool:
        """Only what fills an empty place is proposed."""
        return self.state == NEW and not self.guessed

    @property
    def word(self) -> str:
        """The state for people."""
        return WORDS[self.state]


@dataclass(frozen=True)
class Compared:
    """A section's changes, and in how many places the document says what stands there already."""

    changes: tuple[Change, ...]
    same: int


@dataclass(frozen=True)
class _Look:
    """One level of the form: its fields with both answers."""

    fields: tuple[Field, ...]
    now: Mapping[str, Any]
    then: Mapping[str, Any]
    prefix: str
    label: str = ""


def compare(draft: Draft, now: Mapping[str, Any]) -> Compared:
    """What a draft would change in a section that now says ``now``."""
    problems = draft.problems()
    changes: list[Change] = []
    same = 0
    for found in _walk(_Look(draft.section.fields, now, draft.answers(), ""), draft, problems):
        if found is None:
            same += 1
        else:
            changes.append(found)
    return Compared(tuple(changes), same)


def merged(draft: Draft, now: Mapping[str, Any], chosen: Iterable[str]) -> dict[str, Any]:
    """The section's answers after the chosen changes (their keys); what was not chosen stays as it is."""
    keys = set(chosen)
    changes = {one.key: one for one in compare(draft, now).changes if one.key in keys and one.takeable}
    return _merge(draft.section.fields, now, draft.answers(), "", changes)


def _walk(look: _Look, draft: Draft, problems: list[Problem]) -> Iterator[Change | None]:
    for field in look.fields:
        if field.derived:
            continue
        name = look.prefix + field.key
        label = f"{look.label}{field.no + '. ' if field.no else ''}{field.label}"
        if field.kind == "block":
            inner = _Look(
                field.fields,
                as_dict(look.now.get(field.key)),
                as_dict(look.then.get(field.key)),
                f"{name}-",
                f"{label} · ",
            )
            yield from _walk(inner, draft, problems)
        elif field.kind == "table":
            yield from _rows(field, name, look, draft, problems)
        elif _mentioned(draft, name):
            change = _change(field, name, label, look, draft, problems)
            if change is None or change.state != CLEARS or draft.own:
                yield change


def _mentioned(draft: Draft, name: str) -> bool:
    return any(one == name or one.startswith(f"{name}__") for one in draft.present)


def _change(
    field: Field, name: str, label: str, look: _Look, draft: Draft, problems: list[Problem]
) -> Change | None:
    """None when both say the same."""
    mine, theirs = own(field, look.now), own(field, look.then)
    raw = draft.raw.get(name, "")
    here = [one for one in problems if one.path == name or one.path.startswith(f"{name}__")]
    wrong = any(one.kind == INVALID for one in here)
    if comparable(field, mine) == comparable(field, theirs) and name not in draft.several:
        return None
    if raw and raw == mine.get(field.key):
        return None
    if not mine and field.default and theirs == {field.key: field.default}:
        return None
    posted = draft.posted.get(name)
    both = {field.key: posted} if name in draft.several and isinstance(posted, list) else None
    return Change(
        key=name,
        label=label,
        state=WRONG if wrong else CLEARS if not theirs else NEW if not mine else REPLACES,
        now=plain(field, mine),
        then=plain(replace(field, kind="choices"), both)
        if both
        else raw
        if wrong and raw
        else plain(field, theirs),
        sentences=tuple(dict.fromkeys(one.sentence for one in here)),
        over=any(one.kind == OVER for one in here),
        guessed=name in draft.guessed,
    )


def own(field: Field, answers: Mapping[str, Any]) -> dict[str, Any]:
    """What of the siblings' answers belongs to a field: its own, its details', why its file does not apply."""
    return {
        key: value
        for key, value in answers.items()
        if (key == field.key or key.startswith(f"{field.key}__")) and value not in ("", [], {}, None)
    }


def comparable(field: Field, answers: Mapping[str, Any]) -> dict[str, Any]:
    """Answers in a form in which equal ones are equal: no order of ticks, no characters that no document holds."""
    ordered = field.style == "lookup"
    found: dict[str, Any] = {}
    for key, value in answers.items():
        if isinstance(value, list):
            found[key] = value if ordered else sorted(as_list(value))
        else:
            found[key] = UNWRITABLE.sub("", str(value))
    return {key: value for key, value in found.items() if value}


def plain(field: Field, answers: Mapping[str, Any]) -> str:
    """A field's answer as a text to read."""
    bound = bind_fields((field,), answers, Binder({}, {}))
    return "；".join(row.plain for row in rows_of(bound)) or _raw(field, answers)


def _raw(field: Field, answers: Mapping[str, Any]) -> str:
    value = answers.get(field.key, "")
    return "；".join(value) if isinstance(value, list) else str(value)


def _rows(
    field: Field, name: str, look: _Look, draft: Draft, problems: list[Problem]
) -> Iterator[Change | None]:
    """A table row by row: matched by its lasting id, a new one by what it says."""
    if name not in draft.rows:
        return
    stored = as_rows(look.now.get(field.key))
    pairs = match(field, stored, as_rows(look.then.get(field.key)))
    room = (field.max_rows or len(stored) + len(pairs)) - len(stored)
    for at, (before, row) in enumerate(pairs):
        if row is None:
            continue
        cells = _cells(field, f"{name}-{at}-", before or {}, row, draft, problems)
        changed = tuple(one for one in cells if one is not None)
        if not changed:
            if before is not None:
                yield None
            continue
        if before is None:
            room -= 1
        yield _row_change(field, name, at, before, stored, changed, full=room < 0)
    used = [before.get(ROW_ID) for before, _ in pairs if before is not None]
    for index, one in enumerate(stored):
        if draft.own and one.get(ROW_ID) not in used:
            label = f"{field.row_label}{index + 1}"
            text = plain(field, {field.key: [one]}).partition("：")[2]
            yield Change(f"{name}@{one.get(ROW_ID)}", label, DROPS, text, "", row_id=str(one.get(ROW_ID, "")))


def _cells(
    field: Field,
    prefix: str,
    before: Mapping[str, Any],
    row: Mapping[str, Any],
    draft: Draft,
    problems: list[Problem],
) -> list[Change | None]:
    return list(_walk(_Look(field.fields, before, row, prefix), draft, problems))


def _row_change(
    field: Field,
    name: str,
    at: int,
    before: Mapping[str, Any] | None,
    stored: list[Mapping[str, Any]],
    cells: tuple[Change, ...],
    *,
    full: bool,
) -> Change:
    row_id = str(before.get(ROW_ID, "")) if before is not None else ""
    if before is not None:
        number = next(index for index, one in enumerate(stored) if one.get(ROW_ID) == row_id) + 1
        label, state = f"{field.row_label}{number}", REPLACES
        if all(one.state == NEW for one in cells if one.takeable):
            state = NEW
    else:
        label, state = f"新增{field.row_label}", NEW
    sentences = [f"{one.label}：{sentence}" for one in cells for sentence in one.sentences]
    if not any(one.takeable for one in cells):
        state = WRONG
    if full:
        state = WRONG
        sentences.insert(0, f"最多填写{field.max_rows}个{field.row_label}，这一行放不下。")
    return Change(
        key=f"{name}-{at}",
        label=label,
        state=state,
        now="",
        then="",
        sentences=tuple(sentences),
        over=any(one.over for one in cells),
        guessed=any(one.guessed for one in cells),
        cells=cells,
        row_id=row_id,
        at=at,
    )


def match(
    field: Field, stored: list[Mapping[str, Any]], rows: list[Mapping[str, Any]]
) -> list[tuple[Mapping[str, Any] | None, Mapping[str, Any] | None]]:
    """Each row of a document with the stored one that it is about; (None, None) for one that says nothing.

    A row that was stored when the document was made bears its id. A new one that says the same in its first
    column as a stored row is taken for that row, so that bringing in a document twice adds nothing twice.
    """
    by_id = {str(one.get(ROW_ID, "")): one for one in stored}
    taken = {str(row.get(ROW_ID)) for row in rows if str(row.get(ROW_ID)) in by_id}
    title = field.fields[0].key
    pairs: list[tuple[Mapping[str, Any] | None, Mapping[str, Any] | None]] = []
    for row in rows:
        row_id = str(row.get(ROW_ID, ""))
        empty = not any(key != ROW_ID for key in row)
        if row_id in by_id and not is_new_row(row_id):
            pairs.append((by_id[row_id], row))
            continue
        if empty:
            pairs.append((None, None))
            continue
        same = next(
            (
                key
                for key, one in by_id.items()
                if key not in taken and row.get(title) and one.get(title) == row.get(title)
            ),
            None,
        )
        if same is not None:
            taken.add(same)
        pairs.append((by_id[same] if same is not None else None, row))
    return pairs


def _merge(
    fields: Iterable[Field],
    now: Mapping[str, Any],
    then: Mapping[str, Any],
    prefix: str,
    changes: Mapping[str, Change],
) -> dict[str, Any]:
    result = dict(now)
    for field in fields:
        name = prefix + field.key
        if not any(key == name or key.startswith((f"{name}-", f"{name}@")) for key in changes):
            continue
        if field.kind == "block":
            below = _merge(
                field.fields, as_dict(now.get(field.key)), as_dict(then.get(field.key)), f"{name}-", changes
            )
            value: Any = below
        elif field.kind == "table":
            value = _merge_rows(
                field, name, as_rows(now.get(field.key)), as_rows(then.get(field.key)), changes
            )
        else:
            _replace(result, field, then)
            continue
        result.pop(field.key, None)
        if value:
            result[field.key] = value
    return result


def _replace(result: dict[str, Any], field: Field, then: Mapping[str, Any]) -> None:
    for key in own(field, result):
        del result[key]
    result.update(own(field, then))


def _merge_rows(
    field: Field,
    name: str,
    stored: list[Mapping[str, Any]],
    rows: list[Mapping[str, Any]],
    changes: Mapping[str, Change],
) -> list[dict[str, Any]]:
    chosen = [one for key, one in changes.items() if key.startswith((f"{name}-", f"{name}@"))]
    gone = {one.row_id for one in chosen if one.state == DROPS}
    result = [dict(one) for one in stored if one.get(ROW_ID) not in gone]
    taken = {str(one.get(ROW_ID, "")) for one in stored}
    for change in sorted((one for one in chosen if one.state != DROPS), key=lambda one: one.at):
        cells = {one.key: one for one in change.cells if one.takeable}
        prefix = f"{name}-{change.at}-"
        if change.row_id:
            target = next(one for one in result if one.get(ROW_ID) == change.row_id)
            mixed = _merge(field.fields, target, rows[change.at], prefix, cells)
            target.clear()
            target.update(mixed)
        else:
            row_id = _free(taken)
            taken.add(row_id)
            result.append({ROW_ID: row_id, **_merge(field.fields, {}, rows[change.at], prefix, cells)})
    return result


def _free(taken: set[str]) -> str:
    number = len(taken) + 1
    while f"w{number}" in taken:
        number += 1
    return f"w{number}"
