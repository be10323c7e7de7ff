"""What the public may know of the outcome: who is listed, who is awarded; never a score or a rank (R21, R22, R90)."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import QuerySet

from awards.models import Award
from awards.workflow import AwardStatus
from competition.models import Edition, Track
from judging.services import lists
from submissions.models import Entry


@dataclass(frozen=True)
class Listed:
    """A track's two lists, each by number of the entries."""

    track: Track
    finalists: tuple[Entry, ...]
    excellence: tuple[Entry, ...]


def listed(edition: Edition) -> list[Listed]:
    """The standing lists of each track once the preliminary's result is confirmed, [] before; five queries.

    By number, not by rank: a rank would tell what others scored (R21, R22).
    """
    standing = lists.standing(edition)
    keys = {int(key) for one in standing.values() for key in (*one.finalists, *one.excellence)}
    rows = Entry.objects.filter(pk__in=keys).select_related("team").prefetch_related("team__units")
    found = {str(entry.pk): entry for entry in rows.order_by("pk")}
    tracks = {track.number: track for track in edition.tracks.filter(number__in=standing)} if standing else {}
    return [
        Listed(
            tracks[number],
            tuple(entry for key, entry in found.items() if key in one.finalists),
            tuple(entry for key, entry in found.items() if key in one.excellence),
        )
        for number, one in sorted(standing.items())
        if one.finalists or one.excellence
    ]


def awarded(edition: Edition) -> QuerySet[Award]:
    """Awards under publicity or confirmed, from the first prize down; three queries when read (R90)."""
    return (
        Award.objects.filter(edition=edition, status__in=[AwardStatus.PUBLISHED, AwardStatus.CONFIRMED])
        .select_related("tier", "notice", "work", "entry__team__topic__track")
        .prefetch_related("entry__team__units")
        .order_by("tier__position", "position")
    )
