"""What was planted and what was caught; a breach that nobody refused or found is not caught."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from competition.config.rehearsal.breaches import Breach
from competition.errors import Invalid, Refusal


class Ledger:
    """Plants and catches of one act of one team, as they go into the record."""

    def __init__(self) -> None:
        self.planted: list[str] = []
        self.caught: list[str] = []

    def note(self, breach: Breach, *, caught: bool) -> None:
        """Write down that a breach was tried and whether the portal noticed."""
        self.planted.append(breach.key)
        if caught:
            self.caught.append(breach.key)

    def expect_refusal(
        self, breach: Breach, act: Callable[[], object], kind: type[Refusal], words: str
    ) -> None:
        """Do what the rule forbids; caught only when this kind of refusal says these words."""
        self.note(breach, caught=refused(act, kind, words))

    def expect_problem(self, breach: Breach, problems: Mapping[str, str], *, path: str, words: str) -> None:
        """Caught only when a field at (or below) ``path`` is named with these words."""
        found = any(path in place and words in sentence for place, sentence in problems.items())
        self.note(breach, caught=found)

    def expect_finding(self, breach: Breach, findings: Iterable[Any], *, words: str) -> None:
        """Caught only when a finding names the breach's own rule and says these words."""
        found = any(one.rule == breach.rule and words in one.message for one in findings)
        self.note(breach, caught=found)


class Cases:
    """What was planted in the second half of the contest and what became of it, of one act."""

    def __init__(self) -> None:
        self.noted: list[tuple[str, str, str]] = []

    def note(self, case: str, team: str, became: str) -> None:
        """Write down what became of a planted case of a team (by its name)."""
        self.noted.append((case, team, became))


def refused(act: Callable[[], object], kind: type[Refusal], words: str) -> bool:
    """Whether the act was refused in this way; an act that succeeds or fails otherwise was not."""
    try:
        act()
    except kind as refusal:
        return words in sentences_of(refusal)
    except Refusal:
        return False
    return False


def problems_of(act: Callable[[], object]) -> dict[str, str]:
    """The problems that an act is refused with; empty when it is not refused."""
    try:
        act()
    except Invalid as refusal:
        return refusal.problems
    except Refusal:
        return {}
    return {}


def sentences_of(refusal: Refusal) -> str:
    """Everything that a refusal says."""
    problems = refusal.problems.values() if isinstance(refusal, Invalid) else ()
    return "\n".join([refusal.sentence, *problems])
