"""The form as a document: HTML from a frozen version, PDF by WeasyPrint."""

from __future__ import annotations

from typing import Any

from django.template.loader import render_to_string

from competition.models import Edition
from competition.press import print_pdf
from submissions.facts import facts_from
from submissions.form import schema_of
from submissions.models import Revision
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
    return print_pdf(html, str(context.get("sha256", "blank")))
