"""Does what is due: safe to run anywhere, any number of times, at the same time."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection

from competition import audit, outbox
from competition.registries import due_work

logger = logging.getLogger(__name__)

LOCK = 7_315_201_925


def run() -> dict[str, int]:
    """Run every registered piece of due work, then send the outbox, under an advisory lock.

    Returns how much each did; empty when another reconciler is at it.
    """
    done: dict[str, int] = {}
    with _only_one() as mine:
        if mine:
            for name, work in [
                *due_work,
                ("audit.seal", audit.seal),
                ("outbox", outbox.send_due),
            ]:
                try:
                    done[name] = work()
                except Exception:
                    logger.exception("due work %s failed; it is tried again at the next run", name)
                    done[name] = -1
    return done


@contextmanager
def _only_one() -> Iterator[bool]:
    # A lock of a transaction, on a connection of its own: behind a pooler that hands out a server
    # connection per transaction, a lock of a session could be left with somebody else for ever.
    own = connection.copy()
    try:
        own.set_autocommit(False)
        with own.cursor() as cursor:
            cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [LOCK])
            mine: bool = cursor.fetchone()[0]
        yield mine
    finally:
        own.close()
