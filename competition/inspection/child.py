"""Looks into strangers' files, each in a process of its own with little memory and time.

``python -I child.py`` reads lines ``{"kind", "path"}`` and answers each with a line ``{"facts"}`` or ``{"problem"}``
(with ``seconds`` and ``megabytes`` that it took). It has loaded what it needs once and forks for every file, so that
a start costs milliseconds. It is run as a file and imports nothing of ours: no setting and no secret is in a process
that opens a stranger's file. It ends when nobody can ask it any more.
"""

from __future__ import annotations

import itertools
import json
import os
import resource
import select
import signal
import struct
import sys
import time
import zipfile
from typing import Any, Final

import pikepdf
from PIL import Image, ImageFile

MEGABYTE: Final = 1024 * 1024
MEMORY: Final = 256 * MEGABYTE
SECONDS: Final = 5
MOST_ANSWER: Final = 64 * 1024

MOST_PAGES: Final = 1000
MOST_OBJECTS: Final = 300_000
MOST_PIXELS: Final = 50_000_000
LONGEST_SIDE: Final = 30_000
MOST_FILES: Final = 2_000
MOST_UNPACKED: Final = 512 * MEGABYTE
MOST_RATIO: Final = 200
#: Small archives may squeeze as they like.
FREE_RATIO: Final = 5 * MEGABYTE
MOST_NAMES: Final = 50

_ACTIONS: Final = ("/JavaScript", "/Launch", "/ImportData", "/Rendition", "/Movie", "/GoToE")
_OFFICE_BODY: Final = {"docx": "word/document.xml", "xlsx": "xl/workbook.xml", "pptx": "ppt/presentation.xml"}
_NESTED: Final = (".zip", ".rar", ".7z", ".gz", ".bz2", ".xz", ".tar", ".tgz", ".jar", ".iso", ".cab")
_PROGRAMS: Final = (
    ".exe", ".dll", ".bat", ".cmd", ".com", ".scr", ".msi", ".vbs", ".vbe", ".js", ".jse", ".wsf", ".ps1", ".lnk", ".hta",
    ".apk", ".jar", ".sh", ".app", ".reg", ".html", ".htm", ".svg", ".xhtml", ".mht", ".docm", ".xlsm", ".pptm", ".chm",
)  # fmt: skip


class Unsound(Exception):
    """The file is not accepted; the word says why."""


def look(kind: str, path: str) -> dict[str, Any]:
    """Facts about a file of a kind that was told from its first bytes. Raises Unsound."""
    if kind == "pdf":
        return _pdf(path)
    if kind in ("jpg", "png"):
        return _picture(kind, path)
    if kind == "mp4":
        return _video(path)
    if kind in _OFFICE_BODY:
        return _office(kind, path)
    return _archive(path)


def _pdf(path: str) -> dict[str, Any]:
    if _is_archive_too(path):
        raise Unsound("polyglot")
    try:
        with pikepdf.open(path) as document:
            if document.is_encrypted:
                raise Unsound("encrypted")
            pages = len(document.pages)
            if pages == 0:
                raise Unsound("broken")
            if pages > MOST_PAGES:
                raise Unsound("too_many_pages")
            _refuse_active(document)
            return {"pages": pages}
    except pikepdf.PasswordError:
        raise Unsound("encrypted") from None
    except (pikepdf.PdfError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
        raise Unsound("broken") from None


def _refuse_active(document: pikepdf.Pdf) -> None:
    """Nothing in it may act by itself or carry another file along."""
    names = document.Root.get("/Names")
    if isinstance(names, pikepdf.Dictionary) and ("/JavaScript" in names or "/EmbeddedFiles" in names):
        raise Unsound("active" if "/JavaScript" in names else "carries_files")
    for number, thing in enumerate(document.objects):
        if number > MOST_OBJECTS:
            raise Unsound("too_heavy")
        if not isinstance(thing, pikepdf.Dictionary | pikepdf.Stream):
            continue
        if _acts(thing):
            raise Unsound("active")
        for inner in (thing.get("/A"), thing.get("/OpenAction"), *_values(thing.get("/AA"))):
            if isinstance(inner, pikepdf.Dictionary) and _acts(inner):
                raise Unsound("active")
        if thing.get("/Type") == "/EmbeddedFile" or thing.get("/Subtype") in (
            "/FileAttachment",
            "/RichMedia",
        ):
            raise Unsound("carries_files")


def _acts(thing: Any) -> bool:
    return thing.get("/S") in _ACTIONS or "/XFA" in thing or ("/JS" in thing and "/S" in thing)


def _values(thing: Any) -> list[Any]:
    return [value for _, value in thing.items()] if isinstance(thing, pikepdf.Dictionary) else []


def _picture(kind: str, path: str) -> dict[str, Any]:
    Image.MAX_IMAGE_PIXELS = None  # our own limit below says more than a warning
    ImageFile.LOAD_TRUNCATED_IMAGES = False
    if _is_archive_too(path) or _ends_wrong(kind, path):
        raise Unsound("polyglot")
    try:
        with Image.open(path, formats=["JPEG" if kind == "jpg" else "PNG"]) as picture:
            width, height = picture.size
            if width * height > MOST_PIXELS or max(width, height) > LONGEST_SIDE:
                raise Unsound("too_many_pixels")
            if getattr(picture, "n_frames", 1) > 1:
                raise Unsound("animated")
            picture.draft("RGB", (max(1, width // 8), max(1, height // 8)))
            picture.load()
            return {"width": width, "height": height}
    except (OSError, ValueError, SyntaxError, struct.error, Image.DecompressionBombError):
        raise Unsound("broken") from None


def _ends_wrong(kind: str, path: str) -> bool:
    """Whether something stands behind the picture's end that looks like a script or a page."""
    with open(path, "rb") as file:
        file.seek(max(0, os.path.getsize(path) - 64 * 1024))
        tail = file.read()
    end = b"IEND\xaeB`\x82" if kind == "png" else b"\xff\xd9"
    behind = tail.rpartition(end)[2] if end in tail else b""
    return any(word in behind.lower() for word in (b"<script", b"<?php", b"<html", b"<svg", b"%pdf-", b"#!/"))


def _is_archive_too(path: str) -> bool:
    """Whether a reader of archives would find one at the end of this file."""
    try:
        with zipfile.ZipFile(path) as archive:
            return bool(archive.infolist())
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError, struct.error):
        return False


def _video(path: str) -> dict[str, Any]:
    """The boxes at the top: their sizes must add up to the file, with a header and a table of contents."""
    size, at, boxes = os.path.getsize(path), 0, []
    facts: dict[str, Any] = {}
    with open(path, "rb") as file:
        while at < size:
            name, length, head = _box(file, at, size)
            boxes.append(name)
            if len(boxes) > 10_000:
                raise Unsound("broken")
            if name == "moov":
                facts = _movie(file, at + head, at + length)
            at += length
    if boxes[:1] != ["ftyp"] or "moov" not in boxes or "mdat" not in boxes:
        raise Unsound("broken")
    return facts


def _box(file: Any, at: int, end: int) -> tuple[str, int, int]:
    """Name, whole length and length of the head of the box at a place. Raises Unsound."""
    file.seek(at)
    head = file.read(16)
    if len(head) < 8:
        raise Unsound("broken")
    length, name, taken = int.from_bytes(head[:4], "big"), head[4:8], 8
    if length == 1:
        length, taken = int.from_bytes(head[8:16], "big"), 16
    elif length == 0:
        length = end - at
    if length < taken or at + length > end or not all(32 <= byte < 127 for byte in name):
        raise Unsound("broken")
    return name.decode("ascii"), length, taken


def _movie(file: Any, at: int, end: int) -> dict[str, Any]:
    """The duration in seconds, when the movie's header says it."""
    for _ in range(1000):
        if at >= end:
            break
        name, length, head = _box(file, at, end)
        if name == "mvhd":
            file.seek(at + head)
            body = file.read(32)
            long = body[:1] == b"\x01"
            scale, span = struct.unpack(">IQ" if long else ">II", body[20:32] if long else body[12:20])
            return {"seconds": round(span / scale)} if scale else {}
        at += length
    return {}


def _archive(path: str) -> dict[str, Any]:
    entries = _listing(path)
    names = [_name(entry) for entry in entries if not entry.is_dir()]
    if any(name.lower().endswith(_NESTED) for name in names):
        raise Unsound("nested")
    if any(name.lower().endswith(_PROGRAMS) for name in names):
        raise Unsound("programs")
    return {
        "files": len(names),
        "unpacked": sum(entry.file_size for entry in entries),
        "names": names[:MOST_NAMES],
    }


def _office(kind: str, path: str) -> dict[str, Any]:
    entries = _listing(path)
    names = {entry.filename for entry in entries}
    if _OFFICE_BODY[kind] not in names or "[Content_Types].xml" not in names:
        raise Unsound("broken")
    if any(
        name.lower().endswith(("vbaproject.bin", "vbadata.xml", ".vbs", ".exe", ".dll", ".js"))
        for name in names
    ):
        raise Unsound("macros")
    if any("/activex/" in name.lower() or "/embeddings/oleobject" in name.lower() for name in names):
        raise Unsound("carries_files")
    with zipfile.ZipFile(path) as archive:
        types = archive.read("[Content_Types].xml")[: 2 * MEGABYTE]
        if b"macroEnabled" in types or b"<!DOCTYPE" in types or b"<!ENTITY" in types:
            raise Unsound("macros" if b"macroEnabled" in types else "broken")
        for entry in entries:
            if entry.filename.endswith(".rels") and _reaches_out(archive.read(entry)[: 2 * MEGABYTE]):
                raise Unsound("reaches_out")
            if entry.filename.endswith((".xml", ".rels")):
                with archive.open(entry) as part:
                    if b"<!DOCTYPE" in part.read(4096):
                        raise Unsound("broken")
    return {"files": len(entries), "unpacked": sum(entry.file_size for entry in entries)}


def _reaches_out(relations: bytes) -> bool:
    """Whether opening it would fetch something (a template, a picture) from elsewhere; links to click may stay."""
    for relation in relations.split(b"<Relationship ")[1:]:
        if b'TargetMode="External"' in relation and b"/hyperlink" not in relation:
            return True
    return False


def _listing(path: str) -> list[zipfile.ZipInfo]:
    """The entries of an archive, read once each to see that they are what they say. Raises Unsound."""
    try:
        with zipfile.ZipFile(path) as archive:
            entries = archive.infolist()
            _refuse_listing(entries, os.path.getsize(path))
            unpacked = 0
            for entry in entries:
                with archive.open(entry) as part:
                    while chunk := part.read(MEGABYTE):
                        unpacked += len(chunk)
                        if unpacked > MOST_UNPACKED:
                            raise Unsound("bomb")
            return entries
    except RuntimeError:  # a password is asked for
        raise Unsound("encrypted") from None
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError, struct.error, EOFError, KeyError):
        raise Unsound("broken") from None
    except Exception as problem:
        if type(problem).__module__ in ("zlib", "lzma", "_lzma", "bz2"):
            raise Unsound("broken") from None
        raise


def _refuse_listing(entries: list[zipfile.ZipInfo], size: int) -> None:
    if not entries or len(entries) > MOST_FILES:
        raise Unsound("too_many_files" if entries else "broken")
    unpacked = sum(entry.file_size for entry in entries)
    if unpacked > MOST_UNPACKED or (unpacked > FREE_RATIO and unpacked > MOST_RATIO * size):
        raise Unsound("bomb")
    ends: list[tuple[int, int]] = []
    for entry in entries:
        name = entry.filename.replace("\\", "/")
        if entry.flag_bits & 0x1:
            raise Unsound("encrypted")
        if (
            name.startswith("/")
            or ".." in name.split("/")
            or name[1:2] == ":"
            or "\x00" in entry.orig_filename
        ):
            raise Unsound("bad_names")
        if (entry.external_attr >> 16) & 0o170000 == 0o120000:
            raise Unsound("bad_names")
        ends.append((entry.header_offset, entry.header_offset + entry.compress_size))
    ends.sort()
    if any(after[0] < before[1] for before, after in itertools.pairwise(ends)):
        raise Unsound("bomb")


def _name(entry: zipfile.ZipInfo) -> str:
    """The entry's name; archives made by Chinese Windows without the UTF-8 flag have it in GBK."""
    if entry.flag_bits & 0x800:
        return entry.filename
    raw = entry.filename.encode("cp437", "replace")
    for encoding in ("utf-8", "gb18030"):
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    return entry.filename


def _limit() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_NPROC, (0, 0))


def _answer(kind: str, path: str) -> dict[str, Any]:
    try:
        return {"facts": look(kind, path)}
    except Unsound as problem:
        return {"problem": str(problem)}
    except (MemoryError, RecursionError):
        return {"problem": "too_heavy"}
    except Exception:
        return {"problem": "broken"}


def _in_a_process(kind: str, path: str) -> dict[str, Any]:
    began = time.monotonic()
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reading)
        _limit()
        os.write(writing, json.dumps(_answer(kind, path)).encode()[:MOST_ANSWER])
        os._exit(0)
    os.close(writing)
    told = b""
    while (left := began + SECONDS - time.monotonic()) > 0:
        if not select.select([reading], [], [], left)[0]:
            break
        piece = os.read(reading, MOST_ANSWER)
        if not piece:
            break
        told += piece
    os.close(reading)
    os.kill(child, signal.SIGKILL)
    used = os.wait4(child, 0)[2]
    try:
        answer: dict[str, Any] = json.loads(told)
    except ValueError:
        answer = {"problem": "too_heavy"}
    return {
        **answer,
        "seconds": round(time.monotonic() - began, 3),
        "megabytes": used.ru_maxrss // 1024,
    }


def main() -> None:
    """Answer line by line."""
    for line in sys.stdin:
        asked = json.loads(line)
        sys.stdout.write(json.dumps(_in_a_process(asked["kind"], asked["path"])) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
