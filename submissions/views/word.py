"""The form as a Word document: the blank one for everybody, one's own, and a draft that comes back in."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.cache import cache
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import content_disposition_header
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from competition.arrival import arrived_at
from competition.errors import Invalid, Refusal
from competition.files import KINDS, clean_name
from competition.middleware import edition_of
from submissions.form import schema_of
from submissions.models import Entry
from submissions.permissions import get_own_entry_for
from submissions.services import word
from submissions.services.word import SectionPreview
from submissions.views.desk import Desk, base_context, look_at, section_url
from submissions.word import Change, blank_docx, entry_docx, marked
from submissions.word.comparing import CLEARS, DROPS, NEW, REPLACES
from submissions.word.marks import Marks

BLANK_SECONDS: Final = 24 * 3600
_TYPE: Final = KINDS["docx"][0]
#: The groups of a section on the page; the last one is folded.
_GROUPS: Final = (NEW, REPLACES, "wrong")


@dataclass(frozen=True)
class Line:
    """A change as the page shows it: with its words marked, and its input."""

    change: Change
    value: str
    now: Marks
    then: Marks
    cells: tuple[Line, ...] = ()
    ticked: bool = False


@dataclass(frozen=True)
class Part:
    """A section on the page."""

    section: SectionPreview
    url: str
    lines: tuple[Line, ...]
    folded: tuple[Line, ...]


@login_not_required
@require_safe
def blank_word(request: HttpRequest, **kwargs: Any) -> HttpResponse:
    """The empty form as a Word document (R78); made once per declaration and kept in the cache for a day."""
    edition = edition_of(request)
    key = f"blank-word:{schema_of(edition).digest}:{edition.slug}"
    body = cache.get(key)
    if body is None:
        body = blank_docx(edition)
        cache.set(key, body, BLANK_SECONDS)
    return _docx(body, "参赛项目申报书（空白）.docx")


@never_cache
@require_safe
def entry_word(request: HttpRequest, pk: int) -> HttpResponse:
    """The team's own form with what stands in it now."""
    entry = get_own_entry_for(request.user, pk)
    response = _docx(entry_docx(entry), f"{entry.reference}-{entry.team.project_name}-申报书.docx")
    response["Cache-Control"] = "private, no-store"
    return response


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def word_import(request: HttpRequest, pk: int) -> HttpResponse:
    """Choose a Word draft; it is read and shown before anything changes."""
    entry = get_own_entry_for(request.user, pk)
    if request.method != "POST":
        return _choose(request, entry)
    upload = request.FILES.get(word.FIELD)
    if not isinstance(upload, UploadedFile):
        return _choose(request, entry, Invalid({word.FIELD: "请选择要导入的 Word 文件（docx）。"}))
    try:
        key = word.take_in(entry, upload=upload, actor=request.user, at=arrived_at(request))
    except Refusal as refusal:
        return _choose(request, entry, refusal)
    return redirect("submissions:word_preview", entry.pk, key)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def word_preview(request: HttpRequest, pk: int, key: str) -> HttpResponse:
    """What goes where and what was not understood; nothing is taken over without a yes."""
    entry = get_own_entry_for(request.user, pk)
    chosen = frozenset(request.POST.getlist("take"))
    if request.method != "POST":
        return _preview(request, entry, key)
    if not chosen:
        messages.info(request, "没有勾选要带入的内容，申报书没有变化。")
        return redirect(request.path)
    try:
        count = word.bring_in(
            entry,
            key=key,
            chosen=chosen,
            versions=_versions(request),
            actor=request.user,
            at=arrived_at(request),
        )
    except Refusal as refusal:
        return _preview(request, entry, key, refusal, chosen)
    if count:
        messages.success(request, f"已带入{count}处内容，其余内容没有变化。附件和盖章扫描件请在网上上传。")
    else:
        messages.info(request, "勾选的内容与申报书现有内容已经一致，没有变化。")
    return redirect(entry)


def _choose(request: HttpRequest, entry: Entry, refusal: Refusal | None = None) -> HttpResponse:
    context = {**_context(entry, look_at(entry)), "refusal": refusal}
    return render(request, "submissions/word_import.html", context, status=refusal.status if refusal else 200)


def _preview(
    request: HttpRequest,
    entry: Entry,
    key: str,
    refusal: Refusal | None = None,
    chosen: frozenset[str] = frozenset(),
) -> HttpResponse:
    try:
        reading = word.reading_of(entry, key, request.user)
    except Refusal as gone:
        return _choose(request, entry, gone)
    desk = look_at(entry)
    found = word.preview(entry, reading, desk.state)
    parts = [_part(entry, one, chosen) for one in found.changed]
    context = {
        **_context(entry, desk),
        "preview": found,
        "parts": parts,
        "refusal": refusal,
        "strays": found.strays,
        "ticked": sum(line.ticked for part in parts for line in (*part.lines, *part.folded)),
        "asking": sum(not line.ticked and line.change.takeable for part in parts for line in part.lines),
    }
    return render(
        request, "submissions/word_preview.html", context, status=refusal.status if refusal else 200
    )


def _context(entry: Entry, desk: Desk) -> dict[str, Any]:
    return {
        **base_context(entry, desk.deadline),
        "desk": desk,
        "writable": desk.writable,
        "menu": desk.menu(),
        "menu_title": "申报书",
    }


def _part(entry: Entry, section: SectionPreview, chosen: frozenset[str]) -> Part:
    lines = [_line(section, one, chosen) for one in section.changes]
    folded = tuple(line for line in lines if line.change.state in (CLEARS, DROPS))
    order = {state: place for place, state in enumerate(_GROUPS)}
    shown = sorted((line for line in lines if line not in folded), key=lambda line: order[line.change.state])
    return Part(section, section_url(entry, section.place), tuple(shown), folded)


def _line(section: SectionPreview, change: Change, chosen: frozenset[str]) -> Line:
    value = f"{section.place}:{change.key}"
    now, then = _marks(change)
    cells = tuple(Line(one, "", *_marks(one)) for one in change.cells)
    ticked = value in chosen if chosen else change.ticked
    return Line(change, value, now, then, cells, ticked and change.takeable)


def _marks(change: Change) -> tuple[Marks, Marks]:
    if change.state == REPLACES and not change.cells:
        return marked(change.now, change.then)
    return ((False, change.now),) if change.now else (), ((False, change.then),) if change.then else ()


def _versions(request: HttpRequest) -> dict[str, int]:
    prefix = "version-"
    return {
        name.removeprefix(prefix): int(text)
        for name, text in request.POST.items()
        if name.startswith(prefix) and text.isascii() and text.isdigit() and len(text) < 10
    }


def _docx(body: bytes, name: str) -> HttpResponse:
    response = HttpResponse(body, content_type=_TYPE)
    response["Content-Disposition"] = content_disposition_header(True, clean_name(name)) or "attachment"
    response["X-Content-Type-Options"] = "nosniff"
    return response
