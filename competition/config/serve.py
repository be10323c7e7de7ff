"""``manage.py serve``: one process that prepares the portal, starts its parts and stops them all."""

from __future__ import annotations

import os
import signal
import socket
import sys
import threading
import time
import urllib.error
import urllib.request
from importlib import import_module
from importlib.util import find_spec
from types import FrameType

from django.conf import settings
from django.core.management import call_command, get_commands
from django.db import connections

from competition.config.children import Child, Crashed

#: Seconds that the first page may take after everything was started.
START_PATIENCE = 60


def run(port: int) -> int:
    """Prepare and serve until Ctrl-C; the exit status is 0 unless something went wrong."""
    if _busy(port):
        print(f"Port {port} is already in use; choose another one with PORT=8001.", file=sys.stderr)
        return 1
    began = time.monotonic()
    stop = threading.Event()
    _stop_on_signals(stop)
    try:
        prepare()
        if not settings.LOCAL:
            call_command("collectstatic", interactive=False, verbosity=0)
        _call_demo("prepare")
        connections.close_all()
        return _supervise(_children(port), port, stop, began)
    except _Interrupted:
        return 0


class _Interrupted(Exception):
    """Ctrl-C or SIGTERM before there was anything to stop."""


def _stop_on_signals(stop: threading.Event) -> None:
    """The first signal asks to stop; it also breaks off preparations."""

    def note(number: int, frame: FrameType | None) -> None:
        first = not stop.is_set()
        stop.set()
        if first and not _supervising.is_set():
            raise _Interrupted

    _supervising.clear()
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, note)


_supervising = threading.Event()


def prepare() -> None:
    """Bring the database and the editions up to date."""
    call_command("migrate", interactive=False, verbosity=0)
    if "load_edition" in get_commands():
        for folder in sorted((settings.BASE_DIR / "competition" / "editions").iterdir()):
            if (folder / "edition.yaml").is_file():
                call_command("load_edition", str(folder), verbosity=0)


def _call_demo(verb: str) -> str:
    """Call a hook of the demonstration, which exists only with DEMO=1."""
    if not settings.DEMO or find_spec("competition.config.demo") is None:
        return ""
    hook = getattr(import_module("competition.config.demo"), verb, None)
    return str(hook() or "") if hook else ""


def _children(port: int) -> list[Child]:
    celery = [sys.executable, "-m", "celery", "--quiet", "-A", "competition.config"]
    beat_schedule = settings.RUN_DIR / "beat"
    beat_schedule.mkdir(parents=True, exist_ok=True)
    environment = {
        **os.environ,
        "WEB_BIND": f"127.0.0.1:{port}",
        "PYTHONWARNINGS": "ignore:You're running the worker with superuser",
    }
    gunicorn = [sys.executable, "-m", "gunicorn", "-c", "python:competition.config.deploy.gunicorn"]
    return [
        Child("web", [*gunicorn, "competition.config.wsgi"], environment),
        Child(
            "worker",
            [
                *celery,
                "worker",
                "--loglevel=warning",
                "--concurrency=1",
                "--without-gossip",
                "--without-mingle",
            ],
            environment,
        ),
        Child(
            "beat",
            [*celery, "beat", "--loglevel=warning", f"--schedule={beat_schedule / 'schedule'}", "--pidfile="],
            environment,
        ),
    ]


def _supervise(children: list[Child], port: int, stop: threading.Event, began: float) -> int:
    """Keep the children alive until ``stop``; whatever happens, none is left behind."""
    _supervising.set()
    try:
        for child in children:
            child.start()
        if _wait_until_ready(children, port, stop):
            _welcome(port, time.monotonic() - began)
        while not stop.wait(0.5):
            for child in children:
                child.keep_alive()
        print("\nStopping ...", flush=True)
        return 0
    except Crashed as crash:
        print(f"{crash} Everything is stopped.", file=sys.stderr, flush=True)
        return 1
    finally:
        for child in children:
            child.ask_to_stop()
        for child in children:
            child.make_sure_it_stopped()


def _wait_until_ready(children: list[Child], port: int, stop: threading.Event) -> bool:
    deadline = time.monotonic() + START_PATIENCE
    while not stop.wait(0.1):
        for child in children:
            child.keep_alive()
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/readyz", timeout=5):
                return True
        except (urllib.error.URLError, OSError):
            if time.monotonic() > deadline:
                raise Crashed(
                    f"The web server did not become ready within {START_PATIENCE} seconds."
                ) from None
    return False


def _welcome(port: int, seconds: float) -> None:
    print(f"\n  http://localhost:{port}   (ready after {seconds:.1f} s; Ctrl-C stops everything)\n")
    words = _call_demo("welcome")
    if words:
        print(words)
    connections.close_all()
    sys.stdout.flush()


def _busy(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return True
    return False
