"""An edition's time: the database's clock plus an offset that only a rehearsal may set.

Only stage rules and due dates use it; logins, tokens, limits, audit and retries use real time.
"""

from __future__ import annotations

import threading
import time
from datetime import UTC, datetime, timedelta

from django.db import connection

from competition.errors import Refusal
from competition.models import Edition

REFRESH_SECONDS = 10.0


class _Skew:
    """How far this process's clock is behind the database's, in seconds."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._seconds = 0.0
        self._read_at: float | None = None

    def seconds(self) -> float:
        """The skew, read again from the database when it is older than ``REFRESH_SECONDS``."""
        with self._lock:
            if self._read_at is None or time.monotonic() - self._read_at >= REFRESH_SECONDS:
                self._seconds = self._measure()
                self._read_at = time.monotonic()
            return self._seconds

    @staticmethod
    def _measure() -> float:
        connection.ensure_connection()  # connecting would count as half a round trip
        with connection.cursor() as cursor:
            before = time.time()
            cursor.execute("SELECT extract(epoch FROM clock_timestamp())")
            (there,) = cursor.fetchone()
        return float(there) - (before + time.time()) / 2


_skew = _Skew()


def real_now() -> datetime:
    """The database's time now (UTC), without any offset."""
    return datetime.fromtimestamp(time.time() + _skew.seconds(), UTC)


def as_database_time(epoch_seconds: float) -> datetime:
    """An instant of this machine's clock (seconds since 1970) in the database's time."""
    return datetime.fromtimestamp(epoch_seconds + _skew.seconds(), UTC)


def now(edition: Edition) -> datetime:
    """The edition's time now."""
    return real_now() + edition.clock_offset


def at(edition: Edition, real: datetime) -> datetime:
    """The edition's time at a real instant (e.g. a request's arrival)."""
    return real + edition.clock_offset


def set_time(edition: Edition, instant: datetime) -> None:
    """Move a rehearsal's clock so that it is ``instant`` now; refuses for a real edition."""
    if not edition.is_rehearsal:
        raise Refusal("正式赛事的时钟不能调整。")
    edition.clock_offset = instant - real_now()
    edition.save(update_fields=["clock_offset"])


def advance(edition: Edition, by: timedelta) -> None:
    """Move a rehearsal's clock forward by a duration."""
    set_time(edition, now(edition) + by)
