"""What a rule found about a registration, and how names are compared."""

from __future__ import annotations

from dataclasses import dataclass, field
from difflib import SequenceMatcher
from typing import Any, Final

from competition import identity
from registration.facts import UnitFacts

#: Project names as alike as this are looked at as one project twice.
ALIKE: Final = 0.8


@dataclass(frozen=True)
class Found:
    """One finding: the rule of the notice, how grave, about whom, the sentence, and what it rests on."""

    rule: str
    severity: str
    subject: str
    message: str
    evidence: dict[str, Any] = field(default_factory=dict)


def code_of(unit: UnitFacts) -> str:
    """The unit's credit code when it is valid, else ''."""
    code = unit.credit_code
    return "" if identity.credit_code_problem(code) else identity.normalise_credit_code(code)


def likeness(one: str, other: str) -> float:
    """How alike two names are, 0 to 1, without regard to white space, width and case."""
    first, second = identity.name_key(one), identity.name_key(other)
    return SequenceMatcher(None, first, second, autojunk=False).ratio() if first and second else 0.0
