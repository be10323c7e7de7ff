"""The team takes its registration back, corrects it, hands it in again; and what stays on record."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from competition import clock
from competition.errors import Invalid, NotAllowed, StageClosed, WrongState
from competition.models import AuditEvent, OutboxMessage, User
from registration import services
from registration.models import Team, UnitProof
from registration.workflow import TeamStatus
from tests import factories


def test_taken_back_registration_is_corrected_and_handed_in_again(submitted_team: Team, lihua: User) -> None:
    back = services.take_back(submitted_team, actor=lihua)
    saved = services.save_team(back, values={"name": "改过的名称"}, version=back.version, actor=lihua)
    with pytest.raises(Invalid):
        services.save_team(saved, values={"topic": "2-1"}, version=saved.version, actor=lihua)

    again = services.submit(saved, actor=lihua, version=saved.version)

    assert (again.status, again.name) == (TeamStatus.SUBMITTED, "改过的名称")
    assert back.submitted_at is not None
    assert AuditEvent.objects.filter(verb="team.taken_back", target_id=str(back.pk)).count() == 1


def test_taking_back_ends_a_claim_and_tells_the_officer(
    submitted_team: Team, lihua: User, qianjin: User
) -> None:
    Team.objects.filter(pk=submitted_team.pk).update(claimed_by=qianjin, claimed_at=clock.real_now())

    back = services.take_back(submitted_team, actor=lihua)

    back.refresh_from_db()
    assert (back.claimed_by, back.claimed_at) == (None, None)
    assert OutboxMessage.objects.get(kind="registration.taken_back").recipient == qianjin.email


def test_only_the_owner_takes_back_what_is_submitted_and_in_time(
    submitted_team: Team, lihua: User, zhaolei: User, qianjin: User, close_stage: Callable[[str], Any]
) -> None:
    with pytest.raises(NotAllowed):
        services.take_back(submitted_team, actor=zhaolei)
    services.take_back(submitted_team, actor=lihua)
    with pytest.raises(WrongState):
        services.take_back(submitted_team, actor=lihua)
    factories.submit(submitted_team)
    close_stage("registration")

    with pytest.raises(StageClosed):
        services.take_back(submitted_team, actor=lihua)


def test_proofs_of_a_unit_that_leaves_stay_once_they_were_handed_in(
    draft_team: Team, lihua: User, qianjin: User
) -> None:
    second = factories.add_unit(draft_team, 77)
    factories.add_proofs(second)
    back = services.take_back(factories.submit(draft_team), actor=lihua)
    proof = UnitProof.objects.filter(unit=second).exclude(file="").first()
    assert proof is not None

    services.remove_unit(second, actor=lihua, version=back.version)

    proof.refresh_from_db()
    assert (proof.unit, proof.left_team, proof.left_unit) == (None, back, str(second))
    assert proof.removed_at is not None
    assert proof.file.storage.exists(proof.file.name)
    assert proof.team == back


def test_proofs_of_a_draft_go_with_their_unit(
    draft_team: Team, lihua: User, django_capture_on_commit_callbacks: Any
) -> None:
    second = factories.add_unit(draft_team, 78)
    factories.add_proofs(second)
    proof = UnitProof.objects.filter(unit=second).exclude(file="").first()
    assert proof is not None
    draft_team.refresh_from_db()

    with django_capture_on_commit_callbacks(execute=True):
        services.remove_unit(second, actor=lihua, version=draft_team.version)

    assert not UnitProof.objects.filter(pk=proof.pk).exists()
    assert not proof.file.storage.exists(proof.file.name)
