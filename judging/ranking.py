"""The order of entries by their sheets, and what a cut line needs: values in, places out (decision record 114).

An entry's identity, number and time never decide anything. Where two entries are equal to the end and a cut line
runs between them, the result says that the panel has to vote, and is not settled until the vote is put in.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import accumulate, groupby
from typing import Any

from judging.scoring import Policy, Sheet, criterion_mean, shortage, shown, total_mean


@dataclass(frozen=True, slots=True)
class Judged:
    """An entry's code and its submitted sheets; missing and recused ones are simply not here."""

    entry: str
    sheets: tuple[Sheet, ...]


@dataclass(frozen=True, slots=True)
class Place:
    """An entry's place. Equal scores share a rank unless a cut line runs through them.

    `band` is the number of the stretch between cut lines (0 the first), or None while a vote is wanting;
    `by` is the criterion or 'vote' that separated the entry from its equals at a cut line, or ''.
    """

    entry: str
    rank: int
    score: Fraction
    criteria: tuple[Fraction, ...]
    sheets: int
    dropped: int
    band: int | None
    by: str = ""


@dataclass(frozen=True, slots=True)
class Unranked:
    """An entry that has no rank, and why, in words."""

    entry: str
    reason: str


@dataclass(frozen=True, slots=True)
class OpenTie:
    """Entries that nothing separates although a cut line after place `cut` runs through them."""

    entries: tuple[str, ...]
    first: int
    cut: int
    score: Fraction

    @property
    def sentence(self) -> str:
        """What a page says about it."""
        names = "、".join(self.entries)
        return (
            f"{names}均为{shown(self.score)}分，比较各项后仍相同，"
            f"其中{self.cut - self.first + 1}个可列入前{self.cut}名，须由评审组表决并记录。"
        )


@dataclass(frozen=True, slots=True)
class Ranking:
    """The order. `groups` holds it as far as it is certain: entries of one group are equal to the end."""

    cuts: tuple[int, ...]
    places: tuple[Place, ...]
    groups: tuple[tuple[str, ...], ...]
    ties: tuple[OpenTie, ...]
    unranked: tuple[Unranked, ...]

    @property
    def settled(self) -> bool:
        """Whether no vote is wanting."""
        return not self.ties

    def band(self, number: int) -> tuple[str, ...]:
        """The entries between two cut lines, best first; the last band is what lies behind the last cut.

        ValueError: a vote is wanting, so that nobody can say who belongs there.
        """
        if self.ties:
            raise ValueError("".join(tie.sentence for tie in self.ties))
        return tuple(place.entry for place in self.places if place.band == number)

    def as_data(self) -> dict[str, Any]:
        """The ranking as JSON-ready data for a snapshot; exact scores as 'a/b', shown ones rounded."""
        return {
            "cuts": list(self.cuts),
            "places": [
                {
                    "entry": place.entry,
                    "rank": place.rank,
                    "score": str(place.score),
                    "shown": shown(place.score),
                    "criteria": [str(value) for value in place.criteria],
                    "sheets": place.sheets,
                    "dropped": place.dropped,
                    "band": place.band,
                    "by": place.by,
                }
                for place in self.places
            ],
            "ties": [{"entries": list(tie.entries), "first": tie.first, "cut": tie.cut} for tie in self.ties],
            "unranked": [{"entry": one.entry, "reason": one.reason} for one in self.unranked],
        }


@dataclass(frozen=True, slots=True)
class _Scored:
    """An entry with what orders it: score, criteria of the tie rule, place in a vote (0 without one)."""

    entry: str
    score: Fraction
    criteria: tuple[Fraction, ...]
    sheets: int
    dropped: int
    voted: int = 0

    @property
    def points(self) -> tuple[Fraction, ...]:
        return (self.score, *self.criteria)

    @property
    def order(self) -> tuple[Fraction, ...]:
        return (*(-value for value in self.points), Fraction(self.voted))


def cut_lines(sizes: Iterable[int]) -> tuple[int, ...]:
    """Cut lines from the sizes of bands: 3, 6, 9 gives 3, 9, 18."""
    return tuple(accumulate(sizes))


def rank(
    entries: Iterable[Judged],
    *,
    policy: Policy,
    cuts: Sequence[int] = (),
    votes: Iterable[Sequence[str]] = (),
) -> Ranking:
    """Rank entries of a track, or in the final of all tracks, by exact mean scores (R18, R20, R30, R31).

    `cuts` are cumulative places (see `cut_lines`). Equal scores across a cut line are ordered by the criteria of
    the tie rule, then by a recorded vote: an order of entries, which counts where it names all who are equal.
    Entries with fewer than the least sheets are listed apart with the reason.
    ValueError: an entry given twice, or cuts that are negative or do not ascend.
    """
    given = sorted(entries, key=lambda one: one.entry)
    if len({one.entry for one in given}) != len(given):
        raise ValueError("an entry is given twice")
    if list(cuts) != sorted(cuts) or any(cut < 0 for cut in cuts):
        raise ValueError("cut lines must ascend from 0")
    reasons = {one.entry: shortage(len(one.sheets), policy) for one in given}
    scored = _voted([_score(one, policy) for one in given if not reasons[one.entry]], list(votes))
    groups = [list(group) for _, group in groupby(scored, key=lambda one: one.order)]
    ties = _open_ties(groups, cuts)
    return Ranking(
        tuple(cuts),
        _places(scored, cuts, ties, policy),
        tuple(tuple(one.entry for one in group) for group in groups),
        ties,
        tuple(Unranked(entry, reason) for entry, reason in reasons.items() if reason),
    )


def _score(one: Judged, policy: Policy) -> _Scored:
    total = total_mean(one.sheets, policy)
    criteria = tuple(criterion_mean(one.sheets, key, policy).value for key in policy.ties)
    return _Scored(one.entry, total.value, criteria, len(one.sheets), len(total.dropped))


def _voted(scored: list[_Scored], votes: list[Sequence[str]]) -> list[_Scored]:
    """In order; equals by the latest vote that names them all. Within open ties by code, for a stable page."""
    ordered: list[_Scored] = []
    for _, equals in groupby(sorted(scored, key=lambda one: one.order), key=lambda one: one.order):
        group = list(equals)
        names = {one.entry for one in group}
        vote = next((list(one) for one in reversed(votes) if names <= set(one)), None)
        if vote and len(group) > 1:
            group.sort(key=lambda one: vote.index(one.entry))
            group = [replace(one, voted=position) for position, one in enumerate(group, start=1)]
        ordered += group
    return ordered


def _open_ties(groups: list[list[_Scored]], cuts: Sequence[int]) -> tuple[OpenTie, ...]:
    ties, ahead = [], 0
    for group in groups:
        for cut in sorted(set(cuts)):
            if ahead < cut < ahead + len(group):
                names = tuple(sorted(one.entry for one in group))
                ties.append(OpenTie(names, ahead + 1, cut, group[0].score))
        ahead += len(group)
    return tuple(ties)


def _places(
    scored: list[_Scored], cuts: Sequence[int], ties: tuple[OpenTie, ...], policy: Policy
) -> tuple[Place, ...]:
    undecided = {entry for tie in ties for entry in tie.entries}
    places: list[Place] = []
    for _, equals in groupby(scored, key=lambda one: one.score):
        group, ahead = list(equals), len(places)
        is_cut = any(ahead < cut < ahead + len(group) for cut in cuts)
        for position, one in enumerate(group):
            # Equal to the end, or equal in score without a cut between: the same rank as the first of them.
            before = sum(other.order < one.order for other in group) if is_cut else 0
            band = sum(cut <= ahead + position for cut in cuts)
            places.append(
                Place(
                    one.entry,
                    ahead + before + 1,
                    one.score,
                    one.criteria,
                    one.sheets,
                    one.dropped,
                    None if one.entry in undecided else band,
                    _separated_by(one, group, policy) if is_cut else "",
                )
            )
    return tuple(places)


def _separated_by(one: _Scored, group: list[_Scored], policy: Policy) -> str:
    """The last thing that had to be looked at to tell the entry from its equals in score; '' if nothing did."""
    others = [other for other in group if other is not one]
    for index, key in enumerate(policy.ties):
        others = [other for other in others if other.criteria[:index] == one.criteria[:index]]
        if all(other.criteria[index] != one.criteria[index] for other in others):
            return key
    return "vote" if one.voted else ""
