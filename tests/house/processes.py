"""Real processes for the tests of the house."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import psutil

ROOT = Path(__file__).resolve().parent.parent.parent
#: What a run must not take over from the test run around it.
INHERITED = {
    "DATABASE_URL", "REDIS_URL", "SECRET_KEY", "FIELD_KEYS", "HASH_KEY", "PORTAL_PROVIDED", "PORTAL_LOCAL", "TEST_DB",
    "DEBUG", "DEMO", "RUN_DIR", "PORT", "RING_DOORBELL", "DJANGO_SETTINGS_MODULE", "MEDIA_ROOT",
}  # fmt: skip


def environment(**changes: str) -> dict[str, str]:
    """This environment as on a fresh machine, with ``changes``."""
    kept = {name: value for name, value in os.environ.items() if name not in INHERITED}
    return {**kept, **changes}


def manage(*arguments: str, timeout: float = 120, **variables: str) -> subprocess.CompletedProcess[str]:
    """Run ``manage.py`` to its end and return what it said."""
    return subprocess.run(
        [sys.executable, "manage.py", *arguments],
        cwd=ROOT,
        env=environment(**variables),
        capture_output=True,
        text=True,
        timeout=timeout,
        check=False,
    )


def start(command: list[str], **variables: str) -> subprocess.Popen[str]:
    """Start a program in a session of its own; its words are read through ``stdout``."""
    return subprocess.Popen(
        command,
        cwd=ROOT,
        env=environment(PYTHONUNBUFFERED="1", **variables),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_for(question: Callable[[], object], *, seconds: float = 30, what: str = "it") -> None:
    """Ask until the answer is true."""
    deadline = time.monotonic() + seconds
    while not question():
        assert time.monotonic() < deadline, f"{what} did not happen within {seconds} seconds"
        time.sleep(0.05)


def alive(processes: list[psutil.Process]) -> list[str]:
    """Names of those that still run; an unreaped one has ended."""
    found = []
    for process in processes:
        try:
            if process.is_running() and process.status() != psutil.STATUS_ZOMBIE:
                found.append(f"{process.pid} {process.name()}")
        except psutil.NoSuchProcess:
            continue
    return found


def servers_of(folder: Path) -> list[psutil.Process]:
    """PostgreSQL and Redis processes that work in a folder."""
    found = []
    for process in psutil.process_iter():
        try:
            words = " ".join(process.cmdline())
            if process.name() in {"postgres", "redis-server"} and process.status() != psutil.STATUS_ZOMBIE:
                cwd = process.cwd()
                if str(folder) in words or cwd.startswith(str(folder)):
                    found.append(process)
        except psutil.Error:
            continue
    return found
