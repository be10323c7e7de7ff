"""tus 1.0.0 (core, creation, termination, expiration) over one entry's files; resumable, in pieces of any size."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable
from functools import wraps
from typing import Any, Final
from uuid import UUID

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import reverse
from django.utils.http import http_date
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from competition.arrival import arrived_at
from competition.errors import Refusal
from submissions import parts
from submissions.models import Upload
from submissions.permissions import get_own_entry_for, get_upload_for
from submissions.services import uploads
from submissions.workflow import UploadStatus

VERSION: Final = "1.0.0"
EXTENSIONS: Final = "creation,termination,expiration"
PIECE: Final = "application/offset+octet-stream"
View = Callable[..., HttpResponse]


def _speaks_tus(view: View) -> View:
    """Refuse other versions of the protocol; say ours in every answer; refusals are JSON."""

    @wraps(view)
    def wrapped(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.method not in ("GET", "OPTIONS") and request.headers.get("Tus-Resumable") != VERSION:
            response: HttpResponse = HttpResponse(status=412)
        else:
            try:
                response = view(request, *args, **kwargs)
            except Refusal as refusal:
                body = {"code": refusal.code, "sentence": refusal.sentence}
                response = JsonResponse(body, status=refusal.status)
        response["Tus-Resumable"] = VERSION
        if response.status_code == 412 or request.method == "OPTIONS":
            response["Tus-Version"] = VERSION
        return response

    return wrapped


@never_cache
@require_http_methods(["GET", "POST", "OPTIONS"])
@_speaks_tus
def uploads_of_entry(request: HttpRequest, pk: int) -> HttpResponse:
    """GET: what is on its way. POST: declare a file. OPTIONS: what this server speaks."""
    entry = get_own_entry_for(request.user, pk)
    if request.method == "OPTIONS":
        return _abilities()
    if request.method == "GET":
        keys = [key for text in request.GET.getlist("key")[:20] if (key := _uuid(text))]
        shown = Upload.objects.filter(entry=entry, key__in=keys) if keys else uploads.under_way(entry)
        return JsonResponse({"uploads": [_told(one) for one in shown]})
    size, metadata = _length(request, "Upload-Length"), _metadata(request.headers.get("Upload-Metadata", ""))
    if size is None or metadata is None:
        return HttpResponse(status=400)
    upload = uploads.declare(
        entry,
        slot=metadata.get("slot", ""),
        name=metadata.get("filename", ""),
        size=size,
        sha256=metadata.get("sha256", ""),
        actor=request.user,
        at=arrived_at(request),
    )
    response = HttpResponse(status=201)
    response["Location"] = reverse("submissions:upload", args=[upload.key])
    response["Upload-Offset"] = str(parts.length(upload.key))
    return _with_expiry(response, upload)


@never_cache
@require_http_methods(["HEAD", "PATCH", "DELETE", "OPTIONS"])
@_speaks_tus
def upload(request: HttpRequest, key: UUID) -> HttpResponse:
    """HEAD: how much is there. PATCH: a piece more. DELETE: not wanted any more."""
    found = get_upload_for(request.user, key)
    if request.method == "OPTIONS":
        return _abilities()
    if request.method == "DELETE":
        uploads.cancel(found, actor=request.user, at=arrived_at(request))
        return HttpResponse(status=204)
    if request.method == "PATCH":
        return _piece(request, found)
    if found.status not in uploads.UNDER_WAY:
        raise uploads.Gone(found.problem or f"这个文件{found.get_status_display()}。")
    response = HttpResponse(status=200)
    response["Upload-Length"] = str(found.size)
    response["Upload-Offset"] = str(uploads.offset_of(found))
    return _with_expiry(response, found)


def _piece(request: HttpRequest, found: Upload) -> HttpResponse:
    if request.headers.get("Content-Type") != PIECE:
        return HttpResponse(status=415)
    offset = _length(request, "Upload-Offset")
    if offset is None:
        return HttpResponse(status=400)
    coming = _length(request, "Content-Length")
    if offset + (coming or 0) > found.size:
        return JsonResponse(
            {"code": "too_large", "sentence": "收到的内容比申明的长，请重新选择文件。"}, status=413
        )
    try:
        have = uploads.append(found, offset=offset, stream=request)  # type: ignore[arg-type]
    except parts.Busy:
        return JsonResponse({"code": "busy", "sentence": "这个文件正在另一个窗口上传。"}, status=423)
    except parts.WrongOffset as problem:
        response: HttpResponse = JsonResponse({"code": "offset", "sentence": "续传的位置不对。"}, status=409)
        response["Upload-Offset"] = str(problem.have)
        return response
    except parts.DiskFull:
        sentence = "服务器存储空间不足，已上传的部分保留着，请稍后继续，或联系秘书处办公室。"
        return JsonResponse({"code": "full", "sentence": sentence}, status=507)
    response = HttpResponse(status=204)
    response["Upload-Offset"] = str(have)
    return _with_expiry(response, found)


def _abilities() -> HttpResponse:
    response = HttpResponse(status=204)
    response["Tus-Extension"] = EXTENSIONS
    return response


def _told(one: Upload) -> dict[str, Any]:
    """What the page shows of an upload; the part file is asked only while it grows."""
    arriving = one.status == UploadStatus.ARRIVING
    return {
        "key": str(one.key),
        "url": reverse("submissions:upload", args=[one.key]),
        "slot": one.slot,
        "name": one.name,
        "size": one.size,
        "sha256": one.sha256,
        "offset": parts.length(one.key) if arriving else one.offset,
        "status": one.status,
        "label": one.get_status_display(),
        "problem": one.problem,
    }


def _with_expiry(response: HttpResponse, found: Upload) -> HttpResponse:
    response["Upload-Expires"] = http_date(found.until.timestamp())
    return response


def _length(request: HttpRequest, header: str) -> int | None:
    """A number of bytes in a header, or None."""
    text = request.headers.get(header, "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 16 else None


def _metadata(header: str) -> dict[str, str] | None:
    """``slot <base64>,filename <base64>`` as texts, or None when it is no such thing."""
    found: dict[str, str] = {}
    for pair in header.split(",") if header else []:
        name, _, value = pair.strip().partition(" ")
        try:
            found[name] = base64.b64decode(value, validate=True).decode().replace("\x00", "")
        except (binascii.Error, UnicodeDecodeError):
            return None
    return found


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
