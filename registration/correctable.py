"""What may be corrected after approval (decision 5): which fields, how they are shown, what a change would break."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

from competition.identity import mask_document, mask_phone
from registration import checks
from registration.facts import TeamFacts
from registration.terms import Terms

TEAM: Final = {"name": "团队名称", "project_name": "项目名称"}
UNIT: Final = {
    "name": "单位名称",
    "credit_code": "统一社会信用代码",
    "address": "详细地址",
    "contact": "联系人",
    "contact_title": "联系人职务",
    "contact_way": "联系方式",
}
PERSON: Final = {"name": "姓名", "document_number": "证件号码", "title": "职务/职称", "mobile": "手机"}
#: Who a member is: nobody else may stand in the place after the registration deadline (R52e).
WHO: Final = frozenset({"name", "document_number"})
#: What a confirmation by code vouched for: the person is told of it.
VOUCHED: Final = WHO | {"mobile"}
MASKS: Final = {"document_number": mask_document, "mobile": mask_phone, "contact_way": mask_phone}


@dataclass(frozen=True)
class Correctable:
    """A field with what it says now; ``of`` names the unit or person that it belongs to."""

    path: str
    label: str
    value: str
    of: str = "团队"

    @property
    def name(self) -> str:
        """The field alone: ``credit_code`` of ``units.3.credit_code``."""
        return self.path.rpartition(".")[2]

    @property
    def row(self) -> int:
        """The id of the unit or person; 0 for the team's own fields."""
        parts = self.path.split(".")
        return int(parts[1]) if len(parts) == 3 else 0

    @property
    def is_of_person(self) -> bool:
        return self.path.startswith("representatives.")

    @property
    def says_who(self) -> bool:
        """Whether it says who a member is (R52e)."""
        return self.is_of_person and self.name in WHO

    @property
    def is_secret(self) -> bool:
        return is_secret(self.path)

    @property
    def shown(self) -> str:
        return shown(self.path, self.value)


def is_secret(path: str) -> bool:
    """Whether a field holds a document number or a phone."""
    return path.rpartition(".")[2] in MASKS


def shown(path: str, value: str) -> str:
    """A value as pages and stored rows may show it (decision 23)."""
    mask = MASKS.get(path.rpartition(".")[2])
    return mask(value.strip()) if mask else value


def fields_of(team: TeamFacts) -> list[Correctable]:
    """Every field that may be corrected: never the topic (R64), never who is on the team."""
    found = [Correctable(key, label, getattr(team, key)) for key, label in TEAM.items()]
    for unit in team.units:
        of = f"{unit.label} {unit.name}".strip()
        for key, label in UNIT.items():
            found.append(Correctable(f"units.{unit.id}.{key}", label, getattr(unit, key), of))
    for person in team.people:
        of = f"{person.label} {person.name}".strip()
        for key, label in PERSON.items():
            found.append(Correctable(f"representatives.{person.id}.{key}", label, getattr(person, key), of))
    return found


def with_value(team: TeamFacts, item: Correctable, value: str, *, document_hash: str = "") -> TeamFacts:
    """The registration as it would read; ``document_hash`` belongs to a new document number."""
    changed = {item.name: value}
    if not item.row:
        return replace(team, **changed)  # type: ignore[arg-type]
    if item.is_of_person:
        if item.name == "document_number":
            changed["document_hash"] = document_hash
        people = tuple(replace(one, **changed) if one.id == item.row else one for one in team.people)  # type: ignore[arg-type]
        return replace(team, people=people)
    units = tuple(replace(one, **changed) if one.id == item.row else one for one in team.units)  # type: ignore[arg-type]
    return replace(team, units=units)


def problem_of(before: TeamFacts, after: TeamFacts, item: Correctable, terms: Terms) -> str:
    """The wizard's sentence about the field, or about another one that the change breaks; '' when all is well."""
    known = checks.missing(before, terms)
    for one in checks.missing(after, terms):
        if one.path == item.path or one not in known:
            return one.sentence
    return ""
