"""What teams hand in: the application form, attachments, revisions, receipts, formal checks."""

from submissions.models.attachment import SCAN, SUPPLEMENT, Attachment
from submissions.models.entry import Entry, EntrySection
from submissions.models.hint import Hint
from submissions.models.kept import KeptText
from submissions.models.reading import FileReading
from submissions.models.revision import FormalCheck, Receipt, Revision, RevisionPdf
from submissions.models.supplement import SupplementRequest
from submissions.models.upload import Upload

__all__ = [
    "SCAN",
    "SUPPLEMENT",
    "Attachment",
    "Entry",
    "EntrySection",
    "FileReading",
    "FormalCheck",
    "Hint",
    "KeptText",
    "Receipt",
    "Revision",
    "RevisionPdf",
    "SupplementRequest",
    "Upload",
]
