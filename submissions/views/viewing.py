"""A file of an entry in the page: pages as pictures, a picture drawn anew, a film; and copies for experts."""

from __future__ import annotations

from typing import Any, Final
from uuid import UUID

from django.http import FileResponse, Http404, HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from competition import audit, derived, pages
from competition.derived import Source
from competition.errors import WrongState
from competition.handing import closed, hand_out
from competition.models import Edition
from competition.stripping import NotStripped
from registration.permissions import is_officer
from submissions.models import Attachment
from submissions.permissions import get_attachment_for

NOT_SHOWN: Final = "这种文件不能在页面中显示，请下载查看。"
NOT_PLAIN: Final = "这份材料暂时不能提供：无法去除文件中的作者等信息。请联系秘书处。"


def source_of(file: Attachment) -> Source:
    """The file as what is made of it knows it; kept with the entry's other files."""
    return Source(file.file, f"entries/{file.entry_id}", file.sha256, file.content_type)


@never_cache
@require_safe
def viewed(request: HttpRequest, key: UUID) -> HttpResponse:
    """What static/submissions/viewer.js shows of a file: addresses of pictures, or of a film, or a sentence."""
    file = _file(request, key)
    if is_officer(request.user):
        edition = Edition.objects.get(entries=file.entry_id)
        audit.record(request.user, "attachment.read", file, edition=edition)
    return JsonResponse({"pages": [], "film": "", "sentence": "", **_shown(file)})


@never_cache
@require_safe
def viewed_page(request: HttpRequest, key: UUID, number: int) -> HttpResponseBase:
    """The picture of one page, or the picture that the file is; made when it is first asked for, then kept."""
    file = _file(request, key)
    try:
        source = source_of(file)
        picture = source.is_picture and number == 1
        found = derived.small(source) if picture else derived.page(source, number)
    except (pages.NotDrawn, NotStripped):
        found = None
    if found is None:
        raise Http404("page")
    return closed(
        FileResponse(found.open("rb"), content_type="image/jpeg" if source.is_picture else "image/png")
    )


def hand_out_plain(request: HttpRequest, file: Attachment) -> HttpResponseBase:
    """The file for experts, without what tells who made it. Raises WrongState when no such copy can be made."""
    _require_there(file)
    try:
        copy = derived.plain(source_of(file))
    except NotStripped:
        raise WrongState(NOT_PLAIN) from None
    return hand_out(request, copy, file.name, file.content_type)


def _shown(file: Attachment) -> dict[str, Any]:
    source = source_of(file)
    if source.is_picture:
        return {"pages": [_page(file, 1)]}
    if source.kind == "mp4":
        return {"film": reverse("submissions:attachment", args=[file.key])}
    if source.kind != "pdf":
        return {"sentence": NOT_SHOWN}
    try:
        return {"pages": [_page(file, number) for number in range(1, derived.page_count(source) + 1)]}
    except pages.NotDrawn as why:
        return {"sentence": derived.SENTENCES[why.why]}


def _page(file: Attachment, number: int) -> str:
    return reverse("submissions:viewed_page", args=[file.key, number])


def _file(request: HttpRequest, key: UUID) -> Attachment:
    file = get_attachment_for(request.user, key)
    _require_there(file)
    return file


def _require_there(file: Attachment) -> None:
    """404 for a file that storage has lost."""
    if not file.file.storage.exists(file.file.name or ""):
        raise Http404("file")
