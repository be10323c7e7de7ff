"""Corrections after approval: asked for by the team or an officer, decided by the chief."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction

from competition.errors import Invalid, NotAllowed, StageClosed, WrongState
from competition.identity import name_key
from competition.models import AuditEvent, Edition, OutboxMessage, Stage, User
from competition.phones import phone_hash
from registration import services
from registration.models import Correction, Representative, Team
from registration.services import corrections, lookups
from registration.services.confirmation import CANNOT
from registration.services.reviewing import Blocked
from tests import factories

pytestmark = pytest.mark.django_db

WHY = "录入时漏了一个字"


def asked(team: Team, actor: User, path: str, new: str) -> Correction:
    return corrections.ask(team, path=path, new=new, reason=WHY, actor=actor)


def first_unit(team: Team, field: str) -> str:
    return f"units.{team.units.order_by('position')[0].pk}.{field}"


def first_person(team: Team, field: str) -> str:
    return f"representatives.{team.representatives.order_by('position')[0].pk}.{field}"


@pytest.mark.rule("R76")
def test_granted_name_is_written_with_keys_version_and_search(
    approved_team: Team, lihua: User, sunli: User
) -> None:
    version = approved_team.version

    made = asked(approved_team, lihua, "name", "乘数先锋二队")
    corrections.grant(made, chief=sunli)

    approved_team.refresh_from_db()
    made.refresh_from_db()
    assert (approved_team.name, approved_team.name_key) == ("乘数先锋二队", name_key("乘数先锋二队"))
    assert approved_team.version == version + 1
    assert name_key("乘数先锋二队") in approved_team.search
    assert (made.state, made.old, made.decided_by) == ("granted", "乘数先锋队", sunli)
    told = OutboxMessage.objects.get(kind="registration.corrected")
    assert "已由“乘数先锋队”更正为“乘数先锋二队”" in told.body
    verbs = AuditEvent.objects.filter(verb__contains="correct").values_list("verb", "actor")
    assert list(verbs.order_by("id")) == [("team.correction_asked", lihua.pk), ("team.corrected", sunli.pk)]


@pytest.mark.rule("R76")
def test_officer_asks_for_the_team_and_another_person_decides(
    approved_team: Team, qianjin: User, sunli: User, lihua: User
) -> None:
    made = asked(approved_team, qianjin, first_unit(approved_team, "address"), "学府街2号")
    with pytest.raises(NotAllowed):
        corrections.grant(made, chief=qianjin)
    corrections.grant(made, chief=sunli, answer="已核对营业执照")

    assert approved_team.units.get().address == "学府街2号"
    told = OutboxMessage.objects.filter(kind="registration.corrected")
    assert {one.recipient for one in told} == {lihua.email, qianjin.email}


@pytest.mark.rule("R76")
def test_chief_who_asked_cannot_decide(approved_team: Team, sunli: User) -> None:
    made = asked(approved_team, sunli, "name", "乘数先锋二队")

    with pytest.raises(NotAllowed):
        corrections.grant(made, chief=sunli)
    with pytest.raises(NotAllowed):
        corrections.refuse(made, chief=sunli, answer="不是笔误")
    with pytest.raises(IntegrityError), transaction.atomic():
        Correction.objects.filter(pk=made.pk).update(
            state="granted", decided_by=sunli, decided_at=made.asked_at
        )


@pytest.mark.parametrize("person", ["zhaolei", "wangfang"])
def test_stranger_and_member_cannot_ask(
    approved_team: Team, person: str, request: pytest.FixtureRequest
) -> None:
    with pytest.raises(NotAllowed):
        asked(approved_team, request.getfixturevalue(person), "name", "别的队")


@pytest.mark.rule("R76")
def test_only_an_approved_registration_is_corrected(submitted_team: Team, lihua: User) -> None:
    with pytest.raises(WrongState, match="待资格审核"):
        asked(submitted_team, lihua, "name", "乘数先锋二队")


def test_team_that_left_is_not_corrected_but_can_be_answered(
    approved_team: Team, lihua: User, sunli: User
) -> None:
    made = asked(approved_team, lihua, "name", "乘数先锋二队")
    services.withdraw(approved_team, actor=lihua)

    with pytest.raises(WrongState, match="已撤回"):
        corrections.grant(made, chief=sunli)
    corrections.refuse(made, chief=sunli, answer="团队已撤回")

    made.refresh_from_db()
    assert made.state == "refused"


@pytest.mark.rule("R76")
def test_refused_correction_changes_nothing_and_tells_why(
    approved_team: Team, lihua: User, sunli: User
) -> None:
    made = asked(approved_team, lihua, "project_name", "另一个煤矿平台")

    with pytest.raises(Invalid) as empty:
        corrections.refuse(made, chief=sunli, answer=" ")
    corrections.refuse(made, chief=sunli, answer="不是笔误")

    version = approved_team.version
    approved_team.refresh_from_db()
    assert empty.value.problems.keys() == {"answer"}
    assert (approved_team.version, approved_team.project_name) == (version, "乘数先锋队煤矿安全数据平台")
    assert "不是笔误" in OutboxMessage.objects.get(kind="registration.corrected").body
    with pytest.raises(WrongState, match="已经办理"):
        corrections.grant(made, chief=sunli)


@pytest.mark.rule("R64")
def test_topic_is_never_corrected(approved_team: Team, lihua: User) -> None:
    with pytest.raises(Invalid, match="不得更改"):
        asked(approved_team, lihua, "topic", "1-2")


@pytest.mark.rule("R52e")
def test_member_is_not_corrected_after_the_deadline(
    approved_team: Team, lihua: User, sunli: User, close_stage: Callable[[str], Stage]
) -> None:
    before = asked(approved_team, lihua, first_person(approved_team, "name"), "李桦")
    close_stage("registration")

    for field, new in (("name", "李晔"), ("document_number", factories.resident_id(9))):
        with pytest.raises(StageClosed, match="不能再更正"):
            asked(approved_team, lihua, first_person(approved_team, field), new)
    with pytest.raises(StageClosed, match="不能再更正"):
        corrections.grant(before, chief=sunli)
    offered = {one.path for one in corrections.offered(approved_team)}

    assert first_person(approved_team, "name") not in offered
    assert first_person(approved_team, "title") in offered
    assert approved_team.representatives.get(position=1).name == "李华"


@pytest.mark.rule("R52d")
def test_corrected_document_moves_hash_and_voids_look_ups(
    approved_team: Team, lihua: User, sunli: User
) -> None:
    path, number = first_person(approved_team, "document_number"), factories.resident_id(9)
    before = approved_team.representatives.get(position=1)

    corrections.grant(asked(approved_team, lihua, path, number), chief=sunli)

    person = approved_team.representatives.get(position=1)
    assert (person.document_number, person.holds, person.is_confirmed) == (number, True, True)
    assert person.document_hash != before.document_hash
    assert {one.subject for one in lookups.due(approved_team)} == {f"person:{person.document_hash}"}
    told = OutboxMessage.objects.get(kind="registration.person_corrected")
    assert (told.recipient, number in told.body) == ("+8613800138001", False)


@pytest.mark.rule("R52d")
def test_person_of_another_team_is_refused_without_telling_where(
    approved_team: Team, edition: Edition, zhaolei: User, lihua: User, sunli: User
) -> None:
    factories.complete_team(zhaolei, edition, number=7, name="另一队")
    made = asked(
        approved_team, lihua, first_person(approved_team, "document_number"), factories.resident_id(7)
    )

    with pytest.raises(WrongState) as refusal:
        corrections.grant(made, chief=sunli)

    made.refresh_from_db()
    assert (refusal.value.sentence, made.state) == (CANNOT, "asked")
    assert approved_team.representatives.get(position=1).document_number == factories.resident_id(1)


@pytest.mark.rule("R76")
def test_numbers_are_nowhere_in_clear(approved_team: Team, lihua: User, sunli: User) -> None:
    path, mobile = first_person(approved_team, "mobile"), factories.mobile(77)

    made = asked(approved_team, lihua, path, mobile)
    corrections.grant(made, chief=sunli)

    person = approved_team.representatives.get(position=1)
    with connection.cursor() as cursor:
        cursor.execute("SELECT old, new FROM registration_correction")
        old, new = cursor.fetchone()
    assert old == "138****8001"
    assert mobile not in new
    assert (person.mobile, person.mobile_hash) == (mobile, phone_hash(mobile))
    told = OutboxMessage.objects.filter(kind="registration.person_corrected")
    assert {one.recipient for one in told} == {"+8613800138001", f"+86{mobile}"}


@pytest.mark.rule("R76")
@pytest.mark.parametrize(
    ("path", "new", "sentence"),
    [
        ("name", "乘数先锋队", "与现在的内容相同"),
        ("name", "", "请填写团队名称"),
        ("name", "看www.example.com", "网址"),
        ("name", "长" * 301, "最多保存300个字符"),
        ("credit_code", "91140105MA0000000X", "统一社会信用代码"),
        ("address", " ", "请填写详细地址"),
        ("document_number", "140105190101010011", "校验码不正确"),
        ("mobile", "12345", "手机"),
        ("mobile", "13800138002", "手机号码相同"),
        ("title", "", "职务"),
    ],
)
def test_values_are_checked_as_in_the_wizard(
    approved_team: Team, lihua: User, path: str, new: str, sentence: str
) -> None:
    if path in {"credit_code", "address"}:
        path = first_unit(approved_team, path)
    elif path != "name":
        path = first_person(approved_team, path)

    with pytest.raises(Invalid) as refusal:
        asked(approved_team, lihua, path, new)

    assert refusal.value.problems.keys() == {"new"}
    assert sentence in refusal.value.sentence


def test_unknown_field_and_missing_reason_are_refused(approved_team: Team, lihua: User) -> None:
    with pytest.raises(Invalid) as unknown:
        asked(approved_team, lihua, "units.999999.name", "某公司")
    with pytest.raises(Invalid) as silent:
        corrections.ask(approved_team, path="name", new="乘数二队", reason=" ", actor=lihua)

    assert unknown.value.problems.keys() == {"path"}
    assert silent.value.problems.keys() == {"reason"}


def test_one_open_request_per_field(approved_team: Team, lihua: User, qianjin: User) -> None:
    asked(approved_team, lihua, "name", "乘数先锋二队")

    with pytest.raises(WrongState, match="等待决定"):
        asked(approved_team, qianjin, "name", "乘数先锋三队")


@pytest.mark.rule("R47", "R76")
def test_correction_that_makes_the_team_ineligible_is_refused(
    approved_team: Team, lihua: User, sunli: User
) -> None:
    trader = factories.credit_code(5, prefix="92")
    made = asked(approved_team, lihua, first_unit(approved_team, "credit_code"), trader)

    with pytest.raises(Blocked, match="个体工商户"):
        corrections.grant(made, chief=sunli)

    approved_team.refresh_from_db()
    assert approved_team.units.get().credit_code == factories.credit_code(1)
    assert approved_team.blocks == 0


@pytest.mark.rule("R76")
def test_corrected_code_is_searched_and_looked_up_anew(approved_team: Team, lihua: User, sunli: User) -> None:
    code = factories.credit_code(5)

    corrections.grant(
        asked(approved_team, lihua, first_unit(approved_team, "credit_code"), code), chief=sunli
    )

    approved_team.refresh_from_db()
    assert approved_team.units.get().credit_key == code
    assert code in approved_team.search
    assert {one.subject for one in lookups.due(approved_team)} == {f"unit:{code}"}
    assert approved_team.lookups_due == 3


@pytest.mark.rule("R76")
def test_freeze_holds_again_after_a_correction(approved_team: Team, lihua: User, sunli: User) -> None:
    corrections.grant(asked(approved_team, lihua, "name", "乘数先锋二队"), chief=sunli)

    with pytest.raises(Exception, match=r"frozen|Cannot update"), transaction.atomic():
        Team.objects.filter(pk=approved_team.pk).update(name="第三个名字")
    with pytest.raises(Exception, match="frozen"), transaction.atomic():
        Representative.objects.filter(team=approved_team).update(name="别人")


def test_only_the_deciding_chief_sees_the_number_and_it_is_recorded(
    approved_team: Team, lihua: User, qianjin: User, sunli: User
) -> None:
    number = factories.resident_id(9)
    made = asked(approved_team, lihua, first_person(approved_team, "document_number"), number)

    with pytest.raises(NotAllowed):
        corrections.unmask(made, officer=qianjin)
    seen: Any = corrections.unmask(made, officer=sunli)

    assert seen == (factories.resident_id(1), number)
    looks = AuditEvent.objects.filter(verb="team.correction_unmasked").values_list("actor", flat=True)
    assert list(looks) == [sunli.pk]


@pytest.mark.rule("R76")
def test_application_form_learns_that_it_was_frozen_before(
    approved_team: Team, lihua: User, sunli: User
) -> None:
    version = approved_team.entry.version

    corrections.grant(asked(approved_team, lihua, "project_name", "煤矿安全数据平台"), chief=sunli)

    approved_team.entry.refresh_from_db()
    assert approved_team.entry.version == version + 1
