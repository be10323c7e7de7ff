"""Who has a case: one officer at a time, told to everybody else (decision 27)."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone

from competition import audit, clock, outbox
from competition.errors import NotAllowed, WrongState
from competition.models import User
from registration.models import Team
from registration.permissions import can_review_team
from registration.services.editing import lock_team
from registration.workflow import TeamStatus


@transaction.atomic
def claim(team: Team, *, officer: User) -> Team:
    """Take a waiting case that nobody has; claiming one's own case again does nothing.

    Raises NotAllowed, and WrongState when the case is not waiting or another officer has it.
    """
    locked = _open(team, officer)
    require_held_by(locked, officer)
    if locked.claimed_by_id is None:
        _give(locked, officer, "team.claimed")
    return locked


@transaction.atomic
def release_claim(team: Team, *, officer: User) -> Team:
    """Put one's own case back for others; a case that nobody has stays so. Raises NotAllowed, WrongState."""
    locked = _open(team, officer)
    require_held_by(locked, officer)
    if locked.claimed_by_id is not None:
        _keep(locked, None)
        audit.record(officer, "team.released", locked, edition=locked.edition)
    return locked


@transaction.atomic
def take_over(team: Team, *, officer: User) -> Team:
    """Take a case from the officer who has it, who is told. Raises NotAllowed, WrongState."""
    locked = _open(team, officer)
    former = locked.claimed_by
    if former == officer:
        return locked
    _give(locked, officer, "team.taken_over" if former else "team.claimed")
    if former is not None:
        outbox.tell(
            former,
            "registration.taken_over",
            locked.reference,
            f"{timezone.now():%Y%m%d%H%M%S%f}",
            title=f"{locked.reference} 已由“{officer.display_name}”接手",
            body=f"您领取的{locked.reference} 团队“{locked.name}”的资格审核，已由“{officer.display_name}”接手。",
            edition=locked.edition,
        )
    return locked


def require_held_by(team: Team, officer: User) -> None:
    """Refuse with who has the case and since when, unless it is this officer's or nobody's; one query."""
    if team.claimed_by_id in (None, officer.pk):
        return
    raise WrongState(f"{held_sentence(team)}本次操作没有生效；需要由您办理的，请先接手。")


def hold_for_decision(team: Team, officer: User) -> None:
    """A waiting case that an officer decides is that officer's: claim it when nobody has it.

    ``team`` must be locked. Raises WrongState when another officer has it.
    """
    require_held_by(team, officer)
    if team.claimed_by_id is None and team.status == TeamStatus.SUBMITTED:
        _give(team, officer, "team.claimed")


def held_sentence(team: Team) -> str:
    """Who has the case and since when, as a sentence; '' when nobody has it."""
    if team.claimed_by is None or team.claimed_at is None:
        return ""
    since = f"{timezone.localtime(team.claimed_at):%m月%d日 %H:%M}"
    return f"该报名由“{team.claimed_by.display_name}”于{since}领取，正在审核。"


def _open(team: Team, officer: User) -> Team:
    locked = lock_team(team.pk)
    if not can_review_team(officer, locked):
        raise NotAllowed("只有秘书处工作人员可以领取，且不能领取本人参加的团队。")
    if locked.status != TeamStatus.SUBMITTED:
        raise WrongState(f"该报名当前为“{locked.get_status_display()}”，没有等待审核，不能领取或放回。")
    return locked


def _give(team: Team, officer: User, verb: str) -> None:
    _keep(team, officer)
    audit.record(officer, verb, team, edition=team.edition)


def _keep(team: Team, officer: User | None) -> None:
    # Not a change of what the registration says: its version stays, so nobody's open page goes stale.
    team.claimed_by = officer
    team.claimed_at = clock.now(team.edition) if officer else None
    team.save(update_fields=["claimed_by", "claimed_at"])
