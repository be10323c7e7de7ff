"""The steps of the registration: shown, saved field by field or as a whole, everything as typed."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from competition import clock
from competition.arrival import arrived_at
from competition.errors import Invalid, NotAllowed, Refusal, StaleVersion
from competition.middleware import refusal_response, wants_json
from registration import services
from registration.forms import PersonForm, TeamForm, TopicForm, UnitForm
from registration.models import Team
from registration.permissions import get_representative_for, get_team_for, owns
from registration.services.editing import is_yes
from registration.steps import Step
from registration.terms import terms_of
from registration.views import step_pages
from registration.views.wizard import anchor, look_at, step_url


@require_http_methods(["GET", "HEAD", "POST"])
def step(request: HttpRequest, pk: int, step: Step) -> HttpResponse:
    """One step: GET shows it, POST saves it; a script gets JSON, a refusal keeps what was typed."""
    team = get_team_for(request.user, pk)
    if not owns(request.user, team):
        raise NotAllowed("只有报名账号本人可以修改报名信息，您可以查看报名进展。")
    if request.method != "POST":
        if not team.is_editable:
            messages.info(request, f"报名当前为“{team.get_status_display()}”，信息不能修改。")
            return redirect(team)
        return render(request, f"registration/steps/{step}.html", step_pages.context(look_at(team), step))
    try:
        saved = save(team, step, request)
        target = follow(saved, step, request)
    except Refusal as refusal:
        return _refused(request, team, step, refusal)
    if wants_json(request):
        return _saved(saved, step)
    return redirect(target)


def save(team: Team, step: Step, request: HttpRequest) -> Team:
    """Save what the step's page sent."""
    post, actor, at = request.POST, request.user, arrived_at(request)
    common: dict[str, Any] = {"version": _version(post), "actor": actor, "at": at}
    if step == Step.TEAM:
        return services.save_team(team, values=TeamForm.typed(post), **common)
    if step == Step.UNITS:
        return services.save_units(team, values=_units(post), **common)
    if step == Step.PEOPLE:
        return services.save_representatives(team, values=_people(post), **common)
    if step == Step.TOPIC:
        values = TopicForm.typed(post)
        if not team.submitted_at or post.get("topic"):
            values["topic"] = post.get("topic", "")
        return services.save_team(team, values=values, **common)
    if step == Step.SUBMIT:
        values = {
            f"declaration_{key}": post.get(f"declaration_{key}", "") for key in post.getlist("declaration")
        }
        if _declared_already(team, values) and common["version"] == team.version:
            return team  # after the deadline a returned registration is handed in again, but not changed
        return services.save_team(team, values=values, **common)
    return team


def _declared_already(team: Team, values: dict[str, str]) -> bool:
    return all(
        is_yes(value) == (name.removeprefix("declaration_") in team.declarations)
        for name, value in values.items()
    )


def _version(post: QueryDict) -> int:
    version = post.get("version", "")
    return int(version) if version.isdecimal() and len(version) < 10 else -1


def _number(text: str) -> int:
    """An id that a button or field sent; 0, which nothing has, for anything else."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 18 else 0


def _ids(post: QueryDict, name: str) -> list[int]:
    return [pk for pk in map(_number, post.getlist(name)) if pk]


def _units(post: QueryDict) -> dict[int, dict[str, str]]:
    values = {pk: UnitForm.typed(post, f"units.{pk}") for pk in _ids(post, "unit")}
    for pk in _ids(post, "lead"):
        values.setdefault(pk, {})["is_lead"] = "yes"
    return values


def _people(post: QueryDict) -> dict[int, dict[str, str]]:
    values = {pk: PersonForm.typed(post, f"representatives.{pk}") for pk in _ids(post, "person")}
    for pk in _ids(post, "contact"):
        values.setdefault(pk, {})["is_contact"] = "yes"
    return values


def follow(team: Team, step: Step, request: HttpRequest) -> str:
    """Do what the pressed button says after saving; the address to go to."""
    verb, _, key = request.POST.get("then", "next").partition(":")
    common: dict[str, Any] = {"actor": request.user, "at": arrived_at(request)}
    here = step_url(team, step)
    if verb == "add":
        add = services.add_unit if step == Step.UNITS else services.add_representative
        added = add(team, version=team.version, **common)
        noun = "units" if step == Step.UNITS else "representatives"
        return f"{here}#{anchor(f'{noun}.{added.pk}')}"
    if verb == "send":
        person = services.send_confirmation(get_representative_for(request.user, _number(key)), **common)
        minutes = terms_of(team.edition).code_minutes
        messages.success(request, f"确认短信已发给{person.name}，请提醒本人在{minutes}分钟内确认。")
        return f"{here}#{anchor(f'representatives.{key}')}"
    if verb == "remind":
        _tell_reminded(request, *services.remind(team, **common))
        return here
    if verb == "submit":
        services.submit(team, version=team.version, **common)
        messages.success(request, "报名已提交，等待资格审核。审核结果会通知您。")
        return team.get_absolute_url()
    return step_pages.target(team, step, verb, key)


def _tell_reminded(request: HttpRequest, sent: list[str], refused: dict[str, str]) -> None:
    if sent:
        messages.success(request, f"确认短信已发给{'、'.join(sent)}。")
    for name, sentence in refused.items():
        messages.warning(request, f"{name}：{sentence}")


def _saved(team: Team, step: Step) -> HttpResponse:
    wizard = look_at(team)
    problems = [
        {"path": one.path, "sentence": wizard.problems[one.path]}
        for one in wizard.missing
        if one.wrong and one.step == step
    ]
    body = {
        "version": team.version,
        "saved_at": timezone.localtime(clock.at(team.edition, team.updated_at)).isoformat(),
        "problems": problems,
        "progress": wizard.progress(),
        "missing": [one.path for one in wizard.missing],
        "missing_here": wizard.missing_here(step),
    }
    return JsonResponse(body)


def _refused(request: HttpRequest, team: Team, step: Step, refusal: Refusal) -> HttpResponse:
    """The page again with everything that was typed, and the sentence; JSON for a script."""
    if wants_json(request):
        return refusal_response(request, refusal)
    team.refresh_from_db()
    if not team.is_editable:
        return refusal_response(request, refusal)
    problems = refusal.problems if isinstance(refusal, Invalid) else {}
    context = step_pages.context(look_at(team), step, data=request.POST, problems=problems)
    if isinstance(refusal, StaleVersion):
        context["stale"] = True
    context["refusal"] = refusal
    return render(request, f"registration/steps/{step}.html", context, status=refusal.status)
