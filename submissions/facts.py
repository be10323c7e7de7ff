"""What the registration fixed and the form shows read-only: team, project, members, units with their proofs."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from competition import crypto
from competition.identity import mask_document
from competition.phones import COUNTRY, masked
from competition.reference import document_label, region_label
from registration.models import Representative, Unit, UnitProof
from submissions.models import Entry


@dataclass(frozen=True)
class Facts:
    """The frozen registration as plain values.

    ``public`` holds masks and keyed hashes of document numbers and phones and may be stored as it is;
    ``private`` holds the values themselves by their place ({"members": {"1": {...}}, "units": {"12": "..."}}).
    """

    public: dict[str, Any]
    private: dict[str, Any] = field(default_factory=dict)

    @property
    def unit_ids(self) -> list[int]:
        """The participating units, the lead unit first."""
        return [unit["id"] for unit in self.public["units"]]

    def unit(self, unit_id: int) -> dict[str, Any]:
        """One unit's facts."""
        found: dict[str, Any] = next(unit for unit in self.public["units"] if unit["id"] == unit_id)
        return found

    def derived(self, unit_id: int | None = None, *, full: bool = False) -> dict[str, Any]:
        """Values for the form's derived fields; ``full`` shows document numbers and phones unmasked.

        Full values belong on the team's own stamped form, which only the team and officers can open.
        """
        team, project = self.public["team"], self.public["project"]
        values: dict[str, Any] = {
            "team.name": team["name"],
            "project.name": project["name"],
            "project.topic": f"{project['track']} / {project['topic_code']} {project['topic']}",
            "units.names": "\n".join(unit["name"] for unit in self.public["units"]),
            "team.members": [self._member(member, full) for member in team["members"]],
        }
        if unit_id is not None:
            values |= self._unit(self.unit(unit_id), full)
        return values

    def _member(self, member: Mapping[str, Any], full: bool) -> dict[str, str]:
        private = self.private.get("members", {}).get(str(member["position"]), {}) if full else {}
        return {
            "name": member["name"],
            "id_type": member["document_type"],
            "id_no": private.get("document_number", member["document_number"]),
            "unit": member["unit"],
            "title": member["title"],
            "mobile": private.get("mobile", member["mobile"]),
            "role": member["role"],
            "is_contact": "是" if member["is_contact"] else "否",
        }

    def _unit(self, unit: Mapping[str, Any], full: bool) -> dict[str, Any]:
        private = self.private.get("units", {}) if full else {}
        return {
            "unit.name": unit["name"],
            "unit.uscc": unit["credit_code"],
            "unit.address": unit["address"],
            "unit.nature": unit["nature"],
            "unit.nature.details": {"nature__other__text": unit["nature_other"]},
            "unit.central_sub": unit["central_sub"],
            "unit.central_sub.details": {"central_sub__yes__parent": unit["parent_name"]},
            "unit.contact_name": unit["contact"],
            "unit.contact_title": unit["contact_title"],
            "unit.contact_phone": private.get(str(unit["id"]), unit["contact_way"]),
        }


def facts_of(entry: Entry, *, proofs: bool = False) -> Facts:
    """The registration behind an entry as it stands now (frozen since approval; decision 5); two queries.

    With ``proofs`` also what stands in the units' slots: one query more.
    """
    team = entry.team
    labels = {slot["key"]: slot["label"] for slot in entry.edition.texts("unit_proofs")}
    rows = team.units.prefetch_related("proofs") if proofs else team.units.all()
    units = sorted(rows, key=lambda unit: (not unit.is_lead, unit.position))
    members = list(team.representatives.select_related("unit"))
    topic = team.topic
    public = {
        "team": {
            "reference": team.reference,
            "name": team.name,
            "members": [_member(one) for one in members],
        },
        "project": {
            "name": team.project_name,
            "track": str(topic.track) if topic else "",
            "topic_code": topic.code if topic else "",
            "topic": topic.title if topic else "",
        },
        "units": [_unit(unit, labels if proofs else None) for unit in units],
    }
    private = {
        "members": {
            str(one.position): {
                "document_number": one.document_number,
                "mobile": one.mobile.removeprefix(COUNTRY),
            }
            for one in members
        },
        "units": {str(unit.pk): unit.contact_way for unit in units},
    }
    return Facts(public, private)


def unit_values(entry: Entry, unit_id: int) -> dict[str, Any] | None:
    """The derived values of one of the team's units, None when it is not the team's; one query."""
    unit = Unit.objects.filter(team=entry.team_id, pk=unit_id).first()
    return Facts({})._unit(_unit(unit, None), full=False) if unit else None


def facts_from(content: Mapping[str, Any], private: str) -> Facts:
    """The facts that a revision froze."""
    try:
        opened = json.loads(private) if private else {}
    except ValueError:  # the key was destroyed at the end of retention
        opened = {}
    return Facts(dict(content["registration"]), opened)


def _member(one: Representative) -> dict[str, Any]:
    return {
        "position": one.position,
        "name": one.name,
        "document_type": document_label(one.document_type),
        "document_number": mask_document(one.document_number),
        "document_hash": one.document_hash,
        "unit": one.unit.name if one.unit else "",
        "title": one.title,
        "mobile": masked(one.mobile),
        "mobile_hash": one.mobile_hash,
        "role": one.role,
        "is_contact": one.is_contact,
    }


def _unit(unit: Unit, labels: Mapping[str, str] | None) -> dict[str, Any]:
    central = {True: "yes", False: "no", None: ""}[unit.central_subsidiary]
    return {
        "id": unit.pk,
        "is_lead": unit.is_lead,
        "name": unit.name,
        "credit_code": unit.credit_code,
        "address": region_label(unit.region) + unit.address,
        "nature": unit.nature,
        "nature_other": unit.nature_other,
        "central_sub": central,
        "parent_name": unit.parent_name,
        "contact": unit.contact,
        "contact_title": unit.contact_title,
        "contact_way": masked(unit.contact_way),
        "contact_way_hash": crypto.keyed_hash("unit.contact_way", unit.contact_way),
        "proofs": [] if labels is None else proofs_of(unit, labels),
    }


def proofs_of(unit: Unit, labels: Mapping[str, str]) -> list[dict[str, Any]]:
    """What stands in a unit's slots, by the edition's labels."""
    return [_proof(proof, labels) for proof in unit.proofs.all() if proof.removed_at is None]


def _proof(proof: UnitProof, labels: Mapping[str, str]) -> dict[str, Any]:
    return {
        "slot": proof.slot,
        "label": labels.get(proof.slot, proof.slot),
        "name": proof.name,
        "size": proof.size,
        "sha256": proof.sha256,
        "not_applicable": proof.not_applicable,
    }
