"""Who scores which entry: a min-cost flow that never crosses a conflict and spreads the load (decision 122).

Every entry wants a number of experts, every expert of its track may take it once, unless barred. The more an expert has,
the more the next one costs, so that the cheapest flow is also the most even one. Values in, values out; the same input
gives the same result.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from ortools.graph.python import min_cost_flow


@dataclass(frozen=True, slots=True)
class Wanted:
    """An entry of a track and how many more experts it wants; ``has`` are those whom it keeps."""

    entry: int
    track: int
    need: int
    has: int = 0


@dataclass(frozen=True, slots=True)
class Able:
    """An expert, the tracks that the expert may judge, and how many entries the expert has already."""

    expert: int
    tracks: frozenset[int]
    load: int = 0


@dataclass(frozen=True, slots=True)
class Unserved:
    """An entry that cannot get all its experts, how many are missing, and why in words."""

    entry: int
    missing: int
    sentence: str


@dataclass(frozen=True, slots=True)
class Matching:
    """Pairs of (entry, expert) in order, the load of every expert afterwards, and what cannot be served."""

    pairs: tuple[tuple[int, int], ...]
    loads: Mapping[int, int]
    unserved: tuple[Unserved, ...]


def match(
    wanted: Collection[Wanted],
    experts: Collection[Able],
    *,
    conflicts: Collection[tuple[int, int]] = (),
    taken: Collection[tuple[int, int]] = (),
) -> Matching:
    """Give every entry as many experts as it wants, as evenly as can be (R07, R16, R18).

    ``conflicts`` and ``taken`` are pairs of (expert, entry) that must not be made: for a conflict of interest, or because
    the expert has the entry already. The number served is the largest possible, and among those the load is the most even.
    ValueError: a negative need, or an entry or expert named twice.
    """
    entries = sorted(wanted, key=lambda one: one.entry)
    judges = sorted(experts, key=lambda one: one.expert)
    _check(entries, judges)
    barred = set(conflicts) | set(taken)
    edges = [
        (row, column)
        for row, one in enumerate(entries)
        for column, judge in enumerate(judges)
        if one.need and one.track in judge.tracks and (judge.expert, one.entry) not in barred
    ]
    pairs = tuple(
        (entries[row].entry, judges[column].expert) for row, column in _flow(entries, judges, edges)
    )
    given = Counter(entry for entry, _ in pairs)
    loads = Counter({judge.expert: judge.load for judge in judges})
    loads.update(expert for _, expert in pairs)
    unserved = tuple(
        Unserved(one.entry, one.need - given[one.entry], _why(one, given[one.entry], judges, set(conflicts)))
        for one in entries
        if given[one.entry] < one.need
    )
    return Matching(pairs, dict(loads), unserved)


def _check(entries: Sequence[Wanted], judges: Sequence[Able]) -> None:
    if any(one.need < 0 for one in entries):
        raise ValueError("a need is negative")
    if len({one.entry for one in entries}) < len(entries) or len({one.expert for one in judges}) < len(
        judges
    ):
        raise ValueError("an entry or an expert is named twice")


def _flow(
    entries: Sequence[Wanted], judges: Sequence[Able], edges: Sequence[tuple[int, int]]
) -> list[tuple[int, int]]:
    """The edges that the cheapest largest flow uses: source -> entry -> expert -> sink."""
    if not edges:
        return []
    flow = min_cost_flow.SimpleMinCostFlow()
    source, sink = len(entries) + len(judges), len(entries) + len(judges) + 1
    for row, one in enumerate(entries):
        if one.need:
            flow.add_arc_with_capacity_and_unit_cost(source, row, one.need, 0)
    arcs = [
        flow.add_arc_with_capacity_and_unit_cost(row, len(entries) + column, 1, 0) for row, column in edges
    ]
    degrees = Counter(column for _, column in edges)
    for column, judge in enumerate(judges):
        # Each further entry costs one more than the one before: rising costs make the flow even.
        for more in range(degrees[column]):
            flow.add_arc_with_capacity_and_unit_cost(len(entries) + column, sink, 1, judge.load + more)
    total = sum(one.need for one in entries)
    flow.set_node_supply(source, total)
    flow.set_node_supply(sink, -total)
    status = flow.solve_max_flow_with_min_cost()
    if status != flow.OPTIMAL:
        raise RuntimeError(f"the assignment was not solved: {status}")
    return [edge for edge, arc in zip(edges, arcs, strict=True) if flow.flow(arc)]


def _why(one: Wanted, given: int, judges: Sequence[Able], conflicts: Collection[tuple[int, int]]) -> str:
    of_track = [judge for judge in judges if one.track in judge.tracks]
    barred = sum((judge.expert, one.entry) in conflicts for judge in of_track)
    missing = one.need - given
    sentence = f"本赛道在册专家{len(of_track)}名"
    if barred:
        sentence += f"，其中{barred}名须回避"
    have = one.has + given
    return f"{sentence}，只能安排{have}名，还缺{missing}名；请增补本赛道专家。"
