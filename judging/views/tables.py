"""Rankings and seats as rows of tables, for pages of results and of the final."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any, cast

from django.http import HttpRequest

from competition.desk import menu_of, pages_of
from competition.middleware import edition_of
from competition.models import Edition, User
from judging.rubric import round_of
from judging.scoring import VOTE, shown
from judging.seat_words import explain
from judging.seats import METHOD_NAMES
from judging.services.results import Part, Preview
from judging.workflow import Pool, Round
from submissions.models import Entry


def desk(request: HttpRequest) -> dict[str, Any]:
    """The side menu of the work desk."""
    pages = pages_of(edition_of(request), cast(User, request.user))
    return {"menu": menu_of(pages, request.path), "menu_title": "工作台"}


def ranking_rows(edition: Edition, part: Part) -> list[dict[str, Any]]:
    """Places of a live ranking, best first, with each sheet's total."""
    totals = {one.entry: [shown(sheet.total) for sheet in one.sheets] for one in part.judged}
    rows = snapshot_rows(edition, part.ranking.as_data(), part.entries, final=part.track is None)
    return [{**row, "totals": totals[row["key"]]} for row in rows]


def snapshot_rows(
    edition: Edition, ranking: Mapping[str, Any], entries: Mapping[str, Entry], *, final: bool
) -> list[dict[str, Any]]:
    """Places of a ranking as a snapshot holds it; ``list`` is the list or tier that the place is in."""
    bands = band_names(edition, final=final) if ranking["cuts"] else []
    names = {one.key: one.label for one in round_of(edition, Round.FINAL).criteria} | {VOTE: "评审组表决"}
    return [
        {
            "key": place["entry"],
            "entry": entries.get(place["entry"]),
            "rank": place["rank"],
            "shown": place["shown"],
            "exact": place["score"],
            "sheets": place["sheets"],
            "dropped": place["dropped"],
            "by": names.get(place["by"], ""),
            "list": "待表决"
            if place["band"] is None
            else (bands[place["band"]] if place["band"] < len(bands) else ""),
        }
        for place in ranking["places"]
    ]


def band_names(edition: Edition, *, final: bool) -> list[str]:
    """What the stretches between cut lines are called: the lists of a track, or the tiers of the final."""
    if not final:
        return [str(pool.label) for pool in Pool]
    return [prize["name"] for prize in edition.data["prizes"] if prize["pool"] == Pool.FINALISTS]


def seat_rows(made: Preview) -> list[dict[str, Any]]:
    """Tracks with their counts and seats by every method, the edition's first; None while a draw is wanting."""
    everything = [one for one in (made.places, *made.others) if one is not None]
    total = sum(one.entries for one in made.counts)
    rows = []
    for count, part in zip(made.counts, made.parts, strict=True):
        seats = [
            {
                "finalists": one.finalists.by_track[count.number],
                "excellence": one.excellence.by_track[count.number] if one.excellence else None,
            }
            for one in everything
        ]
        share = shown(Fraction(100 * count.entries, total), 2) if total else "0.00"
        rows.append({"part": part, "count": count, "share": share, "seats": seats})
    return rows


def method_names(made: Preview) -> list[str]:
    """Names of the methods in the order of `seat_rows`."""
    everything = [one for one in (made.places, *made.others) if one is not None]
    return [METHOD_NAMES[one.finalists.method] for one in everything]


def seats_context(
    seats: Mapping[str, Any], tracks: Sequence[tuple[int, str]], *, settled: bool = True
) -> dict[str, Any]:
    """The splitting of places of a snapshot or preview, every step of it."""
    names = dict(tracks)
    lists = [
        {"name": str(pool.label), "key": str(pool), **explain(seats[pool], names)}
        for pool in Pool
        if seats.get(pool)
    ]
    counts = [{**one, "name": names[one["track"]]} for one in seats["tracks"]]
    return {
        "lists": lists,
        "counts": counts,
        "total": sum(one["entries"] for one in counts),
        "drawn": {pool: [names[track] for track in order] for pool, order in seats["draws"].items() if order},
        "settled": settled,
    }
