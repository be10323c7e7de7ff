"""Files that are no honest draft: each is refused with a sentence, within its memory and time."""

from __future__ import annotations

import io
import subprocess
import sys
import time
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from docx import Document as WordDocument

from competition.errors import Invalid
from submissions.word import child, read_docx
from submissions.word.reading import Control
from tests.submissions.word import body_of, control, form, type_into, upload, with_body, with_part, written

SCHEMA = form()
HONEST = written(SCHEMA, {"overview": {"background": "背景"}})
_HEAD = b'<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body>'
_TAIL = b"</w:body></w:document>"
_CONTROL = (
    b'<w:sdt><w:sdtPr><w:tag w:val="overview/background"/></w:sdtPr><w:sdtContent>'
    b"<w:p><w:r><w:t>%s</w:t></w:r></w:p></w:sdtContent></w:sdt>"
)


def main(body: bytes) -> bytes:
    """The honest file with another main part."""
    return with_part(HONEST, "word/document.xml", _HEAD + body + _TAIL)


def packed(*parts: tuple[str, bytes]) -> bytes:
    """A ZIP file of these parts."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, body in parts:
            archive.writestr(name, body)
    return made.getvalue()


def other_document() -> bytes:
    made = io.BytesIO()
    document = WordDocument()
    document.add_paragraph("会议纪要")
    document.save(made)
    return made.getvalue()


def entities() -> bytes:
    lines = [b'<!ENTITY a0 "ha">'] + [
        b'<!ENTITY a%d "%s">' % (number, b"&a%d;" % (number - 1) * 10) for number in range(1, 12)
    ]
    text = b"<!DOCTYPE x [" + b"".join(lines) + b"]>" + _HEAD + _CONTROL % b"&a11;" + _TAIL
    return with_part(HONEST, "word/document.xml", text)


def outside() -> bytes:
    text = b'<!DOCTYPE x [<!ENTITY f SYSTEM "file:///etc/passwd">]>' + _HEAD + _CONTROL % b"&f;" + _TAIL
    return with_part(HONEST, "word/document.xml", text)


def flagged() -> bytes:
    """The listing says that a part is encrypted."""
    made = bytearray(HONEST)
    place = 0
    while (place := made.find(b"PK\x01\x02", place)) >= 0:
        made[place + 8] |= 1
        place += 4
    return bytes(made)


def wide_entities() -> bytes:
    text = (
        '<?xml version="1.0" encoding="UTF-16"?><!DOCTYPE x [<!ENTITY a "b">]>'
        + (_HEAD + _CONTROL % b"&a;" + _TAIL).decode()
    )
    return with_part(HONEST, "word/document.xml", text.encode("utf-16"))


FILES: dict[str, Callable[[], bytes]] = {
    "nothing": lambda: b"",
    "text": lambda: "申报书".encode(),
    "old doc": lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 600,
    "html": lambda: b"<html><body>" + b"x" * 600,
    "rtf": lambda: b"{\\rtf1 abc}",
    "pdf": lambda: b"%PDF-1.7\n%%EOF",
    "cut in half": lambda: HONEST[: len(HONEST) // 2],
    "zip of something": lambda: packed(("a.txt", b"a")),
    "docx of something": other_document,
    "docx without a main part": lambda: packed(("[Content_Types].xml", b"<Types/>"), ("word/x.xml", b"<x/>")),
    "main part no xml": lambda: with_part(HONEST, "word/document.xml", b"\x00\x01 not xml"),
    "main part empty": lambda: with_part(HONEST, "word/document.xml", b""),
    "main part without a body": lambda: with_part(HONEST, "word/document.xml", b"<a/>"),
    "macros": lambda: with_part(HONEST, "word/vbaProject.bin", b"\xd0\xcf\x11\xe0"),
    "macro type": lambda: with_part(
        HONEST,
        "[Content_Types].xml",
        b'<Types><Override ContentType="application/vnd.ms-word.document.macroEnabled.main+xml"/></Types>',
    ),
    "encrypted parts": flagged,
    "entities in entities": entities,
    "entity from a file": outside,
    "entities in wide letters": wide_entities,
    "bomb": lambda: main(_CONTROL % (b"a" * 400_000_000)),
    "bomb of elements": lambda: main(b"<w:p/>" * 5_000_000),
    "bomb beside": lambda: with_part(HONEST, "word/media/a.bin", b"\x00" * 350_000_000),
    "nested too deep": lambda: main(
        b"<w:sdt><w:sdtContent>" * 100_000 + b"</w:sdtContent></w:sdt>" * 100_000
    ),
    "too many parts": lambda: packed(
        ("[Content_Types].xml", b"<Types/>"),
        ("word/document.xml", _HEAD + _TAIL),
        *((f"word/{number}.xml", b"") for number in range(3_000)),
    ),
    "too many controls": lambda: main(_CONTROL % b"a" * 70_000),
}


@pytest.mark.parametrize("name", FILES)
def test_file_is_refused_with_a_sentence_in_good_time(name: str) -> None:
    document = FILES[name]()
    began = time.monotonic()

    with pytest.raises(Invalid) as refused:
        read_docx(upload(document))

    assert refused.value.sentence.endswith("。")
    assert time.monotonic() - began < 15


@pytest.mark.parametrize("name", ["申报书.doc", "申报书.docm", "申报书.pdf", "申报书"])
def test_wrong_extension_is_refused(name: str) -> None:
    with pytest.raises(Invalid):
        read_docx(upload(HONEST, name))


_MEASURED = """
import resource, subprocess, sys
said = subprocess.run([sys.executable, "-I", *sys.argv[1:]], capture_output=True).stdout.decode()
used = resource.getrusage(resource.RUSAGE_CHILDREN)
print(said, used.ru_maxrss // 1024, used.ru_utime + used.ru_stime, sep="|")
"""


@pytest.mark.parametrize("name", ["bomb", "bomb of elements", "nested too deep"])
def test_child_stays_within_its_memory_and_time(name: str, tmp_path: Path) -> None:
    file = tmp_path / "bomb.docx"
    file.write_bytes(FILES[name]())

    # Measured by a small process: a child begins with its parent's record of memory.
    done = subprocess.run(
        [sys.executable, "-I", "-c", _MEASURED, str(Path(child.__file__)), str(file)],
        capture_output=True,
        text=True,
        check=True,
    )

    said, megabytes, seconds = done.stdout.strip().split("|")
    assert "problem" in said
    assert int(megabytes) < 256
    assert float(seconds) < 6


def test_honest_file_is_read_by_the_child() -> None:
    tree = body_of(HONEST)
    type_into(tree, "overview/scene", "<script>alert(1)</script> 𬭎")
    control(tree, "overview/advantage").getparent().remove(control(tree, "overview/advantage"))

    found = read_docx(upload(with_body(HONEST, tree)))

    said = {one.tag: one.text for one in found.pieces if isinstance(one, Control) and not one.placeholder}
    assert said["overview/background"] == "背景"
    assert said["overview/scene"] == "<script>alert(1)</script> 𬭎"
    assert "overview/advantage" not in said
    assert (found.edition, found.entry, found.digest) == ("shanxi-2025", "E000001", SCHEMA.digest)


def test_name_with_folders_is_only_a_name() -> None:
    assert read_docx(upload(HONEST, "../../etc/passwd/稿.docx")).name == "稿.docx"
