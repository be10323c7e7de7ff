"""The form as a document: HTML from a frozen version, PDF by WeasyPrint."""

from __future__ import annotations

from typing import Any

from django.template.loader import render_to_string
from weasyprint import HTML
from weasyprint.text.fonts import FontConfiguration

from competition.models import Edition
from submissions.facts import facts_from
from submissions.form import schema_of
from submissions.models import Revision
from submissions.pdf.fetcher import OwnFilesOnly
from submissions.pdf.layout import Sheet, blank_sheet, sheet_of


def render_revision(revision: Revision) -> tuple[bytes, int]:
    """The printed form of a version and its number of pages. Takes seconds.

    Made from the frozen content alone. It shows document numbers and phones in full: this is the team's own
    form for stamping, and only the team and officers can open it.
    """
    schema = schema_of(revision.entry.edition)
    facts = facts_from(revision.content, revision.private)
    sheet = sheet_of(schema, revision.content, facts)
    return _render(
        sheet,
        {
            "edition": revision.entry.edition,
            "reference": revision.content["entry"],
            "number": revision.number,
            "sha256": revision.sha256,
            "date": revision.frozen_at,
        },
    )


def render_blank(edition: Edition) -> tuple[bytes, int]:
    """The empty form with its guides, for download (R78)."""
    return _render(blank_sheet(schema_of(edition)), {"edition": edition, "blank": True})


def _render(sheet: Sheet, context: dict[str, Any]) -> tuple[bytes, int]:
    html = render_to_string("submissions/pdf/form.html", {**context, "sheet": sheet})
    document = HTML(string=html, base_url="static:", url_fetcher=OwnFilesOnly()).render(
        font_config=FontConfiguration()
    )
    body = document.write_pdf(pdf_identifier=str(context.get("sha256", "blank")).encode())
    return bytes(body), len(document.pages)
