"""The one download of every export; a workbook of everything is made by a job and waited for on a page."""

from __future__ import annotations

from typing import cast
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponseRedirect, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from competition import audit, clock
from competition.exports import Workbook, export_of
from competition.handing import hand_out
from competition.middleware import address, edition_of, wants_json
from competition.models import PreparedExport, User
from competition.office.files import XLSX, xlsx_response
from competition.services import exporting
from competition.sheets import Sheet, workbook


@require_safe
def download(request: HttpRequest, table: str, **kwargs: object) -> HttpResponseBase:
    """A queue as xlsx with the page's filters; recorded. What somebody may not export does not exist."""
    user, edition = cast(User, request.user), edition_of(request)
    export = export_of(table, edition, user, request)
    if export is None:
        raise Http404("export")
    if isinstance(export, Workbook):
        query = request.GET.urlencode()
        made = exporting.ask(edition, user, table=table, title=export.title, query=query)
        return HttpResponseRedirect(address(request, "competition:prepared_export", key=made.key))
    rows = exporting.Counted(export.rows())
    data = workbook([Sheet(export.title, list(export.columns), rows)])
    audit.record(user, "export.downloaded", edition, edition=edition, export=table, rows=rows.count)
    return xlsx_response(data, f"{export.title}{clock.now(edition):%Y%m%d-%H%M}")


@never_cache
@require_safe
def prepared(request: HttpRequest, key: UUID, **kwargs: object) -> HttpResponseBase:
    """The page of a workbook: being made, ready, or why not. Only for who asked for it."""
    found = _own(request, key)
    if wants_json(request):
        return JsonResponse({"ready": found.made_at is not None})
    return render(
        request, "office/prepared_export.html", {"export": found, "kept_days": exporting.KEPT_FOR.days}
    )


@never_cache
@require_safe
def prepared_file(request: HttpRequest, key: UUID, **kwargs: object) -> HttpResponseBase:
    """The workbook itself; every download is recorded."""
    found, edition = _own(request, key), edition_of(request)
    if not found.file or found.made_at is None:
        raise Http404("export")
    audit.record(
        cast(User, request.user),
        "export.downloaded",
        edition,
        edition=edition,
        export=found.table,
        rows=found.rows,
    )
    name = f"{found.title}{clock.at(edition, found.made_at):%Y%m%d-%H%M}.xlsx"
    return hand_out(request, found.file, name, XLSX)


def _own(request: HttpRequest, key: UUID) -> PreparedExport:
    """A person's own workbook, while they may still have it; else 404."""
    user, edition = cast(User, request.user), edition_of(request)
    found = PreparedExport.objects.filter(key=key, user=user, edition=edition).first()
    if found is None or export_of(found.table, edition, user, request) is None:
        raise Http404("export")
    return found
