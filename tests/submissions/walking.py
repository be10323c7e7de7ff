"""A walk over every field of a form: where its answer stands, and what has to be said for it to count."""

from __future__ import annotations

import copy
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import pairwise
from pathlib import Path
from typing import Any

from competition.form_schema import Choice, Field, FormSchema, Section, read_form
from competition.form_schema.fields import ROW_ID, TEXT_KINDS
from tests.fixtures import EDITION_FOLDER

Trail = tuple[str | int, ...]


@dataclass(frozen=True)
class Spot:
    """A field, where its answer stands, its siblings, and the answers without which nobody looks at it."""

    section: Section
    field: Field
    trail: Trail
    siblings: tuple[Field, ...]
    before: tuple[tuple[Trail, Any], ...] = ()
    fixed: bool = False  #: the registration says it, or what it stands in

    @property
    def path(self) -> str:
        """Name of the input and of the problem."""
        return "-".join(map(str, self.trail))

    def beside(self, key: str) -> Trail:
        """Where a sibling's answer stands."""
        return (*self.trail[:-1], key)

    def answers(self, *values: tuple[Trail, Any]) -> dict[str, Any]:
        """Answers of the section in which the field counts, with these values."""
        result: dict[str, Any] = {}
        for trail, value in (*self.before, *values):
            put(result, trail, value)
        return result


def put(answers: dict[str, Any], trail: Trail, value: Any) -> None:
    """Set a value deep inside; rows and blocks on the way are made."""
    here: Any = answers
    for step, following in pairwise(trail):
        if isinstance(following, int):
            here = here.setdefault(step, [])
        elif isinstance(step, int):
            while len(here) <= step:
                here.append({ROW_ID: f"r{len(here) + 1}"})
            here = here[step]
        else:
            here = here.setdefault(step, {})
    here[trail[-1]] = copy.deepcopy(value)


def spots(section: Section) -> Iterator[Spot]:
    """Every field of a section, those of blocks, rows and choices included."""
    for field in section.fields:
        yield from _walk(Spot(section, field, (field.key,), section.fields))


def _walk(spot: Spot) -> Iterator[Spot]:
    condition = spot.field.show_if
    if condition is not None and not next(one for one in spot.siblings if one.key == condition.field).derived:
        value: Any = "1" if condition.positive else condition.values[0]
        spot = replace(spot, before=(*spot.before, (spot.beside(condition.field), value)))
    spot = replace(spot, fixed=spot.fixed or bool(spot.field.derived))
    yield spot
    field = spot.field
    inner = (*spot.trail, 0) if field.kind == "table" else spot.trail
    for part in field.fields:
        yield from _walk(replace(spot, field=part, trail=(*inner, part.key), siblings=field.fields))
    for choice, detail, key in field.details():
        yield from _walk(_detail(spot, choice, detail, key))


def _detail(spot: Spot, choice: Choice, detail: Field, key: str) -> Spot:
    ticked = [choice.key] if spot.field.kind == "choices" else choice.key
    return Spot(
        spot.section,
        detail,
        spot.beside(_key(spot, choice, detail)),
        choice.details,
        (*spot.before, (spot.trail, ticked)),
        spot.fixed,
    )


def _key(spot: Spot, choice: Choice, detail: Field) -> str:
    return f"{spot.trail[-1]}__{choice.key}__{detail.key}"


def texts_below(spot: Spot) -> list[Trail]:
    """Where the texts inside a block stand."""
    return [
        one.trail
        for one in _walk(spot)
        if one.field.kind in TEXT_KINDS and not one.field.derived and one.field is not spot.field
    ]


def row(fields: Mapping[str, Any], number: int) -> dict[str, Any]:
    """A row of a table."""
    return {ROW_ID: f"r{number}", **fields}


SCHEMA: FormSchema = read_form(Path(EDITION_FOLDER) / "form.yaml")
SPOTS = [spot for section in SCHEMA.sections for spot in spots(section)]
#: Those that a team answers.
ASKED = [spot for spot in SPOTS if not spot.fixed]
