"""What an uploaded file really is: its kind by content, its size and its hash."""

from __future__ import annotations

import hashlib
import re
import tempfile
import zipfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path, PurePath
from typing import Any, Final

from django.core.files.uploadedfile import UploadedFile

from competition.errors import Invalid
from competition.inspection import NotSound, inspect

MEGABYTE: Final = 1024 * 1024
#: Reading the listing of a ZIP file takes some 30 times its size in memory.
MAX_LISTING: Final = 1 * MEGABYTE

#: kind -> (content type, name for people)
KINDS: Final[dict[str, tuple[str, str]]] = {
    "pdf": ("application/pdf", "PDF"),
    "jpg": ("image/jpeg", "JPG 图片"),
    "png": ("image/png", "PNG 图片"),
    "docx": (
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        "Word 文档（docx）",
    ),
    "xlsx": (
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        "Excel 表格（xlsx）",
    ),
    "pptx": (
        "application/vnd.openxmlformats-officedocument.presentationml.presentation",
        "PowerPoint 演示（pptx）",
    ),
    "zip": ("application/zip", "ZIP 压缩包"),
    "mp4": ("video/mp4", "MP4 视频"),
}
_OFFICE: Final = {"word/": "docx", "xl/": "xlsx", "ppt/": "pptx"}


@dataclass(frozen=True)
class CheckedFile:
    """Facts about an upload that was found acceptable; ``size`` in bytes, ``sha256`` in hex."""

    name: str
    kind: str
    content_type: str
    size: int
    sha256: str
    #: What the inspection found: pages, width and height in pixels, seconds, unpacked bytes.
    facts: dict[str, Any] = field(default_factory=dict)


def kind_names(kinds: Iterable[str]) -> str:
    """``PDF、JPG 图片`` for showing what a slot accepts."""
    return "、".join(KINDS[kind][1] for kind in kinds)


def check_upload(
    upload: UploadedFile, *, kinds: Iterable[str], max_megabytes: int, field: str
) -> CheckedFile:
    """Return the facts of an upload, or raise Invalid at ``field`` saying what to upload instead.

    The kind is told from the content; the file's extension must agree with it. A limited process looks into it.
    """
    allowed = tuple(kinds)
    name = clean_name(upload.name or "")
    size = upload.size or 0
    if size == 0:
        raise Invalid({field: f"“{name}”是空文件，请重新选择。"})
    if size > max_megabytes * MEGABYTE:
        raise Invalid({field: f"“{name}”超过 {max_megabytes} MB，请压缩或拆分后再上传。"})
    kind = sniff(upload)
    extension = PurePath(name).suffix.lower().removeprefix(".").replace("jpeg", "jpg")
    if kind not in allowed:
        raise Invalid({field: f"“{name}”不是可接受的文件类型，请上传{kind_names(allowed)}。"})
    if extension != kind:
        raise Invalid({field: f"“{name}”的扩展名与内容不符（内容是{KINDS[kind][1]}），请更正后再上传。"})
    try:
        with _on_disk(upload) as path:
            facts = inspect(path, kind)
    except NotSound as problem:
        raise Invalid({field: f"“{name}”{problem.sentence}"}) from None
    return CheckedFile(name, kind, KINDS[kind][0], size, sha256_of(upload), facts)


@contextmanager
def _on_disk(upload: UploadedFile[Any]) -> Iterator[Path]:
    """Where the upload's bytes lie; those in memory are written to a file for a moment."""
    lying = getattr(upload.file, "name", None)
    if isinstance(lying, str) and Path(lying).is_file():
        yield Path(lying)
        return
    with tempfile.NamedTemporaryFile(prefix="look-") as copy:
        for chunk in upload.chunks():
            copy.write(chunk)
        copy.flush()
        upload.seek(0)
        yield Path(copy.name)


def clean_name(name: str) -> str:
    """The file's own name without folders and control characters, at most 120 characters."""
    base = re.sub(
        r"[\x00-\x1f\x7f/\\:*?\"<>|\u202a-\u202e\u2066-\u2069]",
        "_",
        name.replace("\\", "/").split("/")[-1],
    )
    stem, dot, suffix = base.rpartition(".")
    return f"{stem[: 119 - len(suffix)]}.{suffix}" if dot else base[:120]


def sniff(upload: UploadedFile) -> str:
    """The kind told from the first bytes (and, for ZIP containers, from the listing); '' if unknown."""
    upload.seek(0)
    head = upload.read(16)
    upload.seek(0)
    if head.startswith(b"%PDF-"):
        return "pdf"
    if head.startswith(b"\xff\xd8\xff"):
        return "jpg"
    if head.startswith(b"\x89PNG\r\n\x1a\n"):
        return "png"
    if head[4:8] == b"ftyp":
        return "mp4"
    return _sniff_zip(upload) if head.startswith(b"PK\x03\x04") else ""


def _sniff_zip(upload: UploadedFile) -> str:
    if _listing_size(upload) > MAX_LISTING:
        return ""
    try:
        with zipfile.ZipFile(upload.file) as archive:  # type: ignore[arg-type]
            names = archive.namelist()
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError):
        return ""
    finally:
        upload.seek(0)
    if "[Content_Types].xml" in names:
        for prefix, kind in _OFFICE.items():
            if any(entry.startswith(prefix) for entry in names):
                return kind
    return "zip"


def _listing_size(upload: UploadedFile) -> int:
    """Bytes of a ZIP file's listing as its end says; more than any file when the end says it elsewhere (ZIP64)."""
    upload.seek(max(0, (upload.size or 0) - 65_600))
    tail = upload.read()
    upload.seek(0)
    if b"PK\x06\x07" in tail:
        return 2**63
    # Whichever end a reader may believe: the largest of what could be one.
    ends = [found.start() for found in re.finditer(rb"(?=PK\x05\x06)", tail)]
    return max((int.from_bytes(tail[at + 12 : at + 16], "little") for at in ends), default=0)


def sha256_of(upload: UploadedFile) -> str:
    """SHA-256 (hex) of an upload, read in chunks; leaves it at its beginning."""
    digest = hashlib.sha256()
    for chunk in upload.chunks():
        digest.update(chunk)
    upload.seek(0)
    return digest.hexdigest()
