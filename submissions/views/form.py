"""Writing the form: one section a page, saved as typed, by a script or by plain posts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from competition import clock
from competition.arrival import arrived_at
from competition.errors import Invalid, Refusal, StaleVersion
from competition.form_schema import ROW_ID, Choice, Field, Problem, Section
from competition.form_schema.wording import DELETED, marked
from competition.middleware import refusal_response, wants_json
from submissions import services
from submissions.form import schema_of
from submissions.models import Entry
from submissions.permissions import get_own_entry_for, get_removable_attachment
from submissions.places import Place
from submissions.services import kept
from submissions.views.desk import Desk, base_context, look_at, section_url, sign_of

FILE = "file-"
#: The section whose page also shows the proofs of the units.
ATTACHMENTS = "attachments"
#: Characters of a clash in which the words that differ are still marked.
MOST_MARKED = 20_000


@dataclass(frozen=True)
class Shown:
    """What a page shows besides what is stored: typed answers, a refusal, problems at slots, a blank row."""

    answers: Mapping[str, Any] | None = None
    refusal: Refusal | None = None
    at_slots: Mapping[str, str] = field(default_factory=dict)
    blank_row: str = ""
    complete: bool = False


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def section(request: HttpRequest, pk: int, key: str, unit_id: int | None = None) -> HttpResponse:
    """A section of the form (of one unit)."""
    place = Place(key, unit_id)
    if request.method != "POST":
        entry = get_own_entry_for(request.user, pk)
        return _page(request, entry, place, Shown(complete="check" in request.GET))
    if "version" not in request.POST and request.FILES:
        # A script sends files alone, what was typed is saved before.
        return _after_saving(request, get_own_entry_for(request.user, pk), place)
    answers: dict[str, Any] = {}
    try:
        with transaction.atomic():
            entry = get_own_entry_for(request.user, pk, lock=True)
            answers = _section(entry, place).parse(request.POST)
            _drop_row(answers, request.POST.get("do", ""))
            if request.POST.get("over") == request.POST.get("version"):
                # The page showed both texts; what stood here gives way and stays beside the form.
                kept.keep_overwritten(entry, _section(entry, place), place, answers)
            saved = services.save_locked(
                entry,
                key=key,
                unit_id=unit_id,
                answers=answers,
                version=_version(request),
                actor=request.user,
                at=arrived_at(request),
            )
    except Refusal as refusal:
        if wants_json(request):
            return refusal_response(request, refusal)
        return _page(
            request, get_own_entry_for(request.user, pk), place, Shown(answers=answers, refusal=refusal)
        )
    if wants_json(request):
        return _saved_json(request, entry, place, saved)
    return _after_saving(request, entry, place)


def _after_saving(request: HttpRequest, entry: Entry, place: Place) -> HttpResponse:
    """Files and the pressed button: upload:<slot>, remove:<file>, add:<table>, drop:<row>, next, save."""
    verb, _, what = request.POST.get("do", "save").partition(":")
    try:
        _attach_all(request, entry)
        if verb == "remove":
            _detach(request, entry, what)
    except Refusal as refusal:
        problems = refusal.problems if isinstance(refusal, Invalid) else {}
        return _page(request, entry, place, Shown(refusal=refusal, at_slots=problems))
    if verb == "add":
        return _page(request, entry, place, Shown(blank_row=what))
    if verb == "upload":
        return redirect(f"{section_url(entry, place)}#slot-{what}")
    if verb == "next":
        return redirect(_next_url(entry, place))
    if verb == "save":
        messages.success(request, "已保存。")
    return redirect(section_url(entry, place))


def _drop_row(answers: dict[str, Any], pressed: str) -> None:
    """``drop:<table>:<row>``: leave out a row that a page without a script removes."""
    verb, _, what = pressed.partition(":")
    table, _, row_id = what.partition(":")
    *blocks, key = table.split("-")
    for block in blocks:
        inner = answers.get(block)
        answers = inner if isinstance(inner, dict) else {}
    if verb == "drop" and isinstance(answers.get(key), list):
        answers[key] = [row for row in answers[key] if row[ROW_ID] != row_id]


def _attach_all(request: HttpRequest, entry: Entry) -> None:
    for name in request.FILES:
        if name.startswith(FILE):
            for upload in request.FILES.getlist(name):
                services.attach(
                    entry,
                    slot=name.removeprefix(FILE),
                    upload=upload,
                    actor=request.user,
                    at=arrived_at(request),
                )
                messages.success(request, f"“{upload.name}”已上传。" if not upload.closed else "文件已上传。")


def _detach(request: HttpRequest, entry: Entry, key: str) -> None:
    try:
        attachment = get_removable_attachment(entry, UUID(key))
    except ValueError:
        raise Http404("attachment") from None
    services.detach(attachment, actor=request.user, at=arrived_at(request))
    messages.success(request, f"“{attachment.name}”已移除。")


def _page(request: HttpRequest, entry: Entry, place: Place, shown: Shown) -> HttpResponse:
    desk = look_at(entry)
    state = desk.state.state(place)
    if state is None:
        raise Http404("section")
    answers = state.answers if shown.answers is None else shown.answers
    derived = desk.state.facts.derived(place.unit_id)
    files = desk.files
    problems = state.section.check(answers, complete=shown.complete, files=files, derived=derived)
    context = {
        **base_context(entry, desk.deadline),
        "desk": desk,
        "state": state,
        "section": state.section,
        "fields": state.section.bind(answers, problems=problems, derived=derived),
        "attachments": desk.attachments,
        "reasons": desk.reasons_at(place),
        "at_slots": shown.at_slots,
        "blank_row": shown.blank_row,
        "refusal": shown.refusal,
        "stale": isinstance(shown.refusal, StaleVersion),
        "differences": _differences(state, answers) if isinstance(shown.refusal, StaleVersion) else [],
        "kept_texts": kept.texts_at(entry, place),
        "writer": kept.last_writer(entry, place),
        "summary": _summary(problems) if shown.complete or shown.answers is not None else [],
        "version": state.version,
        "saved_at": state.saved_at,
        "proofs": _proofs(entry) if place.section == ATTACHMENTS else [],
        "writable": desk.writable,
        "sources": _sources(state.section.fields),
        "rows": () if desk.writable else state.section.rows(state.answers, derived=derived),
        "menu": desk.menu(place),
        "menu_title": f"申报书 · {state.section.title}",
        "next_url": _next_url(entry, place, desk),
        "used": state.section.used_chars(answers) if state.section.max_chars else None,
    }
    status = shown.refusal.status if shown.refusal else 200
    return render(request, "submissions/section.html", context, status=status)


def _differences(state: services.SectionState, answers: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Both texts of every place, with the words that differ unless that would take long."""
    found = kept.differences(state.section, answers, state.answers)
    whole = sum(len(one["mine"]) + len(one["theirs"]) for one in found) > MOST_MARKED
    return [
        {
            **one,
            "mine_marked": [
                part for part in marked(one["theirs"], one["mine"], whole=whole) if part.op != DELETED
            ],
            "theirs_marked": [
                part for part in marked(one["mine"], one["theirs"], whole=whole) if part.op != DELETED
            ],
        }
        for one in found
    ]


def _summary(problems: list[Problem]) -> list[dict[str, str]]:
    return [
        {"href": f"#at-{one.path}", "label": one.field_label, "sentence": one.sentence}
        for one in problems
        if one.blocking
    ]


def _proofs(entry: Entry) -> list[dict[str, Any]]:
    """Proofs of the units, uploaded at registration and shown here for completeness (R80; decision 27)."""
    facts = services.facts_of(entry, proofs=True)
    return [{"unit": unit["name"], **proof} for unit in facts.public["units"] for proof in unit["proofs"]]


def _sources(fields: tuple[Field, ...]) -> dict[str, tuple[Choice, ...]]:
    """The long lists that look-ups of one choice suggest from, each once."""
    every = (found for one in fields for found in one.walk())
    return {one.source: one.choices for one in every if one.style == "lookup" and one.kind == "choice"}


def _section(entry: Entry, place: Place) -> Section:
    section = schema_of(entry.edition).section(place.section)
    if section is None or bool(section.repeat) != (place.unit_id is not None):
        raise Http404("section")
    return section


def _version(request: HttpRequest) -> int:
    text = request.POST.get("version", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else -1


def _next_url(entry: Entry, place: Place, desk: Desk | None = None) -> str:
    """The next section, or the page that lists what is missing."""
    state = desk.state if desk else services.completeness(entry)
    places = [one.place for one in state.sections]
    following = places[places.index(place) + 1 :] if place in places else []
    return section_url(entry, following[0]) if following else reverse("submissions:check", args=[entry.pk])


def _saved_json(
    request: HttpRequest, entry: Entry, place: Place, saved: services.SavedSection
) -> HttpResponse:
    return JsonResponse(
        {
            "canonical": _section(entry, place).canonical(request.POST),
            "version": saved.section.version,
            "saved_at": timezone.localtime(clock.at(entry.edition, saved.section.updated_at)).isoformat(),
            "problems": [{"path": one.path, "sentence": one.sentence} for one in saved.problems],
            "progress": {
                "done": saved.progress.done,
                "total": saved.progress.total,
                "sections": {str(place): sign_of(saved.blocking, begun=True)},
            },
        }
    )
