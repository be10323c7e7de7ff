"""A submitted score sheet on paper, with the place for the expert's signature."""

from __future__ import annotations

from django.template.loader import render_to_string
from weasyprint import HTML
from weasyprint.text.fonts import FontConfiguration

from judging import scoring
from judging.models import ScoreSheet
from judging.rubric import policy_of, round_of
from submissions.pdf.fetcher import OwnFilesOnly


def render_sheet(sheet: ScoreSheet) -> bytes:
    """The sheet as a PDF of one page or two, for the office: it names expert and entry (R18)."""
    assignment = sheet.assignment
    edition = assignment.edition
    rows = [
        {"label": item.label, "most": f"{item.points.normalize():f}", "mark": sheet.marks[item.key]}
        for item in scoring.items(round_of(edition, assignment.round))
    ]
    context = {
        "sheet": sheet,
        "assignment": assignment,
        "edition": edition,
        "rows": rows,
        "total": scoring.shown(sheet.total, policy_of(edition).places),
    }
    html = render_to_string("judging/pdf/sheet.html", context)
    document = HTML(string=html, base_url="static:", url_fetcher=OwnFilesOnly())
    body = document.write_pdf(font_config=FontConfiguration(), pdf_identifier=sheet.sha256.encode())
    return bytes(body or b"")
