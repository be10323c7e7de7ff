"""Small real files, made once per kind and varied by a few bytes, so that each has its own hash."""

from __future__ import annotations

import struct
import zlib
from functools import cache
from typing import Final

from django.core.files.uploadedfile import SimpleUploadedFile

PAGE: Final = b"BT /F1 18 Tf 72 760 Td (Synthetic document made for a rehearsal) Tj ET"


@cache
def _pdf(line: str) -> bytes:
    page = PAGE if not line else b"BT /F1 18 Tf 72 760 Td (%s) Tj ET" % line.encode("ascii")
    parts = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R"
        b" /Resources << /Font << /F1 5 0 R >> >> >>",
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(page), page),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    ]
    body, places = b"%PDF-1.4\n", []
    for number, part in enumerate(parts, start=1):
        places.append(len(body))
        body += b"%d 0 obj\n%s\nendobj\n" % (number, part)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    head = b"xref\n0 %d\n0000000000 65535 f \n" % (len(parts) + 1)
    tail = b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (len(parts) + 1, len(body))
    return body + head + table + tail


@cache
def _png() -> tuple[bytes, bytes]:
    """A grey square of 240 x 160 pixels: everything before the text chunk, and the end."""
    row = b"\0" + bytes(200 for _ in range(240))
    header = _chunk(b"IHDR", struct.pack(">IIBBBBB", 240, 160, 8, 0, 0, 0, 0))
    pixels = _chunk(b"IDAT", zlib.compress(row * 160))
    return b"\x89PNG\r\n\x1a\n" + header + pixels, _chunk(b"IEND", b"")


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def pdf(name: str, mark: str, *, line: str = "") -> SimpleUploadedFile:
    """A PDF of one page; ``mark`` makes its bytes its own; ``line`` (ASCII) stands on it instead of the usual one."""
    return SimpleUploadedFile(name, _pdf(line) + f"% {mark}\n".encode(), content_type="application/pdf")


def png(name: str, mark: str) -> SimpleUploadedFile:
    """A PNG picture; ``mark`` makes its bytes its own."""
    start, end = _png()
    return SimpleUploadedFile(
        name, start + _chunk(b"tEXt", b"Comment\0" + mark.encode()) + end, content_type="image/png"
    )


def upload(accept: list[str], title: str, mark: str) -> SimpleUploadedFile:
    """A file of a kind that a slot accepts; PDF where it may be one."""
    if "pdf" in accept:
        return pdf(f"{title}.pdf", mark)
    if "png" in accept:
        return png(f"{title}.png", mark)
    raise ValueError(f"no synthetic file for {accept}")
