"""Excel files as answers."""

from __future__ import annotations

from io import BytesIO
from typing import IO

from django.http import FileResponse

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def xlsx_response(data: bytes | IO[bytes], title: str) -> FileResponse:
    """A download that no cache keeps; the file is closed when it has been sent."""
    file = BytesIO(data) if isinstance(data, bytes) else data
    response = FileResponse(file, as_attachment=True, filename=f"{title}.xlsx", content_type=XLSX)
    response["Cache-Control"] = "no-store, private"
    return response
