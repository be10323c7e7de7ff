"""Opportunities: read by everybody, kept by the office (R87)."""

from __future__ import annotations

from typing import Any, cast

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from awards.forms.library import OpportunityForm
from awards.models import Opportunity
from awards.permissions.library import get_opportunity_for, require_publisher
from awards.services import opportunities
from competition.desk import menu_of, pages_of
from competition.errors import Refusal
from competition.form_schema.values import clean
from competition.keyset import page_by
from competition.middleware import address, edition_of
from competition.models import Edition, User


@login_not_required
@require_safe
def listing(request: HttpRequest, **kwargs: Any) -> HttpResponse:
    """What is published and not over, newest first, of one track or of all."""
    edition = edition_of(request)
    tracks = list(edition.tracks.order_by("number"))
    chosen = next((one for one in tracks if str(one.number) == request.GET.get("track", "")), None)
    rows = opportunities.public(edition)
    page = page_by(
        rows.filter(track=chosen) if chosen else rows,
        order="published_at",
        cursor=request.GET.get("after", ""),
    )
    context = {"page": page, "tracks": tracks, "chosen": chosen}
    return render(request, "awards/opportunities.html", context)


@login_not_required
@require_safe
def opportunity(request: HttpRequest, pk: int, **kwargs: Any) -> HttpResponse:
    """One opportunity to read."""
    found = opportunities.public(edition_of(request)).filter(pk=pk).first()
    if found is None:
        raise Http404("opportunity")
    return render(request, "awards/opportunity.html", {"opportunity": found})


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def desk(request: HttpRequest, **kwargs: Any) -> HttpResponse:
    """The office's list, page by page, and a form to add one."""
    user, edition = cast(User, request.user), edition_of(request)
    require_publisher(user)
    form = OpportunityForm(edition, _typed(request))
    if form.is_bound and _saved(form, None, edition, user):
        messages.success(request, "已添加，发布后公众可以看到。")
        return HttpResponseRedirect(address(request, "awards:library_opportunities_desk"))
    rows = Opportunity.objects.filter(edition=edition).select_related("track")
    page = page_by(rows, order="id", cursor=request.GET.get("after", ""))
    context = {**_menu(request, edition), "form": form, "page": page}
    return render(request, "awards/opportunities_desk.html", context, status=422 if form.is_bound else 200)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, pk: int, **kwargs: Any) -> HttpResponse:
    """Correct one."""
    user, edition = cast(User, request.user), edition_of(request)
    found = get_opportunity_for(user, edition, pk)
    form = OpportunityForm(edition, _typed(request), found)
    if form.is_bound and _saved(form, found, edition, user):
        messages.success(request, "已保存。")
        return HttpResponseRedirect(address(request, "awards:library_opportunities_desk"))
    context = {**_menu(request, edition), "form": form, "opportunity": found}
    return render(request, "awards/opportunity_edit.html", context, status=422 if form.is_bound else 200)


@require_POST
def show(request: HttpRequest, pk: int, **kwargs: Any) -> HttpResponse:
    """Publish one, or take it down."""
    user = cast(User, request.user)
    found = get_opportunity_for(user, edition_of(request), pk)
    if request.POST.get("verb") == "take_down":
        opportunities.take_down(found, actor=user)
        messages.success(request, f"“{found.title}”已撤下。")
    else:
        opportunities.publish(found, actor=user)
        messages.success(request, f"“{found.title}”已发布。")
    return HttpResponseRedirect(address(request, "awards:library_opportunities_desk"))


def _saved(form: OpportunityForm, found: Opportunity | None, edition: Edition, user: User) -> bool:
    if form.is_valid():
        try:
            opportunities.save(found, edition=edition, actor=user, **form.cleaned_data)
            return True
        except Refusal as refusal:
            form.refuse(refusal)
    return False


def _typed(request: HttpRequest) -> dict[str, str] | None:
    if request.method != "POST":
        return None
    return {name: clean(str(value)) for name, value in request.POST.items()}


def _menu(request: HttpRequest, edition: Edition) -> dict[str, Any]:
    pages = pages_of(edition, cast(User, request.user))
    return {"menu": menu_of(pages, request.path), "menu_title": "工作台"}
