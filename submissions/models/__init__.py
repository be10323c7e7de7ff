"""What teams hand in: the application form, attachments, revisions, receipts, formal checks."""

from submissions.models.attachment import SCAN, Attachment
from submissions.models.entry import Entry, EntrySection
from submissions.models.revision import FormalCheck, Receipt, Revision, RevisionPdf

__all__ = ["SCAN", "Attachment", "Entry", "EntrySection", "FormalCheck", "Receipt", "Revision", "RevisionPdf"]
