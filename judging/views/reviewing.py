"""The expert's list of assignments and the score page; saved as typed, by a script or by plain posts."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final, cast
from uuid import UUID

from django.db.models import Exists, OuterRef
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from competition import clock, stages
from competition.arrival import arrived_at
from competition.desk import menu_of, pages_of
from competition.errors import Invalid, Refusal, StaleVersion
from competition.form_schema import Field, FormSchema
from competition.form_schema.values import clean
from competition.middleware import address, edition_of, refusal_response, wants_json
from competition.models import Edition, User
from judging import scoring
from judging.models import Assignment, BlindMaterial, BlindPage, SheetDraft
from judging.permissions.gates import require_listed
from judging.permissions.reviewing import (
    get_assignment_for,
    get_final_assignment_for,
    get_material_of,
    get_shown_page_for,
    has_begun,
    sees_reviews,
)
from judging.rubric import policy_of, round_of
from judging.services import sheets
from judging.services.reading import read_entry
from judging.views.pictures import picture
from judging.workflow import AssignmentStatus, MaterialStatus, Round
from submissions.form import schema_of
from submissions.permissions import get_named_attachment
from submissions.views.viewing import hand_out_plain

#: Inputs are named by item: ``mark-effects.needs``.
MARK: Final = "mark-"


@dataclass(frozen=True)
class Line:
    """An item of the rubric as the page shows it: its input, guide, place in the material, problem."""

    item: scoring.Item
    heading: str
    guide: str
    anchor: str
    value: str
    problem: str

    @property
    def most(self) -> str:
        """What it is worth, without needless zeros."""
        return f"{self.item.points.normalize():f}"


@never_cache
@require_safe
def listing(request: HttpRequest, **kwargs: Any) -> HttpResponse:
    """The expert's assignments by code, open ones first; the final's by their place in the order."""
    user, edition = cast(User, request.user), edition_of(request)
    if not sees_reviews(user):
        raise Http404("reviews")
    released = BlindMaterial.objects.filter(entry=OuterRef("entry"), status=MaterialStatus.RELEASED)
    rows = list(
        Assignment.objects.visible_to(user)
        .filter(edition=edition)
        .select_related("entry__team__topic__track", "entry__presentation")
        .annotate(
            ready=Exists(released), drafted=Exists(SheetDraft.objects.filter(assignment=OuterRef("pk")))
        )
        .order_by("code")
    )
    groups = []
    for round_, label in Round.choices:
        of_round = sorted((one for one in rows if one.round == round_), key=_order)
        if of_round:
            done = sum(one.status == AssignmentStatus.SUBMITTED for one in of_round)
            groups.append(
                {
                    "round": round_,
                    "label": label,
                    "rows": [{"one": one, **_sign(one)} for one in of_round],
                    "done": done,
                    "total": len(of_round),
                }
            )
    stage = stages.view(edition, stages.PRELIMINARY)
    context = {**desk(request, edition), "groups": groups, "stage": stage}
    return render(request, "judging/reviews.html", context)


def _order(one: Assignment) -> tuple[Any, ...]:
    presentation = getattr(one.entry, "presentation", None) if one.round == Round.FINAL else None
    place = presentation.position or 0 if presentation else 0
    return (place, one.status == AssignmentStatus.SUBMITTED, one.code)


def _sign(one: Any) -> dict[str, str]:
    if one.status == AssignmentStatus.SUBMITTED:
        return {"state": "done", "word": "已提交"}
    if one.round == Round.PRELIMINARY and not one.ready:
        return {"state": "wait", "word": "材料正在检查"}
    return {"state": "now", "word": "已开始"} if one.drafted else {"state": "todo", "word": "待评分"}


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def sheet(request: HttpRequest, code: str, **kwargs: Any) -> HttpResponse:
    """The material and its score sheet; POST keeps what was typed."""
    user, edition = cast(User, request.user), edition_of(request)
    assignment = get_assignment_for(user, edition, code)
    if request.method != "POST":
        if assignment.status == AssignmentStatus.SUBMITTED:
            return HttpResponseRedirect(address(request, "judging:reviewing_receipt", code=code))
        return page_of(request, assignment)
    marks, comment = typed_marks(request), clean(request.POST.get("comment", ""))
    try:
        draft = sheets.save_draft(
            assignment,
            actor=user,
            marks=marks,
            comment=comment,
            version=typed_version(request),
            at=arrived_at(request),
        )
    except Refusal as refusal:
        if wants_json(request):
            return refusal_response(request, refusal)
        return page_of(request, assignment, refusal, marks, comment)
    if wants_json(request):
        return _saved(assignment, draft)
    name = "judging:reviewing_confirm" if request.POST.get("do") == "check" else "judging:reviewing_sheet"
    return HttpResponseRedirect(address(request, name, code=code))


@never_cache
@require_safe
def page(request: HttpRequest, code: str, number: int, **kwargs: Any) -> HttpResponse:
    """A page that experts see."""
    user = cast(User, request.user)
    return picture(get_shown_page_for(user, edition_of(request), code, number))


@never_cache
@require_safe
def file(request: HttpRequest, pk: int, key: UUID, **kwargs: Any) -> HttpResponse:
    """A file of a finalist's version, for its jurors: the final is not blind, but metadata is no part of it."""
    assignment = get_final_assignment_for(cast(User, request.user), edition_of(request), pk)
    reading = read_entry(assignment.entry)
    require_listed(reading.keys if reading else set(), key)
    return hand_out_plain(request, get_named_attachment(assignment.entry_id, key))


def page_of(
    request: HttpRequest,
    assignment: Assignment,
    refusal: Refusal | None = None,
    marks: dict[str, str] | None = None,
    comment: str = "",
) -> HttpResponse:
    """The score page with the draft, or with what was typed and the refusal."""
    draft = SheetDraft.objects.filter(assignment=assignment).first()
    shown = marks if marks is not None else (draft.marks if draft else {})
    problems = refusal.problems if isinstance(refusal, Invalid) else {}
    lines = lines_of(assignment, shown, problems)
    context = {
        **desk(request, assignment.edition),
        "assignment": assignment,
        "lines": lines,
        "total": total_of(assignment, shown),
        "comment": comment if marks is not None else (draft.comment if draft else ""),
        "version": draft.version if draft else 0,
        "saved_at": draft.updated_at if draft else None,
        "refusal": refusal,
        "stale": isinstance(refusal, StaleVersion),
        "summary": [
            {"href": f"#{MARK}{one.item.key}", "label": one.item.label, "sentence": one.problem}
            for one in lines
            if one.problem
        ],
        **_place(assignment),
        **_material(assignment),
    }
    return render(request, "judging/review.html", context, status=refusal.status if refusal else 200)


def _place(assignment: Assignment) -> dict[str, Any]:
    """'7 of 23' in the order of the list, and whether sheets can be written now."""
    states = list(
        Assignment.objects.filter(
            expert=assignment.expert_id, round=assignment.round, status__in=["open", "submitted"]
        ).values_list("status", flat=True)
    )
    if assignment.round == Round.PRELIMINARY:
        stage = stages.view(assignment.edition, stages.PRELIMINARY)
        open_ = stage is not None and stage.phase is stages.Phase.OPEN
        closed = f"初赛评分时间：{stage.when}。现在可以阅读材料，不能评分。" if stage else ""
    else:
        open_ = has_begun(assignment)
        closed = "现场展示开始后才能评分；决赛成绩锁定后不能再改。"
    return {
        "done": sum(state == AssignmentStatus.SUBMITTED for state in states),
        "of": len(states),
        "open": open_,
        "closed_text": "" if open_ else closed,
    }


def _material(assignment: Assignment) -> dict[str, Any]:
    """What the expert reads: blind texts and pages, or in the final the entry by name."""
    if assignment.round == Round.FINAL:
        reading = read_entry(assignment.entry)
        return {"final": True, "ready": True, "reading": reading, "entry": assignment.entry}
    material = get_material_of(assignment)
    if material is None:
        return {"final": False, "ready": False}
    pages = material.pages.filter(verdict=BlindPage.Verdict.SHOWN).only("number", "width", "height")
    return {"final": False, "ready": True, "sections": material.content, "pages": list(pages)}


def lines_of(assignment: Assignment, marks: dict[str, str], problems: dict[str, str]) -> list[Line]:
    """The rubric's items with guides of the form, values and problems."""
    edition = assignment.edition
    rubric, schema = round_of(edition, assignment.round), schema_of(edition)
    labels = {one.key: one.label for one in rubric.criteria if one.parts}
    lines: list[Line] = []
    for item in scoring.items(rubric):
        first = all(line.item.criterion != item.criterion for line in lines)
        heading = labels.get(item.criterion, "") if first else ""
        guide = guide_of(schema, item.source)
        value, problem = marks.get(item.key, ""), problems.get(item.key, "")
        lines.append(Line(item, heading, guide, item.source.replace(".", "-"), value, problem))
    return lines


def guide_of(schema: FormSchema, source: str) -> str:
    """The guide that the form gives for the part that an item judges; '' when it names none."""
    key, _, name = source.partition(".")
    section = schema.section(key)
    if section is None:
        return ""
    field = next((one for one in section.fields if one.key == name), None)
    return _guide(field) if field else section.guide


def _guide(field: Field) -> str:
    return field.guide or "".join(part.guide for part in field.fields)


def total_of(assignment: Assignment, marks: dict[str, str]) -> str:
    """The sum of the marks that are in range, for the page without a script."""
    rubric, total = round_of(assignment.edition, assignment.round), Decimal(0)
    for item in scoring.items(rubric):
        mark = sheets.number_of(marks.get(item.key, ""))
        if mark is not None and mark <= item.points:
            total += mark
    return scoring.shown(total, policy_of(assignment.edition).places)


def typed_marks(request: HttpRequest) -> dict[str, str]:
    """Marks by item as typed."""
    posted = request.POST.items()
    return {name.removeprefix(MARK): clean(value) for name, value in posted if name.startswith(MARK)}


def typed_version(request: HttpRequest) -> int:
    """The draft's version that the page knew; -1 for nonsense."""
    text = request.POST.get("version", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else -1


def desk(request: HttpRequest, edition: Edition) -> dict[str, Any]:
    """The side menu."""
    pages = pages_of(edition, cast(User, request.user))
    return {"menu": menu_of(pages, request.path), "menu_title": "工作台"}


def _saved(assignment: Assignment, draft: SheetDraft) -> JsonResponse:
    problems = {}
    try:
        sheets.read_marks(assignment.edition, assignment.round, draft.marks)
    except Invalid as refusal:
        problems = {key: text for key, text in refusal.problems.items() if draft.marks.get(key)}
    return JsonResponse(
        {
            "version": draft.version,
            "saved_at": timezone.localtime(clock.at(assignment.edition, draft.updated_at)).isoformat(),
            "problems": [{"path": f"{MARK}{key}", "sentence": text} for key, text in problems.items()],
        }
    )
