"""Verbs of the submissions: each refuses first, then changes, records and notifies in one transaction."""

from submissions.facts import Facts, facts_from, facts_of
from submissions.services.attachments import attach, current_attachments, detach
from submissions.services.checks import accept, reject, return_for_correction
from submissions.services.comparing import changes_between, changes_since_accepted
from submissions.services.entries import (
    SavedSection,
    close_entry,
    open_entry,
    open_on_approval,
    save_locked,
    save_section,
    withdraw,
)
from submissions.services.printing import make_pdf, request_pdf, send_pdf_job
from submissions.services.progress import Completeness, SectionState, completeness
from submissions.services.reminders import send_reminders
from submissions.services.revisions import attach_scan, freeze, last_receipt, submit
from submissions.services.uploads import under_way

__all__ = [
    "Completeness",
    "Facts",
    "SavedSection",
    "SectionState",
    "accept",
    "attach",
    "attach_scan",
    "changes_between",
    "changes_since_accepted",
    "close_entry",
    "completeness",
    "current_attachments",
    "detach",
    "facts_from",
    "facts_of",
    "freeze",
    "last_receipt",
    "make_pdf",
    "open_entry",
    "open_on_approval",
    "reject",
    "request_pdf",
    "return_for_correction",
    "save_locked",
    "save_section",
    "send_pdf_job",
    "send_reminders",
    "submit",
    "under_way",
    "withdraw",
]
