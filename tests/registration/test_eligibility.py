"""The pure rules of eligibility: values in, findings out."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registration.eligibility import findings, relation
from registration.facts import (
    OrganisationFacts,
    PersonFacts,
    SiblingFacts,
    SlotFacts,
    TeamFacts,
    TopicFacts,
    UnitFacts,
)
from registration.found import likeness
from registration.terms import Consent, ProofSlot, Terms
from tests.factories import credit_code

SLOT = ProofSlot("audit", "财务审计", "", ("pdf",), ("pdf",), 20, 3, required=True, may_not_apply=True)
TERMS = Terms(
    max_units=5,
    max_people=5,
    max_teams_per_account=20,
    min_name=2,
    max_name=30,
    min_project_name=2,
    max_project_name=50,
    max_role=50,
    max_note=500,
    code_minutes=10,
    code_failures=5,
    code_resend_seconds=60,
    codes_per_phone_and_day=10,
    codes_per_account_and_day=100,
    banned_words=("博彩", "国家级"),
    declarations=(),
    slots=(SLOT,),
    consent=Consent("1", (), ""),
)
OPEN, MARKED = TopicFacts("1-1", "能源", public_bodies=False), TopicFacts("7-2", "城市", public_bodies=True)
ENERGY = OrganisationFacts("sponsor", "山西省能源局", (), credit_code(900, prefix="11"))
MARKET = OrganisationFacts("sponsor", "山西省市场监督管理局（山西省知识产权局）", ("山西省知识产权局",))
INVESTOR = OrganisationFacts("sponsor", "山西省人民政府国有资产监督管理委员会")
EXCHANGE = OrganisationFacts("undertaker", "山西数据交易中心", ("晋数所",))
ORGANISERS = (ENERGY, MARKET, INVESTOR, EXCHANGE, OrganisationFacts("guide", "国家数据局"))


def unit(number: int = 1, **changes: Any) -> UnitFacts:
    plain = UnitFacts(
        id=number,
        position=number,
        is_lead=number == 1,
        name=f"太原乘数{number}有限公司",
        credit_code=credit_code(number),
        nature="private",
        proofs={"audit": SlotFacts(1)},
        consent="agreed",
    )
    return replace(plain, **changes)


def person(number: int = 1, **changes: Any) -> PersonFacts:
    return replace(PersonFacts(number, number, document_hash=f"hash{number}", confirmed=True), **changes)


def team(**changes: Any) -> TeamFacts:
    plain = TeamFacts("T000001", "乘数队", "煤矿安全数据平台", OPEN, units=(unit(),), people=(person(),))
    return replace(plain, **changes)


def found(facts: TeamFacts, siblings: tuple[SiblingFacts, ...] = ()) -> list[tuple[str, str, str]]:
    rows = findings(facts, TERMS, organisations=ORGANISERS, siblings=siblings)
    return [(row.rule, row.severity, row.subject) for row in rows]


def test_team_without_fault_has_no_finding() -> None:
    assert found(team()) == []


@pytest.mark.rule("R47")
@pytest.mark.parametrize(
    ("changes", "severity"),
    [
        ({"credit_code": credit_code(1)[:-1] + "?"}, "block"),
        ({"credit_code": credit_code(1, prefix="92")}, "block"),
        ({"name": "太原乘数有限公司大同分公司"}, "staff"),
        ({"name": "太原银行小店分行"}, "staff"),
        ({"name": "太原乘数投资（有限合伙）"}, "staff"),
        ({"name": "太原乘数事务所(普通合伙)"}, "staff"),
    ],
)
def test_unit_must_be_a_legal_person(changes: dict[str, str], severity: str) -> None:
    facts = team(units=(unit(**changes),))

    assert found(facts) == [("R47", severity, "单位1")]


@pytest.mark.rule("R47")
def test_words_of_a_branch_matter_for_companies_alone() -> None:
    facts = team(units=(unit(credit_code=credit_code(1, prefix="52"), name="分行研究会"),))

    assert found(facts) == []


@pytest.mark.rule("R48")
@pytest.mark.parametrize("leads", [(False, False), (True, True)])
def test_joint_team_needs_exactly_one_lead(leads: tuple[bool, bool]) -> None:
    facts = team(units=(unit(1, is_lead=leads[0]), unit(2, is_lead=leads[1])))

    assert found(facts) == [("R48", "block", "团队")]


@pytest.mark.rule("R100")
@pytest.mark.parametrize("count", [0, 6])
def test_units_are_one_to_five(count: int) -> None:
    facts = team(units=tuple(unit(number) for number in range(1, count + 1)))

    assert ("R100", "block", "团队") in found(facts)


@pytest.mark.rule("R52c", "R99")
@pytest.mark.parametrize("count", [0, 6])
def test_representatives_are_one_to_five(count: int) -> None:
    facts = team(people=tuple(person(number) for number in range(1, count + 1)))

    assert found(facts) == [("R52c", "block", "团队")]


@pytest.mark.rule("R52d")
def test_same_person_twice_or_unconfirmed_blocks() -> None:
    facts = team(people=(person(1), person(2, document_hash="hash1"), person(3, confirmed=False)))

    assert found(facts) == [("R52d", "block", "代表2"), ("R52d", "block", "代表3")]


@pytest.mark.rule("R53", "R54")
@pytest.mark.parametrize("name", ["山西省能源局", "山西省 能源局", "山西省知识产权局", "晋数所"])
def test_organiser_itself_is_blocked_outside_the_marked_topics(name: str) -> None:
    facts = team(units=(unit(name=name),))

    assert found(facts) == [("R53", "block", "单位1")]


@pytest.mark.rule("R53")
def test_organiser_is_known_by_its_code_whatever_name_it_gives() -> None:
    facts = team(units=(unit(name="某单位", credit_code=ENERGY.credit_code),))

    assert ("R53", "block", "单位1") in found(facts)


@pytest.mark.rule("R53", "R55")
def test_organiser_inside_a_marked_topic_is_for_staff() -> None:
    facts = team(topic=MARKED, units=(unit(name="山西省能源局"),))

    assert found(facts) == [("R53", "staff", "单位1")]


@pytest.mark.rule("R53")
@pytest.mark.parametrize(
    "changes",
    [
        {"name": "山西数据交易中心有限公司"},
        {"parent_name": "山西数据交易中心"},
        {"name": "山西省能源局信息中心"},
    ],
)
def test_affiliates_of_organisers_are_for_staff(changes: dict[str, str]) -> None:
    facts = team(topic=MARKED, units=(unit(**changes),))

    assert found(facts) == [("R53", "staff", "单位1")]


@pytest.mark.rule("R53")
def test_state_investor_excludes_no_enterprise() -> None:
    facts = team(units=(unit(nature="soe", parent_name=INVESTOR.name),))

    assert found(facts) == [("R53", "info", "单位1")]


@pytest.mark.rule("R53", "R03")
def test_guiding_units_are_not_on_the_exclusion_list() -> None:
    facts = team(units=(unit(name="国家数据局"),))

    assert found(facts) == []


@pytest.mark.rule("R55")
@pytest.mark.parametrize(("topic", "severity"), [(OPEN, "staff"), (MARKED, "info"), (None, "staff")])
def test_government_bodies_belong_to_the_marked_topics(topic: TopicFacts | None, severity: str) -> None:
    by_code = unit(1, credit_code=credit_code(1, prefix="11"))
    by_nature = unit(2, nature="government")

    rows = found(team(topic=topic, units=(by_code, by_nature)))

    assert rows == [("R55", severity, "单位1"), ("R55", severity, "单位2")]


@pytest.mark.rule("R55")
def test_institution_of_a_sponsor_outside_the_marked_topics_is_for_staff() -> None:
    facts = team(units=(unit(nature="institution", parent_name="山西省能源局"),))

    assert ("R55", "staff", "单位1") in found(facts)


@pytest.mark.rule("R45", "R55")
@pytest.mark.parametrize("topic", [OPEN, MARKED])
def test_universities_and_institutes_are_welcome_everywhere(topic: TopicFacts) -> None:
    university = unit(credit_code=credit_code(1, prefix="12"), name="山西工程大学", nature="research")

    assert found(team(topic=topic, units=(university,))) == [("R55", "info", "单位1")]


@pytest.mark.rule("R52f")
def test_same_units_with_a_like_project_look_like_one_team_twice() -> None:
    twin = SiblingFacts("T000002", "煤矿安全数据平台V2", frozenset({credit_code(1)}))

    assert found(team(), (twin,)) == [("R52f", "staff", "T000002")]


@pytest.mark.rule("R52a", "R52f")
def test_another_project_of_the_same_unit_is_no_finding() -> None:
    other = SiblingFacts("T000002", "文物数字化展示", frozenset({credit_code(1)}))

    assert found(team(), (other,)) == []


@pytest.mark.rule("R58", "R70")
def test_words_length_and_characters_of_names() -> None:
    assert found(team(name="国 家 级战队")) == [("R58", "staff", "团队名称")]
    assert found(team(name="队")) == [("R58", "block", "团队名称")]
    assert found(team(project_name="平" * 51)) == [("R70", "block", "项目名称")]
    assert found(team(project_name="煤矿😀平台")) == [("R70", "block", "项目名称")]
    assert found(team(name="Data×山西-2025（一）队")) == []


@pytest.mark.rule("R80")
def test_missing_and_not_applicable_proofs_are_for_staff() -> None:
    without = unit(1, proofs={})
    reasoned = unit(2, proofs={"audit": SlotFacts(0, "新成立")})

    rows = findings(team(units=(without, reasoned)), TERMS)

    assert [(row.severity, row.message) for row in rows] == [
        ("staff", "缺少“财务审计”。"),
        ("staff", "“财务审计”声明不适用：新成立"),
    ]


@given(st.text(max_size=60), st.text(max_size=60))
def test_likeness_is_between_nought_and_one_and_whole_for_itself(one: str, other: str) -> None:
    assert 0 <= likeness(one, other) <= 1
    assert likeness(one, one) in {0.0, 1.0}


@given(st.text(max_size=300), st.text(max_size=300), st.text(max_size=300))
def test_findings_never_stumble_over_what_was_typed(name: str, code: str, parent: str) -> None:
    facts = team(
        name=name, project_name=parent, units=(unit(name=name, credit_code=code, parent_name=parent),)
    )

    rows = findings(facts, TERMS, organisations=ORGANISERS)

    assert len({(row.rule, row.subject) for row in rows}) == len(rows)


def test_relation_says_how_a_unit_belongs() -> None:
    assert relation(unit(name="太原某公司"), ENERGY) == ""
    assert relation(unit(name="山西省能源局"), ENERGY) == "name"
    assert relation(unit(parent_name="山西省能源局"), ENERGY) == "parent"
