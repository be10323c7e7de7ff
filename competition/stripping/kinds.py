"""How each kind of file loses its metadata. Run by child.py alone."""

from __future__ import annotations

import re
import shutil
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import pikepdf

from competition.stripping import pictures

_OF_CATALOG: Final = ("/OpenAction", "/AA", "/AF", "/Collection", "/Perms", "/Legal", "/SpiderInfo")
_OF_ANY: Final = ("/Metadata", "/PieceInfo", "/LastModified", "/Thumb", "/AA", "/JS")
_OF_ANNOTATION: Final = ("/M", "/CreationDate", "/NM", "/RC", "/Popup")
_CONTAINERS: Final = (b"moov", b"trak", b"mdia")
_TOLD: Final = (b"udta", b"meta", b"uuid")
_TIMED: Final = (b"mvhd", b"tkhd", b"mdhd")
_MOST_MEMBERS: Final = 2_000
_MOST_UNPACKED: Final = 512 * 1024 * 1024
_UNREADABLE: Final = (
    OSError,
    ValueError,
    KeyError,
    TypeError,
    SyntaxError,
    pikepdf.PdfError,
    zipfile.BadZipFile,
)
#: Stands in an archive for what could not be handed on.
_ABSENT: Final = "未能提供的文件.txt"

#: Who wrote it, where it lay: attributes and elements of Word, Excel and PowerPoint.
_NAMED: Final = re.compile(
    rb"((?:\bw\w*:(?:author|initials|userId)|\b(?:displayName|userId|providerId|userName|initials)"
    rb'|<\w*:?absPath[^>]*?\burl)=")[^"]*(")'
)
_AUTHORS: Final = re.compile(rb"(<(?:\w+:)?author>)[^<]*(</)")
_NAME_OF_AUTHOR: Final = re.compile(rb'(<\w+:(?:cmAuthor|author)\b[^>]*?\bname=")[^"]*(")')
_RELATION: Final = re.compile(
    rb'<(?:\w+:)?Relationship\b[^>]*Target="/?docProps/[^>]*?(?:/>|></(?:\w+:)?Relationship>)'
)
_OVERRIDE: Final = re.compile(
    rb'<(?:\w+:)?Override\b[^>]*PartName="/docProps/[^>]*?(?:/>|></(?:\w+:)?Override>)'
)


def strip(kind: str, source: Path, target: Path) -> None:
    """Write the file without metadata; whatever a library raises ends the process."""
    if kind == "pdf":
        _pdf(source, target)
    elif kind in ("jpg", "png"):
        pictures.strip(source, target, kind)
    elif kind == "mp4":
        _film(source, target)
    elif kind == "zip":
        _archive(source, target)
    else:
        _office(source, target)


def _pdf(source: Path, target: Path) -> None:
    with pikepdf.open(source) as document:
        for key in ("/Info", "/ID"):
            if key in document.trailer:
                del document.trailer[key]
        _drop(document.Root, _OF_CATALOG)
        names = document.Root.get("/Names")
        if isinstance(names, pikepdf.Dictionary):
            _drop(names, ("/JavaScript", "/EmbeddedFiles"))
        for thing in document.objects:
            if isinstance(thing, pikepdf.Dictionary | pikepdf.Stream):
                _bare(thing)
        for page in document.pages:
            for annotation in page.obj.get("/Annots", []):
                if isinstance(annotation, pikepdf.Dictionary):
                    _unsigned(annotation)
        # Only what is still reached is written: earlier states of the file and dropped things are not.
        document.save(target, deterministic_id=True, fix_metadata_version=False)


def _bare(thing: Any) -> None:
    _drop(thing, _OF_ANY)
    if thing.get("/FT") == "/Sig":
        _drop(thing, ("/V", "/Lock", "/SV"))
    action = thing.get("/A")
    if isinstance(action, pikepdf.Dictionary) and action.get("/S") not in ("/GoTo", "/URI"):
        _drop(thing, ("/A",))
    if isinstance(thing, pikepdf.Stream) and thing.get("/Filter") == "/DCTDecode":
        thing.write(pictures.bare_jpeg(thing.read_raw_bytes()), filter=pikepdf.Name.DCTDecode)


def _unsigned(annotation: Any) -> None:
    _drop(annotation, _OF_ANNOTATION)
    if annotation.get("/Subtype") != "/Widget":
        _drop(annotation, ("/T",))  # the author; of a field it is the name
    _bare(annotation)


def _drop(thing: Any, keys: tuple[str, ...]) -> None:
    for key in keys:
        if key in thing:
            del thing[key]


def _office(source: Path, target: Path) -> None:
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as new:
        for member in _members(old):
            if not member.filename.startswith("docProps/"):
                new.writestr(_nameless(member.filename), _part(member.filename, old.read(member)))


def _part(name: str, body: bytes) -> bytes:
    """A part of a document without authors; a picture without its notes."""
    lower = name.lower()
    if lower.endswith((".jpg", ".jpeg")):
        return pictures.bare_jpeg(body)
    if lower.endswith(".png"):
        return pictures.bare_png(body)
    if name == "_rels/.rels":
        return _RELATION.sub(b"", body)
    if name == "[Content_Types].xml":
        return _OVERRIDE.sub(b"", body)
    if lower.endswith(".xml"):
        for pattern in (_NAMED, _AUTHORS, _NAME_OF_AUTHOR):
            body = pattern.sub(rb"\1\2", body)
    return body


def _archive(source: Path, target: Path) -> None:
    """Each file within, by its ending; what cannot be stripped is left out and named in a list."""
    absent: list[str] = []
    inner_source, inner_target = target.with_suffix(".in"), target.with_suffix(".out")
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as new:
        for member in _members(old):
            kind = Path(member.filename).suffix.lower().removeprefix(".").replace("jpeg", "jpg")
            if kind in ("pdf", "jpg", "png", "docx", "xlsx", "pptx", "mp4"):
                with old.open(member) as packed, inner_source.open("wb") as plain:
                    shutil.copyfileobj(packed, plain)
                try:
                    strip(kind, inner_source, inner_target)
                    new.write(inner_target, member.filename)
                except _UNREADABLE:
                    absent.append(member.filename)
            else:
                new.writestr(_nameless(member.filename), old.read(member))
        if absent:
            new.writestr(_nameless(_ABSENT), "\r\n".join(absent).encode("utf-8-sig"))
    inner_source.unlink(missing_ok=True)
    inner_target.unlink(missing_ok=True)


def _members(archive: zipfile.ZipFile) -> Iterator[zipfile.ZipInfo]:
    members = [one for one in archive.infolist() if not one.is_dir()]
    if len(members) > _MOST_MEMBERS or sum(one.file_size for one in members) > _MOST_UNPACKED:
        raise ValueError("too much")
    return iter(members)


def _nameless(name: str) -> zipfile.ZipInfo:
    """An entry without a time and without what a system noted."""
    plain = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
    plain.compress_type = zipfile.ZIP_DEFLATED
    return plain


def _film(source: Path, target: Path) -> None:
    """A copy in which boxes with notes are empty space: nothing moves, so every index stays right."""
    shutil.copyfile(source, target)
    with target.open("r+b") as film:
        _boxes(film, 0, target.stat().st_size)


def _boxes(film: Any, at: int, end: int) -> None:
    while at + 8 <= end:
        film.seek(at)
        head = film.read(16)
        length, name, taken = int.from_bytes(head[:4], "big"), head[4:8], 8
        if length == 1:
            length, taken = int.from_bytes(head[8:16], "big"), 16
        length = length or end - at
        if length < taken or at + length > end:
            raise ValueError("box")
        if name in _TOLD:
            film.seek(at + 4)
            film.write(b"free")
            _empty(film, at + taken, length - taken)
        elif name in _TIMED:
            film.seek(at + taken)
            # Made and changed at: two numbers, longer ones in version 1.
            _empty(film, at + taken + 4, 16 if film.read(1) == b"\x01" else 8)
        elif name in _CONTAINERS:
            _boxes(film, at + taken, at + length)
        at += length


def _empty(film: Any, at: int, length: int) -> None:
    film.seek(at)
    while length > 0:
        length -= film.write(bytes(min(length, 1 << 20)))
