"""Findings from the office's lists and from other registrations: pure rules, then as the database finds them."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from competition.models import Attempt, Edition, ListEntry, ListImport, OutboxMessage, User
from competition.registries import list_changed
from registration import services
from registration.facts import PersonFacts, TeamFacts, TopicFacts, UnitFacts
from registration.matches import Listed, Other, from_lists, like_others, same_phones
from registration.models import Finding, Team
from registration.services import findings as finding_services
from tests import factories
from tests.factories import credit_code

UNIT = UnitFacts(
    id=1,
    position=1,
    is_lead=True,
    name="太原乘数有限公司",
    credit_code=credit_code(1),
    parent_name="晋数集团",
)
PERSON = PersonFacts(7, 1, name="李华", document_hash="hash1")
TEAM = TeamFacts(
    "T000001", "乘数队", "煤矿安全数据平台", TopicFacts("1-1", "能源", False), units=(UNIT,), people=(PERSON,)
)
DEBTORS = Listed("judgment_debtor", "失信被执行人", "R49")
TAX = Listed("tax_violation", "重大税收违法案件当事人名单", "R50")
PROCUREMENT = Listed("procurement", "政府采购严重违法失信行为记录名单", "R51")
EXCLUSION = Listed(
    "exclusions", "组织单位及关联单位", "R53", detail={"relation": "子公司", "of": "山西数据交易中心"}
)
WINNER = Listed(
    "winners",
    "往届全国总决赛获奖项目",
    "R74",
    name="上海乘法公司",
    project="港口物流",
    detail={"year": "2024"},
)


def rows(*listed: Listed, team: TeamFacts = TEAM) -> list[tuple[str, str, str]]:
    return [(one.rule, one.severity, one.subject) for one in from_lists(team, listed)]


@pytest.mark.rule("R49", "R50", "R51")
@pytest.mark.parametrize("which", [DEBTORS, TAX, PROCUREMENT])
def test_listed_number_bars_a_unit_or_person(which: Listed) -> None:
    assert rows(replace(which, credit_code=credit_code(1))) == [(which.rule, "block", "单位1")]
    assert rows(replace(which, name="李华", document_hash="hash1")) == [(which.rule, "block", "代表1")]


@pytest.mark.rule("R49", "R50", "R51")
@pytest.mark.parametrize("which", [DEBTORS, TAX, PROCUREMENT])
def test_listed_name_alone_is_for_staff_and_another_number_is_another(which: Listed) -> None:
    assert rows(replace(which, name="太原 乘数有限公司")) == [(which.rule, "staff", "单位1")]
    assert rows(replace(which, name="李华")) == [(which.rule, "staff", "代表1")]
    assert rows(replace(which, name="太原乘数有限公司", credit_code=credit_code(2))) == []
    assert rows(replace(which, name="李华", document_hash="hash2")) == []


@pytest.mark.rule("R53", "R54", "R55")
@pytest.mark.parametrize(
    ("row", "inside", "severity"),
    [
        ({"name": "太原乘数有限公司", "detail": {"relation": "组织单位"}}, False, "block"),
        ({"name": "太原乘数有限公司", "detail": {"relation": "组织单位"}}, True, "staff"),
        ({"credit_code": credit_code(1)}, False, "staff"),
        ({"name": "晋数集团"}, False, "staff"),
    ],
)
def test_excluded_units_and_their_relations(row: dict[str, Any], inside: bool, severity: str) -> None:
    team = replace(TEAM, topic=TopicFacts("7-2", "城市", inside))

    assert rows(replace(EXCLUSION, **row), team=team) == [("R53", severity, "单位1")]


@pytest.mark.rule("R74")
def test_winners_of_last_year_are_judged_by_staff() -> None:
    assert rows(WINNER) == []
    assert rows(replace(WINNER, project="煤矿安全数据平台V2")) == [("R74", "staff", "煤矿安全数据平台V2")]
    assert rows(replace(WINNER, detail={"units": ["甲公司", "太原乘数有限公司"]})) == [
        ("R74", "info", "港口物流")
    ]
    assert rows(replace(WINNER, credit_code=credit_code(1))) == [("R74", "info", "港口物流")]


@pytest.mark.rule("R52f", "R58")
@pytest.mark.parametrize(
    ("other", "expected"),
    [
        (Other("T000002", "别的队", "文物数字展示"), []),
        (Other("T000002", "别的队", "煤矿安全数据 平台"), [("R52f", "staff")]),
        (Other("T000002", "别的队", "煤矿安全数据云平台系统"), [("R52f", "info")]),
        (Other("T000002", "乘数队", "文物数字展示"), [("R58", "staff")]),
        (Other("T000002", "乘数队二", "文物数字展示"), [("R58", "info")]),
    ],
)
def test_names_like_those_of_others(other: Other, expected: list[tuple[str, str]]) -> None:
    assert [(one.rule, one.severity) for one in like_others(TEAM, [other])] == expected


@pytest.mark.rule("R52d")
def test_same_phone_on_other_teams_is_for_staff() -> None:
    found = list(same_phones(TEAM, {7: ["T000009", "T000002"]}))

    assert [(one.rule, one.severity, one.subject) for one in found] == [("R52d", "staff", "代表1的手机")]
    assert "T000002、T000009" in found[0].message


@given(st.text(max_size=80), st.text(max_size=40), st.text(max_size=80))
def test_nothing_that_was_typed_makes_the_matching_stumble(name: str, code: str, project: str) -> None:
    team = replace(TEAM, name=name, project_name=project, units=(replace(UNIT, name=name, credit_code=code),))
    lists = [replace(one, name=name, project=project) for one in (DEBTORS, EXCLUSION, WINNER)]

    found = [*from_lists(team, lists), *like_others(team, [Other("T000002", name, project)])]

    assert all(one.message and len(one.subject) <= 60 for one in found)


def bring_in(edition: Edition, actor: User, kind: str, **row: Any) -> ListEntry:
    batch = ListImport.objects.create(
        edition=edition, kind=kind, file_name="名单.xlsx", sha256="0" * 64, count=1, actor=actor
    )
    return ListEntry.objects.create(batch=batch, edition=edition, kind=kind, row=1, **row)


def of(team: Team, rule: str) -> list[Finding]:
    return list(Finding.objects.filter(team=team, rule=rule))


@pytest.mark.rule("R49", "R58", "R74")
def test_lists_are_matched_by_a_job_after_they_change(submitted_team: Team, sunli: User) -> None:
    team, edition = submitted_team, submitted_team.edition
    bring_in(edition, sunli, "judgment_debtor", name="某公司", name_key="某公司", credit_key=credit_code(1))
    bring_in(edition, sunli, "words", name=team.name[:3], name_key=team.name[:3])
    bring_in(edition, sunli, "winners", project=team.project_name, project_key=team.project_key)
    undone = bring_in(edition, sunli, "tax_violation", name="某", name_key="某", credit_key=credit_code(1))
    ListEntry.objects.filter(pk=undone.pk).update(live=False)

    for _, follow in list_changed:
        follow(edition, "winners")
    finding_services.send_job(OutboxMessage.objects.get(channel=finding_services.CHANNEL))

    team.refresh_from_db()
    assert [of(team, rule)[0].severity for rule in ("R49", "R58", "R74")] == ["block", "staff", "staff"]
    doubts = team.findings.filter(severity="staff").count()
    assert (of(team, "R50"), team.blocks, team.doubts) == ([], 1, doubts)


@pytest.mark.rule("R89")
def test_rest_days_change_no_finding(edition: Edition) -> None:
    for _, follow in list_changed:
        follow(edition, "holidays")

    assert not OutboxMessage.objects.filter(channel=finding_services.CHANNEL).exists()


@pytest.mark.rule("R52d", "R52f", "R58")
def test_like_registrations_find_each_other_and_let_go(
    submitted_team: Team, zhaolei: User, edition: Edition
) -> None:
    person = submitted_team.representatives.first()
    Attempt.objects.all().delete()
    twin = factories.complete_team(
        zhaolei, edition, number=5, name="数海远航队", people={5: {"mobile": person.mobile if person else ""}}
    )
    services.save_team(
        twin,
        values={"name": submitted_team.name, "project_name": submitted_team.project_name},
        version=twin.version,
        actor=zhaolei,
    )
    twin = factories.submit(twin)

    told = {(one.rule, one.severity) for one in twin.findings.exclude(rule="R80")}
    assert {("R52f", "staff"), ("R58", "staff"), ("R52d", "staff")} <= told
    assert [one.subject for one in of(submitted_team, "R52f")] == [twin.reference]
    services.withdraw(twin, actor=zhaolei)
    assert of(submitted_team, "R52f") == []


def test_bulk_approval_takes_the_clear_ones_alone(
    submitted_team: Team, qianjin: User, zhaolei: User, edition: Edition
) -> None:
    clear = factories.looked_up(submitted_team, qianjin)
    Finding.objects.filter(team=clear).delete()
    due = factories.submit(factories.complete_team(zhaolei, edition, number=6, name="数海远航队"))
    stale = {clear.pk: clear.version, due.pk: due.version}

    approved, left_out = services.approve_clear([clear, due], officer=qianjin, versions=stale)
    again = services.approve_clear([clear], officer=qianjin, versions=stale)[1]

    assert [team.pk for team in approved] == [clear.pk]
    assert [(team.pk, "尚未查询" in why) for team, why in left_out] == [(due.pk, True)]
    assert "已被“钱进”" in again[0][1]
