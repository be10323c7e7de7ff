"""What of the form is there and what is missing."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from competition.form_schema import Problem, Progress, Section
from submissions.facts import Facts, facts_of
from submissions.form import schema_of
from submissions.models import Entry, EntrySection
from submissions.places import Place
from submissions.services.entries import files_of


@dataclass(frozen=True)
class SectionState:
    """A section (of one unit) as it stands, everything checked as for submission."""

    section: Section
    unit_id: int | None
    unit_name: str
    answers: Mapping[str, Any]
    version: int
    saved_at: datetime | None
    problems: list[Problem]
    progress: Progress

    @property
    def place(self) -> Place:
        return Place(self.section.key, self.unit_id)

    @property
    def title(self) -> str:
        """``参赛单位：甲公司`` for a unit's part."""
        return f"{self.section.title}：{self.unit_name}" if self.unit_name else self.section.title

    @property
    def blocking(self) -> list[Problem]:
        """What stands in the way of submitting."""
        return [problem for problem in self.problems if problem.blocking]

    @property
    def warnings(self) -> list[Problem]:
        """What deserves a look but does not stand in the way."""
        return [problem for problem in self.problems if not problem.blocking]

    @property
    def complete(self) -> bool:
        return not self.blocking

    @property
    def begun(self) -> bool:
        return self.version > 0


@dataclass(frozen=True)
class Completeness:
    """All sections in the form's order."""

    facts: Facts
    sections: list[SectionState]

    @property
    def problems(self) -> dict[str, str]:
        """{place: sentence} of everything that stands in the way (R65, R66, R79, R81, R101-R104)."""
        found: dict[str, str] = {}
        for state in self.sections:
            for problem in state.blocking:
                place = Place(state.section.key, state.unit_id, problem.path)
                found.setdefault(str(place), f"{state.title} · {problem.field_label}：{problem.sentence}")
        return found

    @property
    def ready(self) -> bool:
        """Whether the form may be frozen."""
        return all(state.complete for state in self.sections)

    @property
    def done(self) -> int:
        """Required items in order, over all sections."""
        return sum(state.progress.done for state in self.sections)

    @property
    def total(self) -> int:
        """Required items, over all sections."""
        return sum(state.progress.total for state in self.sections)

    def state(self, place: Place) -> SectionState | None:
        """The section at a place, or None."""
        return next(
            (
                one
                for one in self.sections
                if (one.section.key, one.unit_id) == (place.section, place.unit_id)
            ),
            None,
        )

    @property
    def percent(self) -> int:
        return Progress(self.done, self.total).percent


def completeness(entry: Entry, files: Collection[str] | None = None, *, proofs: bool = False) -> Completeness:
    """Check every section as for submission; three or four queries, whatever the size of the form.

    ``files`` are the slots that hold files, when the caller knows them already; ``proofs`` are read along
    for whoever freezes.
    """
    facts = facts_of(entry, proofs=proofs)
    rows = {(row.key, row.unit_id): row for row in EntrySection.objects.filter(entry=entry)}
    files = files_of(entry) if files is None else files
    states = [
        _state(section, unit_id, rows.get((section.key, unit_id)), files, facts)
        for section in schema_of(entry.edition).sections
        for unit_id in (facts.unit_ids if section.repeat == "unit" else [None])
    ]
    return Completeness(facts, states)


def _state(
    section: Section, unit_id: int | None, row: EntrySection | None, files: Collection[str], facts: Facts
) -> SectionState:
    answers = row.answers if row else {}
    derived = facts.derived(unit_id)
    return SectionState(
        section=section,
        unit_id=unit_id,
        unit_name=facts.unit(unit_id)["name"] if unit_id is not None else "",
        answers=answers,
        version=row.version if row else 0,
        saved_at=row.updated_at if row else None,
        problems=section.check(answers, complete=True, files=files, derived=derived),
        progress=section.progress(answers, files=files, derived=derived),
    )
