"""Pages of the submissions: the team's own, receipts, private files, the blank form."""

from submissions.views.compare import compare
from submissions.views.draft import draft_pdf
from submissions.views.files import attachment, blank_form, revision_pdf
from submissions.views.form import section
from submissions.views.overview import entry, withdraw
from submissions.views.sealing import check, freeze, receipt, scan, submit, submit_page

__all__ = [
    "attachment",
    "blank_form",
    "check",
    "compare",
    "draft_pdf",
    "entry",
    "freeze",
    "receipt",
    "revision_pdf",
    "scan",
    "section",
    "submit",
    "submit_page",
    "withdraw",
]
