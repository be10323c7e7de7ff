"""``manage.py serve`` with real processes: it serves, survives a crash and leaves nothing behind."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from competition.config import children
from tests.house.processes import alive, free_port, manage, servers_of, start, wait_for

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def folder(open_folder: Path) -> Path:
    return open_folder


def serve(folder: Path, port: int) -> subprocess.Popen[str]:
    return start([sys.executable, "manage.py", "serve"], RUN_DIR=str(folder), PORT=str(port))


def words_until_ready(process: subprocess.Popen[str]) -> Iterator[str]:
    assert process.stdout is not None
    for line in process.stdout:
        yield line
        if "http://localhost:" in line:
            return


def get(port: int, path: str) -> tuple[int, str]:
    with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=20) as answer:
        return answer.status, answer.read().decode()


def kind_of(process: psutil.Process) -> str:
    words = process.cmdline()
    return next((kind for kind in ("gunicorn", "worker", "beat") if kind in words), "")


@pytest.mark.parametrize("end", [signal.SIGINT, signal.SIGTERM])
def test_serve_stops_everything_on_a_signal(folder: Path, end: signal.Signals) -> None:
    port = free_port()
    process = serve(folder, port)
    said = "".join(words_until_ready(process))
    family = psutil.Process(process.pid).children(recursive=True)

    answer = get(port, "/readyz")
    kinds = {kind_of(child) for child in family} - {""}
    process.send_signal(end)
    process.communicate(timeout=60)

    assert f"http://localhost:{port}" in said
    assert answer == (200, '{"database": true, "redis": true}')
    assert kinds == {"gunicorn", "worker", "beat"}
    assert process.returncode == 0
    assert alive(family) == []
    assert alive(servers_of(folder)) == []


def test_serve_starts_a_dead_child_again_and_dies_with_its_family(folder: Path) -> None:
    port = free_port()
    process = serve(folder, port)
    list(words_until_ready(process))
    supervisor = psutil.Process(process.pid)
    web = next(child for child in supervisor.children() if kind_of(child) == "gunicorn")

    web.kill()
    wait_for(lambda: not alive([web]), what="the end of the web process")
    wait_for(lambda: answers(port), what="a new web process")
    family = supervisor.children(recursive=True)
    os.kill(process.pid, signal.SIGKILL)
    process.communicate(timeout=60)

    wait_for(lambda: not alive(family), what="the end of the family after kill -9")
    manage("migrate", "--check", RUN_DIR=str(folder))  # the next command stops the servers left behind
    assert alive(servers_of(folder)) == []


def answers(port: int) -> bool:
    try:
        return get(port, "/healthz")[0] == 200
    except OSError:
        return False


def test_serve_says_in_one_sentence_that_the_port_is_busy(folder: Path) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]

        done = manage("serve", RUN_DIR=str(folder), PORT=str(port))

    assert done.returncode == 1
    assert done.stderr.splitlines() == [f"Port {port} is already in use; choose another one with PORT=8001."]


def test_child_that_keeps_dying_stops_the_house() -> None:
    child = children.Child("worker", ["sh", "-c", "exit 3"], dict(os.environ))
    child.start()

    for _ in range(children.LIVES):
        wait_for(lambda: ended(child), what="the child's end")
        child.keep_alive()
    wait_for(lambda: ended(child), what="the child's end")
    with pytest.raises(children.Crashed) as caught:
        child.keep_alive()

    assert str(caught.value) == "The worker process died 4 times within 60 seconds."


def ended(child: children.Child) -> bool:
    return child.process is not None and child.process.poll() is not None


def test_child_that_ignores_the_request_is_killed_with_its_children(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(children, "GRACE", 0.5)
    child = children.Child("web", ["sh", "-c", "trap '' TERM; sleep 300 & sleep 300"], dict(os.environ))
    child.start()
    assert child.process is not None
    parent = psutil.Process(child.process.pid)
    wait_for(lambda: len(parent.children()) == 2, what="two sleepers")
    family = [parent, *parent.children()]

    child.ask_to_stop()
    child.make_sure_it_stopped()

    wait_for(lambda: not alive(family), seconds=5, what="the end of the family")
