"""Part files of resumable uploads: bytes on this machine's disk until the last one has arrived."""

from __future__ import annotations

import errno
import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Final
from uuid import UUID

from django.conf import settings

CHUNK: Final = 256 * 1024


class Busy(Exception):
    """Another request is writing to the same part file."""


class WrongOffset(Exception):
    """The part file is longer or shorter than the sender believes; ``have`` bytes are there."""

    def __init__(self, have: int) -> None:
        super().__init__(str(have))
        self.have = have


class DiskFull(Exception):
    """The disk took no more; what arrived before is kept."""


def path_of(key: UUID) -> Path:
    """Where the part file of an upload lies."""
    return Path(settings.UPLOADS_ROOT) / key.hex[:2] / f"{key.hex}.part"


def length(key: UUID) -> int:
    """Bytes that have arrived: the truth, whatever the database remembers."""
    try:
        return path_of(key).stat().st_size
    except FileNotFoundError:
        return 0


def append(key: UUID, *, offset: int, most: int, stream: IO[bytes]) -> int:
    """Write what the stream gives behind byte ``offset``, at most up to byte ``most``; returns the new length.

    What arrived is on the disk when this returns. A sender that breaks off leaves what it sent.
    Raises Busy, WrongOffset, DiskFull.
    """
    with _locked(key) as part:
        have = os.fstat(part.fileno()).st_size
        if have != offset:
            raise WrongOffset(have)
        part.seek(have)
        try:
            have += _copy(stream, part, most - have)
            os.fsync(part.fileno())
        except OSError as problem:
            if problem.errno in (errno.ENOSPC, errno.EDQUOT):
                raise DiskFull from problem
            raise
        return have


def remove(key: UUID) -> None:
    """Forget the bytes; harmless when there are none."""
    path_of(key).unlink(missing_ok=True)


def _copy(stream: IO[bytes], part: IO[bytes], most: int) -> int:
    written = 0
    while written < most:
        try:
            chunk = stream.read(min(CHUNK, most - written))
        except (OSError, ValueError):  # the sender has gone away
            break
        if not chunk:
            break
        rest = memoryview(chunk)
        while rest:
            rest = rest[part.write(rest) :]
        written += len(chunk)
    return written


@contextmanager
def _locked(key: UUID) -> Iterator[IO[bytes]]:
    path = path_of(key)
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    with os.fdopen(descriptor, "r+b", buffering=0) as part:
        try:
            fcntl.flock(part, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise Busy from None
        yield part
