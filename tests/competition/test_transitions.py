"""A status moves along its table, from the state that was read, or not at all."""

from __future__ import annotations

import pytest

from competition.errors import WrongState
from competition.models import Edition, User
from competition.transitions import move
from registration.models import Team
from registration.workflow import TRANSITIONS, TeamStatus


@pytest.fixture
def team(edition: Edition, lihua: User) -> Team:
    return Team.objects.create(edition=edition, owner=lihua)


def test_move_refuses_what_the_table_does_not_admit(team: Team) -> None:
    with pytest.raises(WrongState) as refused:
        move(team, TeamStatus.APPROVED, TRANSITIONS)

    assert refused.value.sentence == "当前状态为“填写中”，不能变为“报名成功”。"
    team.refresh_from_db()
    assert team.status == TeamStatus.DRAFT


def test_move_refuses_when_somebody_was_quicker(team: Team) -> None:
    seen_by_another = Team.objects.get(pk=team.pk)
    move(team, TeamStatus.WITHDRAWN, TRANSITIONS)

    with pytest.raises(WrongState, match="刚刚被他人处理"):
        move(seen_by_another, TeamStatus.WITHDRAWN, TRANSITIONS)
