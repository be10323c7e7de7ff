"""What honest haste and hostile hands send to the registration's pages."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from competition.errors import Invalid
from competition.models import Stage, User
from registration import services
from registration.models import Representative, Team
from registration.steps import Step
from registration.workflow import TeamStatus
from tests import factories
from tests.registration.conftest import step_url

HUGE = "9" * 5000


@pytest.mark.rule("R48")
def test_the_first_unit_takes_the_lead_from_a_later_one(draft_team: Team, lihua: User) -> None:
    first, second = draft_team.units.get(), factories.add_unit(draft_team, 2)
    draft_team.refresh_from_db()
    team = services.set_lead(second, actor=lihua, version=draft_team.version).team
    team.refresh_from_db()

    services.save_units(
        team, values={first.pk: {"is_lead": "yes"}, second.pk: {}}, version=team.version, actor=lihua
    )

    assert list(team.units.order_by("position").values_list("is_lead", flat=True)) == [True, False]


def test_the_first_person_becomes_contact_instead_of_a_later_one(draft_team: Team, lihua: User) -> None:
    first, second = draft_team.representatives.order_by("position")
    services.set_contact(second, actor=lihua, version=draft_team.version)
    draft_team.refresh_from_db()

    services.save_representatives(
        draft_team,
        values={first.pk: {"is_contact": "yes"}, second.pk: {"title": "主任"}},
        version=draft_team.version,
        actor=lihua,
    )

    contacts = draft_team.representatives.order_by("position").values_list("is_contact", flat=True)
    assert list(contacts) == [True, False]


@pytest.mark.parametrize(
    ("step", "fields"),
    [
        (Step.UNITS, {"then": f"remove:{HUGE}"}),
        (Step.UNITS, {"then": f"remove:{'9' * 30}"}),
        (Step.PEOPLE, {"then": f"send:{HUGE}"}),
        (Step.UNITS, {"lead": HUGE, "version": "1"}),
        (Step.PEOPLE, {"contact": HUGE, "version": "1"}),
    ],
)
def test_enormous_numbers_from_a_page_are_no_server_error(
    lihua_client: Client, draft_team: Team, step: Step, fields: dict[str, str]
) -> None:
    data = {"version": str(draft_team.version), **fields}

    response = lihua_client.post(step_url(draft_team, step), data)

    assert response.status_code in {302, 404, 409}


@pytest.mark.rule("R77")
def test_a_returned_registration_is_handed_in_again_on_its_page_after_the_deadline(
    lihua_client: Client,
    submitted_team: Team,
    qianjin: User,
    close_stage: Callable[[str], Stage],
    open_stage: Callable[..., Stage],
) -> None:
    services.return_for_correction(
        submitted_team, officer=qianjin, version=submitted_team.version, reason="请补充审计报告"
    )
    close_stage("registration")
    open_stage("submission")
    submitted_team.refresh_from_db()
    data = {"version": submitted_team.version, "then": "submit"}
    for key in submitted_team.declarations:
        data |= {f"declaration_{key}": "on"}

    response = lihua_client.post(
        step_url(submitted_team, Step.SUBMIT), {**data, "declaration": list(submitted_team.declarations)}
    )

    assert response.status_code == 302, response.content.decode()[:2000]
    submitted_team.refresh_from_db()
    assert submitted_team.status == TeamStatus.SUBMITTED


@pytest.mark.rule("R52d")
@pytest.mark.parametrize("other", ["hmt_residence", "foreign_resident"])
def test_one_card_number_is_one_person_whatever_kind_is_ticked(draft_team: Team, other: str) -> None:
    from competition.identity import resident_check_character
    from competition.reference import documents
    from registration.services.phones import set_document

    body = "81000019900101123" if other == "hmt_residence" else "91000019900101123"
    number = body + resident_check_character(body)
    kind = {"hmt_residence": documents.HMT_RESIDENCE, "foreign_resident": documents.FOREIGN_RESIDENT}[other]
    one, two = Representative(), Representative()

    set_document(one, documents.RESIDENT_ID, number)
    set_document(two, kind, number)

    assert one.document_hash == two.document_hash != ""


@pytest.mark.parametrize("name", ["您已中奖请访问http://evil.example", "evil.example/领奖", "李" * 60])
def test_nobody_is_sent_an_address_by_way_of_a_name(draft_team: Team, lihua: User, name: str) -> None:
    person = factories.add_person(draft_team, 3, name=name)

    with pytest.raises(Invalid):
        services.send_confirmation(person, actor=lihua)


@pytest.mark.parametrize("page", ["registration:team", "registration:step", "registration:teams"])
def test_private_pages_are_kept_by_nobody(lihua_client: Client, draft_team: Team, page: str) -> None:
    args = {"registration:team": [draft_team.pk], "registration:step": [draft_team.pk, Step.PEOPLE]}.get(
        page, []
    )

    response = lihua_client.get(reverse(page, args=args))

    assert response.status_code == 200
    assert "no-store" in response.headers.get("Cache-Control", "")


def test_two_representatives_cannot_confirm_by_one_phone(draft_team: Team, lihua: User) -> None:
    person = factories.add_person(draft_team, 3, mobile="138 0013 8001")

    lacking = {one.path: one.sentence for one in services.missing(draft_team)}

    assert (
        lacking[f"representatives.{person.pk}.mobile"]
        == "代表3：与代表1的手机号码相同，每名代表须用本人的手机确认。"
    )
    with pytest.raises(Invalid):
        services.send_confirmation(person, actor=lihua)
