"""The one download of every export."""

from __future__ import annotations

from tempfile import TemporaryFile
from typing import IO, Any, cast

from django.http import FileResponse, Http404, HttpRequest
from django.views.decorators.http import require_safe

from competition import audit, clock
from competition.exports import Workbook, export_of
from competition.middleware import edition_of
from competition.models import User
from competition.office.files import xlsx_response
from competition.sheets import Sheet, workbook, write_workbook


@require_safe
def download(request: HttpRequest, table: str, **kwargs: Any) -> FileResponse:
    """A queue as xlsx with the page's filters; recorded. What somebody may not export does not exist."""
    user, edition = cast(User, request.user), edition_of(request)
    export = export_of(table, edition, user, request)
    if export is None:
        raise Http404("export")
    count = 0

    def counted() -> Any:
        nonlocal count
        for count, row in enumerate(export.rows(), start=1):  # noqa: B007 - counted for the record
            yield row

    data: bytes | IO[bytes]
    if isinstance(export, Workbook):
        data = TemporaryFile()  # noqa: SIM115 - closed by the response that sends it
        write_workbook(data, [Sheet(title, list(columns), ()) for title, columns in export.sheets], counted())
        data.seek(0)
    else:
        data = workbook([Sheet(export.title, list(export.columns), counted())])
    audit.record(user, "export.downloaded", edition, edition=edition, export=table, rows=count)
    return xlsx_response(data, f"{export.title}{clock.now(edition):%Y%m%d-%H%M}")
