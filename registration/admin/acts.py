"""What officers do on the case page: claim, look credit records up, decide, see numbers in full."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date
from typing import Any, cast

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Q
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from competition import audit
from competition.errors import Invalid, Refusal
from competition.models import User
from registration import permissions, services
from registration.models import Team
from registration.services import claiming, lookups
from registration.workflow import TeamStatus, Verdict

Page = Callable[..., HttpResponse]


def whole(text: str) -> int:
    """A number that was typed or sent; -1 for anything else."""
    return int(text) if text.isdecimal() and text.isascii() and len(text) < 10 else -1


def case_url(pk: int) -> str:
    return reverse("admin:registration_team_change", args=[pk])


def _team(request: HttpRequest, pk: int) -> Team:
    """The team for an officer who posts something."""
    if request.method != "POST" or not permissions.is_officer(request.user):
        raise PermissionDenied
    return permissions.get_team_for(request.user, pk)


def neighbours(team: Team, officer: User) -> tuple[Team | None, Team | None]:
    """The waiting cases before and after this one that are with nobody else; one query."""
    free = Q(claimed_by__isnull=True) | Q(claimed_by=officer)
    rows = Team.objects.filter(free, edition=team.edition, status=TeamStatus.SUBMITTED).exclude(pk=team.pk)
    first = rows.order_by("submitted_at", "id")
    if team.submitted_at is None:
        return None, first.first()
    at, pk = team.submitted_at, team.pk
    later = first.filter(Q(submitted_at__gt=at) | Q(submitted_at=at, pk__gt=pk))[:1]
    earlier = rows.filter(Q(submitted_at__lt=at) | Q(submitted_at=at, pk__lt=pk))
    last = earlier.order_by("-submitted_at", "-id")[:1]
    found = {(row.submitted_at, row.pk): row for row in first[:1].union(later, last)}
    before = [key for key in found if key < (at, pk)]
    after = [key for key in found if key > (at, pk)]
    following = min(after) if after else min(before, default=None)
    return (found[max(before)] if before else None), (found[following] if following else None)


def typed_in(request: HttpRequest) -> dict[str, Any]:
    """What was typed before an act was refused, to stay on the page."""
    post = request.POST
    return {
        "reason": post.get("reason", ""),
        "override": post.get("override", ""),
        "template": post.get("template", ""),
        "marks": field_reasons(post.items()),
        "note": post.get("note", ""),
        "looked_on": post.get("looked_on", ""),
        "outcome": post.get("outcome", ""),
        "rows": post.getlist("row"),
    }


def decide(request: HttpRequest, pk: int, page: Page) -> HttpResponse:
    """Approve, return, reject or disqualify as the pressed button says; refusals keep what was typed."""
    team = _team(request, pk)
    try:
        sentence = _decide(team, request)
    except Refusal as refusal:
        return _refused(request, pk, page, refusal)
    messages.success(request, sentence)
    _, following = neighbours(team, cast(User, request.user))
    if following is None or request.POST.get("verdict") == Verdict.DISQUALIFY:
        return HttpResponseRedirect(case_url(pk))
    return HttpResponseRedirect(case_url(following.pk))


def claim(request: HttpRequest, pk: int, page: Page) -> HttpResponse:
    """Claim the case, take it over, or put it back, as the pressed button says."""
    team, officer = _team(request, pk), cast(User, request.user)
    acts = {
        "claim": (claiming.claim, "已领取，请审核。"),
        "take_over": (claiming.take_over, "已接手，原经办人会收到通知。"),
        "release": (claiming.release_claim, "已放回，其他工作人员可以领取。"),
    }
    try:
        if request.POST.get("act") not in acts:
            raise Refusal("请选择领取、接手或放回。")
        act, sentence = acts[request.POST["act"]]
        act(team, officer=officer)
    except Refusal as refusal:
        return _refused(request, pk, page, refusal)
    messages.success(request, sentence)
    return HttpResponseRedirect(case_url(pk))


def look_up(request: HttpRequest, pk: int, page: Page) -> HttpResponse:
    """Record the ticked look-ups with their date and evidence (R49-R51)."""
    team = _team(request, pk)
    try:
        made = _look_up(team, request)
    except Refusal as refusal:
        return _refused(request, pk, page, refusal)
    messages.success(request, f"已登记{made}项信用查询。")
    return HttpResponseRedirect(case_url(pk))


@transaction.atomic
def _look_up(team: Team, request: HttpRequest) -> int:
    """With a refused row no evidence stays behind."""
    post, officer, upload = request.POST, cast(User, request.user), request.FILES.get("evidence")
    if upload is None:
        raise Invalid({"evidence": "请上传查询结果的截图或网页（PDF、JPG、PNG）。"})
    try:
        looked_on = date.fromisoformat(post.get("looked_on", ""))
    except ValueError:
        raise Invalid({"looked_on": "请填写查询日期。"}) from None
    outcome = post.get("outcome", "")
    if outcome not in {lookups.LISTED, lookups.CLEAR}:
        raise Invalid({"outcome": "请选择查询结果：未列入或列入。"})
    rows = [
        {
            "list_key": one.partition("|")[0],
            "subject": one.partition("|")[2],
            "outcome": outcome,
            "note": post.get("note", ""),
        }
        for one in post.getlist("row")[:60]
    ]
    evidence = lookups.add_evidence(team, officer=officer, upload=upload)
    return len(lookups.record(team, officer=officer, rows=rows, looked_on=looked_on, evidence=evidence))


def unmask(request: HttpRequest, pk: int, person: int, page: Page) -> HttpResponse:
    """Show one person's numbers in full, once; the look is recorded (decision 23)."""
    found = permissions.get_representative_for(request.user, person)
    if request.method != "POST" or found.team_id != pk or not permissions.can_unmask(request.user, found):
        raise PermissionDenied
    audit.record(cast(User, request.user), "representative.unmasked", found, edition=found.edition)
    response = page(request, permissions.get_team_for(request.user, pk), unmasked=person)
    response["Cache-Control"] = "no-store"
    return response


def _refused(request: HttpRequest, pk: int, page: Page, refusal: Refusal) -> HttpResponse:
    team = permissions.get_team_for(request.user, pk)
    return page(request, team, status=refusal.status, refusal=refusal, typed=typed_in(request))


def field_reasons(items: Iterable[tuple[str, Any]]) -> dict[str, str]:
    """The remarks typed beside fields: ``mark.<path>`` -> remark."""
    return {
        name.removeprefix("mark."): str(value).strip()
        for name, value in items
        if name.startswith("mark.") and str(value).strip()
    }


def _reason(team: Team, request: HttpRequest, verdict: str) -> str:
    """The typed reason; where none is typed, the chosen template's text."""
    typed = request.POST.get("reason", "")
    chosen = request.POST.get("template", "")
    if typed.strip() or verdict == Verdict.APPROVE:
        return typed
    rows = team.edition.texts("reason_templates")
    return next((row["text"] for row in rows if row["key"] == chosen), typed)


def _decide(team: Team, request: HttpRequest) -> str:
    post, officer = request.POST, cast(User, request.user)
    verdict, seen = post.get("verdict", ""), whole(post.get("version", ""))
    reason = _reason(team, request, verdict)
    if verdict == Verdict.APPROVE:
        services.approve(team, officer=officer, version=seen, note=reason, override=post.get("override", ""))
        return f"{team.reference} {team}：已通过，报名成功。"
    if verdict == Verdict.RETURN:
        marks = field_reasons(post.items())
        services.return_for_correction(
            team, officer=officer, version=seen, reason=reason, field_reasons=marks
        )
        return f"{team.reference} {team}：已退回修改。"
    if verdict == Verdict.REJECT:
        services.reject(team, officer=officer, version=seen, reason=reason)
        return f"{team.reference} {team}：审核未通过。"
    if verdict == Verdict.DISQUALIFY:
        services.disqualify(team, officer=officer, reason=reason)
        return f"{team.reference} {team}：已取消资格。"
    raise Refusal("请选择审核结论。")
