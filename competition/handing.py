"""Handing out private files: nobody caches them, nothing sniffs them, no script runs in them.

Whoever calls this has asked who may see the file. Behind nginx with ``X_ACCEL`` the file goes by nginx, which the
client cannot ask for it; else the portal sends it, also a part of it (videos are watched from the middle).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import IO, Any, Final
from urllib.parse import quote

from django.conf import settings
from django.core.files.storage import FileSystemStorage
from django.db.models.fields.files import FieldFile
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.utils.http import content_disposition_header

#: Shown in the browser; anything else is only handed out for saving.
INLINE: Final = frozenset({"application/pdf", "image/jpeg", "image/png", "video/mp4"})
#: Where nginx finds what X-Accel-Redirect names; internal there.
INTERNAL: Final = "/_files/"
CHUNK: Final = 256 * 1024
_RANGE: Final = re.compile(r"bytes=(\d{0,15})-(\d{0,15})", re.ASCII)


def hand_out(
    request: HttpRequest, file: FieldFile, name: str, content_type: str, *, inline: bool = True
) -> HttpResponseBase:
    """The file as an answer, or the part that the request's Range names; 404 when storage has lost it.

    ``inline`` False, a type that is not shown in browsers, or ``?download`` make the browser save it.
    """
    if not file or not file.storage.exists(file.name or ""):
        raise Http404("file")
    shown = inline and content_type in INLINE and "download" not in request.GET
    response = _answer(request, file, content_type)
    response["Content-Disposition"] = content_disposition_header(not shown, name) or "attachment"
    return closed(response)


def closed(response: HttpResponseBase) -> HttpResponseBase:
    """Private, and inert: not cached, not sniffed, without scripts."""
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "default-src 'none'; style-src 'unsafe-inline'; sandbox"
    response["Cache-Control"] = "private, no-store"
    return response


def _answer(request: HttpRequest, file: FieldFile, content_type: str) -> HttpResponseBase:
    if settings.X_ACCEL and isinstance(file.storage, FileSystemStorage):
        passed = HttpResponse(content_type=content_type)
        passed["X-Accel-Redirect"] = INTERNAL + quote(file.name or "")
        return passed
    size = file.size
    # Without a validator to compare, If-Range can only mean: send the whole.
    asked = "" if "If-Range" in request.headers else request.headers.get("Range", "")
    part = _part(asked, size)
    if part is None:
        whole: HttpResponseBase = FileResponse(file.open("rb"), content_type=content_type)
        whole["Accept-Ranges"] = "bytes"
        return whole
    start, end = part
    if start >= size or start > end:
        refused = HttpResponse(status=416)
        refused["Content-Range"] = f"bytes */{size}"
        return refused
    end = min(end, size - 1)
    response = StreamingHttpResponse(_bytes_of(file, start, end), status=206, content_type=content_type)
    response["Accept-Ranges"] = "bytes"
    response["Content-Range"] = f"bytes {start}-{end}/{size}"
    response["Content-Length"] = str(end - start + 1)
    return response


def _part(header: str, size: int) -> tuple[int, int] | None:
    """First and last byte that a Range asks for; None for the whole (no Range, several, or nonsense)."""
    found = _RANGE.fullmatch(header.strip())
    if found is None or not any(found.groups()):
        return None
    first, last = found.groups()
    if not first:
        return (max(0, size - int(last)), size - 1) if int(last) else (size, size)
    return int(first), int(last) if last else size - 1


def _bytes_of(file: FieldFile, start: int, end: int) -> Iterator[bytes]:
    storage: Any = file.storage
    if isinstance(storage, FileSystemStorage):
        with storage.open(file.name or "") as opened:
            opened.seek(start)
            yield from _chunks(opened, end - start + 1)
        return
    # Of an S3-like store only the part is fetched.
    found = storage.bucket.Object(storage._normalize_name(file.name)).get(Range=f"bytes={start}-{end}")
    yield from found["Body"].iter_chunks(CHUNK)


def _chunks(opened: IO[bytes] | Any, left: int) -> Iterator[bytes]:
    while left > 0:
        chunk = opened.read(min(CHUNK, left))
        if not chunk:
            return
        left -= len(chunk)
        yield chunk
