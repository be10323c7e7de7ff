"""Phones and documents of representatives: kept as typed, compared by keyed hash."""

from __future__ import annotations

from competition import identity
from competition.documents import document_hash
from competition.phones import phone_hash
from registration.models import Representative

__all__ = ["document_hash", "set_document", "set_mobile"]


def set_mobile(person: Representative, typed: str) -> None:
    """Keep the number as typed; its hash (the same as a user's phone) only when it is a valid one."""
    person.mobile = typed
    person.mobile_hash = phone_hash(identity.normalise_mobile(typed))


def set_document(person: Representative, kind: str, typed: str) -> None:
    """Keep kind and number as typed; the hash only when they are valid (R52d)."""
    person.document_type, person.document_number = kind, typed
    person.document_hash = document_hash(kind, typed)
