"""Hand the registration in, take it back for correction, or withdraw the team."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from competition import audit, outbox, stages
from competition.errors import Invalid, NotAllowed, StaleVersion, WrongState
from competition.models import User
from competition.transitions import move
from registration import checks
from registration.checks import Missing
from registration.models import Team
from registration.permissions import owns
from registration.registries import require_unbound, team_left
from registration.services.confirmation import occupy, release
from registration.services.editing import (
    instant_of,
    lock_team,
    require_editable,
    require_open_for_proofs,
    require_registration,
    stale_sentence,
)
from registration.services.facts import gather
from registration.services.findings import refresh_findings, refresh_twins
from registration.terms import terms_of
from registration.workflow import TRANSITIONS, TeamStatus


def missing(team: Team) -> list[Missing]:
    """What must be there or be put right before this registration can be submitted; four queries."""
    return checks.missing(gather(team), terms_of(team.edition))


@transaction.atomic
def submit(team: Team, *, actor: User, version: int, at: datetime | None = None) -> Team:
    """Submit the registration for review; the topic is fixed from now on (R62, R64, R75).

    Raises NotAllowed (the owner alone), WrongState, StageClosed, StaleVersion, and Invalid with every
    field that is missing or wrong. A returned registration may be resubmitted until submissions end.
    """
    locked = lock_team(team.pk)
    if not owns(actor, locked):
        raise NotAllowed("只有报名账号本人可以提交报名。")
    require_editable(locked)
    require_open_for_proofs(locked, at=at, frozen="不能再提交报名")
    if version != locked.version:
        raise StaleVersion(stale_sentence(locked, actor))
    if lacking := missing(locked):
        problems = {one.path: one.sentence for one in reversed(lacking)}
        raise Invalid(problems, f"还有{len(lacking)}项需要补充或更正，报名尚未提交。")
    for person in locked.representatives.filter(holds=False):
        occupy(person)
    when = instant_of(locked.edition, at)
    move(
        locked,
        TeamStatus.SUBMITTED,
        TRANSITIONS,
        submitted_at=when,
        version=locked.version + 1,
        updated_by=actor,
    )
    refresh_findings(locked)
    refresh_twins(locked)
    audit.record(actor, "team.submitted", locked, edition=locked.edition, version=locked.version)
    outbox.tell(
        actor,
        "registration.submitted",
        locked.reference,
        str(locked.version),
        title=f"报名已提交：{locked.name}",
        body=f"{locked.reference} 团队“{locked.name}”、项目“{locked.project_name}”的报名"
        f"已于{stages.format_instant(when)}（服务器时间）提交，等待资格审核。审核结果会另行通知。",
        edition=locked.edition,
    )
    return locked


@transaction.atomic
def take_back(team: Team, *, actor: User, at: datetime | None = None) -> Team:
    """Give a submitted registration back to its team for correction until registration closes (R12, R76).

    It keeps its people and, submitted once, its topic; whoever had claimed it is told. Raises NotAllowed,
    WrongState (not submitted, or decided meanwhile) and StageClosed.
    """
    locked = lock_team(team.pk)
    if not owns(actor, locked):
        raise NotAllowed("只有报名账号本人可以撤回修改。")
    require_registration(locked.edition, at=at, frozen="不能再撤回修改")
    if locked.status != TeamStatus.SUBMITTED:
        raise WrongState(f"报名当前为“{locked.get_status_display()}”，不能撤回修改。")
    officer = locked.claimed_by
    move(
        locked,
        TeamStatus.DRAFT,
        TRANSITIONS,
        version=locked.version + 1,
        updated_by=actor,
        claimed_by=None,
        claimed_at=None,
    )
    refresh_twins(locked)
    audit.record(actor, "team.taken_back", locked, edition=locked.edition, version=locked.version)
    if officer is not None:
        outbox.tell(
            officer,
            "registration.taken_back",
            locked.reference,
            str(locked.version),
            title=f"报名已由团队撤回修改：{locked.reference}",
            body=f"您领取的{locked.reference} 团队“{locked.name}”已由报名账号撤回修改，重新提交后再进入待审列表。",
            edition=locked.edition,
        )
    return locked


@transaction.atomic
def withdraw(team: Team, *, actor: User, at: datetime | None = None) -> Team:
    """Withdraw the team for good: it will not take part, its people are free for other teams.

    Raises NotAllowed, WrongState (the state, or a prize of the team was published).
    """
    locked = lock_team(team.pk)
    if not owns(actor, locked):
        raise NotAllowed("只有报名账号本人可以撤回报名。")
    require_unbound(locked)
    move(locked, TeamStatus.WITHDRAWN, TRANSITIONS, version=locked.version + 1, updated_by=actor)
    leave(locked, actor, "team.withdrawn")
    return locked


def leave(team: Team, actor: User, verb: str) -> None:
    """What follows when a team no longer takes part."""
    release(team)
    refresh_twins(team)
    audit.record(actor, verb, team, edition=team.edition, version=team.version)
    if team.status in {TeamStatus.WITHDRAWN, TeamStatus.DISQUALIFIED}:
        for _, follow in team_left:
            follow(team, team.status)
