"""Blind material at the office: the list, an entry's texts and pages, and the acts."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final, cast

from django.contrib import messages
from django.db.models import Case, Count, IntegerField, Q, QuerySet, Value, When
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from competition import audit
from competition.desk import menu_of, pages_of
from competition.errors import Refusal
from competition.form_schema.values import clean
from competition.middleware import address, edition_of
from competition.models import Edition, User
from judging.models import BlindMaterial, BlindPage
from judging.permissions.materials import (
    can_check_material,
    get_material_for,
    get_page_for,
    sees_materials,
)
from judging.services import materials
from judging.views.pictures import picture
from judging.workflow import MaterialStatus

STATES: Final = {
    MaterialStatus.WAITING: "now",
    MaterialStatus.FAILED: "act",
    MaterialStatus.PREPARING: "wait",
    MaterialStatus.RELEASED: "done",
}
#: Released material is looked up by its entry; the list shows what is to be done, and the latest of the rest.
MOST: Final = 200


@never_cache
@require_safe
def listing(request: HttpRequest, **kwargs: Any) -> HttpResponse:
    """Material of the edition, what waits for an officer first."""
    user, edition = cast(User, request.user), edition_of(request)
    if not sees_materials(user):
        raise Http404("materials")
    rows = _listed(edition)[:MOST]
    counts = dict(
        BlindMaterial.objects.filter(edition=edition)
        .values_list("status")
        .annotate(number=Count("pk"))
        .order_by()
    )
    context = {
        **_desk(request, edition),
        "rows": [{"material": one, "state": STATES[MaterialStatus(one.status)]} for one in rows],
        "counts": [(label, counts.get(value, 0)) for value, label in MaterialStatus.choices],
        "most": MOST,
        "more": sum(counts.values()) > MOST,
    }
    return render(request, "judging/blind_list.html", context)


@never_cache
@require_safe
def case(request: HttpRequest, pk: int, **kwargs: Any) -> HttpResponse:
    """An entry's texts as experts will read them, its pages, and what was found."""
    material = get_material_for(cast(User, request.user), edition_of(request), pk)
    return _page(request, material)


@never_cache
@require_safe
def page(request: HttpRequest, pk: int, number: int, **kwargs: Any) -> HttpResponse:
    """The picture of a page, for officers; every look is recorded."""
    user, edition = cast(User, request.user), edition_of(request)
    found = get_page_for(user, edition, pk, number)
    audit.record(user, "blind.page_read", found.material, edition=edition, page=number)
    return picture(found)


@require_POST
def look(request: HttpRequest, pk: int, number: int, **kwargs: Any) -> HttpResponse:
    """Say of a page whether experts see it; then comes the next that was not looked at."""
    user, edition = cast(User, request.user), edition_of(request)
    found = get_page_for(user, edition, pk, number)
    material = get_material_for(user, edition, pk)
    try:
        materials.look(
            found, officer=user, verdict=request.POST.get("verdict", ""), reason=_typed(request, "reason")
        )
    except Refusal as refusal:
        return _page(request, material, refusal, number)
    waiting = material.pages.filter(verdict=BlindPage.Verdict.WAITING)
    following = waiting.filter(number__gt=number).first() or waiting.first()
    if following is None:
        return HttpResponseRedirect(f"{_address(request, pk)}#decision-title")
    return HttpResponseRedirect(f"{_address(request, pk)}?page={following.number}#page-{following.number}")


@require_POST
def mask(request: HttpRequest, pk: int, **kwargs: Any) -> HttpResponse:
    def act(material: BlindMaterial, user: User) -> str:
        materials.mask(material, officer=user, words=_typed(request, "words").splitlines())
        return "已按所填的词重新遮盖文字。"

    return _act(request, pk, act)


@require_POST
def release(request: HttpRequest, pk: int, **kwargs: Any) -> HttpResponse:
    """Release, and go to the next that waits."""
    user, edition = cast(User, request.user), edition_of(request)
    material = get_material_for(user, edition, pk)
    try:
        materials.release(material, officer=user)
    except Refusal as refusal:
        return _page(request, material, refusal)
    messages.success(request, f"“{material.entry.team.project_name}”的匿名评审材料已放行。")
    following = _listed(edition).filter(status=MaterialStatus.WAITING).first()
    if following is None:
        return HttpResponseRedirect(address(request, "judging:materials_list"))
    return HttpResponseRedirect(_address(request, following.pk))


@require_POST
def take_back(request: HttpRequest, pk: int, **kwargs: Any) -> HttpResponse:
    def act(material: BlindMaterial, user: User) -> str:
        materials.take_back(material, officer=user, reason=_typed(request, "reason"))
        return "已收回，专家现在看不到这份材料；检查后可以重新放行。"

    return _act(request, pk, act)


@require_POST
def retry(request: HttpRequest, pk: int, **kwargs: Any) -> HttpResponse:
    def act(material: BlindMaterial, user: User) -> str:
        materials.retry(material, officer=user)
        return "正在重新生成，请稍后刷新页面。"

    return _act(request, pk, act)


@require_POST
def leave_out(request: HttpRequest, pk: int, **kwargs: Any) -> HttpResponse:
    def act(material: BlindMaterial, user: User) -> str:
        materials.leave_out(material, officer=user, reason=_typed(request, "reason"))
        return "这份作品只用申报书文字评审，请检查文字后放行。"

    return _act(request, pk, act)


def _act(request: HttpRequest, pk: int, act: Callable[[BlindMaterial, User], str]) -> HttpResponse:
    user, edition = cast(User, request.user), edition_of(request)
    material = get_material_for(user, edition, pk)
    try:
        messages.success(request, act(material, user))
    except Refusal as refusal:
        return _page(request, material, refusal)
    return HttpResponseRedirect(_address(request, pk))


def _page(
    request: HttpRequest, material: BlindMaterial, refusal: Refusal | None = None, number: int = 0
) -> HttpResponse:
    user = cast(User, request.user)
    pages = list(material.pages.select_related("looked_by"))
    ready = material.status in (MaterialStatus.WAITING, MaterialStatus.RELEASED)
    words = _typed(request, "words") if "words" in request.POST else "\n".join(material.extra_words)
    context = {
        **_desk(request, material.edition),
        "material": material,
        "entry": material.entry,
        "state": STATES[MaterialStatus(material.status)],
        "sections": materials.marked(material) if ready else [],
        "pages": pages,
        "looked": sum(one.verdict != BlindPage.Verdict.WAITING for one in pages),
        "unlooked": sum(one.verdict == BlindPage.Verdict.WAITING for one in pages),
        "may": can_check_material(user, material),
        "refusal": refusal,
        "refused_page": number,
        "open_page": number or _open_page(request, pages),
        "unseen": materials.unseen(material) if ready else [],
        "typed": {"reason": _typed(request, "reason"), "words": words},
    }
    return render(request, "judging/blind.html", context, status=refusal.status if refusal else 200)


def _open_page(request: HttpRequest, pages: list[BlindPage]) -> int:
    """The page that is asked for, else the first that nobody looked at: the others are folded."""
    asked = request.GET.get("page", "")
    if asked.isascii() and asked.isdigit() and len(asked) < 4:
        return int(asked)
    return next((one.number for one in pages if one.verdict == BlindPage.Verdict.WAITING), 0)


def _listed(edition: Edition) -> QuerySet[BlindMaterial]:
    order = [When(status=status, then=Value(place)) for place, status in enumerate(STATES)]
    waiting = Count("pages", filter=Q(pages__verdict=BlindPage.Verdict.WAITING))
    rows: QuerySet[BlindMaterial] = (
        BlindMaterial.objects.filter(edition=edition)
        .select_related("entry__team__topic__track")
        .defer("content")
        .annotate(page_count=Count("pages"), unlooked=waiting)
        .order_by(Case(*order, output_field=IntegerField()), "pk")
    )
    return rows


def _address(request: HttpRequest, pk: int) -> str:
    return address(request, "judging:materials_case", pk=pk)


def _desk(request: HttpRequest, edition: Edition) -> dict[str, Any]:
    pages = pages_of(edition, cast(User, request.user))
    return {"menu": menu_of(pages, request.path), "menu_title": "工作台"}


def _typed(request: HttpRequest, name: str) -> str:
    return clean(request.POST.get(name, ""))
