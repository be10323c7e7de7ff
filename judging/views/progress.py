"""How far scoring is, for the office: per track, who is late, and a submitted sheet on paper."""

from __future__ import annotations

from typing import Any, cast

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from competition import audit
from competition.middleware import address, edition_of
from competition.models import User
from judging.models import Expert
from judging.permissions.reviewing import get_sheet_for, sees_progress
from judging.services import sheets
from judging.services.paper import render_sheet
from judging.services.progress import late_experts, progress_of
from judging.views.reviewing import desk
from judging.workflow import Round


@never_cache
@require_safe
def overview(request: HttpRequest, **kwargs: Any) -> HttpResponse:
    """Sheets per track and who is late; the final's, once there are any."""
    user, edition = cast(User, request.user), edition_of(request)
    if not sees_progress(user):
        raise Http404("progress")
    context = {
        **desk(request, edition),
        "tracks": progress_of(edition),
        "late": late_experts(edition),
    }
    return render(request, "judging/scoring.html", context)


@require_POST
def remind(request: HttpRequest, pk: int, **kwargs: Any) -> HttpResponse:
    """Write to an expert whose sheets are not in; once a day."""
    user, edition = cast(User, request.user), edition_of(request)
    if not sees_progress(user):
        raise Http404("progress")
    expert = get_object_or_404(Expert.objects.select_related("user", "edition"), pk=pk, edition=edition)
    round_ = request.POST.get("round", "")
    if round_ not in Round.values:
        raise Http404("round")
    if sheets.remind(expert, round=round_, actor=user):
        messages.success(request, f"已提醒{expert.user.display_name}。")
    else:
        messages.info(request, f"今天已提醒过{expert.user.display_name}，或评分表已交齐。")
    return HttpResponseRedirect(address(request, "judging:reviewing_progress"))


@never_cache
@require_safe
def sheet_pdf(request: HttpRequest, number: str, **kwargs: Any) -> HttpResponse:
    """A submitted sheet on paper for the files; every look is recorded."""
    user, edition = cast(User, request.user), edition_of(request)
    sheet = get_sheet_for(user, edition, number)
    audit.record(user, "sheet.read", sheet, edition=edition)
    response = HttpResponse(render_sheet(sheet), content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="{sheet.number}.pdf"'
    response["Cache-Control"] = "private, no-store"
    response["X-Content-Type-Options"] = "nosniff"
    return response
