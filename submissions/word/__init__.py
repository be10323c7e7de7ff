"""The application form as a Word document: out, blank or filled, and back in.

blank_docx(edition)               # the empty form
entry_docx(entry)                 # a team's own, with what stands in it now
reading = read_docx(upload)       # what a document says; Invalid for what is none of ours
drafts = lay(entry, state, reading)     # the same, section by section, with the texts that fit nowhere
compare(draft, answers)           # what it would change, field by field
merged(draft, answers, keys)      # the answers after the chosen changes
"""

from submissions.word.comparing import Change, Compared, compare, merged
from submissions.word.document import blank_docx, entry_docx, lay
from submissions.word.marks import marked
from submissions.word.placing import Draft, Placed, Stray
from submissions.word.reading import Reading, read_docx

__all__ = [
    "Change",
    "Compared",
    "Draft",
    "Placed",
    "Reading",
    "Stray",
    "blank_docx",
    "compare",
    "entry_docx",
    "lay",
    "marked",
    "merged",
    "read_docx",
]
