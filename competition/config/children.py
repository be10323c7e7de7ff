"""Child processes that live exactly as long as the process that started them."""

from __future__ import annotations

import ctypes
import os
import signal
import subprocess
import sys
import time

#: Seconds to finish work in hand after being asked to stop.
GRACE = 12
#: A child may die this often within WINDOW seconds before everything is stopped.
LIVES = 3
WINDOW = 60
_PR_SET_PDEATHSIG = 1
_libc = ctypes.CDLL(None, use_errno=True) if sys.platform == "linux" else None


class Crashed(Exception):
    """A child cannot be kept alive; the sentence says which one."""


class Child:
    """One program in a session of its own, so that Ctrl-C reaches only its supervisor."""

    def __init__(self, name: str, command: list[str], environment: dict[str, str]) -> None:
        self.name = name
        self.command = command
        self.environment = environment
        self.process: subprocess.Popen[bytes] | None = None
        self.deaths: list[float] = []

    def start(self) -> None:
        self.process = subprocess.Popen(
            self.command,
            env=self.environment,
            stdin=subprocess.DEVNULL,
            start_new_session=True,
            preexec_fn=_die_with_parent,
        )

    def keep_alive(self) -> None:
        """Start a child that died again; one that keeps dying raises ``Crashed``."""
        if self.process is None or self.process.poll() is None:
            return
        now = time.monotonic()
        self.deaths = [moment for moment in self.deaths if now - moment < WINDOW] + [now]
        self._kill_group()
        if len(self.deaths) > LIVES:
            raise Crashed(f"The {self.name} process died {len(self.deaths)} times within {WINDOW} seconds.")
        print(
            f"The {self.name} process ended with status {self.process.returncode}; it is started again.",
            flush=True,
        )
        self.start()

    def ask_to_stop(self) -> None:
        if self.process is not None and self.process.poll() is None:
            self.process.terminate()

    def make_sure_it_stopped(self) -> None:
        """Wait for the end; what is still there after the grace period is killed with its children."""
        if self.process is None:
            return
        try:
            self.process.wait(GRACE)
        except subprocess.TimeoutExpired:
            print(f"The {self.name} process did not stop in time and is killed.", file=sys.stderr)
        self._kill_group()
        self.process.wait()

    def _kill_group(self) -> None:
        if self.process is not None:
            try:
                os.killpg(self.process.pid, signal.SIGKILL)
            except ProcessLookupError:
                return  # nobody of the group is left


def _die_with_parent() -> None:
    """Ask the kernel for SIGTERM when the supervisor dies, even by kill -9 (Linux)."""
    if _libc is not None:
        _libc.prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)
