"""Small files that are what they say: what people upload when nothing is wrong."""

from __future__ import annotations

import io
import struct
import zipfile

from PIL import Image


def pdf_bytes(text: str = "") -> bytes:
    """A PDF of one empty page; ``text`` stands in a comment and makes it another file."""
    things = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] >>",
    ]
    body, places = b"%PDF-1.4\n%" + text.encode().replace(b"\n", b" ") + b"\n", []
    for number, thing in enumerate(things, start=1):
        places.append(len(body))
        body += b"%d 0 obj\n%s\nendobj\n" % (number, thing)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    end = b"trailer\n<< /Size 4 /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % len(body)
    return body + b"xref\n0 4\n0000000000 65535 f \n" + table + end


def picture_bytes(kind: str = "PNG", size: tuple[int, int] = (8, 8), colour: str = "navy") -> bytes:
    """A plain picture."""
    out = io.BytesIO()
    Image.new("RGB", size, colour).save(out, kind)
    return out.getvalue()


def box(name: bytes, body: bytes = b"") -> bytes:
    """A box of an MP4 file."""
    return struct.pack(">I", len(body) + 8) + name + body


def mp4_bytes(payload: bytes = b"\x00" * 64, seconds: int = 90) -> bytes:
    """An MP4 file without a picture in it: its boxes are in order."""
    header = b"\x00" * 12 + struct.pack(">II", 1000, seconds * 1000) + b"\x00" * 80
    moov = box(b"moov", box(b"mvhd", header))
    return box(b"ftyp", b"isom\x00\x00\x02\x00isomiso2mp41") + moov + box(b"mdat", payload)


def zip_bytes(files: dict[str, bytes]) -> bytes:
    """An archive."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, body in files.items():
            archive.writestr(name, body)
    return out.getvalue()


def office_bytes(body: str = "word/document.xml", **more: bytes) -> bytes:
    """A container that Word (or Excel, PowerPoint by its body's name) would know by its listing."""
    return zip_bytes({"[Content_Types].xml": b"<Types/>", body: b"<x/>", **more})
