"""Take a unit or a representative out, or give a confirmed person back for editing; each asks first."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from competition.arrival import arrived_at
from competition.errors import NotAllowed
from registration import services
from registration.models import Team
from registration.permissions import can_edit_team, get_representative_for, get_unit_for
from registration.steps import Step
from registration.views.wizard import base_context, step_url


def _asked(
    request: HttpRequest, team: Team, step: Step, act: Callable[..., Any], words: dict[str, str], done: str
) -> HttpResponse:
    if not can_edit_team(request.user, team):
        raise NotAllowed("只有报名账号本人可以修改报名信息，且须在提交之前或退回之后。")
    back = step_url(team, step)
    if request.method == "POST":
        act(actor=request.user, version=team.version, at=arrived_at(request))
        messages.success(request, done)
        return redirect(back)
    context = {**base_context(team), **words, "back_url": back}
    return render(request, "registration/sure.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def remove_unit(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask, then remove a unit with its proofs."""
    unit = get_unit_for(request.user, pk)
    proofs = "一并删除" if unit.team.submitted_at is None else "不再属于本报名（审核过的材料由秘书处留存）"
    words = {
        "title": f"移除{unit}？",
        "text": f"这家单位填写的信息和上传的证明材料将{proofs}，所属代表需要重新选择单位。",
        "label": "移除单位",
    }

    def act(**how: Any) -> None:
        services.remove_unit(unit, **how)

    return _asked(request, unit.team, Step.UNITS, act, words, f"{unit}已移除。")


@require_http_methods(["GET", "HEAD", "POST"])
def remove_representative(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask, then remove a representative."""
    person = get_representative_for(request.user, pk)
    words = {
        "title": f"移除{person}？",
        "text": "该代表填写的信息和本人确认将一并删除，之后可以参加其他团队。",
        "label": "移除代表",
    }

    def act(**how: Any) -> None:
        services.remove_representative(person, **how)

    return _asked(request, person.team, Step.PEOPLE, act, words, f"{person}已移除。")


@require_http_methods(["GET", "HEAD", "POST"])
def reopen_representative(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask, then clear a confirmation so that name, document and phone can be changed."""
    person = get_representative_for(request.user, pk)
    words = {
        "title": f"更改{person}的身份信息？",
        "text": "更改姓名、证件或手机后，需要本人用手机验证码重新确认，之前的确认作废。",
        "label": "更改身份信息",
    }

    def act(**how: Any) -> None:
        services.reopen_representative(person, **how)

    return _asked(request, person.team, Step.PEOPLE, act, words, f"现在可以更改{person}的身份信息了。")
