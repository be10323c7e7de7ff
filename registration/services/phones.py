"""Phones and documents of representatives: kept as typed, compared by keyed hash."""

from __future__ import annotations

from competition import crypto, identity
from competition.phones import phone_hash
from competition.reference.documents import RESIDENT_ID
from registration.models import Representative


def set_mobile(person: Representative, typed: str) -> None:
    """Keep the number as typed; its hash (the same as a user's phone) only when it is a valid one."""
    person.mobile = typed
    person.mobile_hash = phone_hash(identity.normalise_mobile(typed))


def set_document(person: Representative, kind: str, typed: str) -> None:
    """Keep kind and number as typed; the hash only when they are valid (R52d)."""
    person.document_type, person.document_number = kind, typed
    person.document_hash = document_hash(kind, typed)


def document_hash(kind: str, typed: str) -> str:
    """What equal documents have in common, however they are typed; '' for a number that is not valid."""
    valid = not identity.document_problem(kind, typed)
    number = identity.normalise_document(typed) if valid else ""
    # Cards with 18 characters number people from one series: the same number is the same person.
    series = RESIDENT_ID if len(number) == 18 else kind
    return crypto.keyed_hash("person.document", f"{series}:{number}" if number else "")
