"""What a score sheet adds up to and what an entry's sheets come to: exact inside, rounded only to show.

An expert gives points for each item of the rubric, from 0 to what the item is worth; the weights are those
worths, so that the sum is already out of 100. See decision record 114.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any, Final

from competition.edition_schema import RoundData

#: How `scoring.ties` of an edition ends: when no criterion separates two entries, the panel votes.
VOTE: Final = "vote"


@dataclass(frozen=True, slots=True)
class Item:
    """One line of a score sheet: a criterion without parts, or a part; `key` is 'effects.needs' for a part."""

    key: str
    criterion: str
    label: str
    points: Decimal
    source: str


@dataclass(frozen=True, slots=True)
class Policy:
    """How sheets become a score: decimals of a mark, sheets from which extremes drop out, least sheets, ties."""

    places: int = 2
    drop_extremes_from: int = 5
    least_sheets: int = 3
    ties: tuple[str, ...] = ("effects", "data_basis")

    @classmethod
    def from_settings(cls, scoring: Mapping[str, Any]) -> Policy:
        """From an edition's `scoring`; the last of `ties` is the vote, which no number expresses."""
        return cls(
            places=scoring["places"],
            drop_extremes_from=scoring["drop_extremes_from"],
            least_sheets=scoring["least_sheets"],
            ties=tuple(key for key in scoring["ties"] if key != VOTE),
        )


@dataclass(frozen=True, slots=True)
class Sheet:
    """A submitted sheet as sums: its total of 100 and the points of each criterion."""

    total: Decimal
    criteria: Mapping[str, Decimal]


@dataclass(frozen=True, slots=True)
class Mean:
    """A mean with what went into it and what dropped out, both in ascending order."""

    value: Fraction
    used: tuple[Decimal, ...]
    dropped: tuple[Decimal, ...]


def items(round_: RoundData) -> tuple[Item, ...]:
    """The lines of a round's score sheet in the order of the rubric (R18)."""
    found: list[Item] = []
    for criterion in round_.criteria:
        if not criterion.parts:
            found.append(
                Item(criterion.key, criterion.key, criterion.label, criterion.points, criterion.source)
            )
        for part in criterion.parts:
            key = f"{criterion.key}.{part.key}"
            found.append(Item(key, criterion.key, part.label, part.points, part.source))
    return tuple(found)


def mark_problems(round_: RoundData, marks: Mapping[str, Decimal], *, places: int = 2) -> dict[str, str]:
    """What is wrong with the marks of a sheet, one sentence per item's key; {} when it can be submitted (R18)."""
    problems: dict[str, str] = {}
    lines = items(round_)
    for item in lines:
        mark = marks.get(item.key)
        if mark is None:
            problems[item.key] = f"请为“{item.label}”评分。"
        elif not mark.is_finite() or not 0 <= mark <= item.points:
            problems[item.key] = f"“{item.label}”应在0至{item.points.normalize():f}分之间。"
        elif Fraction(mark) * 10**places % 1:
            problems[item.key] = f"“{item.label}”最多保留{places}位小数。"
    for key in marks.keys() - {item.key for item in lines}:
        problems[key] = f"评分表中没有“{key}”这一项。"
    return problems


def sheet(round_: RoundData, marks: Mapping[str, Decimal], *, places: int = 2) -> Sheet:
    """The sums of a sheet: marks by item in points, 100 in all; exact (R18).

    ValueError: the marks are not complete or out of range (`mark_problems` says which).
    """
    if problems := mark_problems(round_, marks, places=places):
        raise ValueError("".join(problems[key] for key in sorted(problems)))
    criteria = {criterion.key: Decimal(0) for criterion in round_.criteria}
    for item in items(round_):
        criteria[item.criterion] += marks[item.key]
    return Sheet(sum(criteria.values(), Decimal(0)), criteria)


def mean(values: Iterable[Decimal], *, drop_extremes_from: int = 5) -> Mean:
    """The exact mean; from `drop_extremes_from` values on without one highest and one lowest (R18).

    ValueError: no values, or too few to drop two.
    """
    ordered = sorted(values)
    if not ordered:
        raise ValueError("no values")
    dropping = len(ordered) >= drop_extremes_from
    if dropping and len(ordered) < 3:
        raise ValueError("two of these values cannot be dropped")
    used = ordered[1:-1] if dropping else ordered
    dropped = (ordered[0], ordered[-1]) if dropping else ()
    return Mean(sum(map(Fraction, used), Fraction(0)) / len(used), tuple(used), dropped)


def total_mean(sheets: Sequence[Sheet], policy: Policy) -> Mean:
    """An entry's score out of 100 from its submitted sheets (R18). ValueError: no sheets."""
    return mean((one.total for one in sheets), drop_extremes_from=policy.drop_extremes_from)


def criterion_mean(sheets: Sequence[Sheet], criterion: str, policy: Policy) -> Mean:
    """An entry's points for one criterion, by the same rule as its score, extremes of its own (R18).

    ValueError: no sheets. KeyError: the round has no such criterion.
    """
    return mean((one.criteria[criterion] for one in sheets), drop_extremes_from=policy.drop_extremes_from)


def shortage(sheets: int, policy: Policy) -> str:
    """Why an entry with so many submitted sheets cannot be ranked, or '' (R18)."""
    if sheets >= policy.least_sheets:
        return ""
    return f"有效评分表{sheets}份，少于{policy.least_sheets}份，不能排名。"


def shown(value: Fraction | Decimal, places: int = 2) -> str:
    """A score as pages and papers print it: ROUND_HALF_UP; never to be compared."""
    scaled = Fraction(value) * 10**places
    whole = (2 * abs(scaled.numerator) + scaled.denominator) // (2 * scaled.denominator)
    text = f"{whole:0{places + 1}d}"
    sign = "-" if scaled < 0 and whole else ""
    return f"{sign}{text[:-places]}.{text[-places:]}" if places else f"{sign}{text}"
