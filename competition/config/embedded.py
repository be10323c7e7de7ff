"""Servers of our own: without DATABASE_URL and REDIS_URL the portal brings PostgreSQL and Redis.

``provide()`` is called by manage.py, by the tests and by ``serve`` - never by importing the settings.
It starts what is missing under RUN_DIR (default ``.run/``), keeps the data between runs and writes the
addresses into ``os.environ``. Every process that uses the servers holds a shared lock on a file; the
last one out can take it exclusively and stops them. The kernel drops the lock of a killed process, so
nothing has to be cleaned up by hand.
"""

from __future__ import annotations

import atexit
import base64
import fcntl
import json
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

BASE_DIR = Path(__file__).resolve().parent.parent.parent
#: Commands that neither ask the database nor ring a task.
WITHOUT_SERVERS = frozenset(
    {
        "check",
        "collectstatic",
        "diffsettings",
        "findstatic",
        "help",
        "rule_docs",
        "version",
        "--help",
        "--version",
    }
)


class CannotStart(SystemExit):
    """A server cannot be started; the sentence is printed and the command ends with status 1."""


def run_dir() -> Path:
    return Path(os.environ.get("RUN_DIR") or BASE_DIR / ".run").expanduser().resolve()


def provide(*, command: str = "", for_tests: bool = False) -> None:
    """Fill in DATABASE_URL, REDIS_URL and, on a developer's machine, the keys.

    Whatever the environment gives already is left alone. In production (DATABASE_URL given, neither
    DEBUG nor DEMO) nothing is provided: the system checks then name what is missing.
    """
    local = for_tests or not _given("DATABASE_URL") or _on("DEBUG") or _on("DEMO")
    if not local:
        return
    os.environ["PORTAL_LOCAL"] = "1"
    folder = run_dir()
    folder.mkdir(parents=True, exist_ok=True)
    _provide_keys(folder / "keys.json")
    wanted = [name for name in ("DATABASE_URL", "REDIS_URL") if not _given(name)]
    if wanted and command not in WITHOUT_SERVERS:
        _Lease(folder / "test" if for_tests else folder, durable=not for_tests).take(wanted)


class _Lease:
    """This process's share in the servers of one folder."""

    def __init__(self, folder: Path, *, durable: bool) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.folder = folder
        self.durable = durable
        self.owner = os.getpid()
        self.share: IO[str] | None = None

    def take(self, wanted: list[str]) -> None:
        # Both pull in libraries that a process with given addresses never needs.
        from competition.config import embedded_postgres_server, embedded_redis_server

        with self._alone():
            self.share = (self.folder / "in-use.lock").open("a")
            fcntl.flock(self.share, fcntl.LOCK_SH)
            atexit.register(self.leave)
            if "DATABASE_URL" in wanted:
                _set(
                    "DATABASE_URL",
                    embedded_postgres_server.start(self.folder / "postgres", durable=self.durable),
                )
            if "REDIS_URL" in wanted:
                _set("REDIS_URL", embedded_redis_server.start(self.folder / "redis"))

    def leave(self) -> None:
        """Give the share back; the last one stops the servers. A forked child does nothing."""
        if os.getpid() != self.owner or self.share is None:
            return
        # See take(): loaded there already.
        from competition.config import embedded_postgres_server, embedded_redis_server

        with self._alone():
            fcntl.flock(self.share, fcntl.LOCK_UN)
            try:
                fcntl.flock(self.share, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                pass  # somebody else still works with the servers
            else:
                embedded_redis_server.stop(self.folder / "redis")
                embedded_postgres_server.stop(self.folder / "postgres")
            self.share.close()
            self.share = None

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """Starting and stopping are done by one process at a time."""
        with (self.folder / "start.lock").open("a") as door:
            fcntl.flock(door, fcntl.LOCK_EX)
            yield


def _provide_keys(path: Path) -> None:
    """Keys for a developer's machine, made once and kept in a file that only its owner can read."""
    names = [name for name in ("SECRET_KEY", "FIELD_KEYS", "HASH_KEY") if not _given(name)]
    if not names:
        return
    made = {
        "SECRET_KEY": secrets.token_urlsafe(60),
        "FIELD_KEYS": f"local:{_random_key()}",
        "HASH_KEY": _random_key(),
    }
    try:
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            json.dump(made, file)
    except FileExistsError:
        made = json.loads(path.read_text())
    for name in names:
        _set(name, made[name])


def _random_key() -> str:
    return base64.b64encode(secrets.token_bytes(32)).decode()


def _set(name: str, value: str) -> None:
    """Set a variable for this process and its children, and remember that nobody gave it."""
    provided = [word for word in os.environ.get("PORTAL_PROVIDED", "").split(",") if word]
    os.environ["PORTAL_PROVIDED"] = ",".join([*provided, name])
    os.environ[name] = value


def _given(name: str) -> bool:
    return bool(os.environ.get(name, "").strip())


def _on(name: str) -> bool:
    return os.environ.get(name, "").strip().lower() in {"1", "true", "yes", "on"}
