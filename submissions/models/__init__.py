"""What teams hand in: the application form, attachments, revisions, receipts, formal checks."""

from submissions.models.attachment import Attachment
from submissions.models.entry import Entry, EntrySection
from submissions.models.revision import FormalCheck, Receipt, Revision

__all__ = ["Attachment", "Entry", "EntrySection", "FormalCheck", "Receipt", "Revision"]
