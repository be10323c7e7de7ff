"""What is typed is kept as typed; what a service refuses it refuses with its own sentence."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection

from competition.errors import Invalid, NotAllowed, StageClosed, StaleVersion, TooMany, WrongState
from competition.models import Edition, User
from registration import services
from registration.models import Representative, Team, Unit
from tests import factories


@pytest.fixture
def team(edition: Edition, open_stage: Callable[..., Any], lihua: User) -> Team:
    open_stage("registration")
    return services.start_team(lihua, edition=edition)


def sentences(team: Team) -> dict[str, str]:
    return {one.path: one.sentence for one in services.missing(team)}


@pytest.mark.rule("R12")
def test_start_before_registration_opens_is_refused(edition: Edition, lihua: User) -> None:
    with pytest.raises(StageClosed, match="报名尚未开始"):
        services.start_team(lihua, edition=edition)


def test_start_with_first_rows_prepares_lead_unit_and_contact(
    edition: Edition, open_stage: Callable[..., Any], lihua: User
) -> None:
    open_stage("registration")

    team = services.start_team(lihua, edition=edition, with_first_rows=True)

    assert [unit.is_lead for unit in team.units.all()] == [True]
    assert [(one.name, one.is_contact) for one in team.representatives.all()] == [("李华", True)]


def test_start_beyond_the_limit_is_refused(
    edition: Edition, open_stage: Callable[..., Any], lihua: User
) -> None:
    open_stage("registration")
    edition.data["limits"]["teams_per_account"] = 1
    services.start_team(lihua, edition=edition)

    with pytest.raises(TooMany, match="同一账号最多同时保留1个报名"):
        services.start_team(lihua, edition=edition)


def test_team_keeps_odd_names_as_typed(team: Team, lihua: User) -> None:
    typed = "  队\u3000😀 " + "长" * 200

    saved = services.save_team(team, values={"name": typed}, version=1, actor=lihua)

    assert Team.objects.get(pk=team.pk).name == typed
    assert saved.version == 2
    assert sentences(saved)["name"] == "团队名称应为2至30个字，现有202个字。"


def test_line_beyond_what_can_be_kept_is_refused_at_its_field(team: Team, lihua: User) -> None:
    with pytest.raises(Invalid) as refused:
        services.save_team(team, values={"name": "长" * 301}, version=1, actor=lihua)

    assert refused.value.problems == {"name": "本项最多保存300个字符，现有301个；没有保存，请缩短。"}


def test_nul_is_dropped(team: Team, lihua: User) -> None:
    saved = services.save_team(team, values={"name": "乘\x00数"}, version=1, actor=lihua)

    assert saved.name == "乘数"


@pytest.mark.rule("R47")
def test_wrong_credit_code_is_saved_and_told(team: Team, lihua: User) -> None:
    wrong = factories.credit_code(1)[:-1] + "?"

    unit = factories.add_unit(team, credit_code=wrong)

    assert unit.credit_code == wrong
    assert unit.credit_key == ""
    assert "由数字和大写字母组成" in sentences(team)[f"units.{unit.pk}.credit_code"]


@pytest.mark.rule("R47")
def test_wrong_check_digit_has_its_own_sentence(team: Team) -> None:
    right = factories.credit_code(1)
    wrong = right[:-1] + ("0" if right[-1] != "0" else "1")

    unit = factories.add_unit(team, credit_code=wrong)

    assert sentences(team)[f"units.{unit.pk}.credit_code"] == (
        "单位1：统一社会信用代码的校验位不正确，请对照营业执照或法人证书核对。"
    )


def test_same_credit_code_twice_is_saved_and_told(team: Team) -> None:
    first = factories.add_unit(team, 1)
    second = factories.add_unit(team, 1)

    assert (first.credit_key, second.credit_key) == (first.credit_code, "")
    told = sentences(team)[f"units.{second.pk}.credit_code"]
    assert told == "单位2：与单位1的统一社会信用代码相同。"


def test_credit_code_moves_to_the_other_unit_when_freed(team: Team, lihua: User) -> None:
    first, second = factories.add_unit(team, 1), factories.add_unit(team, 1)
    team.refresh_from_db()

    services.save_unit(first, values={"credit_code": ""}, version=team.version, actor=lihua)

    second.refresh_from_db()
    assert second.credit_key == second.credit_code


def test_wrong_document_and_phone_are_saved_and_told(team: Team) -> None:
    factories.add_unit(team)

    person = factories.add_person(team, document_number="140105190101010011", mobile="12345")

    assert (person.document_number, person.mobile) == ("140105190101010011", "12345")
    assert (person.document_hash, person.mobile_hash) == ("", "")
    told = sentences(team)
    assert "校验码不正确" in told[f"representatives.{person.pk}.document_number"]
    assert told[f"representatives.{person.pk}.mobile"] == "代表1：请填写中国大陆的11位手机号码。"


def test_document_number_is_not_readable_in_the_database(team: Team) -> None:
    factories.add_unit(team)
    person = factories.add_person(team)

    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT document_number, mobile FROM registration_representative WHERE id = %s", [person.pk]
        )
        stored = cursor.fetchone()

    assert person.document_number not in str(stored)
    assert person.mobile not in str(stored)


@pytest.mark.rule("R100")
def test_sixth_unit_is_refused(team: Team, lihua: User) -> None:
    for number in range(1, 6):
        factories.add_unit(team, number)
    team.refresh_from_db()

    with pytest.raises(WrongState) as refused:
        services.add_unit(team, actor=lihua, version=team.version)

    assert refused.value.sentence == "每个团队最多5家参赛单位，不能再添加第6家。"


@pytest.mark.rule("R52c", "R99")
def test_sixth_representative_is_refused(team: Team, lihua: User) -> None:
    factories.add_unit(team)
    for number in range(1, 6):
        factories.add_person(team, number)
    team.refresh_from_db()

    with pytest.raises(WrongState) as refused:
        services.add_representative(team, actor=lihua, version=team.version)

    assert refused.value.sentence == "每个团队最多5名参赛代表，不能再添加第6名。"


@pytest.mark.rule("R46", "R48")
def test_lead_is_always_exactly_one(team: Team, lihua: User) -> None:
    first, second = factories.add_unit(team, 1), factories.add_unit(team, 2)
    team.refresh_from_db()

    moved = services.set_lead(second, actor=lihua, version=team.version)
    leads_after_move = list(team.units.values_list("is_lead", flat=True))
    services.remove_unit(moved, actor=lihua, version=moved.team.version)

    assert leads_after_move == [False, True]
    assert [(unit.pk, unit.position, unit.is_lead) for unit in team.units.all()] == [(first.pk, 1, True)]


def test_contact_is_always_exactly_one(team: Team, lihua: User) -> None:
    factories.add_unit(team)
    first, second = factories.add_person(team, 1), factories.add_person(team, 2)
    team.refresh_from_db()

    moved = services.set_contact(second, actor=lihua, version=team.version)
    services.remove_representative(moved, actor=lihua, version=moved.team.version)

    rows = [(one.pk, one.position, one.is_contact) for one in team.representatives.all()]
    assert rows == [(first.pk, 1, True)]


def test_stale_version_is_refused_with_who_and_when(team: Team, lihua: User) -> None:
    services.save_team(team, values={"name": "乘数队"}, version=1, actor=lihua)

    with pytest.raises(StaleVersion, match=r"您在另一个窗口已于.*保存了更新的内容，本次修改没有保存"):
        services.save_team(team, values={"name": "旧名"}, version=1, actor=lihua)

    assert Team.objects.get(pk=team.pk).name == "乘数队"


def test_stranger_and_member_may_not_edit(draft_team: Team, zhaolei: User, wangfang: User) -> None:
    for person in (zhaolei, wangfang):
        with pytest.raises(NotAllowed, match="只有报名账号本人"):
            services.save_team(draft_team, values={"name": "改名"}, version=draft_team.version, actor=person)


@pytest.mark.rule("R12")
def test_after_the_deadline_nothing_is_saved(
    team: Team, lihua: User, close_stage: Callable[[str], Any]
) -> None:
    close_stage("registration")

    with pytest.raises(StageClosed) as refused:
        services.save_team(team, values={"name": "太晚"}, version=1, actor=lihua)

    assert "报名已于" in refused.value.sentence
    assert refused.value.sentence.endswith(
        "截止，报名信息不能再修改。您刚才输入的内容仍留在页面上，但没有保存。"
    )


@pytest.mark.rule("R52e")
def test_after_the_deadline_representatives_are_frozen(
    draft_team: Team, lihua: User, close_stage: Callable[[str], Any]
) -> None:
    person = draft_team.representatives.get(position=1)
    close_stage("registration")
    acts: list[Callable[[], Any]] = [
        lambda: services.add_representative(draft_team, actor=lihua, version=draft_team.version),
        lambda: services.remove_representative(person, actor=lihua, version=draft_team.version),
        lambda: services.save_representative(
            person, values={"title": "主任"}, version=draft_team.version, actor=lihua
        ),
    ]

    for act in acts:
        with pytest.raises(StageClosed, match="参赛代表不可更改"):
            act()


@pytest.mark.rule("R62")
def test_unknown_topic_is_refused_at_its_field(team: Team, lihua: User) -> None:
    with pytest.raises(Invalid) as refused:
        services.save_team(team, values={"topic": "12-1"}, version=1, actor=lihua)

    assert refused.value.problems == {"topic": "没有这个赛题，请重新选择。"}


@pytest.mark.rule("R56", "R59", "R63", "R67", "R68", "R74", "R82")
def test_declarations_hold_text_person_and_time(team: Team, lihua: User) -> None:
    saved = services.save_team(team, values={"declaration_truth": "on"}, version=1, actor=lihua)

    made = saved.declarations["truth"]
    assert made["by"] == lihua.pk
    assert made["text"].startswith("本团队遵守大赛规则")
    assert made["at"]


def test_declaration_can_be_taken_back(team: Team, lihua: User) -> None:
    services.save_team(team, values={"declaration_truth": "on"}, version=1, actor=lihua)

    saved = services.save_team(team, values={"declaration_truth": ""}, version=2, actor=lihua)

    assert saved.declarations == {}


def test_foreign_unit_is_no_choice_for_a_representative(team: Team, lihua: User, zhaolei: User) -> None:
    factories.add_unit(team)
    person = factories.add_person(team)
    other = services.start_team(zhaolei, edition=team.edition, with_first_rows=True)
    foreign = Unit.objects.get(team=other)

    with pytest.raises(Invalid, match="请从本团队的参赛单位中选择"):
        services.save_representative(
            person, values={"unit": str(foreign.pk)}, version=person.team.version, actor=lihua
        )


def test_removed_unit_leaves_its_people_without_one(team: Team, lihua: User) -> None:
    unit = factories.add_unit(team)
    person = factories.add_person(team)

    services.remove_unit(unit, actor=lihua, version=person.team.version)

    assert Representative.objects.get(pk=person.pk).unit is None
