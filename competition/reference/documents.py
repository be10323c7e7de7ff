"""The kinds of identity documents that a representative may name (decision 22 of docs/decisions)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class DocumentType:
    """A kind of document: stable key, label, and what its number looks like, in words for the user."""

    key: str
    label: str
    shape: str


RESIDENT_ID: Final = "resident_id"
PASSPORT: Final = "passport"
HK_MACAU_PERMIT: Final = "hk_macau_permit"
TAIWAN_PERMIT: Final = "taiwan_permit"
HMT_RESIDENCE: Final = "hmt_residence"
FOREIGN_RESIDENT: Final = "foreign_resident"

DOCUMENT_TYPES: Final[tuple[DocumentType, ...]] = (
    DocumentType(RESIDENT_ID, "居民身份证", "18位，最后一位可以是X"),
    DocumentType(PASSPORT, "护照", "5至17位字母或数字"),
    DocumentType(HK_MACAU_PERMIT, "港澳居民来往内地通行证", "H或M加8位数字"),
    DocumentType(TAIWAN_PERMIT, "台湾居民来往大陆通行证", "8位数字"),
    DocumentType(HMT_RESIDENCE, "港澳台居民居住证", "18位，最后一位可以是X"),
    DocumentType(FOREIGN_RESIDENT, "外国人永久居留身份证", "15位字母和数字，或以9开头的18位"),
)


def document_choices() -> tuple[tuple[str, str], ...]:
    """The kinds as (key, label)."""
    return tuple((one.key, one.label) for one in DOCUMENT_TYPES)


def document_label(key: str) -> str:
    """The label of a kind, or '' when the key is unknown."""
    return next((one.label for one in DOCUMENT_TYPES if one.key == key), "")
