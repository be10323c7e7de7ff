"""Awards at the secretariat: the list by prize, awards to units, one award with its course and its end."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, cast

from django.contrib import messages
from django.db.models import Exists, OuterRef
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from awards.forms.awarding import RevocationForm, UnitAwardForm
from awards.models import Award, Revocation
from awards.permissions.awarding import (
    can_confirm_revocation,
    can_propose_revocation,
    get_award_for,
    sees_awards,
)
from awards.services import awarding, revoking
from awards.workflow import STANDING, AwardStatus
from competition.desk import menu_of, pages_of
from competition.errors import Refusal, WrongState
from competition.middleware import address, edition_of
from competition.models import Edition, User

STATES = {
    AwardStatus.PROPOSED: "wait",
    AwardStatus.PUBLISHED: "now",
    AwardStatus.CONFIRMED: "done",
    AwardStatus.VOID: "closed",
    AwardStatus.REVOKED: "rejected",
    AwardStatus.RECLAIMED: "rejected",
}


@never_cache
@require_safe
def listing(request: HttpRequest, **kwargs: Any) -> HttpResponse:
    """All awards of the edition by prize: as many as the edition's data says, and a few of units."""
    return _list_page(request, _open(request))


@require_POST
def propose(request: HttpRequest, **kwargs: Any) -> HttpResponse:
    """Propose the prizes as the final decided them."""
    edition = _open(request)
    try:
        awards = awarding.propose(edition, actor=cast(User, request.user))
    except Refusal as refusal:
        return _list_page(request, edition, refusal=refusal)
    messages.success(request, f"已拟定{len(awards)}个奖项，可以拟定公示。")
    return HttpResponseRedirect(address(request, "awards:awarding_list"))


@require_POST
def add_unit(request: HttpRequest, **kwargs: Any) -> HttpResponse:
    """Enter an award to a unit."""
    edition = _open(request)
    form = UnitAwardForm(edition, request.POST)
    status = 422
    if form.is_valid():
        try:
            awarding.add_unit_award(edition, actor=cast(User, request.user), **form.cleaned_data)
        except Refusal as refusal:
            form.refuse(refusal)
            status = refusal.status
        else:
            messages.success(request, f"已登记“{form.cleaned_data['unit_name']}”。")
            return HttpResponseRedirect(address(request, "awards:awarding_list"))
    return _list_page(request, edition, form=form, status=status)


@never_cache
@require_safe
def case(request: HttpRequest, pk: int, **kwargs: Any) -> HttpResponse:
    """One award."""
    return _case_page(request, get_award_for(cast(User, request.user), edition_of(request), pk))


@require_POST
def revoke(request: HttpRequest, pk: int, **kwargs: Any) -> HttpResponse:
    """Propose to cancel an award."""
    user = cast(User, request.user)
    award = get_award_for(user, edition_of(request), pk)
    form = RevocationForm(request.POST, label_suffix="")
    status = 422
    if form.is_valid():
        try:
            revoking.propose_revocation(award, actor=user, reason=form.cleaned_data["reason"])
        except Refusal as refusal:
            form.refuse(refusal)
            status = refusal.status
        else:
            messages.success(request, "取消提议已提出，另一位秘书处负责人确认后生效。")
            return HttpResponseRedirect(address(request, "awards:awarding_case", pk=pk))
    return _case_page(request, award, form=form, status=status)


@require_POST
def confirm(request: HttpRequest, pk: int, **kwargs: Any) -> HttpResponse:
    """Agree that the award ends."""

    def act(revocation: Revocation, user: User) -> str:
        award = revoking.confirm_revocation(revocation, actor=user)
        return f"{award.tier.name}{'已撤销' if award.status == AwardStatus.REVOKED else '已取消'}，团队会收到通知。"

    return _decide(request, pk, act)


@require_POST
def refuse(request: HttpRequest, pk: int, **kwargs: Any) -> HttpResponse:
    """Do not agree; the award stands."""

    def act(revocation: Revocation, user: User) -> str:
        revoking.refuse_revocation(revocation, actor=user)
        return "未同意取消，奖项保持原状。"

    return _decide(request, pk, act)


def _decide(request: HttpRequest, pk: int, act: Callable[[Revocation, User], str]) -> HttpResponse:
    user = cast(User, request.user)
    award = get_award_for(user, edition_of(request), pk)
    pending = _pending(award)
    try:
        if pending is None:
            raise WrongState("没有等待确认的取消提议。")
        messages.success(request, act(pending, user))
    except Refusal as refusal:
        return _case_page(request, award, refusal=refusal)
    return HttpResponseRedirect(address(request, "awards:awarding_case", pk=pk))


def _open(request: HttpRequest) -> Edition:
    if not sees_awards(cast(User, request.user)):
        raise Http404("awards")
    return edition_of(request)


def _list_page(
    request: HttpRequest,
    edition: Edition,
    *,
    form: UnitAwardForm | None = None,
    refusal: Refusal | None = None,
    status: int = 200,
) -> HttpResponse:
    pending = Revocation.objects.filter(award=OuterRef("pk"), decided_by__isnull=True)
    awards = list(
        Award.objects.filter(edition=edition)
        .select_related("tier", "entry__team__topic__track")
        .annotate(is_questioned=Exists(pending))
    )
    has_prizes = any(award.entry_id for award in awards)
    context = {
        **_desk(request),
        "groups": _groups(awards),
        "has_prizes": has_prizes,
        "may_propose": not has_prizes and awarding.final_is_confirmed(edition),
        "due_fen": sum(award.amount_fen for award in awards if award.status in STANDING),
        "total_fen": edition.data["prize_total_fen"],
        "form": form or UnitAwardForm(edition),
        "refusal": refusal,
    }
    return render(request, "awards/awards.html", context, status=refusal.status if refusal else status)


def _groups(awards: list[Award]) -> list[dict[str, Any]]:
    """Awards by tier, in the order of the tiers, with how many stand."""
    tiers = {award.tier_id: award.tier for award in awards}
    return [
        {
            "tier": tier,
            "standing": sum(award.tier_id == pk and award.status in STANDING for award in awards),
            "rows": [
                {"award": award, "state": STATES[AwardStatus(award.status)]}
                for award in awards
                if award.tier_id == pk
            ],
        }
        for pk, tier in tiers.items()
    ]


def _case_page(
    request: HttpRequest,
    award: Award,
    *,
    form: RevocationForm | None = None,
    refusal: Refusal | None = None,
    status: int = 200,
) -> HttpResponse:
    user = cast(User, request.user)
    pending = _pending(award) if award.status in STANDING else None
    may_propose = pending is None and can_propose_revocation(user, award)
    context = {
        **_desk(request),
        "award": award,
        "state": STATES[AwardStatus(award.status)],
        "pending": pending,
        "may_confirm": pending is not None and can_confirm_revocation(user, pending),
        "form": form or (RevocationForm(label_suffix="") if may_propose else None),
        "history": _history(award),
        "refusal": refusal,
    }
    return render(request, "awards/award.html", context, status=refusal.status if refusal else status)


def _history(award: Award) -> list[dict[str, Any]]:
    notice = award.notice
    events = [{"at": award.proposed_at, "who": award.proposed_by.display_name, "text": "拟定"}]
    if notice is not None and notice.published_at:
        events.append({"at": notice.published_at, "who": "", "text": f"第{notice.number}次公示"})
    if award.confirmed_at:
        events.append({"at": award.confirmed_at, "who": "", "text": "公示期满，已确认"})
    for one in award.revocations.select_related("proposed_by", "decided_by"):
        who = one.proposed_by.display_name
        events.append({"at": one.proposed_at, "who": who, "text": "提出取消", "note": one.reason})
        if one.decided_by and one.decided_at:
            word = "同意取消" if one.is_confirmed else "未同意取消"
            events.append({"at": one.decided_at, "who": one.decided_by.display_name, "text": word})
    if award.ended_at:
        text = award.get_status_display()
        events.append({"at": award.ended_at, "who": "", "text": text, "note": award.ended_why})
    return sorted(events, key=lambda event: event["at"], reverse=True)


def _pending(award: Award) -> Revocation | None:
    waiting = award.revocations.filter(decided_by__isnull=True).select_related("proposed_by")
    found: Revocation | None = waiting.first()
    if found is not None:
        found.award = award
    return found


def _desk(request: HttpRequest) -> dict[str, Any]:
    pages = pages_of(edition_of(request), cast(User, request.user))
    return {"menu": menu_of(pages, request.path), "menu_title": "工作台"}
