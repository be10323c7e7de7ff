"""A track's two provisional lists, what a void leaves open, and who may move up (decision 13; record 114).

Values in, values out. Whether a vacancy is filled at all is a recorded decision of the chief, and open only until
the final's order is drawn; both are the services' to hold. Here stands who is next and what follows.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

FINALISTS: Final = "finalists"
EXCELLENCE: Final = "excellence"
POOLS: Final = (FINALISTS, EXCELLENCE)


@dataclass(frozen=True, slots=True)
class Shortlist:
    """A track's ranking and its lists.

    `groups` is the ranking, best first; the entries of one group are equal to the end. `seats` are the places
    of finalists and excellence awards that are still to be filled or are filled.
    """

    groups: tuple[tuple[str, ...], ...]
    finalist_seats: int
    excellence_seats: int
    finalists: tuple[str, ...]
    excellence: tuple[str, ...]
    void: tuple[str, ...] = ()

    def listed(self, pool: str) -> tuple[str, ...]:
        """The entries of a list, in the order in which they came to it. ValueError: no such pool."""
        return self.finalists if _known(pool) == FINALISTS else self.excellence

    def vacancies(self, pool: str) -> int:
        """Places of a list that nobody holds. ValueError: no such pool."""
        seats = self.finalist_seats if _known(pool) == FINALISTS else self.excellence_seats
        return seats - len(self.listed(pool))

    def as_data(self) -> dict[str, Any]:
        """The lists as JSON-ready data for a snapshot."""
        return {
            "groups": [list(group) for group in self.groups],
            "seats": {FINALISTS: self.finalist_seats, EXCELLENCE: self.excellence_seats},
            FINALISTS: list(self.finalists),
            EXCELLENCE: list(self.excellence),
            "void": list(self.void),
        }

    @classmethod
    def from_data(cls, data: Mapping[str, Any]) -> Shortlist:
        """From what `as_data` gave."""
        return cls(
            tuple(tuple(group) for group in data["groups"]),
            data["seats"][FINALISTS],
            data["seats"][EXCELLENCE],
            tuple(data[FINALISTS]),
            tuple(data[EXCELLENCE]),
            tuple(data["void"]),
        )


@dataclass(frozen=True, slots=True)
class Move:
    """Who moved up, from the excellence list or from the ranking (`verify_first`), and into which list."""

    entry: str
    pool: str
    came_from: str
    verify_first: bool


def _known(pool: str) -> str:
    if pool not in POOLS:
        raise ValueError(f"no list is called {pool!r}")
    return pool


def first_lists(groups: Sequence[Sequence[str]], *, finalist_seats: int, excellence_seats: int) -> Shortlist:
    """The first k by rank go to the final, the next m get the excellence award (R20, R21, R22).

    ValueError: a cut line runs through a group (a vote is wanting), or a track has more places than entries.
    """
    ordered = [entry for group in groups for entry in group]
    for cut in (finalist_seats, finalist_seats + excellence_seats):
        if cut > len(ordered):
            raise ValueError("more places than entries")
        if not _cuts_cleanly(groups, cut):
            raise ValueError(f"a vote is wanting at place {cut}")
    return Shortlist(
        tuple(tuple(group) for group in groups),
        finalist_seats,
        excellence_seats,
        tuple(ordered[:finalist_seats]),
        tuple(ordered[finalist_seats : finalist_seats + excellence_seats]),
    )


def _cuts_cleanly(groups: Sequence[Sequence[str]], cut: int) -> bool:
    ahead = 0
    for group in groups:
        if ahead >= cut:
            break
        ahead += len(group)
    return ahead == cut


def void(shortlist: Shortlist, entry: str) -> Shortlist:
    """An entry failed the verification, withdrew or was disqualified: it leaves its list and cannot come back (R24).

    Voiding one twice changes nothing. ValueError: the ranking does not know it.
    """
    if all(entry not in group for group in shortlist.groups):
        raise ValueError(f"{entry} is not ranked here")
    if entry in shortlist.void:
        return shortlist
    return replace(
        shortlist,
        finalists=tuple(one for one in shortlist.finalists if one != entry),
        excellence=tuple(one for one in shortlist.excellence if one != entry),
        void=(*shortlist.void, entry),
    )


def candidates(shortlist: Shortlist, pool: str) -> tuple[str, ...]:
    """Who is next for a vacancy: () without a vacancy or anybody left; several when the panel has to vote.

    The best of those in no better list: for the final the excellence winners come first, as they rank first.
    ValueError: no such pool.
    """
    if not shortlist.vacancies(pool):
        return ()
    out = {*shortlist.void, *shortlist.finalists, *(shortlist.excellence if pool == EXCELLENCE else ())}
    left = (tuple(entry for entry in group if entry not in out) for group in shortlist.groups)
    return next((group for group in left if group), ())


def move_up(shortlist: Shortlist, pool: str, entry: str) -> tuple[Shortlist, Move]:
    """Fill one vacancy with one of the `candidates`; an excellence winner leaves a vacancy there (R24).

    ValueError: the entry is not next, or there is no vacancy.
    """
    if entry not in candidates(shortlist, pool):
        raise ValueError(f"{entry} is not next for {pool}")
    was_listed = entry in shortlist.excellence
    move = Move(entry, pool, EXCELLENCE if was_listed else "ranking", verify_first=not was_listed)
    if pool == EXCELLENCE:
        return replace(shortlist, excellence=(*shortlist.excellence, entry)), move
    remaining = tuple(one for one in shortlist.excellence if one != entry)
    return replace(shortlist, finalists=(*shortlist.finalists, entry), excellence=remaining), move


def leave_vacant(shortlist: Shortlist, pool: str) -> Shortlist:
    """Close one vacancy for good: the list is one place shorter (R21, R22). ValueError: there is none."""
    if not shortlist.vacancies(pool):
        raise ValueError(f"{pool} has no vacancy")
    if pool == FINALISTS:
        return replace(shortlist, finalist_seats=shortlist.finalist_seats - 1)
    return replace(shortlist, excellence_seats=shortlist.excellence_seats - 1)
