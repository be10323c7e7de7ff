"""What a registration still lacks: each with the field, the sentence and the step of the wizard."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from competition import identity
from competition.chars import count_chars
from competition.reference import is_complete_region
from registration.facts import PersonFacts, TeamFacts, UnitFacts
from registration.names import name_problem, person_name_problem
from registration.statement import OLDER
from registration.steps import Step
from registration.terms import Terms


@dataclass(frozen=True)
class Missing:
    """One thing to do before submitting; ``wrong`` when something was typed that cannot stand."""

    path: str
    sentence: str
    step: str
    wrong: bool = False


OUTDATED: Final = "扫描件不是按现在的报名信息生成的声明，请重新下载、盖章、扫描，替换原来的文件。"
#: Fields of a unit that must not be empty, with the sentence when they are.
UNIT_FIELDS: Final = {
    "name": "请填写单位全称。",
    "credit_code": "请填写18位统一社会信用代码。",
    "region": "请选择所在省、市、县（区）。",
    "address": "请填写详细地址。",
    "nature": "请选择单位性质。",
    "contact": "请填写联系人。",
    "contact_title": "请填写联系人职务。",
    "contact_way": "请填写联系方式。",
}
PERSON_FIELDS: Final = {
    "name": "请填写姓名。",
    "document_type": "请选择证件类型。",
    "document_number": "请填写证件号码。",
    "unit": "请选择所在单位。",
    "title": "请填写职务或职称。",
    "mobile": "请填写手机号码。",
    "role": "请填写项目中主要承担的角色。",
}


def missing(team: TeamFacts, terms: Terms) -> list[Missing]:
    """Everything that must be there or be put right before submitting, in the order of the wizard."""
    return [
        *_team(team, terms),
        *_units(team, terms),
        *_people(team, terms),
        *_topic(team, terms),
        *_proofs(team, terms),
        *_declarations(team, terms),
    ]


def _team(team: TeamFacts, terms: Terms) -> Iterator[Missing]:
    for path, label, value, shortest, longest in (
        ("name", "团队名称", team.name, terms.min_name, terms.max_name),
        ("project_name", "项目名称", team.project_name, terms.min_project_name, terms.max_project_name),
    ):
        if problem := name_problem(label, value, least=shortest, most=longest):
            yield Missing(path, problem, Step.TEAM, wrong=bool(value.strip()))


def _units(team: TeamFacts, terms: Terms) -> Iterator[Missing]:
    if not team.units:
        yield Missing("units", "请至少添加一家参赛单位。", Step.UNITS)
    elif sum(unit.is_lead for unit in team.units) != 1:
        yield Missing("units", "请指定一家牵头单位。", Step.UNITS)
    seen: dict[str, UnitFacts] = {}
    for unit in team.units:
        for field, sentence in UNIT_FIELDS.items():
            if not str(getattr(unit, field)).strip():
                yield Missing(f"units.{unit.id}.{field}", f"{unit.label}：{sentence}", Step.UNITS)
        yield from _unit_details(unit)
        yield from _credit_code(unit, seen)


def _unit_details(unit: UnitFacts) -> Iterator[Missing]:
    path = f"units.{unit.id}"
    if unit.region and not is_complete_region(unit.region):
        yield Missing(f"{path}.region", f"{unit.label}：请选择到县（区）。", Step.UNITS, wrong=True)
    if unit.nature == "other" and not unit.nature_other.strip():
        yield Missing(f"{path}.nature_other", f"{unit.label}：请填写其他性质的具体内容。", Step.UNITS)
    if unit.central_subsidiary is None:
        yield Missing(f"{path}.central_subsidiary", f"{unit.label}：请选择是否央企子公司。", Step.UNITS)
    elif unit.central_subsidiary and not unit.parent_name.strip():
        yield Missing(f"{path}.parent_name", f"{unit.label}：请填写母公司名称。", Step.UNITS)


def _credit_code(unit: UnitFacts, seen: dict[str, UnitFacts]) -> Iterator[Missing]:
    if not unit.credit_code.strip():
        return
    path = f"units.{unit.id}.credit_code"
    first = seen.setdefault(identity.normalise_credit_code(unit.credit_code), unit)
    if problem := identity.credit_code_problem(unit.credit_code):
        sentence = f"{unit.label}：{problem}{identity.credit_code_hint(unit.credit_code)}"
        yield Missing(path, sentence, Step.UNITS, wrong=True)
    elif first is not unit:
        yield Missing(path, f"{unit.label}：与{first.label}的统一社会信用代码相同。", Step.UNITS, wrong=True)


def _people(team: TeamFacts, terms: Terms) -> Iterator[Missing]:
    if not team.people:
        yield Missing("representatives", "请至少添加一名参赛代表。", Step.PEOPLE)
    elif sum(person.is_contact for person in team.people) != 1:
        yield Missing("representatives", "请指定一名团队联络人。", Step.PEOPLE)
    seen: dict[str, PersonFacts] = {}
    phones: dict[str, PersonFacts] = {}
    for person in team.people:
        for field, sentence in PERSON_FIELDS.items():
            value = person.unit_id if field == "unit" else getattr(person, field)
            if not str(value or "").strip():
                yield Missing(
                    f"representatives.{person.id}.{field}", f"{person.label}：{sentence}", Step.PEOPLE
                )
        yield from _person_details(person, terms)
        yield from _phone(person, phones)
        first = seen.setdefault(person.document_hash, person) if person.document_hash else person
        if first is not person:
            yield Missing(
                f"representatives.{person.id}.document_number",
                f"{person.label}：与{first.label}的证件号码相同，每名代表只能填写一次。",
                Step.PEOPLE,
                wrong=True,
            )
        elif not person.confirmed:
            yield _unconfirmed(person)


def _phone(person: PersonFacts, phones: dict[str, PersonFacts]) -> Iterator[Missing]:
    """Each confirms by a code to the own phone (decision 24): one phone cannot speak for two."""
    number = "" if identity.mobile_problem(person.mobile) else identity.normalise_mobile(person.mobile)
    first = phones.setdefault(number, person) if number else person
    if first is not person:
        sentence = f"{person.label}：与{first.label}的手机号码相同，每名代表须用本人的手机确认。"
        yield Missing(f"representatives.{person.id}.mobile", sentence, Step.PEOPLE, wrong=True)


def _person_details(person: PersonFacts, terms: Terms) -> Iterator[Missing]:
    path = f"representatives.{person.id}"
    if problem := person_name_problem(person.name):
        yield Missing(f"{path}.name", f"{person.label}：{problem}", Step.PEOPLE, wrong=True)
    typed = person.document_type and person.document_number.strip()
    if typed and (problem := identity.document_problem(person.document_type, person.document_number)):
        yield Missing(f"{path}.document_number", f"{person.label}：{problem}", Step.PEOPLE, wrong=True)
    if person.mobile.strip() and (problem := identity.mobile_problem(person.mobile)):
        yield Missing(f"{path}.mobile", f"{person.label}：{problem}", Step.PEOPLE, wrong=True)
    if (length := count_chars(person.role)) > terms.max_role:
        sentence = f"{person.label}：角色最多{terms.max_role}个字，现有{length}个字。"
        yield Missing(f"{path}.role", sentence, Step.PEOPLE, wrong=True)


def _unconfirmed(person: PersonFacts) -> Missing:
    who = person.name or person.label
    sentence = (
        f"{person.label}：确认短信已发出，等待{who}本人确认。"
        if person.code_sent
        else f"{person.label}：请发送确认短信，由{who}本人确认。"
    )
    return Missing(f"representatives.{person.id}.confirmation", sentence, Step.PEOPLE)


def confirmation_problems(team: TeamFacts, terms: Terms, person_id: int) -> dict[str, str]:
    """What must be right before a person can be asked to confirm, by field path: who, and for what."""
    path = f"representatives.{person_id}"
    wanted = {f"{path}.{field}" for field in ("name", "document_type", "document_number", "mobile")}
    problems = [*_team(team, terms), *_people(team, terms)]
    return {one.path: one.sentence for one in problems if one.path in wanted | {"name", "project_name"}}


def _topic(team: TeamFacts, terms: Terms) -> Iterator[Missing]:
    if team.topic is None:
        yield Missing("topic", "请选择一个赛题。", Step.TOPIC)
    if (length := count_chars(team.public_body_note)) > terms.max_note:
        sentence = f"公共机构参与说明最多{terms.max_note}个字，现有{length}个字。"
        yield Missing("public_body_note", sentence, Step.TOPIC, wrong=True)


def _proofs(team: TeamFacts, terms: Terms) -> Iterator[Missing]:
    for unit in team.units:
        for slot in terms.slots:
            state = unit.proofs.get(slot.key)
            if slot.required and not (state and (state.files or state.reason)):
                path = f"proofs.{unit.id}.{slot.key}"
                sentence = f"{unit.label}：请上传“{slot.label}”" + (
                    "，或说明不适用的理由。" if slot.may_not_apply else "。"
                )
                yield Missing(path, sentence, Step.PROOFS)
            elif state and state.statement == OLDER:
                path = f"proofs.{unit.id}.{slot.key}"
                sentence = f"{unit.label}：{OUTDATED}"
                yield Missing(path, sentence, Step.PROOFS, wrong=True)


def _declarations(team: TeamFacts, terms: Terms) -> Iterator[Missing]:
    for number, declaration in enumerate(terms.declarations, start=1):
        if declaration.key not in team.declared:
            sentence = f"请阅读并勾选第{number}项声明。"
            yield Missing(f"declaration_{declaration.key}", sentence, Step.SUBMIT)
