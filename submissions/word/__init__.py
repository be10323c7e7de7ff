"""The application form as a Word document: out, blank or filled, and back in.

    blank_docx(edition)      # the empty form
    entry_docx(entry)        # a team's own, with what stands in it now
    read_docx(upload)        # Reading: what a document says, place by place; Invalid for what is none of ours
"""

from submissions.word.document import blank_docx, entry_docx

__all__ = ["blank_docx", "entry_docx"]
