"""What a registration says, as plain values: what the pure rules read and pages compare."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class SlotFacts:
    """What stands in a slot of proofs: how many files, or the reason why it does not apply."""

    files: int = 0
    reason: str = ""
    #: Of a signed statement's scans: '' not one, same or older than what is registered, unread, none.
    statement: str = ""


@dataclass(frozen=True)
class UnitFacts:
    """A participating unit as typed; ``proofs`` by slot."""

    id: int
    position: int
    is_lead: bool = False
    name: str = ""
    credit_code: str = ""
    region: str = ""
    address: str = ""
    nature: str = ""
    nature_other: str = ""
    central_subsidiary: bool | None = None
    parent_name: str = ""
    contact: str = ""
    contact_title: str = ""
    contact_way: str = ""
    proofs: Mapping[str, SlotFacts] = field(default_factory=dict)
    #: Whether the unit agrees to take part (R46): '' not asked, waiting, agreed, refused.
    consent: str = ""

    @property
    def label(self) -> str:
        return f"单位{self.position}"


@dataclass(frozen=True)
class PersonFacts:
    """A representative as typed; ``document_hash`` is the keyed hash of kind and number."""

    id: int
    position: int
    name: str = ""
    document_type: str = ""
    document_number: str = ""
    document_hash: str = ""
    unit_id: int | None = None
    title: str = ""
    mobile: str = ""
    role: str = ""
    is_contact: bool = False
    confirmed: bool = False
    code_sent: bool = False

    @property
    def label(self) -> str:
        return f"代表{self.position}"


@dataclass(frozen=True)
class TopicFacts:
    """The chosen topic; ``public_bodies`` says whether it admits government bodies (R55)."""

    code: str
    title: str
    public_bodies: bool


@dataclass(frozen=True)
class ListingFacts:
    """A look-up that found somebody in a list of R49-R51; ``key`` names subject and list."""

    key: str
    rule: str
    name: str
    list_label: str
    looked_on: str
    note: str


@dataclass(frozen=True)
class TeamFacts:
    """A whole registration; ``declared`` holds the keys of the declarations that were made."""

    reference: str = ""
    name: str = ""
    project_name: str = ""
    topic: TopicFacts | None = None
    public_body_note: str = ""
    declared: frozenset[str] = frozenset()
    units: tuple[UnitFacts, ...] = ()
    people: tuple[PersonFacts, ...] = ()
    listings: tuple[ListingFacts, ...] = ()


@dataclass(frozen=True)
class SiblingFacts:
    """Another live registration of the same edition that may be the same one twice (R52f)."""

    reference: str
    project_name: str
    credit_codes: frozenset[str]


@dataclass(frozen=True)
class OrganisationFacts:
    """Who runs the contest (R03-R05, R53)."""

    role: str
    name: str
    aliases: tuple[str, ...] = ()
    credit_code: str = ""
