"""The library of works: read by everybody, written by the teams, published by the office."""

from __future__ import annotations

from typing import Any, cast
from urllib.parse import urlencode

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from awards.forms.library import InterestForm, LibraryFilter, WorkForm
from awards.models import Work
from awards.permissions.library import (
    can_answer,
    can_write,
    get_office_work_for,
    get_own_work_for,
    get_public_work,
    is_public,
    public_works,
    require_publisher,
    speaks_for,
)
from awards.services import library
from awards.workflow import WorkStatus
from competition.desk import menu_of, pages_of
from competition.errors import Refusal
from competition.form_schema.values import clean
from competition.keyset import page_by
from competition.middleware import address, edition_of
from competition.models import Edition, User

STATES = {
    WorkStatus.DRAFT: "now",
    WorkStatus.CONSENTED: "wait",
    WorkStatus.PUBLISHED: "done",
    WorkStatus.WITHDRAWN: "closed",
}


@login_not_required
@require_safe
def listing(request: HttpRequest, **kwargs: Any) -> HttpResponse:
    """The published works, newest first."""
    edition = edition_of(request)
    form = LibraryFilter(edition, request.GET)
    page = page_by(_chosen(edition, form), order="published_at", cursor=request.GET.get("after", ""), size=24)
    context = {
        "form": form,
        "works": page.items,
        "filtered": bool(form.query),
        "first_url": "" if page.is_first else f"?{urlencode(form.query)}",
        "next_url": f"?{urlencode({**form.query, 'after': page.next})}" if page.next else "",
    }
    return render(request, "awards/library.html", context)


@login_not_required
@require_safe
def work(request: HttpRequest, pk: int, **kwargs: Any) -> HttpResponse:
    """A work, and how to get in touch with its team."""
    return _work_page(request, get_public_work(edition_of(request), pk), InterestForm(label_suffix=""))


@require_POST
def interest(request: HttpRequest, pk: int, **kwargs: Any) -> HttpResponse:
    """A registered visitor would like to talk to the team."""
    found = get_public_work(edition_of(request), pk)
    form = InterestForm(_cleaned(request), label_suffix="")
    status = 422
    if form.is_valid():
        try:
            library.express_interest(found, visitor=cast(User, request.user), **form.cleaned_data)
        except Refusal as refusal:
            form.refuse(refusal)
            status = refusal.status
        else:
            messages.success(request, "已转告团队，团队会按您留下的联系方式与您联系。")
            return HttpResponseRedirect(address(request, "awards:library_work", pk=pk))
    return _work_page(request, found, form, status)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, pk: int, **kwargs: Any) -> HttpResponse:
    """The team's page of its work: texts, consent, and who wrote."""
    user = cast(User, request.user)
    found = get_own_work_for(user, edition_of(request), pk)
    if request.method != "POST":
        return _own_page(request, found, _form_of(found))
    form = WorkForm(_cleaned(request), label_suffix="")
    status = 422
    if form.is_valid():
        try:
            library.save(found, actor=user, **form.cleaned_data)
        except Refusal as refusal:
            form.refuse(refusal)
            status = refusal.status
        else:
            messages.success(request, "已保存。发布前还需要由报名账号本人同意。")
            return HttpResponseRedirect(address(request, "awards:library_edit", pk=pk))
    return _own_page(request, found, form, status)


@require_POST
def consent(request: HttpRequest, pk: int, **kwargs: Any) -> HttpResponse:
    """The team's owner agrees that it is published."""
    return _decide(request, pk, library.consent, "已同意发布，秘书处发布后可在作品库看到。")


@require_POST
def take_back(request: HttpRequest, pk: int, **kwargs: Any) -> HttpResponse:
    """The team's owner takes the consent back."""
    return _decide(request, pk, library.take_back, "已收回同意，作品不再公开，可以继续修改。")


@never_cache
@require_safe
def desk(request: HttpRequest, **kwargs: Any) -> HttpResponse:
    """Every work of the edition: as many as there are awards."""
    return _desk_page(request)


@require_POST
def publish(request: HttpRequest, pk: int, **kwargs: Any) -> HttpResponse:
    """Publish what the team consented to."""
    user = cast(User, request.user)
    found = get_office_work_for(user, edition_of(request), pk)
    try:
        library.publish(found, actor=user)
    except Refusal as refusal:
        return _desk_page(request, found, refusal)
    messages.success(request, f"“{found.title}”已发布。")
    return HttpResponseRedirect(address(request, "awards:library_desk"))


@require_POST
def put_back(request: HttpRequest, pk: int, **kwargs: Any) -> HttpResponse:
    """Give it back to the team, published or not."""
    user = cast(User, request.user)
    found = get_office_work_for(user, edition_of(request), pk)
    try:
        library.put_back(found, actor=user, reason=clean(request.POST.get("reason", "")))
    except Refusal as refusal:
        return _desk_page(request, found, refusal)
    messages.success(request, f"“{found.title}”已退回团队修改。")
    return HttpResponseRedirect(address(request, "awards:library_desk"))


def _chosen(edition: Edition, form: LibraryFilter) -> QuerySet[Work]:
    rows = public_works(edition)
    if form.chosen("track"):
        rows = rows.filter(award__entry__team__topic__track=form.chosen("track"))
    if form.chosen("tier"):
        rows = rows.filter(award__tier=form.chosen("tier"))
    for word in (form.chosen("q") or "").split()[:5]:
        rows = rows.filter(Q(title__icontains=word) | Q(summary__icontains=word) | Q(wish__icontains=word))
    return rows


def _work_page(request: HttpRequest, found: Work, form: InterestForm, status: int = 200) -> HttpResponse:
    entry = found.award.entry
    context = {
        "work": found,
        "units": entry.team.units.order_by("-is_lead", "position") if entry else [],
        "form": form,
        "may_answer": can_answer(request.user, found),
    }
    return render(request, "awards/work.html", context, status=status)


def _own_page(request: HttpRequest, found: Work, form: WorkForm, status: int = 200) -> HttpResponse:
    user = cast(User, request.user)
    context = {
        "work": found,
        "entry": found.award.entry,
        "form": form,
        "state": STATES[WorkStatus(found.status)],
        "may_write": can_write(user, found),
        "may_consent": speaks_for(user, found),
        "public": is_public(found),
        "interests": found.interests.all(),
    }
    return render(request, "awards/work_edit.html", context, status=status)


def _decide(request: HttpRequest, pk: int, act: Any, sentence: str) -> HttpResponse:
    user = cast(User, request.user)
    found = get_own_work_for(user, edition_of(request), pk)
    try:
        act(found, actor=user)
    except Refusal as refusal:
        form = _form_of(found)
        form.is_bound = False
        messages.error(request, refusal.sentence)
        return _own_page(request, found, form, refusal.status)
    messages.success(request, sentence)
    return HttpResponseRedirect(address(request, "awards:library_edit", pk=pk))


def _desk_page(request: HttpRequest, on: Work | None = None, refusal: Refusal | None = None) -> HttpResponse:
    user, edition = cast(User, request.user), edition_of(request)
    require_publisher(user)
    works = (
        Work.objects.filter(edition=edition)
        .select_related("award__tier", "award__entry__team__topic__track")
        .annotate(asked=Count("interests"))
        .order_by("award__tier__position", "award__position", "pk")
    )
    context = {
        "menu": menu_of(pages_of(edition, user), request.path),
        "menu_title": "工作台",
        "rows": [{"work": one, "state": STATES[WorkStatus(one.status)]} for one in works],
        "on": on.pk if on else None,
        "refusal": refusal,
        "typed": clean(request.POST.get("reason", "")),
    }
    return render(request, "awards/library_desk.html", context, status=refusal.status if refusal else 200)


def _form_of(found: Work) -> WorkForm:
    initial = {name: getattr(found, name) for name in ("title", "summary", "wish", "version")}
    return WorkForm(initial=initial, label_suffix="")


def _cleaned(request: HttpRequest) -> dict[str, str]:
    return {name: clean(str(value)) for name, value in request.POST.items()}
