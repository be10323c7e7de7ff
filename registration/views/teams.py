"""My teams, one team's page, starting and withdrawing."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from competition import stages
from competition.accounts.forms import NameForm
from competition.arrival import arrived_at
from competition.errors import NotAllowed
from competition.middleware import edition_of
from registration import services
from registration.models import Team
from registration.permissions import can_edit_team, can_withdraw_team, get_team_for, owns
from registration.registries import cards_of
from registration.steps import Step
from registration.views import team_pages
from registration.views.corrections import may_correct
from registration.views.wizard import base_context, look_at, step_url


@require_safe
def teams(request: HttpRequest) -> HttpResponse:
    """The teams that one owns or represents, newest first; first what needs doing."""
    edition = edition_of(request)
    mine = list(
        Team.objects.belonging_to(request.user).select_related("topic__track", "edition").order_by("-id")
    )
    registration = stages.view(edition, stages.REGISTRATION)
    context = {
        "rows": [team_pages.list_row(team, request.user) for team in mine],
        "todos": team_pages.list_todos(mine, request.user, registration),
        "registration": registration,
        "may_start": registration is not None and registration.phase == stages.Phase.OPEN,
    }
    return render(request, "registration/teams.html", context)


@require_POST
def start(request: HttpRequest) -> HttpResponse:
    """Start a registration and open its first step; who has no name yet is asked for it, once."""
    if not request.user.full_name.strip():
        form = NameForm(request.POST if "full_name" in request.POST else None, instance=request.user)
        if not form.is_valid():
            return render(request, "registration/own_name.html", {"form": form}, status=_asked(form))
        form.save()
    team = services.start_team(
        request.user, edition=edition_of(request), at=arrived_at(request), with_first_rows=True
    )
    return redirect(step_url(team, Step.TEAM))


def _asked(form: NameForm) -> int:
    return 422 if form.is_bound else 200


@require_safe
def team(request: HttpRequest, pk: int) -> HttpResponse:
    """One team: what to do now, where it stands, its timeline, what was registered."""
    found = get_team_for(request.user, pk)
    wizard, cards = look_at(found), cards_of(found, request.user)
    overview = stages.overview(found.edition)
    context: dict[str, Any] = {
        **base_context(found, overview),
        "wizard": wizard,
        "state": team_pages.state_of(found),
        "todos": [*team_pages.todos_of(wizard, request.user, overview), *team_pages.card_todos(cards)],
        "cards": cards,
        "events": team_pages.events_of(found),
        "next_steps": team_pages.next_of(found, overview),
        "summary": team_pages.summary_of(wizard),
        "may_take_back": team_pages.may_take_back(found, request.user, overview),
        "may_edit": can_edit_team(request.user, found),
        "may_correct": may_correct(found, request.user),
        "may_withdraw": can_withdraw_team(request.user, found),
        "is_owner": owns(request.user, found),
    }
    return render(request, "registration/team.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def take_back(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask, then give a submitted registration back for correction."""
    found = get_team_for(request.user, pk)
    if not owns(request.user, found):
        raise NotAllowed("只有报名账号本人可以撤回修改。")
    if request.method == "POST":
        services.take_back(found, actor=request.user, at=arrived_at(request))
        messages.success(request, "报名已撤回到填写状态。修改后请在报名截止前重新提交，否则不进入资格审核。")
        return redirect(step_url(found, Step.TEAM))
    words = {
        "title": "撤回修改？",
        "text": "报名回到填写状态，审核暂停；修改后须在报名截止前重新提交。赛题不能更改，已确认的代表无需重新确认。",
        "label": "撤回修改",
        "back_url": found.get_absolute_url(),
    }
    return render(request, "registration/sure.html", {**base_context(found), **words})


@require_http_methods(["GET", "HEAD", "POST"])
def withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask whether the team really will not take part, then withdraw it."""
    found = get_team_for(request.user, pk)
    if not owns(request.user, found):
        raise NotAllowed("只有报名账号本人可以撤回报名。")
    if request.method == "POST":
        if request.POST.get("sure") != "yes":
            context = {**base_context(found), "problem": "请勾选确认，表示您了解撤回的后果。"}
            return render(request, "registration/withdraw.html", context, status=422)
        withdrawn = services.withdraw(found, actor=request.user, at=arrived_at(request))
        messages.success(request, f"{withdrawn}已撤回，不再参加本届比赛。")
        return redirect(withdrawn)
    return render(request, "registration/withdraw.html", base_context(found))
