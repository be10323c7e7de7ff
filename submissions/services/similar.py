"""Which other entries of the edition say the same as this one in their long texts."""

from __future__ import annotations

from array import array
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from django.core.cache import cache

from competition.form_schema import FormSchema
from competition.models import Edition
from submissions.form import schema_of
from submissions.main_texts import main_texts
from submissions.models import Entry, Receipt, Revision
from submissions.similarity import common_share, passages, runs, sample
from submissions.workflow import EntryStatus

#: Samples are only a memory of what the versions say: lost ones are made again.
KEPT_SECONDS: Final = 30 * 24 * 3600
#: Estimated shares this far below the limit are looked at exactly.
MARGIN: Final = 0.1
#: Entries named to the officer, the most alike first.
MOST: Final = 10
BATCH: Final = 200


@dataclass(frozen=True, slots=True)
class Alike:
    """Another entry's version: how much of ours stands in it, and of it in ours (0 when below the limit)."""

    entry_id: int
    revision_id: int
    share: float
    mirrored: float


def limit_of(edition: Edition) -> float | None:
    """From which share on (0 to 1) an officer is told; None when the edition does not say."""
    settings = edition.texts("checking") or {}
    return settings["similar_percent"] / 100 if "similar_percent" in settings else None


def alike(entry: Entry, revision: Revision) -> list[Alike]:
    """Entries whose long texts hold at least the edition's share of this version's, or it of theirs."""
    limit = limit_of(entry.edition)
    if limit is None:
        return []
    schema = schema_of(entry.edition)
    ours = [one.text for one in main_texts(schema, revision.content)]
    own = sample(ours)
    own_set = set(own)
    near = []
    for revision_id, entry_id, other in _others(entry, schema):
        both = len(own_set.intersection(other))
        if both and max(both / len(own_set), both / len(other)) >= limit - MARGIN:
            near.append((both, revision_id, entry_id))
    own_runs = runs(ours)
    found = []
    for _, revision_id, entry_id in sorted(near, reverse=True)[: 2 * MOST]:
        content = Revision.objects.values_list("content", flat=True).get(pk=revision_id)
        theirs = [one.text for one in main_texts(schema, content)]
        mine, mirrored = _exact(ours, runs(theirs)), _exact(theirs, own_runs)
        if max(mine, mirrored) >= limit:
            found.append(Alike(entry_id, revision_id, mine, mirrored))
    return sorted(found, key=lambda one: -one.share)[:MOST]


def _exact(texts: Iterable[str], other: frozenset[str]) -> float:
    return common_share(part for text in texts for part in passages(text, other))


def _others(entry: Entry, schema: FormSchema) -> Iterable[tuple[int, int, array[int]]]:
    """Newest submitted versions of the other entries: revision, entry, sample."""
    newest = (
        Receipt.objects.filter(revision__entry__edition=entry.edition)
        .exclude(revision__entry=entry)
        .exclude(revision__entry__status=EntryStatus.WITHDRAWN)
        .order_by("revision__entry_id", "-id")
        .distinct("revision__entry_id")
    )
    rows = list(newest.values_list("revision_id", "revision__entry_id"))
    for start in range(0, len(rows), BATCH):
        some = dict(rows[start : start + BATCH])
        samples = cache.get_many([_key(pk) for pk in some])
        fresh = {}
        unknown = [pk for pk in some if _key(pk) not in samples]
        for pk, content in Revision.objects.filter(pk__in=unknown).values_list("pk", "content"):
            fresh[_key(pk)] = sample(one.text for one in main_texts(schema, content))
        if fresh:
            cache.set_many(fresh, KEPT_SECONDS)
        for pk, entry_id in some.items():
            yield pk, entry_id, (samples | fresh)[_key(pk)]


def _key(revision_id: int) -> str:
    return f"similar.1.{revision_id}"
