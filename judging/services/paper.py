"""A submitted score sheet on paper, with the place for the expert's signature."""

from __future__ import annotations

from django.template.loader import render_to_string

from competition.press import print_pdf
from judging import scoring
from judging.models import ScoreSheet
from judging.rubric import policy_of, round_of


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
    return print_pdf(html, sheet.sha256)[0]
