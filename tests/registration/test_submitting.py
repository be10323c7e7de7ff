"""Submitting, withdrawing, and what a submit fixes."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from competition import clock
from competition.errors import Invalid, NotAllowed, StageClosed, StaleVersion, WrongState
from competition.models import AuditEvent, Edition, OutboxMessage, User
from competition.stages import format_instant
from registration import services
from registration.models import Finding, Team
from registration.registries import team_left
from registration.services.teams import TOPIC_FIXED
from registration.workflow import TeamStatus
from tests import factories


@pytest.mark.rule("R13", "R75")
def test_submit_gives_a_receipt_with_the_servers_time(draft_team: Team, lihua: User) -> None:
    submitted = services.submit(draft_team, actor=lihua, version=draft_team.version)

    assert submitted.status == TeamStatus.SUBMITTED
    assert submitted.submitted_at is not None
    receipt = OutboxMessage.objects.get(kind="registration.submitted")
    assert receipt.recipient == lihua.email
    assert format_instant(submitted.submitted_at) in receipt.body
    assert AuditEvent.objects.filter(verb="team.submitted", actor=lihua).count() == 1


def test_submit_says_everything_that_is_missing(
    edition: Edition, open_stage: Callable[..., Any], lihua: User
) -> None:
    open_stage("registration")
    team = services.start_team(lihua, edition=edition)

    with pytest.raises(Invalid) as refused:
        services.submit(team, actor=lihua, version=team.version)

    assert refused.value.sentence == "还有11项需要补充或更正，报名尚未提交。"
    assert set(refused.value.problems) == {
        "name",
        "project_name",
        "units",
        "representatives",
        "topic",
        *(f"declaration_{row['key']}" for row in edition.data["declarations"]),
    }


@pytest.mark.rule("R52d")
def test_unconfirmed_representative_stops_the_submit(draft_team: Team, lihua: User) -> None:
    added = factories.add_person(draft_team, 3)

    with pytest.raises(Invalid) as refused:
        factories.submit(draft_team)

    assert refused.value.problems == {
        f"representatives.{added.pk}.confirmation": "代表3：请发送确认短信，由李代表四本人确认。"
    }


def test_submit_of_a_stale_version_is_refused(draft_team: Team, lihua: User) -> None:
    with pytest.raises(StaleVersion):
        services.submit(draft_team, actor=lihua, version=draft_team.version - 1)


def test_member_and_stranger_may_not_submit(draft_team: Team, wangfang: User, zhaolei: User) -> None:
    for person in (wangfang, zhaolei):
        with pytest.raises(NotAllowed, match="只有报名账号本人可以提交报名"):
            services.submit(draft_team, actor=person, version=draft_team.version)


@pytest.mark.rule("R12")
def test_submit_after_the_deadline_is_refused(
    draft_team: Team, lihua: User, close_stage: Callable[[str], Any]
) -> None:
    close_stage("registration")

    with pytest.raises(StageClosed, match=r"报名已于.*截止，不能再提交报名"):
        services.submit(draft_team, actor=lihua, version=draft_team.version)


@pytest.mark.rule("R12")
def test_submit_that_arrived_in_time_is_honoured(draft_team: Team, lihua: User) -> None:
    stage = draft_team.edition.stages.get(key="registration")
    stage.closes_at = clock.now(draft_team.edition) - timedelta(seconds=30)
    stage.save()

    submitted = services.submit(
        draft_team,
        actor=lihua,
        version=draft_team.version,
        at=clock.real_now() - timedelta(seconds=60),
    )

    assert submitted.status == TeamStatus.SUBMITTED


def test_submitted_team_is_not_editable(submitted_team: Team, lihua: User) -> None:
    with pytest.raises(WrongState, match="报名当前为“待资格审核”，不能修改"):
        services.save_team(
            submitted_team, values={"name": "改名"}, version=submitted_team.version, actor=lihua
        )


@pytest.mark.rule("R62", "R64")
def test_topic_is_fixed_by_the_first_submit(submitted_team: Team, qianjin: User, lihua: User) -> None:
    returned = services.return_for_correction(
        submitted_team, officer=qianjin, version=submitted_team.version, reason="请核对"
    )

    with pytest.raises(Invalid) as refused:
        services.save_team(returned, values={"topic": "2-1"}, version=returned.version, actor=lihua)

    assert refused.value.problems == {"topic": TOPIC_FIXED}


def test_returned_team_is_corrected_and_submitted_again(
    submitted_team: Team, qianjin: User, lihua: User
) -> None:
    returned = services.return_for_correction(
        submitted_team, officer=qianjin, version=submitted_team.version, reason="请改团队名称"
    )
    saved = services.save_team(returned, values={"name": "新队名"}, version=returned.version, actor=lihua)

    again = services.submit(saved, actor=lihua, version=saved.version)

    assert (again.status, again.name) == (TeamStatus.SUBMITTED, "新队名")
    assert OutboxMessage.objects.filter(kind="registration.submitted").count() == 2


def test_findings_are_stored_and_follow_the_changes(submitted_team: Team, qianjin: User, lihua: User) -> None:
    returned = services.return_for_correction(
        submitted_team, officer=qianjin, version=submitted_team.version, reason="请核对"
    )
    unit = returned.units.get()

    wrong = services.save_unit(
        unit,
        values={"credit_code": factories.credit_code(1, prefix="92")},
        version=returned.version,
        actor=lihua,
    )
    found = list(Finding.objects.values_list("team", "rule", "severity"))
    services.save_unit(
        unit, values={"credit_code": factories.credit_code(1)}, version=wrong.team.version, actor=lihua
    )

    assert found == [(returned.pk, "R47", "block")]
    assert Finding.objects.count() == 0


@pytest.mark.rule("R52f")
def test_twins_learn_of_each_other_and_that_one_is_gone(
    submitted_team: Team, edition: Edition, zhaolei: User
) -> None:
    twin = factories.complete_team(zhaolei, edition, number=1, people={7: {}})
    twin = factories.submit(twin)
    named = set(Finding.objects.filter(rule="R52f").values_list("team", "subject"))

    services.withdraw(twin, actor=zhaolei)

    assert named == {(submitted_team.pk, twin.reference), (twin.pk, submitted_team.reference)}
    assert not submitted_team.findings.exists()


def test_withdraw_frees_the_people_and_tells_the_right(
    approved_team: Team, lihua: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[tuple[int, str]] = []
    monkeypatch.setattr(
        team_left, "_functions", {"test": lambda team, status: told.append((team.pk, status))}
    )

    withdrawn = services.withdraw(approved_team, actor=lihua)

    assert told == [(withdrawn.pk, TeamStatus.WITHDRAWN)]
    assert not withdrawn.representatives.filter(holds=True).exists()


def test_withdrawn_team_stays_withdrawn(submitted_team: Team, lihua: User) -> None:
    withdrawn = services.withdraw(submitted_team, actor=lihua)

    with pytest.raises(WrongState, match="当前状态为“已撤回”"):
        services.withdraw(withdrawn, actor=lihua)


def test_stranger_may_not_withdraw(submitted_team: Team, zhaolei: User) -> None:
    with pytest.raises(NotAllowed):
        services.withdraw(submitted_team, actor=zhaolei)
