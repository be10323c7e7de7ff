"""Publicity at the secretariat: notices to propose, publish and lengthen, and the calendar of working days."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, cast

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from awards.forms.notices import DayForm, LengthenForm, ProposeForm, PublishForm
from awards.models import CalendarDay, PublicityNotice
from awards.permissions.notices import (
    can_lengthen,
    can_publish,
    can_withdraw,
    get_notice_for,
    works_on_notices,
)
from awards.services import notices as services
from awards.views.publicity import grouped, outcomes
from awards.workflow import AwardStatus, NoticeStatus
from competition import clock
from competition.desk import menu_of, pages_of
from competition.errors import Refusal
from competition.keyset import page_by
from competition.middleware import address, edition_of
from competition.models import Edition, User
from judging.forms.verification import PlainForm

STATES = {
    NoticeStatus.PROPOSED: "wait",
    NoticeStatus.PUBLISHED: "official",
    NoticeStatus.CONCLUDED: "done",
    NoticeStatus.WITHDRAWN: "closed",
}


@never_cache
@require_safe
def listing(request: HttpRequest, **kwargs: Any) -> HttpResponse:
    """All notices of the edition (a handful), and the form to propose the next one."""
    edition = _open(request)
    form = ProposeForm(label_suffix="", initial={"title": services.default_title(edition)})
    return _list_page(request, edition, form)


@require_POST
def propose(request: HttpRequest, **kwargs: Any) -> HttpResponse:
    """Propose to publish the awards that no notice holds yet."""
    edition = _open(request)
    form = ProposeForm(request.POST, label_suffix="")
    status = 422
    if form.is_valid():
        try:
            notice = services.propose(edition, actor=cast(User, request.user), **form.cleaned_data)
        except Refusal as refusal:
            form.refuse(refusal)
            status = refusal.status
        else:
            messages.success(request, "公示已拟定，请核对名单；由另一位秘书处负责人发布。")
            return HttpResponseRedirect(address(request, "awards:notices_case", number=notice.number))
    return _list_page(request, edition, form, status)


@never_cache
@require_safe
def case(request: HttpRequest, number: int, **kwargs: Any) -> HttpResponse:
    """A notice with its list, what may be done to it, and how its days were counted."""
    return _case_page(request, get_notice_for(cast(User, request.user), edition_of(request), number))


@require_POST
def publish(request: HttpRequest, number: int, **kwargs: Any) -> HttpResponse:
    """Publish it."""
    form = PublishForm(request.POST)

    def act(notice: PublicityNotice, user: User) -> str:
        notice = services.publish(notice, actor=user, last_day=form.cleaned_data["last_day"])
        return f"已发布，公示期至{services.until_text(notice)}，团队会收到通知。"

    return _act(request, number, form, act, publish=form)


@require_POST
def lengthen(request: HttpRequest, number: int, **kwargs: Any) -> HttpResponse:
    """Let it end later."""
    form = LengthenForm(request.POST, label_suffix="", prefix="lengthen")

    def act(notice: PublicityNotice, user: User) -> str:
        notice = services.lengthen(notice, actor=user, **form.cleaned_data)
        return f"公示期已延长至{services.until_text(notice)}。"

    return _act(request, number, form, act, lengthen=form)


@require_POST
def withdraw(request: HttpRequest, number: int, **kwargs: Any) -> HttpResponse:
    """Take back what is not published."""

    def act(notice: PublicityNotice, user: User) -> str:
        services.withdraw(notice, actor=user)
        return "公示已撤回，可以重新拟定。"

    return _act(request, number, PlainForm(request.POST), act)


@never_cache
@require_safe
def calendar(request: HttpRequest, **kwargs: Any) -> HttpResponse:
    """Days that staff entered over the published calendar, the latest first."""
    return _calendar_page(request, _open(request), DayForm(label_suffix=""))


@require_POST
def enter_day(request: HttpRequest, **kwargs: Any) -> HttpResponse:
    """Enter a working day or a day off."""
    edition = _open(request)
    form = DayForm(request.POST, label_suffix="")
    status = 422
    if form.is_valid():
        try:
            row = services.enter_day(edition, actor=cast(User, request.user), **form.cleaned_data)
        except Refusal as refusal:
            form.refuse(refusal)
            status = refusal.status
        else:
            messages.success(request, f"已录入：{row}。")
            return HttpResponseRedirect(address(request, "awards:notices_calendar"))
    return _calendar_page(request, edition, form, status)


def _act(
    request: HttpRequest,
    number: int,
    form: PlainForm,
    act: Callable[[PublicityNotice, User], str],
    **forms: PlainForm,
) -> HttpResponse:
    """Do it if the form's shape is right; a refusal keeps what was typed."""
    user, edition = cast(User, request.user), edition_of(request)
    notice = get_notice_for(user, edition, number)
    status, refusal = 422, None
    if form.is_valid():
        try:
            messages.success(request, act(notice, user))
        except Refusal as caught:
            form.refuse(caught)
            status, refusal = caught.status, caught
        else:
            return HttpResponseRedirect(address(request, "awards:notices_case", number=number))
    notice = get_notice_for(user, edition, number)
    return _case_page(request, notice, status=status, refusal=refusal, **forms)


def _open(request: HttpRequest) -> Edition:
    if not works_on_notices(cast(User, request.user)):
        raise Http404("notices")
    return edition_of(request)


def _list_page(request: HttpRequest, edition: Edition, form: ProposeForm, status: int = 200) -> HttpResponse:
    rows = list(
        PublicityNotice.objects.filter(edition=edition)
        .select_related("proposed_by", "published_by")
        .defer("content")
    )
    waits = any(row.status == NoticeStatus.PROPOSED for row in rows)
    ready = services.proposable(edition).count()
    context = {
        **_desk(request),
        "rows": [{"notice": row, "state": STATES[NoticeStatus(row.status)]} for row in rows],
        "ready": ready,
        "form": form if form.is_bound or (ready and not waits) else None,
    }
    return render(request, "awards/notices.html", context, status=status)


def _case_page(
    request: HttpRequest,
    notice: PublicityNotice,
    *,
    status: int = 200,
    refusal: Refusal | None = None,
    **forms: PlainForm,
) -> HttpResponse:
    user, edition = cast(User, request.user), edition_of(request)
    proposed = notice.status == NoticeStatus.PROPOSED
    notice.edition = edition
    if proposed:
        awards = services.awards_of(notice).filter(status=AwardStatus.PROPOSED)
        content, given = services.content_from(awards), services.period_from(edition, clock.now(edition))
    else:
        content, given = notice.content, services.period_of(notice)
    unknown = proposed and given is not None and given.needs_confirmation
    publishing = forms.get("publish") or (PublishForm(needed=unknown) if can_publish(user, notice) else None)
    lengthening = forms.get("lengthen")
    if lengthening is None and can_lengthen(user, notice) and not services.is_over(notice):
        lengthening = LengthenForm(label_suffix="", prefix="lengthen")
    context = {
        **_desk(request),
        "notice": notice,
        "state": STATES[NoticeStatus(notice.status)],
        "groups": grouped(content, outcomes(notice)),
        "given": given,
        "unknown": unknown,
        "until": services.until_text(notice),
        "publish_form": publishing,
        "lengthen_form": lengthening,
        "may_withdraw": can_withdraw(user, notice),
        "bound": [form for form in forms.values() if form.is_bound],
        "refusal": refusal if not forms else None,
    }
    return render(request, "awards/notice.html", context, status=status)


def _calendar_page(request: HttpRequest, edition: Edition, form: DayForm, status: int = 200) -> HttpResponse:
    rows = CalendarDay.objects.select_related("entered_by")
    page = page_by(rows, order="day", cursor=request.GET.get("after", ""), size=60)
    context = {**_desk(request), "page": page, "form": form}
    return render(request, "awards/calendar.html", context, status=status)


def _desk(request: HttpRequest) -> dict[str, Any]:
    pages = pages_of(edition_of(request), cast(User, request.user))
    return {"menu": menu_of(pages, request.path), "menu_title": "工作台"}
