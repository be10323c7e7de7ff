"""Excel files as answers."""

from __future__ import annotations

from io import BytesIO

from django.http import FileResponse

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def xlsx_response(data: bytes, title: str) -> FileResponse:
    """A download that no cache keeps."""
    response = FileResponse(BytesIO(data), as_attachment=True, filename=f"{title}.xlsx", content_type=XLSX)
    response["Cache-Control"] = "no-store, private"
    return response
