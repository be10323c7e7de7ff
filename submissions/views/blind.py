"""What experts of the blind round will see of an entry, for its team before it submits."""

from __future__ import annotations

import io
import tempfile
from pathlib import Path
from typing import Any, Final
from uuid import UUID

from django.core.cache import cache
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from PIL import Image

from competition import pages
from competition.errors import Refusal
from competition.form_schema.fields import SHOW
from competition.middleware import wants_json
from submissions.form import schema_of
from submissions.models import Attachment, Entry
from submissions.permissions import get_attachment_for, get_own_entry_for
from submissions.places import Place
from submissions.projection import Spot
from submissions.services.blindness import blind_view, files_seen
from submissions.views.desk import Desk, base_context, look_at, section_url

#: Wide enough to recognise a page and its stamps.
WIDTH: Final = 480
PICTURE_SECONDS: Final = 24 * 3600
SEEN: Final = "seen"
NOT_SEEN: Final = "匿名评审材料中仍有能看出参赛方的内容。请先查看“专家看到的内容”，修改或确认后勾选。"


@never_cache
@require_safe
def blind(request: HttpRequest, pk: int) -> HttpResponse:
    """The entry's texts and pages as experts would see them now, with everything in them that names its makers."""
    entry = get_own_entry_for(request.user, pk)
    desk = look_at(entry)
    view = blind_view(entry, desk.state, desk.attachments)
    if wants_json(request):
        return JsonResponse({"ready": not view.waiting})
    context = {
        **base_context(entry, desk.deadline),
        "desk": desk,
        "view": view,
        "sections": [{**section, "url": _url(entry, spot)} for section, spot in view.sections],
        "places": [{"place": place, "url": _url(entry, place.spot)} for place in view.places],
        "slot_url": _slot_url(entry),
        "menu": desk.menu(),
        "menu_title": "申报书目录",
    }
    return render(request, "submissions/blind.html", context)


@never_cache
@require_safe
def blind_page(request: HttpRequest, key: UUID, number: int) -> HttpResponse:
    """A small picture of a page that experts would see; 404 for other files and pages that are not there."""
    attachment = get_attachment_for(request.user, key)
    slot = schema_of(attachment.entry.edition).find_slot(attachment.slot)
    if slot is None or slot[1].blind != SHOW or not 1 <= number <= pages.MOST_PAGES:
        raise Http404("page")
    place = f"blind-page:{attachment.key}:{number}"
    body = cache.get(place)
    if body is None:
        body = _picture(attachment, number)
        cache.set(place, body, PICTURE_SECONDS)
    response = HttpResponse(body, content_type="image/png")
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response


def warning_of(desk: Desk) -> dict[str, Any]:
    """What other pages say of the files for the blind round: how many names stand on their pages."""
    files = files_seen(desk.entry, desk.state, desk.attachments)
    found = sum(file.look.on_pages for file in files if file.look)
    return {
        "blind_url": reverse("submissions:blind", args=[desk.entry.pk]),
        "blind_found": found,
        "blind_text": f"匿名评审材料的页面上有{found}处能看出参赛方。专家会看到这些页面，秘书处检查后可能不予展示。"
        if found
        else "",
    }


def require_seen(request: HttpRequest, entry: Entry) -> None:
    """Whoever freezes a version with names on its blind pages says that they looked. Raises Refusal."""
    if SEEN not in request.POST and warning_of(look_at(entry))["blind_found"]:
        raise Refusal(NOT_SEEN, field=SEEN)


def _url(entry: Entry, spot: Spot) -> str:
    section, unit, field = spot
    return section_url(entry, Place(section, unit)) + (f"#at-{field}" if field else "")


def _slot_url(entry: Entry) -> str:
    """Where the files are uploaded: the first slot that experts see."""
    for section in schema_of(entry.edition).sections:
        for slot in section.slots({}):
            if slot.field.blind == SHOW:
                return f"{section_url(entry, Place(section.key))}#slot-{slot.key}"
    return ""


def _picture(attachment: Attachment, number: int) -> bytes:
    """The page drawn by a limited process, then made small. Raises 404 when there is no such page."""
    if not attachment.file.storage.exists(attachment.file.name or ""):
        raise Http404("file")
    with tempfile.TemporaryDirectory(prefix="blind-") as name:
        copy, drawn = Path(name) / "file.pdf", Path(name) / f"{number}.png"
        with attachment.file.open("rb") as source, copy.open("wb") as target:
            for chunk in source.chunks():
                target.write(chunk)
        try:
            pages.draw_one(copy, Path(name), number)
        except pages.NotDrawn:
            raise Http404("page") from None
        if not drawn.exists():
            raise Http404("page")
        with Image.open(drawn) as picture:
            small = picture.convert("RGB")
        small.thumbnail((WIDTH, 4 * WIDTH))
    kept = io.BytesIO()
    small.save(kept, "PNG", optimize=True)
    return kept.getvalue()
