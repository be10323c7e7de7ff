"""The wizard: every step saves as typed, with a script and without, and never loses what was typed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from competition.models import Edition, User
from registration import services
from registration.models import Representative, Team, Unit, UnitProof
from registration.steps import Step
from registration.workflow import TeamStatus
from tests import factories
from tests.registration.conftest import MOST_QUERIES, autosave, queries_of, step_url
from tests.registration.test_pages import text


@pytest.fixture
def team(edition: Edition, open_stage: Callable[..., Any], lihua: User) -> Team:
    open_stage("registration")
    return services.start_team(lihua, edition=edition, with_first_rows=True)


@pytest.mark.parametrize("step", Step)
def test_step_is_cheap_and_private(
    lihua_client: Client, as_user: Any, draft_team: Team, step: Step, wangfang: User, zhaolei: User
) -> None:
    address = step_url(draft_team, step)

    assert queries_of(lihua_client, address) <= MOST_QUERIES
    assert as_user(wangfang).get(address).status_code == 403
    assert as_user(zhaolei).get(address).status_code == 404
    assert as_user(None).get(address).status_code == 302


@pytest.mark.parametrize("step", [Step.UNITS, Step.PEOPLE, Step.PROOFS])
def test_step_asks_the_database_the_same_for_one_and_three_rows(
    lihua_client: Client, team: Team, step: Step
) -> None:
    one = queries_of(lihua_client, step_url(team, step))
    for number in (2, 3):
        unit = factories.add_unit(team, number)
        factories.add_proofs(unit)
        factories.add_person(team, number)

    assert queries_of(lihua_client, step_url(team, step)) == one


def test_autosave_answers_with_version_problems_and_progress(lihua_client: Client, team: Team) -> None:
    response = autosave(lihua_client, team, Step.TEAM, name="队", project_name="煤矿安全数据平台")

    team.refresh_from_db()
    body = response.json()  # type: ignore[attr-defined]
    assert (team.name, team.project_name) == ("队", "煤矿安全数据平台")
    assert body["version"] == team.version == 2
    assert body["problems"] == [{"path": "name", "sentence": "团队名称应为2至30个字，现有1个字。"}]
    assert body["progress"]["sections"]["team"] == {"state": "act", "sign": "1处需更正"}


def test_autosave_of_units_saves_region_lead_and_wrong_code(lihua_client: Client, team: Team) -> None:
    unit = team.units.get()
    path = f"units.{unit.pk}"
    fields = {
        "unit": unit.pk,
        "lead": unit.pk,
        f"{path}.name": "太原乘数有限公司",
        f"{path}.credit_code": "9114",
        f"{path}.region.0": "140000",
        f"{path}.region.1": "140100",
        f"{path}.region.2": "140105",
        f"{path}.central_subsidiary": "no",
    }

    response = autosave(lihua_client, team, Step.UNITS, **fields)

    unit.refresh_from_db()
    assert (unit.name, unit.credit_code, unit.region, unit.central_subsidiary) == (
        "太原乘数有限公司",
        "9114",
        "140105",
        False,
    )
    assert response.json()["problems"] == [  # type: ignore[attr-defined]
        {"path": f"{path}.credit_code", "sentence": "统一社会信用代码应为18位，现为4位。"}
    ]
    page = text(lihua_client.get(step_url(team, Step.UNITS)))
    assert "统一社会信用代码应为18位，现为4位。" in page
    assert 'value="9114"' in page


def test_region_of_another_province_drops_the_old_county(lihua_client: Client, team: Team) -> None:
    unit = team.units.get()
    path = f"units.{unit.pk}.region"

    autosave(
        lihua_client,
        team,
        Step.UNITS,
        **{"unit": unit.pk, f"{path}.0": "130000", f"{path}.1": "140100", f"{path}.2": "140105"},
    )

    unit.refresh_from_db()
    assert unit.region == "130000"


def test_plain_post_saves_and_moves_on(lihua_client: Client, team: Team) -> None:
    response = lihua_client.post(
        step_url(team, Step.TEAM),
        {"version": team.version, "name": "乘数队", "project_name": "", "then": "next"},
    )

    assert response.url == step_url(team, Step.UNITS)  # type: ignore[attr-defined]
    assert Team.objects.get().name == "乘数队"


def test_adding_a_row_keeps_what_was_typed(lihua_client: Client, team: Team) -> None:
    unit = team.units.get()

    lihua_client.post(
        step_url(team, Step.UNITS),
        {"version": team.version, "unit": unit.pk, f"units.{unit.pk}.name": "太原乘数", "then": "add"},
    )

    assert list(team.units.values_list("position", "name")) == [(1, "太原乘数"), (2, "")]


def test_stale_version_keeps_the_typed_text_on_the_page(lihua_client: Client, team: Team) -> None:
    old = team.version
    autosave(lihua_client, team, Step.TEAM, name="新名", project_name="")

    response = lihua_client.post(
        step_url(team, Step.TEAM), {"version": old, "name": "在旧页面上输入的", "project_name": "也要保留"}
    )

    page = text(response)
    assert response.status_code == 409
    assert "保存了更新的内容，本次修改没有保存" in page
    assert 'value="在旧页面上输入的"' in page
    assert 'value="也要保留"' in page
    assert Team.objects.get().name == "新名"


def test_stale_autosave_is_a_conflict(lihua_client: Client, team: Team) -> None:
    autosave(lihua_client, team, Step.TEAM, name="新名", project_name="")

    response = lihua_client.post(
        step_url(team, Step.TEAM), {"version": 1, "name": "旧"}, headers={"Accept": "application/json"}
    )

    assert response.status_code == 409
    assert response.json()["code"] == "stale_version"


@pytest.mark.rule("R12")
def test_after_the_deadline_the_typed_text_stays_on_the_page(
    lihua_client: Client, team: Team, close_stage: Callable[[str], Any]
) -> None:
    close_stage("registration")

    response = lihua_client.post(
        step_url(team, Step.TEAM), {"version": team.version, "name": "赶在最后一刻", "project_name": ""}
    )

    page = text(response)
    assert response.status_code == 409
    assert "报名信息不能再修改。您刚才输入的内容仍留在页面上，但没有保存。" in page
    assert 'value="赶在最后一刻"' in page


def test_garbage_in_the_form_is_no_error_of_the_server(lihua_client: Client, team: Team) -> None:
    other = {"version": "x", "unit": "abc", "lead": "9" * 30, "then": "remove:abc"}

    stale = lihua_client.post(step_url(team, Step.UNITS), other)
    odd = lihua_client.post(step_url(team, Step.UNITS), {**other, "version": team.version, "unit": "999999"})

    assert (stale.status_code, odd.status_code) == (409, 422)
    assert "这家单位已被移除，请刷新页面。" in text(odd)


@pytest.mark.rule("R52c")
def test_sixth_representative_is_refused_on_the_page(lihua_client: Client, draft_team: Team) -> None:
    for number in (3, 4, 5):
        factories.add_person(draft_team, number)
    draft_team.refresh_from_db()

    response = lihua_client.post(
        step_url(draft_team, Step.PEOPLE), {"version": draft_team.version, "then": "add"}
    )

    assert response.status_code == 409
    assert "每个团队最多5名参赛代表，不能再添加第6名。" in text(response)


def test_sending_the_sms_saves_first(lihua_client: Client, draft_team: Team) -> None:
    person = factories.add_person(draft_team, 3, name="张三旧")
    person.team.refresh_from_db()
    path = f"representatives.{person.pk}"

    lihua_client.post(
        step_url(draft_team, Step.PEOPLE),
        {
            "version": person.team.version,
            "person": person.pk,
            f"{path}.name": "张三新",
            "then": f"send:{person.pk}",
        },
    )

    person.refresh_from_db()
    assert (person.name, bool(person.token)) == ("张三新", True)


def test_confirmed_person_is_shown_masked(lihua_client: Client, draft_team: Team) -> None:
    person = draft_team.representatives.get(position=1)

    page = text(lihua_client.get(step_url(draft_team, Step.PEOPLE)))

    assert person.document_number not in page
    assert "140***********0012" in page
    assert "更改身份信息" in page


def test_reopened_person_confirms_anew(lihua_client: Client, draft_team: Team) -> None:
    person = draft_team.representatives.get(position=2)
    address = reverse("registration:reopen_representative", args=[person.pk])

    asked = text(lihua_client.get(address))
    lihua_client.post(address)

    assert "需要本人用手机验证码重新确认" in asked
    assert not Representative.objects.get(pk=person.pk).is_confirmed


def test_removing_asks_first(lihua_client: Client, team: Team) -> None:
    unit = factories.add_unit(team, 2)
    address = reverse("registration:remove_unit", args=[unit.pk])

    lihua_client.get(address)
    still_there = Unit.objects.filter(pk=unit.pk).exists()
    lihua_client.post(address)

    assert (still_there, Unit.objects.filter(pk=unit.pk).exists()) == (True, False)


@pytest.mark.rule("R10", "R11", "R62")
def test_topic_step_offers_every_topic_with_its_text(lihua_client: Client, team: Team) -> None:
    page = text(lihua_client.get(step_url(team, Step.TOPIC)))

    assert page.count('name="topic"') == 49
    assert "融合利用公共数据依法合规优化信贷和保险业务" in page


@pytest.mark.rule("R80")
def test_file_of_the_wrong_type_is_told_at_its_slot(lihua_client: Client, team: Team) -> None:
    unit = team.units.get()
    address = reverse("registration:upload_proof", args=[unit.pk, "audit"])

    response = lihua_client.post(address, {"file": SimpleUploadedFile("审计.docx", b"PK\x03\x04not a zip")})

    assert response.status_code == 422
    assert "“审计.docx”不是可接受的文件类型，请上传PDF、JPG 图片、PNG 图片。" in text(response)


def test_files_are_uploaded_together_replaced_and_removed(lihua_client: Client, team: Team) -> None:
    unit = team.units.get()
    address = reverse("registration:upload_proof", args=[unit.pk, "audit"])

    lihua_client.post(address, {"file": [factories.pdf("一.pdf"), factories.pdf("二.pdf")]})
    first = UnitProof.objects.get(name="一.pdf")
    lihua_client.post(address, {"file": factories.pdf("三.pdf"), "replaces": first.pk})
    lihua_client.post(reverse("registration:remove_proof", args=[UnitProof.objects.get(name="二.pdf").pk]))

    assert list(unit.proofs.values_list("name", flat=True)) == ["三.pdf"]


@pytest.mark.rule("R73", "R82")
def test_proofs_step_says_whose_they_must_be_and_that_they_are_kept(lihua_client: Client, team: Team) -> None:
    page = text(lihua_client.get(step_url(team, Step.PROOFS)))

    assert "所有材料须为参赛单位所有" in page
    assert "已提交的材料原则上不予退还" in page


def test_reason_is_saved_and_shown(lihua_client: Client, team: Team) -> None:
    unit = team.units.get()

    lihua_client.post(
        reverse("registration:not_applicable", args=[unit.pk, "audit"]), {"reason": "成立不满一年"}
    )

    assert "不适用的理由：成立不满一年" in text(lihua_client.get(step_url(team, Step.PROOFS)))


def test_submit_lists_what_is_missing_with_links(lihua_client: Client, team: Team) -> None:
    response = lihua_client.post(step_url(team, Step.SUBMIT), {"version": team.version, "then": "submit"})

    page = text(response)
    unit = team.units.get()
    assert response.status_code == 422
    assert "项需要补充或更正，报名尚未提交。" in page
    assert f'href="{step_url(team, Step.UNITS)}#id_units.{unit.pk}.credit_code"' in page
    assert f'id="id_units.{unit.pk}.credit_code"' in text(lihua_client.get(step_url(team, Step.UNITS)))


def test_submit_from_the_page(lihua_client: Client, draft_team: Team) -> None:
    keys = [row["key"] for row in draft_team.edition.data["declarations"]]
    declared = {f"declaration_{key}": "on" for key in keys}

    lihua_client.post(
        step_url(draft_team, Step.SUBMIT),
        {"version": draft_team.version, "declaration": keys, **declared, "then": "submit"},
    )

    draft_team.refresh_from_db()
    assert draft_team.status == TeamStatus.SUBMITTED


def test_reasons_stand_at_the_fields_after_a_return(
    lihua_client: Client, submitted_team: Team, qianjin: User
) -> None:
    unit = submitted_team.units.get()
    services.return_for_correction(
        submitted_team,
        officer=qianjin,
        version=submitted_team.version,
        reason="见各项意见",
        field_reasons={f"units.{unit.pk}.name": "与执照不一致", f"proofs.{unit.pk}.audit": "缺盖章页"},
    )

    units = text(lihua_client.get(step_url(submitted_team, Step.UNITS)))
    proofs = text(lihua_client.get(step_url(submitted_team, Step.PROOFS)))

    assert "与执照不一致" in units
    assert "缺盖章页" in proofs
    assert "见各项意见" in units


def test_step_of_a_submitted_team_leads_to_its_page(lihua_client: Client, submitted_team: Team) -> None:
    response = lihua_client.get(step_url(submitted_team, Step.TEAM))

    assert response.url == submitted_team.get_absolute_url()  # type: ignore[attr-defined]
