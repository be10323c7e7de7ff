"""What the database keeps, whoever asks it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.db import Error, connection, transaction
from django.utils import timezone

from competition.models import Topic, User
from registration.models import Finding, Representative, Review, Team, Unit, UnitProof


def refused(act: Callable[[], Any]) -> str:
    """The database's words when it refuses."""
    with pytest.raises(Error) as error, transaction.atomic():
        act()
    return str(error.value)


@pytest.mark.rule("R52b", "R62")
def test_submitted_team_has_names_and_a_topic(draft_team: Team) -> None:
    teams = Team.objects.filter(pk=draft_team.pk)

    assert "submitted_team_has_name_project_topic" in refused(
        lambda: teams.update(status="submitted", submitted_at=timezone.now(), topic=None)
    )
    assert "submitted_team_has_name_project_topic" in refused(
        lambda: teams.update(status="submitted", submitted_at=timezone.now(), name="")
    )


@pytest.mark.rule("R100")
def test_sixth_unit_has_no_place(draft_team: Team) -> None:
    assert "at_most_five_units" in refused(lambda: Unit.objects.create(team=draft_team, position=6))


@pytest.mark.rule("R48")
def test_second_lead_is_refused(draft_team: Team) -> None:
    assert "one_lead_unit_per_team" in refused(
        lambda: Unit.objects.create(team=draft_team, position=2, is_lead=True)
    )


def test_unit_stands_once_in_a_team(draft_team: Team) -> None:
    key = draft_team.units.get().credit_key

    assert "unit_once_per_team" in refused(
        lambda: Unit.objects.create(team=draft_team, position=2, credit_key=key)
    )
    assert "unit_position_once" in refused(lambda: Unit.objects.create(team=draft_team, position=1))


@pytest.mark.rule("R52c", "R99")
def test_sixth_representative_has_no_place(draft_team: Team) -> None:
    assert "at_most_five_representatives" in refused(
        lambda: Representative.objects.create(team=draft_team, edition=draft_team.edition, position=6)
    )
    assert "representative_position_once" in refused(
        lambda: Representative.objects.create(team=draft_team, edition=draft_team.edition, position=1)
    )


def test_second_contact_is_refused(draft_team: Team) -> None:
    assert "one_contact_per_team" in refused(
        lambda: draft_team.representatives.filter(position=2).update(is_contact=True)
    )


@pytest.mark.rule("R52d")
def test_one_person_holds_one_place(draft_team: Team, zhaolei: User) -> None:
    first = draft_team.representatives.get(position=1)
    other = Team.objects.create(edition=draft_team.edition, owner=zhaolei)

    assert "one_person_one_team" in refused(
        lambda: Representative.objects.create(
            team=other,
            edition=other.edition,
            position=1,
            document_hash=first.document_hash,
            confirmed_at=timezone.now(),
            consent_version="1",
            holds=True,
        )
    )


def test_only_the_confirmed_hold_a_place(draft_team: Team) -> None:
    people = draft_team.representatives.filter(position=1)

    assert "only_confirmed_representatives_hold" in refused(lambda: people.update(confirmed_at=None))
    assert "only_confirmed_representatives_hold" in refused(lambda: people.update(consent_version=""))


def test_confirmation_link_is_nobody_elses(draft_team: Team) -> None:
    token = draft_team.representatives.get(position=1).token

    assert "confirmation_token_once" in refused(
        lambda: draft_team.representatives.filter(position=2).update(token=token)
    )


def test_proof_is_a_file_or_a_reason(draft_team: Team) -> None:
    proofs = UnitProof.objects.filter(unit__team=draft_team, slot="audit")

    assert "proof_is_a_file_or_a_reason" in refused(lambda: proofs.update(not_applicable="也不适用"))
    assert "proof_is_a_file_or_a_reason" in refused(lambda: proofs.update(file=""))


def test_finding_stands_once(draft_team: Team) -> None:
    Finding.objects.create(team=draft_team, rule="R47", severity="staff", subject="单位1", message="一")

    assert "finding_once" in refused(
        lambda: Finding.objects.create(
            team=draft_team, rule="R47", severity="staff", subject="单位1", message="二"
        )
    )


def test_review_is_immutable_and_has_a_reason(approved_team: Team, qianjin: User) -> None:
    assert "review_other_than_approval_has_a_reason" in refused(
        lambda: Review.objects.create(team=approved_team, verdict="reject", team_version=1, officer=qianjin)
    )
    assert "Cannot update" in refused(lambda: Review.objects.update(reason="改"))
    assert "Cannot delete" in refused(lambda: Review.objects.all().delete())


@pytest.mark.rule("R64")
def test_topic_of_a_submitted_team_does_not_change(submitted_team: Team) -> None:
    other = Topic.objects.get(track__edition=submitted_team.edition, code="2-1")

    assert "Cannot update" in refused(lambda: Team.objects.filter(pk=submitted_team.pk).update(topic=other))


@pytest.mark.rule("R76")
@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE registration_team SET name = '改名' WHERE id = %s",
        "UPDATE registration_team SET project_name = '改名' WHERE id = %s",
        "UPDATE registration_unit SET name = '改名' WHERE team_id = %s",
        "UPDATE registration_unit SET credit_code = '改' WHERE team_id = %s",
        "DELETE FROM registration_unitproof WHERE false; DELETE FROM registration_unit WHERE team_id = %s",
        "UPDATE registration_representative SET name = '改名' WHERE team_id = %s",
        "UPDATE registration_representative SET document_hash = 'x' WHERE team_id = %s",
        "DELETE FROM registration_representative WHERE team_id = %s",
    ],
)
def test_approved_team_is_frozen_in_the_database(approved_team: Team, statement: str) -> None:
    def act() -> None:
        with connection.cursor() as cursor:
            cursor.execute(statement, [approved_team.pk])

    words = refused(act)

    assert "Cannot update" in words or "is approved and frozen" in words


@pytest.mark.rule("R76")
def test_approved_team_takes_nobody_new(approved_team: Team) -> None:
    assert "is approved and frozen" in refused(lambda: Unit.objects.create(team=approved_team, position=2))
    assert "is approved and frozen" in refused(
        lambda: Representative.objects.create(team=approved_team, edition=approved_team.edition, position=3)
    )
