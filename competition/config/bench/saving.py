"""Saves per second beside bare updates per second: the same database, the same server, the same clients."""

from __future__ import annotations

import os
import socket
import statistics
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from urllib.parse import quote

from django.db import connection, connections

from competition.config.bench.clients import Ask, rate, saving, touching
from competition.config.bench.ground import lay
from competition.config.children import Child

CLIENTS = 16
ENTRIES = 10_000
#: What saving has to reach of the answers per second of the bare view behind the same middleware.
SHARE = 0.35
_PATIENCE = 30.0


@dataclass(frozen=True)
class Compared:
    """Medians over the rounds, in answers per second, and whether the database waited for its disk.

    ``bare`` is the view without any middleware, ``signed`` the same behind the portal's own.
    """

    bare: float
    signed: float
    saved: float
    fsync: str

    @property
    def share(self) -> float:
        return self.saved / self.signed


def compare(*, entries: int = ENTRIES, rounds: int = 5, seconds: float = 4.0) -> Compared:
    """Measure in turns, in a database of its own that is gone afterwards."""
    before = connection.settings_dict["NAME"]
    connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
    try:
        writers = lay(entries, CLIENTS)
        with connection.cursor() as cursor:
            cursor.execute("SELECT current_setting('fsync') || '/' || current_setting('synchronous_commit')")
            (fsync,) = cursor.fetchone()
        touches: list[Ask] = [touching(writer) for writer in writers]
        turns = [
            ("competition.config.bench.bare", touches),
            ("competition.config.bench.signed", touches),
            ("competition.config.wsgi", [saving(writer) for writer in writers]),
        ]
        bare, signed, saved = _medians(turns, rounds, seconds)
    finally:
        connections.close_all()
        connection.creation.destroy_test_db(before, verbosity=0)
    return Compared(bare, signed, saved, fsync)


def _medians(turns: list[tuple[str, list[Ask]]], rounds: int, seconds: float) -> list[float]:
    with ExitStack() as servers:
        ports = [servers.enter_context(server(module)) for module, _ in turns]
        for port, (_, asks) in zip(ports, turns, strict=True):
            rate(port, asks, 1.0)
        found = [
            [rate(port, asks, seconds) for port, (_, asks) in zip(ports, turns, strict=True)]
            for _ in range(rounds)
        ]
    return [statistics.median(column) for column in zip(*found, strict=True)]


@contextmanager
def server(module: str, **environment: str) -> Iterator[int]:
    """The web server as it is deployed, on a free port, with this application and the present database."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    parts = connection.settings_dict
    host, inside = parts["HOST"], f"{parts['PORT']}/{parts['NAME']}"
    query = f"?host={host}" if host.startswith("/") else ""
    where = "localhost" if query else host
    environment = {
        **os.environ,
        **environment,
        "DATABASE_URL": f"postgres://{parts['USER']}:{quote(parts['PASSWORD'])}@{where}:{inside}{query}",
        "WEB_BIND": f"127.0.0.1:{port}",
    }
    gunicorn = [sys.executable, "-m", "gunicorn", "-c", "python:competition.config.deploy.gunicorn"]
    child = Child("web", [*gunicorn, module], environment)
    child.start()
    try:
        _wait(port)
        yield port
    finally:
        child.ask_to_stop()
        child.make_sure_it_stopped()


def _wait(port: int) -> None:
    until = time.monotonic() + _PATIENCE
    while time.monotonic() < until:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)
    raise TimeoutError(f"The server on port {port} did not start.")
