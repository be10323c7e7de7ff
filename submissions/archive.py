"""All of an entry in one archive: the printed form, its files by slot, the receipt, and a list with hashes.

Written piece by piece: nothing larger than a piece is ever in memory. Names are UTF-8 and say so, which is how
Windows Explorer shows them right; they hold no character that Windows or a path would take for something else.
"""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import IO, Any, Final

from competition.files import clean_name

CHUNK: Final = 256 * 1024
LIST: Final = "清单.csv"
LONGEST: Final = 80


@dataclass(frozen=True)
class Item:
    """One file: folder and name in the archive, what opens it (None for one that is not there), its hash."""

    folder: str
    name: str
    open: Any
    sha256: str
    note: str = ""


class _Pipe(io.RawIOBase):
    """What zipfile writes to and the answer reads from; it cannot go back."""

    def __init__(self) -> None:
        self.pieces: list[bytes] = []

    def writable(self) -> bool:
        return True

    def write(self, data: Any) -> int:
        self.pieces.append(bytes(data))
        return len(data)

    def taken(self) -> bytes:
        pieces, self.pieces = self.pieces, []
        return b"".join(pieces)


def stream(items: Iterable[Item], at: datetime) -> Iterator[bytes]:
    """The archive in pieces; files are stored as they are (they are compressed already)."""
    pipe, used = _Pipe(), set[str]()
    rows: list[list[str]] = [["文件", "SHA-256", "说明"]]
    when = at.timetuple()[:6]
    with zipfile.ZipFile(pipe, "w", zipfile.ZIP_STORED) as archive:  # type: ignore[arg-type]
        for item in items:
            path = _free(
                f"{_safe(item.folder)}/{_safe(item.name)}" if item.folder else _safe(item.name), used
            )
            rows.append([path, item.sha256, item.note])
            if item.open is not None:
                with item.open() as source:
                    yield from _copy(archive, pipe, path, source, when)
        table = io.StringIO()
        csv.writer(table).writerows(rows)
        body = io.BytesIO(table.getvalue().encode("utf-8-sig"))
        yield from _copy(archive, pipe, LIST, body, when)
    yield pipe.taken()


def _copy(
    archive: zipfile.ZipFile, pipe: _Pipe, path: str, source: IO[bytes], when: tuple[int, ...]
) -> Iterator[bytes]:
    entry = zipfile.ZipInfo(path, when)  # type: ignore[arg-type]
    entry.external_attr = 0o600 << 16
    with archive.open(entry, "w", force_zip64=True) as target:
        while chunk := source.read(CHUNK):
            target.write(chunk)
            yield pipe.taken()
    yield pipe.taken()


def _safe(name: str) -> str:
    """Short, without what Windows refuses in names."""
    stem, dot, suffix = clean_name(name).rpartition(".")
    if not dot:
        return suffix[:LONGEST].strip(" .") or "文件"
    return f"{stem[:LONGEST].strip(' .') or '文件'}.{suffix}"


def _free(path: str, used: set[str]) -> str:
    """The path, numbered when it was used before; Windows does not tell capitals from small letters."""
    stem, dot, suffix = path.rpartition(".")
    candidate, number = path, 1
    while candidate.lower() in used or candidate == LIST:
        number += 1
        candidate = f"{stem}（{number}）{dot}{suffix}" if dot else f"{path}（{number}）"
    used.add(candidate.lower())
    return candidate
