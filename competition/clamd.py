"""Asks clamd about a file, by its INSTREAM command; configured by CLAMD_URL (see docs/operations.md).

A file goes over in chunks, so that clamd needs no sight of our storage and we never hold the whole of it.
"""

from __future__ import annotations

import re
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import IO, Final
from urllib.parse import urlsplit

from django.conf import settings

CHUNK: Final = 256 * 1024
#: clamd counts a stream's bytes with 31 bits, whatever its configuration says.
MOST_BYTES: Final = 2**31 - 1
CONNECT_SECONDS: Final = 5
#: How long clamd may be silent: it says nothing until it has looked at everything.
ANSWER_SECONDS: Final = 600
PORT: Final = 3310
MOST_ANSWER: Final = 4096
_FOUND: Final = re.compile(r"stream: (?P<name>.+) FOUND$")
_TOO_LARGE: Final = "INSTREAM size limit exceeded"
#: With AlertExceedsMax clamd says so of a file beyond its other limits; without it, it would say OK.
_BEYOND_LIMITS: Final = "Heuristics.Limits.Exceeded"


class ClamdError(Exception):
    """clamd cannot be reached or did not say what it found: ask again later."""


@dataclass(frozen=True)
class Verdict:
    """What clamd said: ``virus`` is the name of what it found; ``too_large``: it did not look at everything."""

    virus: str = ""
    too_large: bool = False


def is_configured() -> bool:
    """Whether there is a scanner to ask."""
    return bool(settings.CLAMD_URL)


def scan(file: IO[bytes], size: int) -> Verdict:
    """Have an opened file of ``size`` bytes scanned. Raises ClamdError when there is no answer."""
    if size > MOST_BYTES:
        return Verdict(too_large=True)
    try:
        with _connected() as line:
            try:
                line.sendall(b"zINSTREAM\0")
                while chunk := file.read(CHUNK):
                    line.sendall(len(chunk).to_bytes(4, "big") + chunk)
                line.sendall(bytes(4))
            except (BrokenPipeError, ConnectionResetError):
                pass  # beyond its limit clamd says so and stops listening
            return _read(_answer(line))
    except OSError as error:
        raise ClamdError(f"clamd: {type(error).__name__}") from error


def _read(answer: str) -> Verdict:
    if _TOO_LARGE in answer or _BEYOND_LIMITS in answer:
        return Verdict(too_large=True)
    if found := _FOUND.search(answer):
        return Verdict(virus=found["name"])
    if answer == "stream: OK":
        return Verdict()
    raise ClamdError(f"clamd answered {answer[:100]!r}")


def _answer(line: socket.socket) -> str:
    answer = b""
    while not answer.endswith(b"\0") and len(answer) < MOST_ANSWER:
        piece = line.recv(MOST_ANSWER)
        if not piece:
            break
        answer += piece
    return answer.rstrip(b"\0\n").decode("utf-8", "replace")


@contextmanager
def _connected() -> Iterator[socket.socket]:
    parts = urlsplit(settings.CLAMD_URL)
    if parts.scheme == "unix":
        line = socket.socket(socket.AF_UNIX)
        line.settimeout(CONNECT_SECONDS)
        try:
            line.connect(parts.path)
        except OSError:
            line.close()
            raise
    else:
        line = socket.create_connection((parts.hostname or "", parts.port or PORT), CONNECT_SECONDS)
    with line:
        line.settimeout(ANSWER_SECONDS)
        yield line
