"""Numbers of identity documents, compared by keyed hash."""

from __future__ import annotations

from competition import crypto, identity
from competition.reference.documents import RESIDENT_ID


def document_hash(kind: str, typed: str) -> str:
    """What equal documents have in common, however they are typed; '' for a number that is not valid."""
    valid = not identity.document_problem(kind, typed)
    number = identity.normalise_document(typed) if valid else ""
    # Cards with 18 characters number people from one series: the same number is the same person.
    series = RESIDENT_ID if len(number) == 18 else kind
    return crypto.keyed_hash("person.document", f"{series}:{number}" if number else "")
