"""The roll of experts: the list, one more, one to edit, and conflicts that staff find."""

from __future__ import annotations

from typing import Any, cast

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from competition.desk import menu_of, pages_of
from competition.errors import Refusal
from competition.middleware import address, edition_of
from competition.models import User
from judging.forms.experts import ConflictForm, EditExpertForm, NewExpertForm, refuse_units
from judging.models import Expert
from judging.permissions.experts import get_expert_for, require_roll
from judging.services import experts

WRITES = require_http_methods(["GET", "HEAD", "POST"])


@never_cache
@require_safe
def listing(request: HttpRequest, **kwargs: Any) -> HttpResponse:
    """Who is on the roll, with units, tracks and load."""
    require_roll(cast(User, request.user))
    roll = experts.roll_of(edition_of(request), units=True)
    context = {
        **desk(request),
        "roll": roll,
        "active": sum(one.is_active for one in roll),
        "actions": [
            {"label": "评审组", "url": address(request, "judging:panels"), "icon": "people"},
            {
                "label": "增加专家",
                "url": address(request, "judging:experts_new"),
                "kind": "primary",
                "icon": "add",
            },
        ],
    }
    return render(request, "judging/experts.html", context)


@never_cache
@WRITES
def new(request: HttpRequest, **kwargs: Any) -> HttpResponse:
    """Put an invited account on the roll."""
    user, edition = cast(User, request.user), edition_of(request)
    require_roll(user)
    users = experts.not_enrolled(edition)
    form = NewExpertForm(request.POST or None, edition=edition, users=users)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            chosen = next(one for one in users if one.pk == form.cleaned_data["user"])
            try:
                made = experts.enrol(chosen, edition=edition, actor=user, **form.facts)
            except Refusal as refusal:
                refuse_units(form, refusal)
                status = refusal.status
            else:
                messages.success(request, f"已将{made}列入专家名册。")
                return HttpResponseRedirect(address(request, "judging:experts_list"))
    context = {**desk(request), "form": form, "has_accounts": bool(users)}
    return render(request, "judging/expert_new.html", context, status=status)


@never_cache
@WRITES
def edit(request: HttpRequest, pk: int, **kwargs: Any) -> HttpResponse:
    """What is known of an expert, with the conflicts."""
    user, edition = cast(User, request.user), edition_of(request)
    expert = get_expert_for(user, edition, pk)
    if request.method != "POST":
        return _page(request, expert)
    form = EditExpertForm(request.POST, edition=edition, expert=expert)
    if not form.is_valid():
        return _page(request, expert, form=form, status=422)
    try:
        experts.edit(expert, actor=user, **form.facts)
    except Refusal as refusal:
        refuse_units(form, refusal)
        return _page(request, expert, form=form, status=refusal.status)
    messages.success(request, f"{expert}的信息已保存。")
    return HttpResponseRedirect(address(request, "judging:experts_edit", pk=pk))


@require_POST
def conflict(request: HttpRequest, pk: int, **kwargs: Any) -> HttpResponse:
    """Staff find that the expert must not judge an entry."""
    user, edition = cast(User, request.user), edition_of(request)
    expert = get_expert_for(user, edition, pk)
    form = ConflictForm(request.POST, label_suffix="")
    if not form.is_valid():
        return _page(request, expert, conflict_form=form, status=422)
    try:
        entry = experts.entry_by_number(edition, form.cleaned_data["reference"])
        experts.add_conflict(expert, entry, actor=user, reason=form.cleaned_data["reason"])
    except Refusal as refusal:
        form.refuse(refusal)
        return _page(request, expert, conflict_form=form, status=refusal.status)
    messages.success(request, f"已登记{expert}回避作品{entry.reference}。")
    return HttpResponseRedirect(address(request, "judging:experts_edit", pk=pk))


def desk(request: HttpRequest, path: str = "") -> dict[str, Any]:
    """The side menu of the work desk, the page at ``path`` marked (by default the one asked for)."""
    pages = pages_of(edition_of(request), cast(User, request.user))
    return {"menu": menu_of(pages, path or request.path), "menu_title": "工作台"}


def _page(
    request: HttpRequest,
    expert: Expert,
    *,
    form: EditExpertForm | None = None,
    conflict_form: ConflictForm | None = None,
    status: int = 200,
) -> HttpResponse:
    context = {
        **desk(request),
        "expert": expert,
        "form": form or EditExpertForm(edition=expert.edition, expert=expert),
        "conflict_form": conflict_form or ConflictForm(label_suffix=""),
        "bound": [one for one in (form, conflict_form) if one is not None],
        "conflicts": expert.conflicts.select_related("entry__team", "by").order_by("-at"),
    }
    return render(request, "judging/expert.html", context, status=status)
