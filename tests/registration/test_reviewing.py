"""Officers decide on eligibility, once, on what they have seen."""

from __future__ import annotations

import pytest

from competition.errors import Invalid, NotAllowed, StaleVersion, WrongState
from competition.models import AuditEvent, OutboxMessage, User
from registration import services
from registration.models import Review, Team
from registration.registries import team_approved, team_left
from registration.workflow import TeamStatus
from tests import factories


@pytest.mark.rule("R14", "R75")
def test_approval_is_told_recorded_and_opens_what_follows(
    submitted_team: Team, qianjin: User, lihua: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: list[int] = []
    monkeypatch.setattr(team_approved, "_functions", {"test": lambda team: opened.append(team.pk)})
    factories.looked_up(submitted_team, qianjin)
    seen = submitted_team.version

    approved = services.approve(submitted_team, officer=qianjin, version=seen, note="齐全")

    assert approved.status == TeamStatus.APPROVED
    assert approved.decided_at is not None
    assert opened == [approved.pk]
    review = Review.objects.get()
    assert (review.verdict, review.team_version, review.officer, review.reason) == (
        "approve",
        seen,
        qianjin,
        "齐全",
    )
    message = OutboxMessage.objects.get(kind="registration.approved")
    assert (message.recipient, "报名成功" in message.title) == (lihua.email, True)
    assert AuditEvent.objects.filter(verb="team.approve", actor=qianjin).count() == 1


@pytest.mark.rule("R47")
def test_approval_is_refused_while_a_blocking_finding_stands(
    draft_team: Team, qianjin: User, lihua: User
) -> None:
    services.save_unit(
        draft_team.units.get(),
        values={"credit_code": factories.credit_code(1, prefix="92")},
        version=draft_team.version,
        actor=lihua,
    )
    submitted = factories.looked_up(factories.submit(draft_team), qianjin)

    with pytest.raises(services.Blocked) as refused:
        services.approve(submitted, officer=qianjin, version=submitted.version)

    assert refused.value.sentence == (
        "尚有不符合项，不能通过：R47 单位1：统一社会信用代码以92开头，登记为个体工商户，不具有独立法人资格。"
    )


def test_second_officer_is_told_who_was_quicker(submitted_team: Team, qianjin: User, sunli: User) -> None:
    seen = submitted_team.version
    factories.approve(submitted_team, qianjin)

    with pytest.raises(WrongState, match=r"该报名已被“钱进”于.*处理（通过），本次操作没有生效"):
        services.reject(submitted_team, officer=sunli, version=seen, reason="不符合")


def test_decision_on_a_version_not_seen_is_refused(submitted_team: Team, qianjin: User) -> None:
    with pytest.raises(StaleVersion, match="在您打开页面之后有更新"):
        services.approve(submitted_team, officer=qianjin, version=submitted_team.version - 1)


@pytest.mark.parametrize("who", ["lihua", "wangfang", "zhaolei"])
def test_only_officers_decide(
    submitted_team: Team, who: str, lihua: User, wangfang: User, zhaolei: User
) -> None:
    person = {"lihua": lihua, "wangfang": wangfang, "zhaolei": zhaolei}[who]

    with pytest.raises(NotAllowed, match="只有秘书处工作人员可以审核"):
        services.approve(submitted_team, officer=person, version=submitted_team.version)


def test_officer_does_not_review_the_own_team(submitted_team: Team, qianjin: User) -> None:
    Team.objects.filter(pk=submitted_team.pk).update(owner=qianjin)

    with pytest.raises(NotAllowed, match="不能审核本人参加的团队"):
        services.approve(submitted_team, officer=qianjin, version=submitted_team.version)


def test_return_needs_a_reason_and_reaches_the_fields(submitted_team: Team, qianjin: User) -> None:
    unit = submitted_team.units.get()
    marks = {f"units.{unit.pk}.name": "与执照不一致", "name": "  "}

    with pytest.raises(Invalid, match="请写明退回的理由"):
        services.return_for_correction(
            submitted_team, officer=qianjin, version=submitted_team.version, reason=" ", field_reasons={}
        )
    returned = services.return_for_correction(
        submitted_team, officer=qianjin, version=submitted_team.version, reason="", field_reasons=marks
    )

    assert returned.status == TeamStatus.RETURNED
    assert Review.objects.get().field_reasons == {f"units.{unit.pk}.name": "与执照不一致"}
    assert "另有1条意见" in OutboxMessage.objects.get(kind="registration.returned").body


@pytest.mark.rule("R52d")
def test_rejection_frees_the_people(submitted_team: Team, qianjin: User) -> None:
    with pytest.raises(Invalid, match="请写明不通过的理由"):
        services.reject(submitted_team, officer=qianjin, version=submitted_team.version, reason="")
    rejected = services.reject(
        submitted_team, officer=qianjin, version=submitted_team.version, reason="不是独立法人"
    )

    assert rejected.status == TeamStatus.REJECTED
    assert not rejected.representatives.filter(holds=True).exists()
    assert "不是独立法人" in OutboxMessage.objects.get(kind="registration.rejected").body


@pytest.mark.rule("R54", "R57", "R60", "R69")
def test_disqualification_takes_an_approved_team_out(
    approved_team: Team, qianjin: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[str] = []
    monkeypatch.setattr(team_left, "_functions", {"test": lambda team, status: told.append(status)})

    gone = services.disqualify(approved_team, officer=qianjin, reason="提供虚假信息")

    assert (gone.status, told) == (TeamStatus.DISQUALIFIED, [TeamStatus.DISQUALIFIED])
    assert not gone.representatives.filter(holds=True).exists()
    assert OutboxMessage.objects.filter(kind="registration.disqualified").count() == 1


def test_draft_cannot_be_decided(draft_team: Team, qianjin: User) -> None:
    with pytest.raises(WrongState, match="该报名当前为“填写中”，不能审核"):
        services.approve(draft_team, officer=qianjin, version=draft_team.version)


@pytest.mark.rule("R76")
def test_approved_team_is_frozen_for_everybody(approved_team: Team, lihua: User, sunli: User) -> None:
    for person in (lihua, sunli):
        with pytest.raises((WrongState, NotAllowed)):
            services.save_team(
                approved_team, values={"name": "改名"}, version=approved_team.version, actor=person
            )
