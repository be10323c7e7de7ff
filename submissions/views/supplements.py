"""Material asked for during judging: the team's page of a request, the office's list of open ones (R72)."""

from __future__ import annotations

from typing import Any, cast

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from competition.arrival import arrived_at
from competition.desk import menu_of, pages_of
from competition.errors import Invalid, Refusal
from competition.files import kind_names
from competition.form_schema.values import clean
from competition.middleware import edition_of
from competition.models import User
from submissions.permissions import can_check_entry, get_own_entry_for, get_supplement_for
from submissions.services import supplements
from submissions.views.desk import base_context

#: Rows of the office's list; so many open requests at once mean that something is wrong.
MOST = 300


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def supplement(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    """What was asked for, and the team's answer: files and words, sent once."""
    entry = get_own_entry_for(request.user, pk)
    found = get_supplement_for(cast(User, request.user), pk, number)
    refusal: Refusal | None = None
    if request.method == "POST":
        try:
            supplements.answer(
                found,
                actor=cast(User, request.user),
                answer=clean(request.POST.get("answer", "")),
                files=request.FILES.getlist("files"),
                at=arrived_at(request),
            )
        except Refusal as said:
            refusal = said
        else:
            messages.success(request, "补充材料已提交。")
            return redirect("submissions:supplement", pk=pk, number=number)
    context = {
        **base_context(entry),
        "supplement": found,
        "is_open": supplements.is_open(found, at=arrived_at(request)),
        "files": list(found.files.all()) if found.answered_at else [],
        "refusal": refusal,
        "problems": refusal.problems if isinstance(refusal, Invalid) else {},
        "typed": request.POST.get("answer", ""),
        "accepted": kind_names(supplements.ACCEPTED),
        "accept": ",".join(f".{kind}" for kind in supplements.ACCEPTED),
        "max_megabytes": supplements.MAX_MEGABYTES,
        "most_files": supplements.MOST_FILES,
        "most_megabytes": supplements.MOST_MEGABYTES,
        **supplements.state_of(found),
    }
    status = refusal.status if refusal else 200
    return render(request, "submissions/supplement.html", context, status=status)


@never_cache
@require_safe
def supplements_open(request: HttpRequest, **kwargs: Any) -> HttpResponse:
    """Requests that wait for their teams, those that end first in front; for the office."""
    user, edition = cast(User, request.user), edition_of(request)
    if not can_check_entry(user):
        raise Http404("supplements")
    rows = supplements.open_requests(edition).select_related("entry__team__topic__track", "asked_by")
    found = list(rows[:MOST])
    for one in found:
        one.entry.edition = edition
    context = {
        "edition": edition,
        "rows": [{"request": one, **supplements.state_of(one)} for one in found],
        "menu": menu_of(pages_of(edition, user), request.path),
        "menu_title": "工作台",
    }
    return render(request, "submissions/supplements.html", context)
