"""Automatic findings about a registration: values in, findings out; staff rule on what stands to reason.

A BLOCK finding must be gone before an officer can approve; STAFF asks for a judgement; INFO only tells.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from competition import identity
from registration.facts import OrganisationFacts, PersonFacts, SiblingFacts, TeamFacts, UnitFacts
from registration.found import ALIKE, Found, code_of, likeness
from registration.matches import Listed, Other, from_lists, like_others, same_phones
from registration.names import banned_words_in, name_problem
from registration.terms import Terms
from registration.workflow import Severity

#: Words in the name of a company (prefix 91) that is hardly a legal person (decision 8), as in a name's key.
NO_LEGAL_PERSON: Final = ("分公司", "分行", "(有限合伙)", "(普通合伙)", "个人独资")
STATE_INVESTOR: Final = "国有资产监督管理委员会"
#: Of two findings of one rule about one subject the graver stands.
GRAVITY: Final[dict[str, int]] = {Severity.INFO: 0, Severity.STAFF: 1, Severity.BLOCK: 2}


def findings(
    team: TeamFacts,
    terms: Terms,
    *,
    organisations: Iterable[OrganisationFacts] = (),
    siblings: Iterable[SiblingFacts] = (),
    listed: Iterable[Listed] = (),
    others: Iterable[Other] = (),
    phones: Mapping[int, Iterable[str]] | None = None,
) -> list[Found]:
    """Everything found about a registration, the gravest per rule and subject (R47-R100)."""
    organisers = tuple(organisations)
    found: dict[tuple[str, str], Found] = {}
    for one in (
        *_units(team, terms),
        *_people(team, terms),
        *_names(team, terms),
        *_organisers(team, organisers),
        *_public_bodies(team, organisers),
        *_duplicates(team, siblings),
        *_proofs(team, terms),
        *_undertakings(team),
        *_listings(team),
        *from_lists(team, listed),
        *like_others(team, others),
        *same_phones(team, phones or {}),
    ):
        key = (one.rule, one.subject)
        if key not in found or GRAVITY[one.severity] > GRAVITY[found[key].severity]:
            found[key] = one
    return sorted(found.values(), key=lambda one: (one.severity, one.rule, one.subject))


def _units(team: TeamFacts, terms: Terms) -> Iterator[Found]:
    count, leads = len(team.units), sum(unit.is_lead for unit in team.units)
    if not 1 <= count <= terms.max_units:
        yield Found(
            "R100",
            Severity.BLOCK,
            "团队",
            f"参赛单位应为1至{terms.max_units}家，现有{count}家。",
            {"units": count},
        )
    if count and leads != 1:
        yield Found(
            "R48", Severity.BLOCK, "团队", f"应有且只有一家牵头单位，现有{leads}家。", {"leads": leads}
        )
    for unit in team.units:
        yield from _legal_person(unit)


def _legal_person(unit: UnitFacts) -> Iterator[Found]:
    """R47 by decision 8: a valid code; prefix 92 is no legal person; some companies need a look."""
    code, name = code_of(unit), identity.name_key(unit.name)
    evidence = {"credit_code": unit.credit_code, "name": unit.name}
    if not code:
        problem = identity.credit_code_problem(unit.credit_code)
        yield Found("R47", Severity.BLOCK, unit.label, problem, evidence)
    elif code.startswith("92"):
        message = "统一社会信用代码以92开头，登记为个体工商户，不具有独立法人资格。"
        yield Found("R47", Severity.BLOCK, unit.label, message, evidence)
    elif code.startswith("91") and (words := [word for word in NO_LEGAL_PERSON if word in name]):
        message = f"单位名称含有“{words[0]}”，可能不具有独立法人资格，请核实。"
        yield Found("R47", Severity.STAFF, unit.label, message, {**evidence, "words": words})


def _people(team: TeamFacts, terms: Terms) -> Iterator[Found]:
    count = len(team.people)
    if not 1 <= count <= terms.max_people:
        yield Found(
            "R52c",
            Severity.BLOCK,
            "团队",
            f"参赛代表应为1至{terms.max_people}人，现有{count}人。",
            {"representatives": count},
        )
    seen: dict[str, PersonFacts] = {}
    for person in team.people:
        if not person.confirmed:
            message = "尚未由本人用手机验证码确认。"
            yield Found("R52d", Severity.BLOCK, person.label, message, {"confirmed": False})
        first = seen.setdefault(person.document_hash, person) if person.document_hash else person
        if first is not person:
            message = f"与{first.label}的证件相同，同一人不能填写两次。"
            yield Found("R52d", Severity.BLOCK, person.label, message, {"same_as": first.position})


def _names(team: TeamFacts, terms: Terms) -> Iterator[Found]:
    """R58 and R70: length and characters must be right; words are for staff to judge."""
    for rule, subject, name, shortest, longest in (
        ("R58", "团队名称", team.name, terms.min_name, terms.max_name),
        ("R70", "项目名称", team.project_name, terms.min_project_name, terms.max_project_name),
    ):
        if problem := name_problem(subject, name, least=shortest, most=longest):
            yield Found(rule, Severity.BLOCK, subject, problem, {"name": name})
        elif words := banned_words_in(name, terms.banned_words):
            message = f"{subject}含“{'”“'.join(words)}”，请判断是否符合法律法规和公序良俗。"
            yield Found(rule, Severity.STAFF, subject, message, {"name": name, "words": words})


def _organisers(team: TeamFacts, organisations: tuple[OrganisationFacts, ...]) -> Iterator[Found]:
    """R53 by decisions 2 and 3: organisers themselves, and what looks like belonging to one."""
    inside = team.topic is not None and team.topic.public_bodies
    for unit in team.units:
        for organisation in _excluded(organisations):
            how = relation(unit, organisation)
            if not how:
                continue
            evidence = {
                "organisation": organisation.name,
                "how": how,
                "name": unit.name,
                "parent": unit.parent_name,
            }
            if how in {"code", "name", "alias"}:
                severity = Severity.STAFF if inside else Severity.BLOCK
                message = f"该单位是大赛组织单位“{organisation.name}”，" + (
                    "该赛题允许公共机构参加，请判断是否影响评审公正。" if inside else "不得参赛。"
                )
            elif how == "parent" and STATE_INVESTOR in organisation.name:
                severity = Severity.INFO
                message = f"上级单位填写为“{unit.parent_name}”；国资委作为出资人不影响参赛。"
            else:
                severity = Severity.STAFF
                message = f"疑为大赛组织单位“{organisation.name}”的下属或关联单位，请核实。"
            yield Found("R53", severity, unit.label, message, evidence)


def _excluded(organisations: tuple[OrganisationFacts, ...]) -> list[OrganisationFacts]:
    return [one for one in organisations if one.role in {"sponsor", "undertaker"}]


def relation(unit: UnitFacts, organisation: OrganisationFacts) -> str:
    """How a unit belongs to an organiser: code, name, alias, parent, contains; '' when it does not."""
    code = code_of(unit)
    if organisation.credit_code and code == organisation.credit_code:
        return "code"
    name, parent = identity.name_key(unit.name), identity.name_key(unit.parent_name)
    official = identity.name_key(organisation.name)
    aliases = (identity.name_key(alias) for alias in organisation.aliases)
    keys = [key for key in (official, *aliases) if key]
    if name and name == official:
        return "name"
    if name in keys:
        return "alias"
    if parent and any(key in parent for key in keys):
        return "parent"
    return "contains" if any(key in name for key in keys) else ""


def _public_bodies(team: TeamFacts, organisations: tuple[OrganisationFacts, ...]) -> Iterator[Found]:
    """R55 by decision 2: government bodies and sponsors' institutions belong to the marked topics."""
    inside = team.topic is not None and team.topic.public_bodies
    sponsors = tuple(one for one in organisations if one.role == "sponsor")
    for unit in team.units:
        code = code_of(unit)
        evidence = {
            "nature": unit.nature,
            "prefix": code[:2],
            "topic": team.topic.code if team.topic else "",
            "note": team.public_body_note,
        }
        government = unit.nature == "government" or code.startswith("11")
        institution = unit.nature == "institution" or code.startswith("12")
        subordinate = institution and any(relation(unit, sponsor) for sponsor in sponsors)
        if government or subordinate:
            what = "政府机构" if government else "主办单位所属事业单位"
            if inside:
                yield Found("R55", Severity.INFO, unit.label, f"{what}，所选赛题允许公共机构参加。", evidence)
            else:
                message = f"{what}，所选赛题不在公共机构可参加的赛题之列，请判断。"
                yield Found("R55", Severity.STAFF, unit.label, message, evidence)
        elif institution:
            yield Found(
                "R55", Severity.INFO, unit.label, "事业单位（高校、院所、医院等均可参赛）。", evidence
            )


def _duplicates(team: TeamFacts, siblings: Iterable[SiblingFacts]) -> Iterator[Found]:
    """R52f: the same units with a like project, or a shared unit with the very same project name."""
    codes = frozenset(code_of(unit) for unit in team.units) - {""}
    for sibling in siblings:
        shared = codes & sibling.credit_codes
        alike = likeness(team.project_name, sibling.project_name)
        if (codes and codes == sibling.credit_codes and alike >= ALIKE) or (shared and alike == 1):
            yield Found(
                "R52f",
                Severity.STAFF,
                sibling.reference,
                f"与{sibling.reference}的参赛单位相同、项目名称相近（{round(alike * 100)}%），疑似重复参赛。",
                {"team": sibling.reference, "project": sibling.project_name, "likeness": round(alike, 2)},
            )


def _proofs(team: TeamFacts, terms: Terms) -> Iterator[Found]:
    """R80: what is missing or said not to apply is for staff to judge."""
    for unit in team.units:
        for slot in terms.slots:
            state, subject = unit.proofs.get(slot.key), f"{unit.label}：{slot.label}"[:60]
            if state and state.reason:
                message = f"“{slot.label}”声明不适用：{state.reason}"[:300]
                evidence = {"slot": slot.key, "reason": state.reason}
                yield Found("R80", Severity.STAFF, subject, message, evidence)
            elif slot.required and not (state and state.files):
                yield Found("R80", Severity.STAFF, subject, f"缺少“{slot.label}”。", {"slot": slot.key})


def _listings(team: TeamFacts) -> Iterator[Found]:
    """R49-R51: what an officer's look-up found bars from taking part."""
    for one in team.listings:
        message = f"{one.looked_on}查询，{one.name}列入“{one.list_label}”：{one.note}"[:300]
        yield Found(one.rule, Severity.BLOCK, one.name[:60], message, {"look_up": one.key})


#: state of a statement's scan -> how grave, and the sentence (R56); one that is being read says nothing yet
_SCANS: Final = {
    "older": (Severity.STAFF, "申报主体责任声明的扫描件不是按现在的报名信息生成的。"),
    "none": (Severity.INFO, "申报主体责任声明的扫描件上没有读到二维码，请对照报名信息核对。"),
}


def _undertakings(team: TeamFacts) -> Iterator[Found]:
    """R46: whether joint units agree to take part; R56: whether what they signed is what is registered."""
    for unit in team.units:
        if not unit.is_lead and len(team.units) > 1 and unit.consent != "agreed":
            if unit.consent == "refused":
                yield Found(
                    "R46", Severity.BLOCK, unit.label, "该单位答复不同意参赛。", {"consent": "refused"}
                )
            else:
                word = "尚未答复" if unit.consent else "尚未请其确认"
                message = f"该单位是否同意参赛：{word}，请核实。"
                yield Found("R46", Severity.STAFF, unit.label, message, {"consent": unit.consent})
        for state in sorted({slot.statement for slot in unit.proofs.values()} & _SCANS.keys()):
            severity, message = _SCANS[state]
            yield Found("R56", severity, unit.label, message, {"statement": state})
