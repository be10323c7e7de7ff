"""Read a registration from the database as plain values for the pure rules."""

from __future__ import annotations

from collections.abc import Mapping

from registration.facts import (
    ListingFacts,
    PersonFacts,
    SiblingFacts,
    SlotFacts,
    TeamFacts,
    TopicFacts,
    UnitFacts,
)
from registration.models import CreditLookup, Representative, Team, Unit
from registration.services.lookups import LISTED, subjects
from registration.services.scans import reads_of, with_states
from registration.workflow import TeamStatus


def gather(team: Team) -> TeamFacts:
    """The registration's facts; three queries, none for what a page has prefetched."""
    held = getattr(team, "_prefetched_objects_cache", {})
    units = list(
        team.units.all()
        if "units" in held
        else team.units.select_related("consent").prefetch_related("proofs")
    )
    facts = TeamFacts(
        reference=team.reference,
        name=team.name,
        project_name=team.project_name,
        topic=TopicFacts(team.topic.code, team.topic.title, team.topic.public_bodies) if team.topic else None,
        public_body_note=team.public_body_note,
        declared=frozenset(team.declarations),
        units=tuple(unit_facts(unit) for unit in units),
        people=tuple(person_facts(person) for person in team.representatives.all()),
    )
    return with_states(facts, team.edition, {unit.pk: reads_of(unit) for unit in units})


def gather_listings(team: Team, done: Mapping[tuple[str, str], CreditLookup]) -> tuple[ListingFacts, ...]:
    """What officers' look-ups found, of those it is still about (R49-R51); ``done`` as from ``counting``."""
    lists = {one["key"]: one for one in team.edition.texts("credit_lists")}
    present = subjects(team)
    return tuple(
        ListingFacts(
            key=f"{row.list_key}:{row.subject}",
            rule=lists[row.list_key]["rule"],
            name=row.label,
            list_label=lists[row.list_key]["label"],
            looked_on=row.looked_on.isoformat(),
            note=row.note,
        )
        for row in done.values()
        if row.outcome == LISTED and row.subject in present and row.list_key in lists
    )


def unit_facts(unit: Unit) -> UnitFacts:
    """A unit's facts; its proofs should be prefetched."""
    return UnitFacts(
        id=unit.pk,
        position=unit.position,
        is_lead=unit.is_lead,
        name=unit.name,
        credit_code=unit.credit_code,
        region=unit.region,
        address=unit.address,
        nature=unit.nature,
        nature_other=unit.nature_other,
        central_subsidiary=unit.central_subsidiary,
        parent_name=unit.parent_name,
        contact=unit.contact,
        contact_title=unit.contact_title,
        contact_way=unit.contact_way,
        proofs=_slots(unit),
        consent=_consent(unit),
    )


def _consent(unit: Unit) -> str:
    """How the unit answered; '' when it was not asked about what it is called now."""
    consent = getattr(unit, "consent", None)
    return consent.answer if consent is not None and consent.sent_at is not None else ""


def _slots(unit: Unit) -> dict[str, SlotFacts]:
    slots: dict[str, SlotFacts] = {}
    for proof in unit.proofs.all():
        if proof.removed_at is None:
            state = slots.get(proof.slot, SlotFacts())
            slots[proof.slot] = SlotFacts(
                state.files + bool(proof.file), state.reason or proof.not_applicable
            )
    return slots


def person_facts(person: Representative) -> PersonFacts:
    """A representative's facts."""
    return PersonFacts(
        id=person.pk,
        position=person.position,
        name=person.name,
        document_type=person.document_type,
        document_number=person.document_number,
        document_hash=person.document_hash,
        unit_id=person.unit_id,
        title=person.title,
        mobile=person.mobile,
        role=person.role,
        is_contact=person.is_contact,
        confirmed=person.is_confirmed,
        code_sent=bool(person.token),
    )


def gather_siblings(team: Team) -> list[SiblingFacts]:
    """Submitted live registrations of the edition that share a unit with this one (R52f); two queries."""
    codes = team.units.exclude(credit_key="").values("credit_key")
    live = [TeamStatus.SUBMITTED, TeamStatus.RETURNED, TeamStatus.APPROVED]
    siblings = (
        Team.objects.filter(edition=team.edition, status__in=live, units__credit_key__in=codes)
        .exclude(pk=team.pk)
        .distinct()
        .prefetch_related("units")
    )
    return [
        SiblingFacts(
            sibling.reference,
            sibling.project_name,
            frozenset(unit.credit_key for unit in sibling.units.all()) - {""},
        )
        for sibling in siblings
    ]
