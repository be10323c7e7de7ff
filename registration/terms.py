"""The edition's terms of registration, read from its data: limits, words, declarations, proofs, consent."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from competition.models import Edition


@dataclass(frozen=True)
class Declaration:
    """A declaration that the team makes by ticking a box; ``rules`` are the notice's."""

    key: str
    text: str
    rules: tuple[str, ...]


@dataclass(frozen=True)
class ProofSlot:
    """A kind of proof about a unit (R80); ``max_megabytes`` per file."""

    key: str
    label: str
    hint: str
    kinds: tuple[str, ...]
    extensions: tuple[str, ...]
    max_megabytes: int
    max_files: int
    required: bool
    may_not_apply: bool


@dataclass(frozen=True)
class Consent:
    """What a representative agrees to when confirming (decision 23)."""

    version: str
    paragraphs: tuple[str, ...]
    checkbox: str


@dataclass(frozen=True)
class Terms:
    """Everything an edition lays down about registering; lengths in characters without white space."""

    max_units: int
    max_people: int
    max_teams_per_account: int
    min_name: int
    max_name: int
    min_project_name: int
    max_project_name: int
    max_role: int
    max_note: int
    code_minutes: int
    code_failures: int
    code_resend_seconds: int
    codes_per_phone_and_day: int
    codes_per_account_and_day: int
    banned_words: tuple[str, ...]
    declarations: tuple[Declaration, ...]
    slots: tuple[ProofSlot, ...]
    consent: Consent

    def slot(self, key: str) -> ProofSlot | None:
        """The slot with this key, or None."""
        return next((slot for slot in self.slots if slot.key == key), None)


def terms_of(edition: Edition) -> Terms:
    """The terms of an edition; no query."""
    limit = edition.limit
    return Terms(
        max_units=limit("units"),
        max_people=limit("representatives"),
        max_teams_per_account=limit("teams_per_account"),
        min_name=limit("team_name_min"),
        max_name=limit("team_name_max"),
        min_project_name=limit("project_name_min"),
        max_project_name=limit("project_name_max"),
        max_role=limit("role_max"),
        max_note=limit("public_body_note_max"),
        code_minutes=limit("code_minutes"),
        code_failures=limit("code_failures"),
        code_resend_seconds=limit("code_resend_seconds"),
        codes_per_phone_and_day=limit("codes_per_phone_and_day"),
        codes_per_account_and_day=limit("codes_per_account_and_day"),
        banned_words=tuple(edition.texts("banned_words")),
        declarations=tuple(_declaration(row) for row in edition.texts("declarations")),
        slots=tuple(_slot(row) for row in edition.texts("unit_proofs")),
        consent=_consent(edition.data.get("consent", {})),
    )


def _declaration(row: Mapping[str, Any]) -> Declaration:
    return Declaration(str(row["key"]), str(row["text"]), tuple(row.get("rules", ())))


def _slot(row: Mapping[str, Any]) -> ProofSlot:
    accept = tuple(str(one) for one in row["accept"])
    return ProofSlot(
        key=str(row["key"]),
        label=str(row["label"]),
        hint=str(row.get("hint", "")),
        kinds=tuple(dict.fromkeys("jpg" if one == "jpeg" else one for one in accept)),
        extensions=accept,
        max_megabytes=int(row["max_mb"]),
        max_files=int(row["max_files"]),
        required=bool(row.get("required", True)),
        may_not_apply=bool(row.get("not_applicable", False)),
    )


def _consent(row: Mapping[str, Any]) -> Consent:
    return Consent(
        str(row.get("version", "")), tuple(row.get("paragraphs", ())), str(row.get("checkbox", ""))
    )
