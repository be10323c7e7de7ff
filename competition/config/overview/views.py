"""The overview's page and its file, for the office and the committee."""

from __future__ import annotations

from typing import Any, cast

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from competition import roles
from competition.config.overview.numbers import STEPS, numbers_of
from competition.config.overview.tables import charts_of, sheets_of, tables_of
from competition.desk import DeskPage, address_in, menu_of, pages_of
from competition.middleware import edition_of
from competition.models import Edition, User
from competition.office.files import xlsx_response
from competition.sheets import workbook


def sees_overview(user: User) -> bool:
    """Officers and the chief, and the committee, which only reads."""
    return user.has_role(roles.OFFICER, roles.CHIEF, roles.COMMITTEE)


def desk_pages(edition: Edition, user: User) -> list[DeskPage]:
    """The overview stands first at the desk of who may see it."""
    if not sees_overview(user):
        return []
    text = "各赛道、各市的报名和作品，办理进度和经办情况。"
    return [DeskPage(1, "进展总览", text, address_in(edition, "overview"))]


@never_cache
@require_safe
def overview(request: HttpRequest, **kwargs: Any) -> HttpResponse:
    """Counts, lines and who has how much to do, each as a chart and as a table."""
    edition, user = _open(request)
    numbers = numbers_of(edition)
    context = {
        "menu": menu_of(pages_of(edition, user), request.path),
        "menu_title": "工作台",
        "numbers": numbers,
        "steps": [{"name": name, "number": numbers.steps[step]} for step, name in STEPS.items()],
        "tables": tables_of(numbers),
        "charts": charts_of(numbers),
    }
    return render(request, "overview/overview.html", context)


@require_safe
def export(request: HttpRequest, **kwargs: Any) -> HttpResponse:
    """The page's tables as an xlsx file; counts only, nobody's numbers."""
    edition, _ = _open(request)
    numbers = numbers_of(edition)
    title = f"{edition.short_name}进展总览{timezone.localtime(numbers.at):%Y%m%d%H%M}"
    return xlsx_response(workbook(sheets_of(numbers)), title)


def _open(request: HttpRequest) -> tuple[Edition, User]:
    user = cast(User, request.user)
    if not sees_overview(user):
        raise Http404("overview")
    return edition_of(request), user
