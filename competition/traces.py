"""Reads what a PDF says besides its looks: the text of its pages, and what its makers left in it unseen.

``python -m competition.traces <file>`` does it in a process of its own with little memory and time, and prints
``{"pages": [{"text", "picture"}], "marks": [{"where", "text", "page"}]}`` or ``{"problem": "<why>"}``. ``where`` is
one of the names below; ``picture``: there is something on the page, and hardly any text that can be read.
"""

from __future__ import annotations

import json
import resource
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

MEMORY: Final = 256_000_000
CPU_SECONDS: Final = 5
WALL_SECONDS: Final = 10
MOST_PAGES: Final = 200
MOST_TEXT: Final = 20_000
MOST_MARKS: Final = 2_000
MOST_WORDS: Final = 500
#: A page with fewer characters, and something drawn on it, is a picture.
LITTLE_TEXT: Final = 20
MANY_LINES: Final = 20

ENCRYPTED: Final = "encrypted"
BROKEN: Final = "broken"
TOO_HEAVY: Final = "too_heavy"

#: Where marks are found: properties by their PDF names, and the rest.
PROPERTIES: Final = ("Title", "Author", "Subject", "Keywords", "Creator", "Producer", "Company", "Manager")
XMP, EMBEDDED, NOTE, LINK, BOOKMARK, LAYER, FIELD = (
    "xmp",
    "embedded",
    "note",
    "link",
    "bookmark",
    "layer",
    "field",
)


@dataclass(frozen=True, slots=True)
class PageWords:
    """What can be read on a page, and whether it is a picture that cannot be read."""

    text: str
    picture: bool


@dataclass(frozen=True, slots=True)
class Mark:
    """Something that a file says unseen: where in it, the words, on which page (0: the file as a whole)."""

    where: str
    text: str
    page: int = 0


@dataclass(frozen=True, slots=True)
class Traces:
    """All of it; ``problem`` is one of the three words above when the file cannot be read."""

    pages: list[PageWords]
    marks: list[Mark]
    problem: str = ""


def read(file: Path) -> Traces:
    """The traces in a file, read by a limited child; files that cannot be read come with their problem."""
    try:
        done = subprocess.run(
            [sys.executable, "-m", "competition.traces", str(file)],
            cwd=Path(__file__).resolve().parent.parent,
            env={"PATH": "", "LANG": "C.UTF-8"},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=WALL_SECONDS,
            check=False,
        )
        answer = json.loads(done.stdout)
    except (subprocess.TimeoutExpired, ValueError):  # killed by one of its limits
        return Traces([], [], TOO_HEAVY)
    if "problem" in answer:
        return Traces([], [], answer["problem"])
    return Traces(
        [PageWords(page["text"], page["picture"]) for page in answer["pages"]],
        [Mark(mark["where"], mark["text"], mark["page"]) for mark in answer["marks"]],
    )


def _limit() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _pages(file: str) -> Iterator[dict[str, Any]]:
    import pypdfium2  # by the child alone, after its limits are set

    document = pypdfium2.PdfDocument(file)
    for number in range(min(len(document), MOST_PAGES)):
        page = document[number]
        text = page.get_textpage().get_text_bounded()[:MOST_TEXT].encode("utf-8", "replace").decode()
        little = len("".join(text.split())) < LITTLE_TEXT
        yield {"text": text, "picture": little and _is_drawn(page)}
        page.close()


def _is_drawn(page: Any) -> bool:
    """Whether there is a picture on the page, or as many lines as letters drawn as outlines have."""
    from pypdfium2 import raw  # by the child alone, after its limits are set

    lines = 0
    for one in page.get_objects(max_depth=3):
        lines += one.type == raw.FPDF_PAGEOBJ_PATH
        if one.type in (raw.FPDF_PAGEOBJ_IMAGE, raw.FPDF_PAGEOBJ_SHADING) or lines > MANY_LINES:
            return True
    return False


def _marks(pdf: Any) -> Iterator[tuple[str, Any, int]]:
    """Where, what and on which page; whatever a broken part hides does not hide the others."""
    for part in (_properties, _xmp, _embedded, _layers, _bookmarks, _fields, _notes):
        try:
            yield from part(pdf)
        except (MemoryError, RecursionError):
            raise
        except Exception:  # any part of a file from outside may be anything
            continue


def _properties(pdf: Any) -> Iterator[tuple[str, Any, int]]:
    for name, value in pdf.docinfo.items():
        key = str(name).lstrip("/")
        if key not in ("CreationDate", "ModDate", "Trapped"):
            yield key if key in PROPERTIES else f"{key[:40]}", value, 0


def _xmp(pdf: Any) -> Iterator[tuple[str, Any, int]]:
    from lxml import etree  # by the child alone

    data = pdf.Root.Metadata.read_bytes()[:1_000_000]
    parser = etree.XMLParser(resolve_entities=False, no_network=True, recover=True, huge_tree=False)
    for element in etree.fromstring(data, parser).iter():
        for text in (element.text, *element.attrib.values()):
            if text and text.strip() and "://" not in text[:12]:
                yield XMP, text, 0


def _embedded(pdf: Any) -> Iterator[tuple[str, Any, int]]:
    for name in pdf.attachments:
        yield EMBEDDED, name, 0


def _layers(pdf: Any) -> Iterator[tuple[str, Any, int]]:
    for layer in list(pdf.Root.OCProperties.OCGs)[:MOST_MARKS]:
        yield LAYER, layer.get("/Name"), 0


def _bookmarks(pdf: Any) -> Iterator[tuple[str, Any, int]]:
    waiting, seen = [pdf.Root.Outlines.get("/First")], 0
    while waiting and seen < MOST_MARKS:
        item = waiting.pop()
        seen += 1
        if item is not None:
            yield BOOKMARK, item.get("/Title"), 0
            waiting += [item.get("/Next"), item.get("/First")]


def _fields(pdf: Any) -> Iterator[tuple[str, Any, int]]:
    for form_field in list(pdf.Root.AcroForm.Fields)[:MOST_MARKS]:
        for key in ("/T", "/TU", "/V"):
            yield FIELD, form_field.get(key), 0


def _notes(pdf: Any) -> Iterator[tuple[str, Any, int]]:
    for number, page in enumerate(pdf.pages, start=1):
        if number > MOST_PAGES:
            return
        for note in list(page.obj.get("/Annots", []))[:MOST_MARKS]:
            for key in ("/Contents", "/T", "/Subj"):
                yield NOTE, note.get(key), number
            action = note.get("/A")
            if action is not None:
                yield LINK, action.get("/URI"), number


def _read(file: str) -> dict[str, Any]:
    import pikepdf  # by the child alone, after its limits are set
    import pypdfium2  # by the child alone, after its limits are set

    try:
        with pikepdf.open(file, access_mode=pikepdf.AccessMode.stream) as pdf:
            marks: list[dict[str, Any]] = []
            for where, value, page in _marks(pdf):
                text = str(value).strip() if value is not None else ""
                if text and len(marks) < MOST_MARKS:
                    marks.append({"where": where, "text": text[:MOST_WORDS], "page": page})
        return {"pages": list(_pages(file)), "marks": marks}
    except pikepdf.PasswordError:
        return {"problem": ENCRYPTED}
    except (pikepdf.PdfError, pypdfium2.PdfiumError):
        return {"problem": BROKEN}


def _main(arguments: list[str]) -> None:
    _limit()
    try:
        answer = _read(arguments[0])
    except (MemoryError, RecursionError):
        answer = {"problem": TOO_HEAVY}
    sys.stdout.write(json.dumps(answer))


if __name__ == "__main__":
    _main(sys.argv[1:])
