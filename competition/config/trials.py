"""Two trials by hand: ``soak`` looks for what depends on chance, ``bench`` for what is slow."""

from __future__ import annotations

import json
import statistics
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

#: What differs between two rehearsals of the same seed.
TIMES = {"seconds"}


def differing_rehearsals(seeds: list[str], teams: int) -> Iterator[tuple[str, list[str]]]:
    """Rehearse each seed twice; yield the seed and the names of the results that differ."""
    for seed in seeds:
        first, second = _rehearse(seed, teams), _rehearse(seed, teams)
        yield seed, [key for key in first if key not in TIMES and first[key] != second.get(key)]


def _rehearse(seed: str, teams: int) -> dict[str, Any]:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "result.json"
        call_command("rehearse", teams=teams, seed=seed, json=path, fresh=True, verbosity=0)
        result: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        return result


@dataclass(frozen=True)
class Measured:
    """One page: status, queries of the first answer, milliseconds (median and 95th percentile)."""

    path: str
    status: int
    queries: int
    median: float
    p95: float


def measure(path: str, times: int) -> Measured:
    """Ask for a page ``times`` times within this process, after one answer to warm up."""
    client = Client(HTTP_HOST="localhost")
    with CaptureQueriesContext(connection) as captured:
        status = client.get(path).status_code
        queries = len(captured)
    spans = []
    for _ in range(times):
        began = time.perf_counter()
        client.get(path)
        spans.append((time.perf_counter() - began) * 1000)
    p95 = statistics.quantiles(spans, n=20)[-1]
    return Measured(path, status, queries, statistics.median(spans), p95)
