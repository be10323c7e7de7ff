"""Draws of lots: published and held at the office for ties of places, and the public's page of every draw."""

from __future__ import annotations

from typing import Any, cast

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.http import require_POST, require_safe

from competition import roles
from competition.errors import Invalid, Refusal
from competition.middleware import address, edition_of
from competition.models import Edition, User
from judging.forms.results import CalledForm
from judging.models import Draw, FinalSession
from judging.permissions.results import get_draw_for, require_office
from judging.services import draws as services

SEATS = (Draw.Kind.FINALIST_SEATS, Draw.Kind.EXCELLENCE_SEATS)


@require_POST
def publish(request: HttpRequest, kind: str, **kwargs: Any) -> HttpResponse:
    """Publish the list of tracks and the commitment for a tie of places."""
    user, edition = cast(User, request.user), edition_of(request)
    require_office(user)
    if kind not in SEATS:
        raise Http404("draw")
    tracks = list(edition.tracks.order_by("number").values_list("number", "name"))
    try:
        services.publish(
            edition,
            kind=kind,
            items=[str(number) for number, _ in tracks],
            labels=[f"赛道{number} {name}" for number, name in tracks],
            actor=user,
        )
    except Refusal as refusal:
        return _home(request, refusal)
    messages.success(request, "抽签名单和承诺值已公布，请至少两人现场报数后抽签。")
    return HttpResponseRedirect(address(request, "judging:results_home"))


@require_POST
def hold(request: HttpRequest, pk: int, **kwargs: Any) -> HttpResponse:
    """Draw the order of the tracks for a tie of places."""
    user, edition = cast(User, request.user), edition_of(request)
    found = get_draw_for(user, edition, pk, *SEATS)
    form = CalledForm(witnesses(user), request.POST)
    if form.is_valid():
        try:
            services.hold(found, called=form.called, actor=user, witness=form.witness)
        except Refusal as refusal:
            form.refuse(refusal)
            return _home(request, refusal, bound=form)
        messages.success(request, "抽签已完成，记录已公布，名额随之确定。")
        return HttpResponseRedirect(address(request, "judging:results_home"))
    return _home(request, Invalid({"called": "请补全报数人、数和见证人。"}), bound=form)


@login_not_required
@require_safe
def public(request: HttpRequest, kind: str, **kwargs: Any) -> HttpResponse:
    """The latest draw of a kind for everybody: list and commitment before, the whole record afterwards (R28)."""
    rows = Draw.objects.filter(edition=edition_of(request), kind=kind)
    found = rows.select_related("witnessed_by").defer("secret").first()
    if found is None:
        raise Http404("draw")
    return render(request, "judging/draw.html", draw_context(found))


def draw_context(found: Draw) -> dict[str, Any]:
    """A draw for the public page: the list in its published order, and what was drawn."""
    labels = dict(zip(found.items, found.labels, strict=True))
    record = found.record or {}
    numbers = ",".join(str(one["number"]) for one in record.get("called", []))
    return {
        "draw": found,
        "taken_back": _taken_back(found),
        "items": [{"item": item, "label": label} for item, label in labels.items()],
        "record": record,
        "numbers": numbers,
        "order": [
            {"position": position, "item": item, "label": labels[item], "lot": record["lots"][item]}
            for position, item in enumerate(record.get("order", []), start=1)
        ],
    }


def _taken_back(found: Draw) -> bool:
    """A list of finalists that was taken back before its draw: another one follows."""
    presentation = found.kind == Draw.Kind.PRESENTATION and found.held_at is None
    return presentation and not FinalSession.objects.filter(draw=found).exists()


def draw_cards(
    edition: Edition, user: User, kinds: list[Draw.Kind], bound: CalledForm | None = None
) -> list[dict[str, Any]]:
    """For each tie of places the draw that is published, with its form, or None to be published."""
    if not kinds:
        return []
    latest: dict[str, Draw] = {}
    for one in Draw.objects.filter(edition=edition, kind__in=kinds).order_by("pk"):
        latest[one.kind] = one
    people = witnesses(user)
    return [
        {
            "kind": kind,
            "name": kind.label,
            "draw": latest.get(kind),
            "form": bound or CalledForm(people),
        }
        for kind in kinds
    ]


def witnesses(user: User) -> dict[int, User]:
    """Who may witness a draw that ``user`` holds: supervisors and chiefs."""
    rows = User.objects.filter(groups__name__in=[roles.SUPERVISOR, roles.CHIEF], is_active=True)
    return {one.pk: one for one in rows.exclude(pk=user.pk).distinct().order_by("pk")}


def _home(request: HttpRequest, refusal: Refusal, **cards: Any) -> HttpResponse:
    # The page of results shows draws: it imports this module.
    from judging.views.results import home_page

    return home_page(request, refusal, **cards)
