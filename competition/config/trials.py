"""Two trials by hand: ``soak`` looks for what depends on chance, ``bench`` for what is slow."""

from __future__ import annotations

import json
import resource
import statistics
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

#: What differs between two rehearsals of the same seed.
TIMES = {"seconds"}
SOAK_FILE = settings.BASE_DIR / "docs" / "soak.md"


@dataclass(frozen=True)
class Soaked:
    """A seed rehearsed twice: both results, what differs but for the times, and the process's peak memory (MB)."""

    seed: str
    results: tuple[dict[str, Any], dict[str, Any]]
    differing: list[str]
    peak_megabytes: int


def soak(seed: str, teams: int) -> Soaked:
    """Rehearse a seed twice, each on a fresh edition."""
    first, second = _rehearse(seed, teams), _rehearse(seed, teams)
    differing = [key for key in first if key not in TIMES and first[key] != second.get(key)]
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    return Soaked(seed, (first, second), differing, peak)


def _rehearse(seed: str, teams: int) -> dict[str, Any]:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "result.json"
        call_command("rehearse", teams=teams, seed=seed, json=path, fresh=True, verbosity=0)
        result: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        return result


@dataclass(frozen=True)
class Sent:
    """A file over a breaking line: its MB, the cuts, seconds to hash and to send, MB the web processes grew by."""

    megabytes: int
    cuts: int
    hashing: float
    sending: float
    growth: float


SENT_HEAD = "## A file over a line that breaks"


def write_sent(sent: Sent, path: Path = SOAK_FILE) -> None:
    """Put the figures of an upload at the end of the page; the others stay."""
    lines = [
        SENT_HEAD,
        "",
        "Chromium with tus-js-client, gunicorn as deployed; the hash of what was stored equals the file's.",
        "",
        "| MB | cuts | seconds to hash in the browser | seconds to send | MB the web processes grew by |",
        "|---|---|---|---|---|",
        f"| {sent.megabytes} | {sent.cuts} | {sent.hashing} | {sent.sending} | {sent.growth} |",
    ]
    path.write_text(f"{_others(path)}\n\n" + "\n".join(lines) + "\n", encoding="utf-8")


def _others(path: Path) -> str:
    """What stands on the page before the upload's figures."""
    return path.read_text(encoding="utf-8").partition(SENT_HEAD)[0].rstrip() if path.exists() else ""


def write_soak(trials: list[Soaked], path: Path = SOAK_FILE) -> None:
    """Write the figures of the trials as a page of the documentation."""
    lines = [
        "# Figures of the heavy proofs",
        "",
        "Written by `make soak`. Each seed is rehearsed twice; all but the seconds has to be the same.",
        "",
        "| seed | teams | approved | submitted | accepted | awards | yuan | certificates | planted | caught | mails "
        "| the same twice | peak MB |",
        "|---|---|---|---|---|---|---|---|---|---|---|---|---|",
    ]
    for one in trials:
        result = one.results[0]
        figures = [result[name] for name in ("teams", "approved", "submitted", "accepted")]
        figures += [sum(result["awards"].values()), result["total_fen"] // 100, result["certificates"]]
        figures += [len(result["planted"]), len(result["caught"]), result["mails"]]
        figures += ["no: " + ", ".join(one.differing) if one.differing else "yes", one.peak_megabytes]
        lines.append(f"| {one.seed} | " + " | ".join(str(figure) for figure in figures) + " |")
    lines += ["", "| seed | step | seconds, first | seconds, second |", "|---|---|---|---|"]
    for one in trials:
        first, second = (result["seconds"] for result in one.results)
        lines += [f"| {one.seed} | {step} | {first[step]} | {second[step]} |" for step in first]
    _, head, uploads = (
        path.read_text(encoding="utf-8").partition(SENT_HEAD) if path.exists() else ("", "", "")
    )
    lines += ["", f"{head}{uploads}".rstrip()] if head else []
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


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
