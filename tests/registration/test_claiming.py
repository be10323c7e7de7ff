"""One officer has a case at a time; everybody else is told who and since when."""

from __future__ import annotations

import pytest

from competition.errors import NotAllowed, WrongState
from competition.models import OutboxMessage, User
from registration import services
from registration.models import Team
from registration.services import claiming
from tests import factories


def test_claim_gives_the_case_to_the_officer(submitted_team: Team, qianjin: User) -> None:
    version = submitted_team.version

    claimed = claiming.claim(submitted_team, officer=qianjin)

    assert (claimed.claimed_by, claimed.version) == (qianjin, version)
    assert claimed.claimed_at is not None


def test_claim_is_for_officers(submitted_team: Team, zhaolei: User) -> None:
    with pytest.raises(NotAllowed):
        claiming.claim(submitted_team, officer=zhaolei)


def test_second_officer_is_told_who_has_the_case(submitted_team: Team, qianjin: User, sunli: User) -> None:
    claiming.claim(submitted_team, officer=qianjin)

    with pytest.raises(WrongState, match=qianjin.display_name):
        claiming.claim(submitted_team, officer=sunli)


def test_claimed_case_is_decided_by_nobody_else(submitted_team: Team, qianjin: User, sunli: User) -> None:
    claiming.claim(submitted_team, officer=qianjin)

    with pytest.raises(WrongState, match="请先接手"):
        services.reject(submitted_team, officer=sunli, version=submitted_team.version, reason="不符合")

    submitted_team.refresh_from_db()
    assert submitted_team.status == "submitted"


def test_taking_over_tells_the_former_officer(submitted_team: Team, qianjin: User, sunli: User) -> None:
    claiming.claim(submitted_team, officer=qianjin)

    taken = claiming.take_over(submitted_team, officer=sunli)

    assert taken.claimed_by == sunli
    assert OutboxMessage.objects.filter(kind="registration.taken_over", subject=taken.reference).exists()


def test_released_case_is_free_for_others(submitted_team: Team, qianjin: User, sunli: User) -> None:
    claiming.claim(submitted_team, officer=qianjin)

    claiming.release_claim(submitted_team, officer=qianjin)

    assert claiming.claim(submitted_team, officer=sunli).claimed_by == sunli


def test_decided_case_cannot_be_claimed(submitted_team: Team, qianjin: User) -> None:
    factories.approve(submitted_team, qianjin)

    with pytest.raises(WrongState):
        claiming.claim(submitted_team, officer=qianjin)


def test_decision_claims_a_case_that_nobody_has(submitted_team: Team, qianjin: User) -> None:
    approved = factories.approve(submitted_team, qianjin)

    assert approved.claimed_by == qianjin
