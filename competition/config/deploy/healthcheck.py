"""What a container's health check runs: ``python -m competition.config.deploy.healthcheck PART``.

Exit status 0 means healthy; otherwise one sentence says what is not.
"""

from __future__ import annotations

import os
import sys
import time
import urllib.request
from pathlib import Path

#: Seconds after which a beat that wrote nothing is taken for stuck; it ticks every 15 s.
BEAT_SILENCE = 300


def web() -> str:
    """The web processes answer and reach the database."""
    port = os.environ.get("WEB_BIND", ":8000").rpartition(":")[2]
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/readyz", timeout=5) as answer:
            return "" if answer.status == 200 else f"/readyz answers {answer.status}"
    except OSError as error:
        return f"/readyz does not answer: {error}"


def worker() -> str:
    """A worker on this machine answers through Redis."""
    # Only this check needs Celery; the others stay quick.
    from competition.config.celery import app

    name = os.environ.get("WORKER_NAME", "")
    answers = app.control.ping(timeout=3, destination=[name] if name else None)
    return "" if answers else "no worker answers"


def beat() -> str:
    """Beat wrote its schedule lately."""
    schedule = Path(os.environ.get("BEAT_SCHEDULE", "/data/run/beat/schedule"))
    for path in schedule.parent.glob(f"{schedule.name}*"):
        if time.time() - path.stat().st_mtime < BEAT_SILENCE:
            return ""
    return f"{schedule} was not written for {BEAT_SILENCE} seconds"


def main(part: str) -> int:
    problem = {"web": web, "worker": worker, "beat": beat}[part]()
    if problem:
        sys.stderr.write(f"{part}: {problem}\n")
    return 1 if problem else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
