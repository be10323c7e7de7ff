"""The ceremony: the office says when and where, everybody reads it with the run list (R32, R33)."""

from __future__ import annotations

from itertools import groupby
from typing import Any, cast

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from awards.forms.library import CeremonyForm
from awards.models import Award, Ceremony
from awards.permissions.library import require_publisher
from awards.services import ceremony
from competition.desk import menu_of, pages_of
from competition.errors import Refusal
from competition.form_schema.values import clean
from competition.middleware import address, edition_of
from competition.models import Edition, User


@login_not_required
@require_safe
def page(request: HttpRequest, **kwargs: Any) -> HttpResponse:
    """Date, place, and who is honoured in which order; before it is public, that it will come."""
    edition = edition_of(request)
    found = Ceremony.objects.filter(edition=edition, is_public=True).first()
    context = {"ceremony": found, "parts": _parts(edition) if found else []}
    return render(request, "awards/ceremony.html", context)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def desk(request: HttpRequest, **kwargs: Any) -> HttpResponse:
    """The office's page, with the run list as it stands."""
    user, edition = cast(User, request.user), edition_of(request)
    require_publisher(user)
    found = Ceremony.objects.filter(edition=edition).first()
    names = ("starts_at", "place", "body", "is_public")
    initial = {name: getattr(found, name) for name in names} if found else {}
    typed = {name: clean(str(value)) for name, value in request.POST.items()}
    form = CeremonyForm(typed if request.method == "POST" else None, initial=initial, label_suffix="")
    if form.is_bound and _saved(form, edition, user):
        messages.success(request, "颁奖安排已保存。")
        return HttpResponseRedirect(address(request, "awards:library_ceremony_desk"))
    context = {
        "menu": menu_of(pages_of(edition, user), request.path),
        "menu_title": "工作台",
        "form": form,
        "ceremony": found,
        "parts": _parts(edition),
    }
    return render(request, "awards/ceremony_desk.html", context, status=422 if form.is_bound else 200)


def _saved(form: CeremonyForm, edition: Edition, user: User) -> bool:
    if form.is_valid():
        try:
            ceremony.save(edition, actor=user, **form.cleaned_data)
            return True
        except Refusal as refusal:
            form.refuse(refusal)
    return False


def _parts(edition: Edition) -> list[dict[str, Any]]:
    """The run list by prize, each with its awards in order."""
    return [
        {"tier": tier, "awards": [_honoured(award) for award in awards]}
        for tier, awards in groupby(ceremony.run_list(edition), key=lambda award: award.tier)
    ]


def _honoured(award: Award) -> dict[str, Any]:
    if award.entry is None:
        return {"name": award.unit_name, "units": []}
    team = award.entry.team
    units = sorted(team.units.all(), key=lambda unit: (not unit.is_lead, unit.position))
    return {"name": team.project_name, "units": [unit.name for unit in units]}
