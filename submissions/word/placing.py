"""What a document says, laid into the form: answers by section, and the texts that fit nowhere."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Final

from competition.form_schema import ROW_ID, Field, FlatPost, FormSchema, Section
from competition.form_schema.checking import INVALID, Problem
from competition.form_schema.fields import NOT_APPLICABLE
from submissions.places import Place
from submissions.word import values
from submissions.word.fields import title_of
from submissions.word.reading import CELL, PARAGRAPH, Control, Reading
from submissions.word.tags import Tag, is_new_row, new_row
from submissions.word.values import squeezed

#: Rows of a table, and texts without a place, beyond which nobody reads on.
MOST_ROWS: Final = 900
MOST_STRAYS: Final = 300
#: Shorter printed texts are units behind a box, no labels.
_UNIT: Final = 2
_ROW_ID: Final = re.compile(r"[a-z0-9]{1,16}", re.ASCII)
_ROW_NUMBER: Final = re.compile(r"(\D{1,6})\d{1,3}")


@dataclass(frozen=True)
class Stray:
    """A text that found no place: what stood before it, and what it says."""

    label: str
    text: str
    old: bool = False  #: its place is not in the form any more


@dataclass
class Draft:
    """What a document says about one section (of one unit); names are those of the section's inputs."""

    section: Section
    place: Place
    own: bool = True  #: the document is this entry's own form: what is empty there was emptied
    posted: dict[str, str | list[str]] = field(default_factory=dict)
    raw: dict[str, str] = field(default_factory=dict)
    several: dict[str, int] = field(default_factory=dict)
    guessed: set[str] = field(default_factory=set)
    rows: dict[str, list[str]] = field(default_factory=dict)
    _record: dict[str, tuple[str, set[str]]] = field(default_factory=dict)

    @property
    def present(self) -> Iterable[str]:
        """The inputs that the document has a place for."""
        return self.posted.keys()

    def row_of(self, table: str, row_id: str, cell: str) -> int | None:
        """The index of the record that a cell belongs to; a cell seen before begins a copied row.

        None for whatever stands behind more rows than anybody fills in.
        """
        current, seen = self._record.get(table, ("", set()))
        rows = self.rows.setdefault(table, [])
        if not rows or current != row_id or cell in seen:
            if len(rows) >= MOST_ROWS:
                return None
            known = (
                self.own and bool(_ROW_ID.fullmatch(row_id)) and not is_new_row(row_id) and row_id not in rows
            )
            rows.append(row_id if known else new_row(len(rows) + 1))
            current, seen = row_id, set()
        seen.add(cell)
        self._record[table] = (current, seen)
        return len(rows) - 1

    def answers(self) -> dict[str, Any]:
        """As the section's own page would have posted it."""
        ids: dict[str, str | list[str]] = {
            f"{table}-{index}-{ROW_ID}": row_id
            for table, rows in self.rows.items()
            for index, row_id in enumerate(rows)
        }
        return self.section.parse(FlatPost({**self.posted, **ids}))

    def problems(self) -> list[Problem]:
        """What is wrong with what the document says."""
        found = self.section.check(self.answers(), complete=False)
        for name, count in self.several.items():
            found.append(Problem(name, "", f"勾选了{count}项，只能选一项。", INVALID))
        return found


@dataclass
class Placed:
    """A document laid into a form."""

    drafts: dict[Place, Draft] = field(default_factory=dict)
    strays: list[Stray] = field(default_factory=list)


@dataclass(frozen=True)
class Target:
    """The field that a path names; ``reason`` when it is why a file does not apply."""

    field: Field
    name: str
    reason: bool = False


def place(
    schema: FormSchema,
    reading: Reading,
    units: Mapping[int, str],
    printed: frozenset[str],
    *,
    own: bool,
) -> Placed:
    """Lay what a document says into the form of an entry with these units ({id: name}).

    ``printed`` are the texts of the empty form, squeezed; what is neither among them nor in a control is stray.
    ``own`` says that the document was made from this very entry: then its rows are known by their ids.
    """
    layer = _Layer(schema, units, _unit_names(reading), printed, own=own)
    for piece in reading.pieces:
        layer.take(piece)
    return layer.finish()


def _unit_names(reading: Reading) -> list[str]:
    """The names written over the units of a blank form, in its order."""
    found = []
    for piece in reading.pieces:
        tag = Tag.parse(piece.tag) if isinstance(piece, Control) else None
        if tag and tag.printed and tag.ordinal is not None and tag.path == "unit_title":
            found.append(
                "" if isinstance(piece, str) or piece.placeholder else piece.text.strip("＿_ \u3000")
            )
        if tag and tag.printed and tag.ordinal is not None and tag.path == "unit_name" and found:
            text = "" if isinstance(piece, str) or piece.placeholder else piece.text.strip()
            found[-1] = found[-1] or text
    return found


class _Layer:
    """Takes the pieces one after another."""

    def __init__(
        self,
        schema: FormSchema,
        units: Mapping[int, str],
        names: list[str],
        printed: frozenset[str],
        *,
        own: bool,
    ) -> None:
        self._own = own
        self._schema = schema
        self._units = units
        self._names = names
        self._printed = printed
        self._placed = Placed()
        self._ordinal = -1
        self._label = ""
        self._last: tuple[Draft, Target, Control] | None = None
        self._ahead = False  #: a tick stands before the next box
        self._row_labels = frozenset(
            one.row_label for section in schema.sections for top in section.fields for one in top.walk()
        )

    def take(self, piece: Control | str) -> None:
        """One piece of the document."""
        if isinstance(piece, Control):
            self._take_control(piece)
        elif piece == CELL:
            self._last = None
        elif piece != PARAGRAPH:
            self._take_text(piece)

    def finish(self) -> Placed:
        """Everything laid out; strays under a label whose box is gone are offered for it."""
        absent = dict(self._absent())
        for stray in list(self._placed.strays):
            found = absent.get(squeezed(stray.label)) if not stray.old else None
            if found is not None:
                draft, target = found
                before = draft.raw.get(target.name, "")
                draft.guessed.add(target.name)
                self._set(draft, target, Control("", f"{before}\n{stray.text}" if before else stray.text))
                self._placed.strays.remove(stray)
        return self._placed

    def _take_control(self, control: Control) -> None:
        tag = Tag.parse(control.tag)
        ahead, self._ahead, self._last = self._ahead, False, None
        if tag is None:
            return
        if tag.printed:
            self._ordinal += tag.ordinal is not None and tag.path == "unit_title"
            return
        found = self._resolve(tag)
        if found is None:
            if control.text.strip() and not control.placeholder and not tag.option:
                self._stray(control.text, old=True)
            return
        draft, target = found
        if tag.option:
            self._tick(draft, target, tag.option, ahead or values.is_ticked(control))
        else:
            self._set(draft, target, control)
        self._last = (draft, target, control)

    def _tick(self, draft: Draft, target: Target, option: str, ticked: bool) -> None:
        field_ = target.field
        if field_.kind == "tick":
            draft.posted[target.name] = "1" if ticked else ""
            return
        if field_.choice(option) is None:
            if ticked:
                self._stray(option, old=True)
            return
        keys = draft.posted.get(target.name)
        keys = keys if isinstance(keys, list) else []
        draft.posted[target.name] = [*keys, option] if ticked and option not in keys else keys
        if field_.kind == "choice" and len(draft.posted[target.name]) > 1:
            draft.several[target.name] = len(draft.posted[target.name])

    def _set(self, draft: Draft, target: Target, control: Control) -> None:
        plain = replace(target.field, kind="text", choices=()) if target.reason else target.field
        text = values.typed(plain, control)
        before = draft.raw.get(target.name, "")
        if before and target.name not in draft.guessed:  # the box was copied: the first one counts
            if text and text != before:
                self._stray(text)
            return
        draft.raw[target.name] = text
        draft.posted[target.name] = values.canonical(plain, text)

    def _resolve(self, tag: Tag) -> tuple[Draft, Target] | None:
        section = self._schema.section(tag.section)
        if section is None:
            return None
        where = self._where(section, tag)
        if where is None:
            return None
        draft = self._placed.drafts.get(where) or Draft(section, where, self._own)
        target = _target(section.fields, tag.path.split("-"), draft, "", tag.option)
        if target is None:
            return None
        self._placed.drafts[where] = draft
        return draft, target

    def _where(self, section: Section, tag: Tag) -> Place | None:
        if not section.repeat:
            return Place(section.key)
        if tag.unit_id is not None and tag.unit_id in self._units:
            return Place(section.key, tag.unit_id)
        unit_id = self._unit_at(max(self._ordinal, 0)) if tag.ordinal is not None else None
        return Place(section.key, unit_id) if unit_id is not None else None

    def _unit_at(self, ordinal: int) -> int | None:
        """The unit that a blank form's n-th section is about: by its name, else by its order."""
        name = self._names[ordinal] if ordinal < len(self._names) else ""
        if name:
            named = [one for one, known in self._units.items() if squeezed(known) == squeezed(name)]
            return named[0] if named else None
        ids = list(self._units)
        return ids[ordinal] if ordinal < len(ids) else None

    def _take_text(self, text: str) -> None:
        plain = squeezed(text)
        if self._is_printed(plain):
            self._label = text.strip() if len(plain) > _UNIT else self._label
            if self._last and self._last[1].field.kind not in ("choice", "choices", "tick"):
                self._last = None
            return
        if self._is_tick(plain):
            return
        if len(self._placed.strays) >= MOST_STRAYS:
            return
        known = next(self._starts(plain), "")
        rest = text
        if known:
            self._label = known
            rest = _after(text, known)
        last = self._last
        if last and not known and last[1].field.kind not in ("choice", "choices", "tick"):
            draft, target, control = last
            if not values.typed(target.field, control):
                before = draft.raw.get(target.name, "")
                joined = f"{before}\n{text}" if before else text
                draft.guessed.add(target.name)
                self._set(draft, target, Control(control.tag, joined.strip()))
                return
        if rest.strip("＿_ \u3000\n\t；;，,。"):
            self._stray(rest.strip())

    def _is_tick(self, plain: str) -> bool:
        """A tick typed beside a box: behind the label of the box before, or before the first box of a line."""
        rest = "".join(char for char in plain if char not in values.TICKS)
        if rest == plain or (rest and not self._is_printed(rest)):
            return False
        boxed = self._last and self._last[1].field.kind in ("choice", "choices", "tick")
        if boxed and self._last:
            draft, target, control = self._last
            tag = Tag.parse(control.tag)
            self._tick(draft, target, tag.option if tag else "", True)
        else:
            self._ahead = True
        if rest:
            self._label = rest
        return True

    def _is_printed(self, plain: str) -> bool:
        if not plain or plain in self._printed:
            return True
        numbered = _ROW_NUMBER.fullmatch(plain)
        return bool(numbered and numbered[1] in self._row_labels)

    def _starts(self, plain: str) -> Iterator[str]:
        """Printed texts that this one begins with, the longest first."""
        found = (one for one in self._printed if len(one) > 1 and plain.startswith(one))
        yield from sorted(found, key=len, reverse=True)

    def _absent(self) -> Iterator[tuple[str, tuple[Draft, Target]]]:
        """Squeezed label -> the text field of that name whose box the document has lost."""
        for section in self._schema.sections:
            ids: list[int | None] = list(self._units) if section.repeat else [None]
            if len(ids) != 1:
                continue
            where = Place(section.key, ids[0])
            draft = self._placed.drafts.setdefault(where, Draft(section, where, self._own))
            for name, one in _texts(section.fields):
                if name not in draft.posted:
                    for label in (title_of(one), title_of(one, colon=False), one.label, f"{one.label}："):
                        yield squeezed(label), (draft, Target(one, name))

    def _stray(self, text: str, *, old: bool = False) -> None:
        if len(self._placed.strays) >= MOST_STRAYS:
            return
        self._placed.strays.append(Stray(self._label, text, old))


def _texts(fields: Iterable[Field], prefix: str = "") -> Iterator[tuple[str, Field]]:
    """Single fields outside tables that take a text."""
    for one in fields:
        if one.kind == "block":
            yield from _texts(one.fields, f"{prefix}{one.key}-")
        elif not one.derived and not one.choices and one.kind not in ("table", "file", "tick"):
            yield f"{prefix}{one.key}", one


def _target(
    fields: Iterable[Field], path: list[str], draft: Draft, prefix: str, option: str
) -> Target | None:
    """The field at a path of keys and row ids, with the name of its input."""
    known = dict(_known(fields))
    found = known.get(path[0])
    if found is None or found[0].derived:
        return None
    one, reason = found
    if one.kind == "block" and len(path) > 1:
        return _target(one.fields, path[1:], draft, f"{prefix}{path[0]}-", option)
    if one.kind == "table" and len(path) > 2:
        name = f"{prefix}{path[0]}"
        if _target(one.fields, path[2:], draft, "", option) is None:
            return None
        index = draft.row_of(name, path[1], "-".join([*path[2:], option]))
        if index is None:
            return None
        return _target(one.fields, path[2:], draft, f"{name}-{index}-", option)
    if len(path) > 1 or one.kind in ("block", "table") or (one.kind == "file" and not reason):
        return None
    return Target(one, prefix + path[0], reason)


def _known(fields: Iterable[Field]) -> Iterator[tuple[str, tuple[Field, bool]]]:
    """Key -> field, for fields, the details of their choices, and reasons why a file does not apply."""
    for one in fields:
        yield from _named(one, one.key)


def _named(one: Field, key: str) -> Iterator[tuple[str, tuple[Field, bool]]]:
    yield key, (one, False)
    if one.not_applicable:
        yield key + NOT_APPLICABLE, (one, True)
    for choice in one.choices:
        for detail in choice.details:
            yield from _named(detail, f"{key}__{choice.key}__{detail.key}")


def _after(text: str, known: str) -> str:
    """What follows a printed text at the beginning of another."""
    for end in range(1, len(text) + 1):
        if squeezed(text[:end]) == known:
            return text[end:]
    return text
