"""Findings from the office's lists and from other registrations of the edition: values in, findings out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from competition import identity
from competition.lists import EXCLUSIONS, WINNERS
from registration.facts import PersonFacts, TeamFacts, UnitFacts
from registration.found import ALIKE, Found, code_of, likeness
from registration.workflow import Severity

#: Names as alike as this, without a unit in common, are more than a coincidence of words.
VERY_ALIKE: Final = 0.9


@dataclass(frozen=True)
class Listed:
    """A row of one of the office's lists; ``list_label`` and ``rule`` are the list's."""

    kind: str
    list_label: str
    rule: str
    name: str = ""
    credit_code: str = ""
    document_hash: str = ""
    project: str = ""
    detail: Mapping[str, Any] = field(default_factory=dict)

    def names(self, name: str) -> bool:
        key = identity.name_key(name)
        return bool(key) and key == identity.name_key(self.name)


@dataclass(frozen=True)
class Other:
    """Another live registration of the edition whose names look like this one's."""

    reference: str
    name: str
    project_name: str


def from_lists(team: TeamFacts, listed: Iterable[Listed]) -> Iterator[Found]:
    """What the lists say about a registration's units, people and project (R49-R51, R53, R74)."""
    for row in listed:
        if row.kind == EXCLUSIONS:
            yield from _excluded(team, row)
        elif row.kind == WINNERS:
            yield from _won_before(team, row)
        else:
            yield from _barred(team, row)


def _barred(team: TeamFacts, row: Listed) -> Iterator[Found]:
    """R49-R51: a code or document decides; a name alone is for staff, unless a number says that it is another."""
    evidence = {"list": row.list_label, "name": row.name, **row.detail}
    for unit in team.units:
        if how := _unit_is(unit, row):
            yield _barring(row, unit.label, unit.name, how, evidence)
    for person in team.people:
        if how := _person_is(person, row):
            yield _barring(row, person.label, person.name, how, evidence)


def _unit_is(unit: UnitFacts, row: Listed) -> str:
    code = code_of(unit)
    if code and row.credit_code == code:
        return "code"
    return "name" if row.names(unit.name) and not row.credit_code and not row.document_hash else ""


def _person_is(person: PersonFacts, row: Listed) -> str:
    if person.document_hash and row.document_hash == person.document_hash:
        return "document"
    return "name" if row.names(person.name) and not row.credit_code and not row.document_hash else ""


def _barring(row: Listed, label: str, name: str, how: str, evidence: dict[str, Any]) -> Found:
    if how == "name":
        message = f"“{name}”与导入的“{row.list_label}”中一条同名，请核实是否同一主体。"
        return Found(row.rule, Severity.STAFF, label, message, {**evidence, "how": how})
    number = "统一社会信用代码" if how == "code" else "证件号码"
    message = f"{number}列入导入的“{row.list_label}”，不得参赛。"
    return Found(row.rule, Severity.BLOCK, label, message, {**evidence, "how": how})


def _excluded(team: TeamFacts, row: Listed) -> Iterator[Found]:
    """R53 by decisions 2 and 3: an organiser is blocked outside the marked topics; relations are for staff."""
    inside = team.topic is not None and team.topic.public_bodies
    relation, of = str(row.detail.get("relation", "")), str(row.detail.get("of", ""))
    for unit in team.units:
        code = code_of(unit)
        itself = bool(code and row.credit_code == code) or row.names(unit.name)
        if not itself and not row.names(unit.parent_name):
            continue
        evidence = {"organisation": row.name, "relation": relation, "of": of, "name": unit.name}
        if itself and relation == "组织单位" and not inside:
            message = f"该单位在排除名单中（组织单位“{row.name}”），不得参赛。"
            yield Found("R53", Severity.BLOCK, unit.label, message, evidence)
        else:
            what = f"“{of}”的{relation}" if of else relation or "组织单位"
            who = "该单位" if itself else f"其母公司“{unit.parent_name}”"
            message = f"{who}在排除名单中（{what}），请判断。"[:300]
            yield Found("R53", Severity.STAFF, unit.label, message, evidence)


def _won_before(team: TeamFacts, row: Listed) -> Iterator[Found]:
    """R74: 'in principle' not admitted, so staff judge a like project; a winning unit alone is told."""
    alike = likeness(team.project_name, row.project)
    mine = [unit for unit in team.units if _is_winner(unit, row)]
    won = f"{row.detail.get('year', '')}年获奖项目“{row.project}”（{row.name}）"
    evidence = {"project": row.project, "unit": row.name, "likeness": round(alike, 2), **row.detail}
    subject = row.project[:60]
    if alike >= ALIKE:
        message = f"项目名称与{won}相近（{round(alike * 100)}%），原则上不可参赛，请判断。"[:300]
        yield Found("R74", Severity.STAFF, subject, message, evidence)
    elif mine:
        message = f"{mine[0].label}是{won}的获奖单位，项目名称不同，请留意是否同一项目。"[:300]
        yield Found("R74", Severity.INFO, subject, message, evidence)


def _is_winner(unit: UnitFacts, row: Listed) -> bool:
    names = {identity.name_key(str(name)) for name in row.detail.get("units", ())} | {
        identity.name_key(row.name)
    }
    code = code_of(unit)
    return bool(code and code == row.credit_code) or bool(unit.name and identity.name_key(unit.name) in names)


def like_others(team: TeamFacts, others: Iterable[Other]) -> Iterator[Found]:
    """R52f, R58: names like those of another registration, whoever its units are."""
    for other in others:
        project, name = likeness(team.project_name, other.project_name), likeness(team.name, other.name)
        evidence = {"team": other.reference, "project": other.project_name, "name": other.name, "alone": True}
        if project >= ALIKE:
            severity = Severity.STAFF if project >= VERY_ALIKE else Severity.INFO
            message = f"项目名称与{other.reference}“{other.project_name}”相近（{round(project * 100)}%）。"
            yield Found(
                "R52f", severity, other.reference, message, {**evidence, "likeness": round(project, 2)}
            )
        if name >= ALIKE:
            severity = Severity.STAFF if name == 1 else Severity.INFO
            how = "相同" if name == 1 else f"相近（{round(name * 100)}%）"
            message = f"团队名称与{other.reference}“{other.name}”{how}。"
            yield Found("R58", severity, other.reference, message, {**evidence, "likeness": round(name, 2)})


def same_phones(team: TeamFacts, elsewhere: Mapping[int, Iterable[str]]) -> Iterator[Found]:
    """R52d: a phone that another live registration gives too; ``elsewhere``: person id -> references."""
    for person in team.people:
        references = sorted(elsewhere.get(person.id, ()))
        if references:
            message = f"手机号码也填写在{'、'.join(references[:5])}中，请核实是否同一人参加多个团队。"
            yield Found("R52d", Severity.STAFF, f"{person.label}的手机", message, {"teams": references[:20]})
