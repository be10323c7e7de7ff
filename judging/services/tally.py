"""What the sheets come to now: ranking, seats and lists, with everything that a snapshot has to hold (R18-R22, R30)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q

from competition.models import Edition, Track
from judging import seats
from judging.models import Assignment, Draw, Presentation, ScoreSheet, Vote
from judging.querysets import judgeable
from judging.ranking import Judged, Ranking, cut_lines, rank
from judging.rubric import policy_of, round_of
from judging.scoring import Policy, Sheet, items, shortage
from judging.services import lists, sheets
from judging.shortlist import first_lists
from judging.workflow import AssignmentStatus, Pool, Round
from submissions.models import Entry
from submissions.workflow import EntryStatus

#: The draw that settles ties of places in a list.
SEAT_DRAWS = {Pool.FINALISTS: Draw.Kind.FINALIST_SEATS, Pool.EXCELLENCE: Draw.Kind.EXCELLENCE_SEATS}


@dataclass(frozen=True)
class Part:
    """The ranking of a track, or of the final over all tracks (``track`` None); ``entries`` by id as string.

    ``accepted`` counts the entries that passed the formal check, ``votes`` are the orders recorded, oldest first.
    """

    track: Track | None
    accepted: int
    entries: Mapping[str, Entry]
    judged: tuple[Judged, ...]
    votes: tuple[tuple[str, ...], ...]
    ranking: Ranking

    @property
    def name(self) -> str:
        """What pages call it."""
        return str(self.track) if self.track else "决赛"

    @property
    def number(self) -> int | None:
        """The track's number; None in the final."""
        return self.track.number if self.track else None


@dataclass(frozen=True)
class Preview:
    """A round as it would be proposed now; ``short`` are entries short of sheets.

    ``places`` are the seats by the edition's method (None in the final), ``others`` by the other methods.
    """

    edition: Edition
    round: str
    policy: Policy
    parts: tuple[Part, ...]
    short: tuple[Entry, ...]
    places: seats.Lists | None = None
    others: tuple[seats.Lists, ...] = ()
    counts: tuple[seats.Track, ...] = ()
    draws: Mapping[str, tuple[int, ...]] | None = None

    @property
    def wanted(self) -> list[str]:
        """What has to be done before the result can be proposed, in sentences."""
        found = [] if any(part.judged for part in self.parts) else ["没有可以排名的作品。"]
        least = self.policy.least_sheets
        found += [
            f"“{entry.team.project_name}”（{entry.reference}）的有效评分表少于{least}份，须补充评审。"
            for entry in self.short
        ]
        found += [f"{name}：{tie.sentence}" for _, name, tie in self.seat_ties]
        for part in self.parts:
            found += [self.sentence(part, tie.entries, tie.first, tie.cut) for tie in part.ranking.ties]
        return found

    @property
    def seat_ties(self) -> list[tuple[str, str, seats.Tie]]:
        """Ties of places for which a draw is wanting: kind of draw, name of the list, tie."""
        if self.places is None:
            return []
        allotments = {Pool.FINALISTS: self.places.finalists, Pool.EXCELLENCE: self.places.excellence}
        return [
            (SEAT_DRAWS[pool], f"{pool.label}名额", one.tie)
            for pool, one in allotments.items()
            if one is not None and one.tie is not None
        ]

    @staticmethod
    def sentence(part: Part, entries: Sequence[str], first: int, cut: int) -> str:
        """What a page says of an open tie, by names instead of ids."""
        names = "、".join(f"“{part.entries[entry].team.project_name}”" for entry in entries)
        return (
            f"{part.name}：{names}得分及比较各项均相同，其中{cut - first + 1}个可列入前{cut}名，"
            "须由评审组表决并记录。"
        )


def preview(edition: Edition, round: str, *, with_votes: bool = True) -> Preview:
    """Rank what was submitted so far and split the seats by it; changes nothing (R18, R19, R20, R21, R22, R30).

    ``with_votes`` False shows who is equal before any vote. A constant number of queries.
    """
    return _Tally(edition, round, with_votes).preview()


def waiting_sheets(edition: Edition, round: str) -> int:
    """How many score sheets of a round are still open; the result can be proposed without them (R18)."""
    rows = Assignment.objects.filter(edition=edition, round=round, status=AssignmentStatus.OPEN)
    return rows.count()


def content_of(made: Preview) -> dict[str, Any]:
    """The snapshot of a settled preview with all its inputs, JSON-ready; experts stand there by codes alone.

    ValueError: a vote or draw is wanting.
    """
    edition = made.edition
    rows = _sheet_rows(edition, made.round)
    content: dict[str, Any] = {
        "edition": edition.slug,
        "round": str(made.round),
        "rubric": [
            {"key": item.key, "label": item.label, "points": str(item.points)}
            for item in items(round_of(edition, made.round))
        ],
        "policy": {
            "places": made.policy.places,
            "drop_extremes_from": made.policy.drop_extremes_from,
            "least_sheets": made.policy.least_sheets,
            "ties": list(made.policy.ties),
        },
        "parts": [_part_data(part, rows) for part in made.parts],
    }
    if made.places is not None:
        content |= {"seats": seats_of(made), "lists": _lists_of(made)}
    return content


class _Tally:
    """One reading of a round's rows."""

    def __init__(self, edition: Edition, round: str, with_votes: bool) -> None:
        self.edition, self.round = edition, Round(round)
        self.policy = policy_of(edition)
        self.sheets: dict[int, list[Sheet]] = sheets.counted(edition, self.round)
        self.votes: dict[int | None, list[tuple[str, ...]]] = defaultdict(list)
        if with_votes:
            found = Vote.objects.filter(edition=edition, round=self.round).order_by("pk")
            for track, order in found.values_list("track__number", "order"):
                self.votes[track].append(tuple(str(entry) for entry in order))

    def preview(self) -> Preview:
        if self.round == Round.FINAL:
            return self._final()
        tracks, accepted = self._tracks()
        by_track: dict[int, list[Entry]] = {track.pk: [] for track in tracks}
        everybody = lists.with_team(judgeable(self.edition).order_by("pk"))
        for entry in everybody:
            by_track[_topic(entry).track_id].append(entry)
        counts = tuple(
            seats.Track(one.number, accepted[one.pk], sum(map(self._is_able, by_track[one.pk])))
            for one in tracks
        )
        drawn = self._drawn()
        method = seats.Method(self.edition.data["seats"]["method"])
        places = self._places(counts, method, drawn)
        parts = tuple(
            self._part(one, by_track[one.pk], accepted[one.pk], _cuts(places, one.number)) for one in tracks
        )
        return Preview(
            self.edition,
            self.round,
            self.policy,
            parts,
            tuple(entry for entry in everybody if not self._is_able(entry)),
            places,
            tuple(self._places(counts, one, drawn) for one in seats.Method if one is not method),
            counts,
            drawn,
        )

    def _final(self) -> Preview:
        """Whoever presented or is about to; a finalist who never checked in has no score (R29, R30, R31)."""
        rows = Presentation.objects.filter(
            session__edition=self.edition, is_void=False, checked_in_at__isnull=False
        )
        entries = lists.with_team(Entry.objects.filter(pk__in=rows.values("entry")).order_by("pk"))
        prizes = self.edition.data["prizes"]
        cuts = cut_lines(prize["count"] for prize in prizes if prize["pool"] == Pool.FINALISTS)
        part = self._part(None, entries, len(entries), cuts)
        short = tuple(entry for entry in entries if not self._is_able(entry))
        return Preview(self.edition, self.round, self.policy, (part,), short)

    def _part(
        self, track: Track | None, entries: Sequence[Entry], accepted: int, cuts: Sequence[int]
    ) -> Part:
        judged = tuple(Judged(str(one.pk), tuple(self.sheets.get(one.pk, ()))) for one in entries)
        votes = tuple(self.votes[track.number if track else None])
        ranking = rank(judged, policy=self.policy, cuts=cuts, votes=votes)
        return Part(track, accepted, {str(one.pk): one for one in entries}, judged, votes, ranking)

    def _places(
        self,
        counts: Sequence[seats.Track],
        method: seats.Method,
        drawn: Mapping[str, tuple[int, ...]],
    ) -> seats.Lists:
        places = self.edition.data["seats"]
        return seats.both_lists(
            counts,
            finalists=places[Pool.FINALISTS],
            excellence=places[Pool.EXCELLENCE],
            method=method,
            finalist_draw=drawn[Pool.FINALISTS],
            excellence_draw=drawn[Pool.EXCELLENCE],
        )

    def _is_able(self, entry: Entry) -> bool:
        return not shortage(len(self.sheets.get(entry.pk, ())), self.policy)

    def _tracks(self) -> tuple[list[Track], dict[int, int]]:
        """The tracks, and how many entries of each passed the formal check, whatever a department said of them."""
        passed = Q(topics__teams__entry__status=EntryStatus.ACCEPTED)
        rows = self.edition.tracks.annotate(accepted=Count("topics__teams__entry", filter=passed))
        tracks: list[Any] = list(rows.order_by("number"))
        return tracks, {track.pk: track.accepted for track in tracks}

    def _drawn(self) -> dict[str, tuple[int, ...]]:
        """List -> the order of tracks that was drawn for ties of places; () before."""
        rows = Draw.objects.filter(edition=self.edition, kind__in=SEAT_DRAWS.values(), held_at__isnull=False)
        orders = {kind: (record or {})["order"] for kind, record in rows.values_list("kind", "record")}
        return {pool: tuple(map(int, orders.get(kind, ()))) for pool, kind in SEAT_DRAWS.items()}


def _topic(entry: Entry) -> Any:
    # An accepted entry has a topic: a registration is not approved without.
    return entry.team.topic


def _cuts(places: seats.Lists, number: int) -> tuple[int, ...]:
    """A track's cut lines as far as its seats are certain."""
    if places.finalists.tie or places.excellence is None or places.excellence.tie:
        return ()
    return cut_lines((places.finalists.by_track[number], places.excellence.by_track[number]))


def _sheet_rows(edition: Edition, round: str) -> dict[int, list[dict[str, Any]]]:
    """Entry id -> the sheets that count as submitted, by code and number; one query."""
    rows = ScoreSheet.objects.filter(
        assignment__edition=edition,
        assignment__round=round,
        assignment__status=AssignmentStatus.SUBMITTED,
        replaced_by__isnull=True,
    )
    found: dict[int, list[dict[str, Any]]] = defaultdict(list)
    names = ("assignment__entry_id", "assignment__code", "number", "sha256", "marks")
    for entry, code, number, sha256, marks in rows.order_by("number").values_list(*names):
        found[entry].append({"code": code, "number": number, "sha256": sha256, "marks": marks})
    return found


def _part_data(part: Part, rows: Mapping[int, list[dict[str, Any]]]) -> dict[str, Any]:
    return {
        "track": part.number,
        "accepted": part.accepted,
        "judgeable": len(part.entries),
        "entries": [
            {"entry": key, "reference": entry.reference, "sheets": rows.get(entry.pk, [])}
            for key, entry in part.entries.items()
        ],
        "votes": [list(order) for order in part.votes],
        "ranking": part.ranking.as_data(),
        "groups": [list(group) for group in part.ranking.groups],
    }


def seats_of(made: Preview) -> dict[str, Any]:
    """The splitting of places as data, also while a draw is wanting (R19, R21, R22). ValueError: not of the final."""
    places = made.places
    if places is None:
        raise ValueError("the final has no places to split")
    return {
        "method": places.finalists.method.value,
        "tracks": [{"track": one.number, "entries": one.entries, "able": one.able} for one in made.counts],
        "draws": {str(pool): list(order) for pool, order in (made.draws or {}).items()},
        str(Pool.FINALISTS): places.finalists.as_data(),
        str(Pool.EXCELLENCE): places.excellence.as_data() if places.excellence else None,
    }


def _lists_of(made: Preview) -> dict[str, Any]:
    places = made.places
    if places is None or places.excellence is None:
        raise ValueError("a draw is wanting")
    finalists, excellence = places.finalists.by_track, places.excellence.by_track
    lists_by_track = {}
    for part in made.parts:
        number = part.number or 0
        lists_by_track[str(number)] = first_lists(
            part.ranking.groups, finalist_seats=finalists[number], excellence_seats=excellence[number]
        ).as_data()
    return lists_by_track
