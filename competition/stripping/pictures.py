"""Pictures without what cameras and programs wrote beside the pixels. Run by child.py alone."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

from PIL import Image, ImageOps

MOST_PIXELS: Final = 50_000_000
_FORMATS: Final = {"jpg": "JPEG", "png": "PNG"}
#: PNG chunks that are needed to show the pixels as they were meant.
_SHOWN: Final = {
    b"IHDR",
    b"PLTE",
    b"IDAT",
    b"IEND",
    b"tRNS",
    b"gAMA",
    b"sRGB",
    b"cHRM",
    b"sBIT",
    b"bKGD",
    b"pHYs",
}


def strip(source: Path, target: Path, kind: str) -> None:
    """The picture drawn anew: pixels, turned as they are meant to be seen, and nothing else."""
    picture = _opened(source, kind)
    if kind == "jpg":
        picture.convert("L" if picture.mode == "L" else "RGB").save(target, "JPEG", quality=92)
    else:
        picture.save(target, "PNG")


def shrink(source: Path, target: Path, kind: str, side: int) -> None:
    """A JPEG of at most ``side`` pixels a side, on white."""
    picture = _opened(source, kind, (side, side)).convert("RGBA")
    picture.thumbnail((side, side))
    ground = Image.new("RGB", picture.size, "white")
    ground.paste(picture, mask=picture.getchannel("A"))
    ground.save(target, "JPEG", quality=82)


def _opened(source: Path, kind: str, wanted: tuple[int, int] | None = None) -> Any:
    Image.MAX_IMAGE_PIXELS = MOST_PIXELS
    with Image.open(source, formats=[_FORMATS[kind]]) as opened:
        if wanted is not None:
            opened.draft("RGB", wanted)
        turned = ImageOps.exif_transpose(opened)
        see_through = turned.mode in ("LA", "PA", "RGBA") or "transparency" in turned.info
        plain = turned.convert("RGBA" if see_through else "L" if turned.mode in ("1", "L") else "RGB")
    plain.info = {}
    return plain


def bare_jpeg(body: bytes) -> bytes:
    """A JPEG within another file without its application segments and comments; its pixels as they are.

    Adobe's segment stays: it says how the colours are to be read. What is no JPEG comes back as it is.
    """
    if not body.startswith(b"\xff\xd8"):
        return body
    kept, at = [b"\xff\xd8"], 2
    while at + 4 <= len(body) and body[at] == 0xFF:
        marker = body[at + 1]
        if marker == 0xDA:
            return b"".join(kept) + body[at:]
        end = at + 2 + int.from_bytes(body[at + 2 : at + 4], "big")
        if not (0xE0 <= marker <= 0xEF or marker == 0xFE) or marker == 0xEE:
            kept.append(body[at:end])
        at = end
    return body


def bare_png(body: bytes) -> bytes:
    """A PNG within another file without texts, times and camera's notes."""
    if not body.startswith(b"\x89PNG\r\n\x1a\n"):
        return body
    kept, at = [body[:8]], 8
    while at + 12 <= len(body):
        end = at + 12 + int.from_bytes(body[at : at + 4], "big")
        if body[at + 4 : at + 8] in _SHOWN:
            kept.append(body[at:end])
        at = end
    return b"".join(kept)
