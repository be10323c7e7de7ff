"""Pages of the submissions: the team's own, receipts, private files, the blank form."""

from submissions.views.archive import entry_zip
from submissions.views.blind import blind, blind_page
from submissions.views.compare import compare
from submissions.views.draft import draft_pdf
from submissions.views.files import attachment, blank_form, revision_pdf
from submissions.views.form import section
from submissions.views.overview import entry, withdraw
from submissions.views.sealing import check, freeze, receipt, receipt_pdf, scan, submit, submit_page
from submissions.views.supplements import supplement, supplements_open
from submissions.views.uploads import upload, uploads_of_entry
from submissions.views.viewing import viewed, viewed_page
from submissions.views.word import blank_word, entry_word, word_import, word_preview
from submissions.views.writing import be_present, drop_text, keep_text

__all__ = [
    "attachment",
    "be_present",
    "blank_form",
    "blank_word",
    "blind",
    "blind_page",
    "check",
    "compare",
    "draft_pdf",
    "drop_text",
    "entry",
    "entry_word",
    "entry_zip",
    "freeze",
    "keep_text",
    "receipt",
    "receipt_pdf",
    "revision_pdf",
    "scan",
    "section",
    "submit",
    "submit_page",
    "supplement",
    "supplements_open",
    "upload",
    "uploads_of_entry",
    "viewed",
    "viewed_page",
    "withdraw",
    "word_import",
    "word_preview",
]
