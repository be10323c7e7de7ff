"""Reads a Word document made from the form's template, in a process of its own with little memory and time.

``python -I child.py <file>`` prints ``{"properties": {..}, "pieces": [..], "pictures": n, "numbered": n,
"tracked": n}`` or ``{"problem": "<why>"}``. It is run as a file and imports nothing of ours, so that no setting and
no secret is in the process that opens a stranger's file. Of the package it reads three parts and nothing else.

Pieces in the document's order: ``["c", tag, text, ticked or null, placeholder]`` for a content control with one of
our tags, ``["t", text]`` for the text between controls, ``["/"]`` where a paragraph ends, ``["|"]`` where a cell
does. Tracked insertions count, tracked deletions do not. Names are compared without their namespaces: strict and transitional files read alike.
"""

from __future__ import annotations

import json
import re
import resource
import sys
import zipfile
from collections.abc import Iterable, Iterator
from typing import Any, Final
from xml.etree import ElementTree

MEMORY: Final = 256 * 1024 * 1024
CPU_SECONDS: Final = 5
MOST_XML: Final = 32_000_000
MOST_UNPACKED: Final = 300_000_000
MOST_PARTS: Final = 2_000
MOST_PIECES: Final = 40_000
LONGEST: Final = 60_000
_OURS: Final = re.compile(
    r"=?[a-z0-9_]{1,40}(?:[@.]\d{1,12})?/[a-z0-9_-]{1,120}(?:=[a-z0-9_]{1,40})?", re.ASCII
)
_SKIPPED: Final = frozenset(
    {
        "del",
        "moveFrom",
        "delText",
        "instrText",
        "delInstrText",
        "rPr",
        "pPr",
        "tblPr",
        "tblGrid",
        "trPr",
        "tcPr",
    }
    | {"sdtPr", "sdtEndPr", "sectPr", "Fallback", "footnoteReference", "endnoteReference", "commentReference"}
)
#: Boxes and ticks that people insert as symbols: (font, character) -> what it looks like.
_SYMBOLS: Final = {
    **{("wingdings", code): "☑" for code in ("F0FE", "F052", "F0FC")},
    **{("wingdings 2", code): "☑" for code in ("F052", "F050", "F054")},
    **{("wingdings", code): "☐" for code in ("F0A8", "F06F", "F071", "F072")},
    **{("wingdings 2", code): "☐" for code in ("F0A3", "F02A", "F030")},
    **{("wingdings", code): "☒" for code in ("F0FD", "F0FB", "F078")},
    **{("wingdings 2", code): "☒" for code in ("F053", "F051", "F04F")},
    ("wingdings", "F06E"): "■",
}


class Refused(Exception):
    """The file is none that can be read; its argument says why."""


def name_of(node: Any) -> str:
    """The element's name without its namespace."""
    return str(node.tag).rpartition("}")[2]


def attribute(node: Any, key: str) -> str:
    """An attribute's value, whatever its namespace."""
    return next((value for name, value in node.attrib.items() if name.rpartition("}")[2] == key), "")


def find(node: Any, *path: str) -> Any:
    """The first child by names, one step a name; None when there is none."""
    for step in path:
        node = next((child for child in node if name_of(child) == step), None)
        if node is None:
            return None
    return node


def is_on(node: Any) -> bool:
    """Whether a switch is there and not turned off."""
    return node is not None and attribute(node, "val") not in ("0", "false", "off")


class Reader:
    """Walks the body and collects pieces."""

    def __init__(self) -> None:
        self.pieces: list[list[Any]] = []
        self.pictures = self.numbered = self.tracked = 0
        self._waiting: list[str] = []

    def read(self, body: Any) -> None:
        """All pieces of a body."""
        self._walk(body)
        self._end()

    def _put(self, piece: list[Any]) -> None:
        self.pieces.append(piece)
        if len(self.pieces) > MOST_PIECES:
            raise Refused("too_heavy")

    def _flush(self) -> None:
        text = "".join(self._waiting)
        self._waiting = []
        if text.strip():
            self._put(["t", text[:LONGEST]])

    def _end(self) -> None:
        self._flush()
        if self.pieces and self.pieces[-1] not in (["/"], ["|"]):
            self._put(["/"])

    def _walk(self, node: Any) -> None:
        for child in node:
            name = name_of(child)
            self._count(name)
            if name in _SKIPPED or (name == "tr" and _row_is_gone(child)):
                continue
            if name == "sdt":
                self._control(child)
            elif name == "p":
                self._note(child)
                self._walk(child)
                if not _mark_is_gone(child):
                    self._end()
            elif name in ("tc", "txbxContent"):
                self._end()
                self._walk(child)
                self._end()
                self._put(["|"])
            elif (said := _said(child)) is not None:
                self._waiting.append(said)
            else:
                self._walk(child)

    def _control(self, node: Any) -> None:
        properties, content = find(node, "sdtPr"), find(node, "sdtContent")
        tag = find(properties, "tag") if properties is not None else None
        label = attribute(tag, "val") if tag is not None else ""
        if content is None:
            return
        if not _OURS.fullmatch(label):
            self._walk(content)
            return
        self._flush()
        text = "\n".join(self.lines(content))
        box = find(properties, "checkbox")
        ticked = is_on(find(box, "checked")) if box is not None else None
        self._put(["c", label, text[:LONGEST], ticked, is_on(find(properties, "showingPlcHdr"))])
        if any(name_of(child) in ("p", "tc", "tr", "tbl") for child in content):
            self._put(["/"])

    def lines(self, content: Any) -> list[str]:
        """The text of a control, line by line."""
        found: list[str] = []
        waiting: str | None = None
        for kind, text in self._texts(content):
            waiting = (waiting or "") + text
            if kind == "line":
                found.append(waiting)
                waiting = None
        return found if waiting is None else [*found, waiting]

    def _texts(self, node: Any) -> Iterator[tuple[str, str]]:
        """('line', text) for a paragraph, ('joined', text) for one whose end was deleted, ('run', text) else."""
        for child in node:
            name = name_of(child)
            self._count(name)
            if name in _SKIPPED or (name == "tr" and _row_is_gone(child)):
                continue
            if name == "p":
                self._note(child)
                kind = "joined" if _mark_is_gone(child) else "line"
                yield kind, "".join(text for _, text in self._texts(child))
            elif name == "tr":
                cells = (found for found in _cells(child))
                yield "line", "\t".join("\n".join(self.lines(cell)) for cell in cells)
            elif (said := _said(child)) is not None:
                yield "run", said
            else:
                yield from self._texts(child)

    def _count(self, name: str) -> None:
        self.pictures += name in ("drawing", "pict", "object")
        self.tracked += name in ("ins", "del", "moveFrom", "moveTo")

    def _note(self, paragraph: Any) -> None:
        self.numbered += find(paragraph, "pPr", "numPr") is not None


def _cells(row: Any) -> Iterator[Any]:
    for child in row:
        if name_of(child) == "tc":
            yield child
        elif name_of(child) not in _SKIPPED:
            yield from _cells(child)


def _said(node: Any) -> str | None:
    """What a leaf of a run says; None for what is no leaf."""
    name = name_of(node)
    if name == "t":
        return node.text or ""
    if name in ("tab", "ptab"):
        return "\t"
    if name == "br":
        return "" if attribute(node, "type") in ("page", "column") else "\n"
    if name == "cr":
        return "\n"
    if name == "noBreakHyphen":
        return "-"
    if name == "sym":
        return _SYMBOLS.get((attribute(node, "font").lower(), attribute(node, "char").upper()), "")
    return None


def _mark_is_gone(paragraph: Any) -> bool:
    properties = find(paragraph, "pPr", "rPr")
    return properties is not None and find(properties, "del") is not None


def _row_is_gone(row: Any) -> bool:
    properties = find(row, "trPr")
    return properties is not None and find(properties, "del") is not None


def parse(xml: bytes) -> Any:
    """The root element; a document type, which no Word file has, is refused before anything of it is read."""
    if b"<!DOCTYPE" in xml or b"\x00<\x00!\x00D" in xml or b"<\x00!\x00D\x00" in xml:
        raise Refused("broken")
    return ElementTree.fromstring(xml)


def pieces_of(xml: bytes) -> Reader:
    """The reader after it walked a main part."""
    reader = Reader()
    body = find(parse(xml), "body")
    if body is None:
        raise Refused("broken")
    reader.read(body)
    return reader


def _limit() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))


def _part(archive: zipfile.ZipFile, name: str) -> bytes:
    with archive.open(name) as part:
        body = part.read(MOST_XML + 1)
    if len(body) > MOST_XML:
        raise Refused("too_heavy")
    return body


def _check(parts: Iterable[zipfile.ZipInfo]) -> set[str]:
    listed = list(parts)
    if len(listed) > MOST_PARTS or sum(part.file_size for part in listed) > MOST_UNPACKED:
        raise Refused("too_heavy")
    if any(part.flag_bits & 1 for part in listed):
        raise Refused("locked")
    names = {part.filename.lower() for part in listed}
    if any(name.endswith(("vbaproject.bin", "vbadata.xml")) for name in names):
        raise Refused("macros")
    return {part.filename for part in listed}


def properties_of(archive: zipfile.ZipFile, names: set[str]) -> dict[str, str]:
    """The custom properties: which form the document is."""
    if "docProps/custom.xml" not in names:
        return {}
    found = {}
    for one in parse(_part(archive, "docProps/custom.xml")):
        text = "".join(child.text or "" for child in one)
        found[attribute(one, "name")[:80]] = text[:200]
    return dict(list(found.items())[:50])


def read(file: str) -> dict[str, Any]:
    """What a document says."""
    with zipfile.ZipFile(file) as archive:
        names = _check(archive.infolist())
        if "[Content_Types].xml" not in names or "word/document.xml" not in names:
            raise Refused("strange")
        if b"macroEnabled" in _part(archive, "[Content_Types].xml"):
            raise Refused("macros")
        properties = properties_of(archive, names)
        reader = pieces_of(_part(archive, "word/document.xml"))
    return {
        "properties": properties,
        "pieces": reader.pieces,
        "pictures": reader.pictures,
        "numbered": reader.numbered,
        "tracked": reader.tracked,
    }


def _main(file: str) -> None:
    _limit()
    try:
        answer = read(file)
    except Refused as refusal:
        answer = {"problem": str(refusal)}
    except (MemoryError, RecursionError):
        answer = {"problem": "too_heavy"}
    except BaseException as error:
        answer = {"problem": "broken", "error": type(error).__name__}
    sys.stdout.write(json.dumps(answer))


if __name__ == "__main__":
    _main(*sys.argv[1:])
