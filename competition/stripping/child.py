"""Reads one stranger's file and writes it without metadata: ``strip|shrink KIND SOURCE TARGET``.

It imports nothing of ours but its neighbours: no setting and no secret is in a process that opens a stranger's
file. It prints ``{"made": true}`` when it is done.
"""

from __future__ import annotations

import json
import resource
import sys
from pathlib import Path
from typing import Final

MEMORY: Final = 1_000_000_000
CPU_SECONDS: Final = 60
LARGEST: Final = 3 * 1024**3
SIDE: Final = 1600


def limit_process() -> None:
    """Bound this process for good: memory, CPU time, what it writes, no core dump."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    resource.setrlimit(resource.RLIMIT_FSIZE, (LARGEST, LARGEST))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _main(what: str, kind: str, source: str, target: str) -> None:
    limit_process()
    from competition.stripping import kinds, pictures  # by the child alone, after its limits are set

    if what == "shrink":
        pictures.shrink(Path(source), Path(target), kind, SIDE)
    else:
        kinds.strip(kind, Path(source), Path(target))
    sys.stdout.write(json.dumps({"made": True}))


if __name__ == "__main__":
    _main(*sys.argv[1:])
