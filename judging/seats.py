"""How places are split over the tracks: counts in, places and every step out (decision record 113).

The notice says 按照各赛道参赛作品数量占总数的比例进行名额分配 and names no method. Ours is the largest remainder;
the two divisor methods serve for comparison. All arithmetic is exact, and each result carries the steps by which
anybody can recompute it from the published counts.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from typing import Any, Final


class Method(StrEnum):
    """How places are split; an edition names one of them, the others can be previewed."""

    LARGEST_REMAINDER = "largest_remainder"
    SAINTE_LAGUE = "sainte_lague"
    DHONDT = "dhondt"


METHOD_NAMES: Final = {
    Method.LARGEST_REMAINDER: "最大余数法",
    Method.SAINTE_LAGUE: "圣拉古法",
    Method.DHONDT: "洪德法",
}


@dataclass(frozen=True, slots=True)
class Track:
    """A track's number, its weight (entries that passed the formal check) and how many of them can still win."""

    number: int
    entries: int
    able: int


@dataclass(frozen=True, slots=True)
class Line:
    """A track in one round: its exact share of the places, the whole part, the remainder, and what it took.

    `offered` is what the method gives; `room` is what the track could take; `taken` is the lesser of the two.
    """

    track: int
    entries: int
    room: int
    share: Fraction
    whole: int
    remainder: Fraction
    extra: int
    taken: int

    @property
    def offered(self) -> int:
        """Places that the method gives the track in this round."""
        return self.whole + self.extra


@dataclass(frozen=True, slots=True)
class Round:
    """One use of the largest remainder; later rounds deal out what short tracks could not take."""

    places: int
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Step:
    """One place of a divisor method: the track whose entries divided by `divisor` were the most."""

    place: int
    track: int
    divisor: int
    quotient: Fraction


@dataclass(frozen=True, slots=True)
class Tie:
    """Tracks equal in remainder (or quotient) and in entries, with fewer places than tracks: a draw decides."""

    tracks: tuple[int, ...]
    places: int

    @property
    def sentence(self) -> str:
        """What a page says about it."""
        names = "、".join(f"赛道{track}" for track in self.tracks)
        return f"{names}的余数和作品数均相同，尚有{self.places}个名额，须抽签决定。"


@dataclass(frozen=True, slots=True)
class Allotment:
    """The places of one list. With a `tie` open only what is certain stands in `seats`."""

    method: Method
    total: int
    seats: tuple[tuple[int, int], ...]
    rounds: tuple[Round, ...] = ()
    steps: tuple[Step, ...] = ()
    tie: Tie | None = None

    @property
    def by_track(self) -> dict[int, int]:
        """Track number -> places, zeros included."""
        return dict(self.seats)

    @property
    def given(self) -> int:
        """Places given in all."""
        return sum(places for _, places in self.seats)

    @property
    def unfilled(self) -> int:
        """Places that nobody can take, because there are fewer entries than places; 0 while a tie is open."""
        return 0 if self.tie else self.total - self.given

    def as_data(self) -> dict[str, Any]:
        """The whole computation as JSON-ready data for a snapshot; fractions as 'a/b'."""
        return {
            "method": self.method.value,
            "total": self.total,
            "seats": {str(track): places for track, places in self.seats},
            "unfilled": self.unfilled,
            "rounds": [
                {"places": one.places, "lines": [_line_data(line) for line in one.lines]}
                for one in self.rounds
            ],
            "steps": [
                {"place": s.place, "track": s.track, "divisor": s.divisor, "quotient": str(s.quotient)}
                for s in self.steps
            ],
            "tie": {"tracks": list(self.tie.tracks), "places": self.tie.places} if self.tie else None,
        }


@dataclass(frozen=True, slots=True)
class Lists:
    """Both lists; `excellence` is None until the finalists' places are certain."""

    finalists: Allotment
    excellence: Allotment | None

    @property
    def settled(self) -> bool:
        """Whether no draw is wanting."""
        return self.finalists.tie is None and self.excellence is not None and self.excellence.tie is None


def _line_data(line: Line) -> dict[str, Any]:
    return {
        "track": line.track,
        "entries": line.entries,
        "room": line.room,
        "share": str(line.share),
        "whole": line.whole,
        "remainder": str(line.remainder),
        "extra": line.extra,
        "taken": line.taken,
    }


def both_lists(
    tracks: Iterable[Track],
    *,
    finalists: int,
    excellence: int,
    method: Method = Method.LARGEST_REMAINDER,
    finalist_draw: Sequence[int] = (),
    excellence_draw: Sequence[int] = (),
) -> Lists:
    """Places of finalists and of excellence awards per track, each list by itself (R19, R21, R22).

    A track has at most as many finalists as entries that can still win, and at most as many excellence awards
    as it then has left. A draw is an order of track numbers; it is asked only where a tie needs it.
    ValueError: counts that cannot be (see `allot`).
    """
    given = tuple(tracks)
    first = allot(given, finalists, method=method, draw=finalist_draw)
    if first.tie:
        return Lists(first, None)
    taken = first.by_track
    left = [Track(one.number, one.entries, one.able - taken[one.number]) for one in given]
    return Lists(first, allot(left, excellence, method=method, draw=excellence_draw))


def allot(
    tracks: Iterable[Track],
    places: int,
    *,
    method: Method = Method.LARGEST_REMAINDER,
    draw: Sequence[int] = (),
) -> Allotment:
    """Split `places` over the tracks in proportion to their entries, none above what it can take (R19).

    What a short track cannot take is dealt out among the tracks with room by the same method. Equal remainders:
    more entries first, then the `draw` (an order of track numbers); where that does not name all who are tied,
    the result stops there and carries the tie. The order in which tracks are given has no influence.
    ValueError: a negative number, a track named twice, or more entries that can win than entries.
    """
    ordered = sorted(tracks, key=lambda one: one.number)
    _check(ordered, places)
    if method is Method.LARGEST_REMAINDER:
        return _largest_remainder(ordered, places, draw)
    return _divisors(ordered, places, method, draw)


def _check(tracks: Sequence[Track], places: int) -> None:
    if places < 0:
        raise ValueError("places must not be negative")
    if len({one.number for one in tracks}) != len(tracks):
        raise ValueError("a track is named twice")
    for one in tracks:
        if not 0 <= one.able <= one.entries:
            raise ValueError(f"track {one.number}: {one.able} of {one.entries} entries can win")


def _largest_remainder(tracks: Sequence[Track], places: int, draw: Sequence[int]) -> Allotment:
    seats = {one.number: 0 for one in tracks}
    rounds: list[Round] = []
    left = places
    while left and (rooms := [one for one in tracks if one.able > seats[one.number]]):
        made, tie = _round(rooms, seats, left, draw)
        rounds.append(made)
        for line in made.lines:
            seats[line.track] += line.taken
        left -= sum(line.taken for line in made.lines)
        if tie:
            return Allotment(Method.LARGEST_REMAINDER, places, tuple(seats.items()), tuple(rounds), tie=tie)
    return Allotment(Method.LARGEST_REMAINDER, places, tuple(seats.items()), tuple(rounds))


def _round(
    tracks: Sequence[Track], seats: dict[int, int], places: int, draw: Sequence[int]
) -> tuple[Round, Tie | None]:
    """One largest remainder over the tracks with room; at an open tie the tied tracks get no extra place."""
    weights = sum(one.entries for one in tracks)
    shares = {one.number: Fraction(places * one.entries, weights) for one in tracks}
    remainders = {number: share - int(share) for number, share in shares.items()}
    spare = places - sum(int(share) for share in shares.values())
    ranked = sorted(tracks, key=lambda one: (-remainders[one.number], -one.entries, one.number))
    chosen, tie = {one.number for one in ranked[:spare]}, None
    # Equal weights in a round mean equal remainders, so the entries alone tell who is tied.
    tied = [one.number for one in ranked if spare and one.entries == ranked[spare - 1].entries]
    wanted = len(chosen.intersection(tied))
    if wanted < len(tied):
        chosen.difference_update(tied)
        if set(tied) <= set(draw):
            chosen.update(sorted(tied, key=draw.index)[:wanted])
        else:
            tie = Tie(tuple(tied), wanted)
    lines = []
    for one in tracks:
        share, room = shares[one.number], one.able - seats[one.number]
        extra = int(one.number in chosen)
        taken = min(int(share) + extra, room)
        lines.append(
            Line(one.number, one.entries, room, share, int(share), remainders[one.number], extra, taken)
        )
    return Round(places, tuple(lines)), tie


def _divisors(tracks: Sequence[Track], places: int, method: Method, draw: Sequence[int]) -> Allotment:
    seats = {one.number: 0 for one in tracks}
    stride = 2 if method is Method.SAINTE_LAGUE else 1
    steps: list[Step] = []
    for place in range(1, places + 1):
        rooms = [one for one in tracks if one.able > seats[one.number]]
        if not rooms:
            break
        averages = {one.number: Fraction(one.entries, seats[one.number] * stride + 1) for one in rooms}
        best = max((averages[one.number], one.entries) for one in rooms)
        tied = [one.number for one in rooms if (averages[one.number], one.entries) == best]
        left = places - place + 1
        if len(tied) > left and not set(tied) <= set(draw):
            tie = Tie(tuple(tied), left)
            return Allotment(method, places, tuple(seats.items()), steps=tuple(steps), tie=tie)
        winner = min(tied, key=draw.index) if len(tied) > left else tied[0]
        steps.append(Step(place, winner, seats[winner] * stride + 1, averages[winner]))
        seats[winner] += 1
    return Allotment(method, places, tuple(seats.items()), steps=tuple(steps))
