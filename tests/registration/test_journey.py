"""From an empty registration to success, through the services."""

from __future__ import annotations

import pytest

from competition import outbox
from competition.models import OutboxMessage, User
from registration import services
from registration.models import Team
from registration.workflow import TeamStatus
from tests import factories


@pytest.mark.rule("R08", "R52a", "R52b", "R75")
def test_team_registers_is_reviewed_and_succeeds(draft_team: Team, qianjin: User) -> None:
    submitted = factories.submit(draft_team)

    approved = factories.approve(submitted, qianjin)

    assert approved.status == TeamStatus.APPROVED
    assert services.missing(approved) == []
    told = OutboxMessage.objects.filter(channel__in=(outbox.MAIL, outbox.SMS)).order_by("id")
    assert list(told.values_list("kind", flat=True)) == [
        "registration.confirm",
        "registration.confirm",
        "registration.submitted",
        "registration.approved",
    ]
