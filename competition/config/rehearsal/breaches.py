"""The rules that some teams break on purpose, and who breaks which."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from random import Random
from typing import Final

#: When a breach shows. OUT ends the team's contest; FIRST and LATER are put right, or were only attempts.
OUT: Final = "out"
REGISTERING: Final = "registering"
WRITING: Final = "writing"


@dataclass(frozen=True)
class Breach:
    """A way to break a rule; ``rule`` is the notice's."""

    key: str
    rule: str
    shows: str


SOLE_TRADER: Final = Breach("sole_trader", "R47", OUT)
ORGANISER: Final = Breach("organiser", "R53", OUT)
ORGANISER_ALIAS: Final = Breach("organiser_alias", "R53", OUT)
ORGANISER_PARENT: Final = Breach("organiser_parent", "R53", OUT)
PUBLIC_BODY: Final = Breach("public_body", "R55", OUT)
LATE_REGISTRATION: Final = Breach("late_registration", "R12", OUT)
BLACKLISTED: Final = Breach("blacklisted", "R49", OUT)
PAST_WINNER: Final = Breach("past_winner", "R74", OUT)
CHECK_DIGIT: Final = Breach("check_digit", "R47", REGISTERING)
NO_LEAD: Final = Breach("no_lead", "R48", REGISTERING)
SIXTH_MEMBER: Final = Breach("sixth_member", "R52c", REGISTERING)
MEMBER_ELSEWHERE: Final = Breach("member_elsewhere", "R52d", REGISTERING)
SIMILAR_PROJECT: Final = Breach("similar_project", "R52f", REGISTERING)
FORBIDDEN_WORD: Final = Breach("forbidden_word", "R58", REGISTERING)
CHANGED_TOPIC: Final = Breach("changed_topic", "R64", REGISTERING)
MISSING_PROOF: Final = Breach("missing_proof", "R80", REGISTERING)
SIXTH_UNIT: Final = Breach("sixth_unit", "R100", REGISTERING)
SECOND_PROJECT: Final = Breach("second_project", "R52b", WRITING)
NO_CASE: Final = Breach("no_case", "R65", WRITING)
CHANGE_AFTER_APPROVAL: Final = Breach("change_after_approval", "R76", WRITING)
LATE_SUBMISSION: Final = Breach("late_submission", "R77", WRITING)
UNKNOWN_INDUSTRY: Final = Breach("unknown_industry", "R101", WRITING)
ONE_INDICATOR: Final = Breach("one_indicator", "R103", WRITING)
OVER_CAP: Final = Breach("over_cap", "R104", WRITING)

ALL: Final = (
    SOLE_TRADER, ORGANISER, ORGANISER_ALIAS, ORGANISER_PARENT, PUBLIC_BODY, LATE_REGISTRATION,
    BLACKLISTED, PAST_WINNER,
    CHECK_DIGIT, NO_LEAD, SIXTH_MEMBER, MEMBER_ELSEWHERE, FORBIDDEN_WORD, CHANGED_TOPIC, MISSING_PROOF, SIXTH_UNIT,
    SECOND_PROJECT, NO_CASE, CHANGE_AFTER_APPROVAL, LATE_SUBMISSION, UNKNOWN_INDUSTRY, ONE_INDICATOR, OVER_CAP,
    SIMILAR_PROJECT,
)  # fmt: skip
#: One round of plants for so many teams.
TEAMS_PER_ROUND: Final = 60
#: Fewer teams cannot carry every kind and still leave somebody without a breach.
LEAST_TEAMS: Final = 12


def assign(rng: Random, teams: int) -> Sequence[frozenset[Breach]]:
    """Who breaks what, by the team's place; every kind at least once, each OUT kind on a team of its own.

    The first team breaks nothing: others may try to take its member (R52d).
    """
    places = list(range(1, teams))
    rng.shuffle(places)
    planted: list[set[Breach]] = [set() for _ in range(teams)]
    rounds = max(1, teams // TEAMS_PER_ROUND)
    out = [breach for breach in ALL if breach.shows == OUT] * rounds
    for breach in out:
        planted[places.pop()].add(breach)
    rest = [breach for breach in ALL if breach.shows != OUT] * rounds
    for turn, breach in enumerate(rest):
        planted[places[turn % len(places)]].add(breach)
    return [frozenset(found) for found in planted]
