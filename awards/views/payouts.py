"""At the undertaking unit: who is to be paid, handing over, the second person, getting money back (R36, R38, R91)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, cast

from django import forms
from django.contrib import messages
from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from awards.amounts import in_capitals
from awards.forms.payouts import HandOverForm, PayoutFilter, PlaceForm
from awards.models import Payout, PayoutPlace
from awards.permissions.payouts import (
    can_confirm_payout,
    can_hand_over,
    can_settle_reclaim,
    get_payout_for,
    names_place,
    payouts_visible_to,
    sees_payouts,
)
from awards.services import payouts
from awards.workflow import PayoutStatus
from competition import audit
from competition.desk import menu_of, pages_of
from competition.errors import Invalid, Refusal, WrongState
from competition.form_schema.values import clean
from competition.identity import mask_document
from competition.middleware import address, edition_of
from competition.models import Edition, User
from competition.reference import document_label

SIGNS = {
    PayoutStatus.DUE: "now",
    PayoutStatus.HANDED: "wait",
    PayoutStatus.PAID: "done",
    PayoutStatus.CANCELLED: "closed",
    PayoutStatus.RECLAIMING: "act",
    PayoutStatus.RECLAIMED: "closed",
}


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def place(request: HttpRequest, **kwargs: Any) -> HttpResponse:
    """The committee names where prizes are collected."""
    user, edition = cast(User, request.user), edition_of(request)
    if not names_place(user):
        raise Http404("place")
    named = PayoutPlace.objects.filter(edition=edition).select_related("organisation", "named_by").first()
    initial = {name: getattr(named, name) for name in PlaceForm.base_fields} if named else {}
    form = PlaceForm(edition, request.POST or None, initial=initial)
    status = 200
    if request.method == "POST":
        try:
            if form.is_valid():
                payouts.name_place(edition, actor=user, **form.cleaned_data)
                messages.success(request, "领奖地点已指定，获奖团队可以看到。")
                return HttpResponseRedirect(address(request, "awards:payouts_place"))
            status = 422
        except Invalid as refusal:
            status = _add_errors(form, refusal)
    context = {**_desk(request, edition), "form": form, "named": named}
    return render(request, "awards/payout_place.html", context, status=status)


@never_cache
@require_safe
def listing(request: HttpRequest, **kwargs: Any) -> HttpResponse:
    """All payouts, at most as many as there are prizes with money; sums on top."""
    user, edition = cast(User, request.user), edition_of(request)
    if not sees_payouts(user):
        raise Http404("payouts")
    form = PayoutFilter(request.GET)
    rows = chosen_payouts(payouts_visible_to(user, edition), form)
    context = {
        **_desk(request, edition),
        "form": form,
        "filtered": bool(form.state or form.words),
        "rows": [{"payout": one, "state": SIGNS[PayoutStatus(one.status)]} for one in rows],
        "totals": payouts.totals(edition),
        "place": PayoutPlace.objects.filter(edition=edition).select_related("organisation").first(),
    }
    return render(request, "awards/payouts.html", context)


@never_cache
@require_safe
def one(request: HttpRequest, pk: int, **kwargs: Any) -> HttpResponse:
    """A payout with what can be done about it."""
    return _page(request, get_payout_for(cast(User, request.user), edition_of(request), pk))


@never_cache
@require_safe
def slip(request: HttpRequest, pk: int, **kwargs: Any) -> HttpResponse:
    """The receipt to print and sign; printing it is recorded."""
    user, edition = cast(User, request.user), edition_of(request)
    payout = get_payout_for(user, edition, pk)
    if not payout.handed_by_id:
        raise WrongState("尚未登记领取，没有可以打印的收据。")
    audit.record(user, "payout.slip", payout, edition=edition)
    entry = payout.award.entry
    context = {
        **_desk(request, edition),
        "payout": payout,
        "capitals": in_capitals(payout.amount_fen),
        "lead": entry.team.units.filter(is_lead=True).first() if entry else None,
        "document": _document(payout),
        "place": PayoutPlace.objects.filter(edition=edition).select_related("organisation").first(),
    }
    return render(request, "awards/payout_slip.html", context)


@require_POST
def hand_over(request: HttpRequest, pk: int, **kwargs: Any) -> HttpResponse:
    """Register that a representative took the money; what was typed stays when it is refused."""
    user, edition = cast(User, request.user), edition_of(request)
    payout = get_payout_for(user, edition, pk)
    form = _hand_over_form(payout, request.POST)
    try:
        form.is_valid()
        typed = {name: clean(form.data.get(name, "")) for name in HandOverForm.base_fields}
        payouts.hand_over(payout, actor=user, **typed)
    except Refusal as refusal:
        _add_errors(form, refusal)
        shown = None if isinstance(refusal, Invalid) else refusal
        return _page(request, get_payout_for(user, edition, pk), shown, form=form, status=refusal.status)
    messages.success(request, "已登记领取，待第二人确认。")
    return HttpResponseRedirect(address(request, "awards:payouts_one", pk=pk))


@require_POST
def confirm(request: HttpRequest, pk: int, **kwargs: Any) -> HttpResponse:
    def act(payout: Payout, user: User) -> str:
        payouts.confirm(payout, actor=user)
        return "已确认领取。"

    return _act(request, pk, act)


@require_POST
def send_back(request: HttpRequest, pk: int, **kwargs: Any) -> HttpResponse:
    def act(payout: Payout, user: User) -> str:
        payouts.send_back(payout, actor=user)
        return "登记已退回，可以重新登记。"

    return _act(request, pk, act)


@require_POST
def reclaim(request: HttpRequest, pk: int, **kwargs: Any) -> HttpResponse:
    def act(payout: Payout, user: User) -> str:
        payouts.settle_reclaim(payout, actor=user, note=clean(request.POST.get("note", "")))
        return "已登记追回。"

    return _act(request, pk, act)


def _act(request: HttpRequest, pk: int, act: Callable[[Payout, User], str]) -> HttpResponse:
    user, edition = cast(User, request.user), edition_of(request)
    payout = get_payout_for(user, edition, pk)
    try:
        sentence = act(payout, user)
    except Refusal as refusal:
        return _page(request, get_payout_for(user, edition, pk), refusal)
    messages.success(request, sentence)
    return HttpResponseRedirect(address(request, "awards:payouts_one", pk=pk))


def _page(
    request: HttpRequest,
    payout: Payout,
    refusal: Refusal | None = None,
    *,
    form: HandOverForm | None = None,
    status: int = 200,
) -> HttpResponse:
    user = cast(User, request.user)
    may_hand_over = can_hand_over(user, payout)
    if may_hand_over and form is None:
        form = _hand_over_form(payout)
    context = {
        **_desk(request, payout.edition),
        "payout": payout,
        "certificate": getattr(payout.award, "certificate", None),
        "state": SIGNS[PayoutStatus(payout.status)],
        "document": _document(payout),
        "reclaims": payout.reclaims.select_related("by"),
        "form": form if may_hand_over else None,
        "place": PayoutPlace.objects.filter(edition=payout.edition).select_related("organisation").first(),
        "may_confirm": can_confirm_payout(user, payout),
        "may_settle": can_settle_reclaim(user, payout),
        "refusal": refusal,
        "note": request.POST.get("note", ""),
    }
    status = refusal.status if refusal else status
    return render(request, "awards/payout.html", context, status=status)


def _hand_over_form(payout: Payout, data: Any = None) -> HandOverForm:
    return HandOverForm([person.name for person in payouts.receivers(payout)], data)


def _add_errors(form: forms.Form, refusal: Refusal) -> int:
    """Put a refusal's sentences at their fields; returns its status."""
    for field, sentence in refusal.problems.items() if isinstance(refusal, Invalid) else ():
        if field not in form.errors:
            form.add_error(field, sentence)
    return refusal.status


def chosen_payouts(rows: QuerySet[Payout], form: PayoutFilter) -> QuerySet[Payout]:
    """What the list shows, and what is exported from it."""
    if form.state:
        rows = rows.filter(status=form.state)
    if form.words:
        rows = rows.filter(
            Q(award__certificate__number__icontains=form.words)
            | Q(award__entry__team__name__icontains=form.words)
        )
    return rows.select_related("award__tier", "award__certificate", "award__entry__team")


def _document(payout: Payout) -> str:
    """Kind and masked number; the number itself is never shown again."""
    number = payout.document_number
    return f"{document_label(payout.document_type)} {mask_document(number)}" if number else ""


def _desk(request: HttpRequest, edition: Edition) -> dict[str, Any]:
    return {
        "menu": menu_of(pages_of(edition, cast(User, request.user)), request.path),
        "menu_title": "工作台",
    }
