"""A team's person at the keyboard: calls the registration's services as its pages do."""

from __future__ import annotations

import re
from typing import Final

from competition.config.rehearsal import files
from competition.config.rehearsal.cast import TeamPlan
from competition.config.rehearsal.people import Person
from competition.config.rehearsal.units import UnitPlan
from competition.models import OutboxMessage, User
from competition.reference.documents import RESIDENT_ID
from registration import services
from registration.models import Representative, Team, Unit
from registration.services import unit_consents
from registration.terms import ProofSlot, terms_of

CODE: Final = re.compile(r"验证码\s*(\d{6})")
LINK: Final = re.compile(r"/confirm/([\w-]+)")


class Applicant:
    """Fills in one registration; holds the team as it was last read."""

    def __init__(self, team: Team, owner: User, plan: TeamPlan) -> None:
        self.team, self.owner, self.plan = team, owner, plan

    @classmethod
    def of(cls, team: Team, plan: TeamPlan) -> Applicant:
        """The applicant of a team that is there."""
        return cls(team, team.owner, plan)

    def reread(self) -> None:
        """Note the version that the page would now be built from."""
        self.team.refresh_from_db(fields=["version", "status", "submitted_at"])

    def save_team(self, **values: str) -> None:
        """Save fields of the team's first page."""
        services.save_team(self.team, values=values, version=self.team.version, actor=self.owner)
        self.reread()

    def add_unit(self) -> Unit:
        """Add an empty unit."""
        unit = services.add_unit(self.team, actor=self.owner, version=self.team.version)
        self.reread()
        return unit

    def save_unit(self, unit: Unit, plan: UnitPlan) -> None:
        """Type a unit's facts."""
        self.save_units({unit.pk: unit_values(plan)})

    def save_units(self, values: dict[int, dict[str, str]]) -> None:
        """Type the facts of several units."""
        services.save_units(self.team, values=values, version=self.team.version, actor=self.owner)
        self.reread()

    def add_person(self) -> Representative:
        """Add an empty representative."""
        person = services.add_representative(self.team, actor=self.owner, version=self.team.version)
        self.reread()
        return person

    def save_people(self, people: dict[Representative, Person]) -> None:
        """Type several people's facts; they work at the lead unit."""
        lead = self.team.units.get(is_lead=True)
        values = {row.pk: person_values(person, lead) for row, person in people.items()}
        services.save_representatives(self.team, values=values, version=self.team.version, actor=self.owner)
        self.reread()

    def send_code(self, row: Representative) -> None:
        """Have link and code sent to a representative's phone."""
        services.send_confirmation(row, actor=self.owner)

    def confirm(self, row: Representative) -> None:
        """Be the representative: read link and code in the message, open the link, consent."""
        message = OutboxMessage.objects.filter(
            edition_id=self.team.edition_id, data__representative=row.pk
        ).first()
        link, code = (pattern.search(message.body if message else "") for pattern in (LINK, CODE))
        if link is None or code is None:
            raise LookupError(f"no message with link and code for representative {row.pk}")
        services.confirm(link[1], code=code[1], consent=True)
        self.reread()

    def have_units_agree(self) -> None:
        """Ask the joint units' contacts; be each of them, open the link and agree."""
        for unit in self.team.units.filter(is_lead=False).order_by("position"):
            consent = unit_consents.ask(unit, actor=self.owner)
            who = f"{unit.contact} {unit.contact_title}".strip()
            unit_consents.answer(consent.token, agreed=True, by=who, note="")
        self.reread()

    def slots(self) -> tuple[ProofSlot, ...]:
        """The proofs that the edition asks for."""
        return terms_of(self.team.edition).slots

    def add_proof(self, unit: Unit, slot: ProofSlot) -> None:
        """Upload a proof of a unit; its bytes are its own."""
        upload = files.upload(list(slot.kinds), slot.label, f"{self.plan.seed} {unit.pk} {slot.key}")
        services.add_proof(unit, slot=slot.key, upload=upload, actor=self.owner)
        self.reread()

    def declare(self) -> None:
        """Tick every declaration."""
        keys = [f"declaration_{one.key}" for one in terms_of(self.team.edition).declarations]
        self.save_team(**dict.fromkeys(keys, "yes"))

    def submit(self) -> None:
        """Hand the registration in."""
        services.submit(self.team, actor=self.owner, version=self.team.version)
        self.reread()


def unit_values(plan: UnitPlan) -> dict[str, str]:
    """A unit's facts as typed."""
    return {
        "name": plan.name,
        "credit_code": plan.credit_code,
        "region": plan.region,
        "address": plan.address,
        "nature": plan.nature,
        "nature_other": "民办非企业单位" if plan.nature == "other" else "",
        "central_subsidiary": "yes" if plan.central_subsidiary else "no",
        "parent_name": plan.parent_name,
        "contact": plan.contact,
        "contact_title": plan.contact_title,
        "contact_way": plan.contact_way,
    }


def person_values(person: Person, unit: Unit) -> dict[str, str]:
    """A representative's facts as typed."""
    return {
        "name": person.name,
        "document_type": RESIDENT_ID,
        "document_number": person.document,
        "mobile": person.mobile,
        "unit": str(unit.pk),
        "title": person.title,
        "role": person.role,
    }
