"""What the scans of statements say, against what the registration says now (R56)."""

from __future__ import annotations

from dataclasses import replace

from competition.models import Edition
from registration import statement
from registration.facts import SlotFacts, TeamFacts, UnitFacts
from registration.models import Unit
from registration.terms import terms_of


def texts_of(edition: Edition) -> list[str]:
    """What a unit declares: the notice's sentences and the edition's declarations (R56-R60, R67-R69, R82)."""
    clauses = [str(one["text"]) for one in edition.texts("statement_clauses")]
    return [*clauses, *(one.text for one in terms_of(edition).declarations)]


def digest_from(facts: TeamFacts, edition: Edition) -> str:
    """The digest of what the statement says now; no query."""
    return statement.digest_of(facts, texts_of(edition))


def with_states(facts: TeamFacts, edition: Edition, reads: dict[int, list[str]]) -> TeamFacts:
    """The facts with the state of each unit's scans; ``reads`` by unit: codes read, newest first. No query."""
    if not any(reads.values()):
        return facts
    digest = digest_from(facts, edition)
    number = int(facts.reference[1:])

    def told(unit: UnitFacts) -> UnitFacts:
        slot = unit.proofs.get(statement.SLOT)
        if slot is None or not reads.get(unit.id):
            return unit
        state = statement.state_of(reads[unit.id], statement.make_code(number, unit.position, digest))
        proofs: dict[str, SlotFacts] = {**unit.proofs, statement.SLOT: replace(slot, statement=state)}
        return replace(unit, proofs=proofs)

    return replace(facts, units=tuple(told(unit) for unit in facts.units))


def reads_of(unit: Unit) -> list[str]:
    """The codes read off the unit's live scans, newest first; the proofs should be prefetched."""
    live = [
        one
        for one in unit.proofs.all()
        if one.slot == statement.SLOT and one.removed_at is None and one.file and one.statement
    ]
    return [one.statement_read for one in sorted(live, key=lambda one: -one.pk)]
