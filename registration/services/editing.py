"""What every change of a registration goes through: right person, state, stage and version."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Final

from django.utils import timezone

from competition import clock, stages
from competition.errors import Invalid, NotAllowed, StageClosed, StaleVersion, WrongState
from competition.models import Edition, User
from registration.models import Team
from registration.models.team import LINE
from registration.permissions import owns
from registration.workflow import EDITABLE, TeamStatus

TYPED_STAYS: Final = "您刚才输入的内容仍留在页面上，但没有保存。"


def lock_team(pk: int) -> Team:
    """The team's row, locked until the end of the transaction; every change of a team takes it first."""
    teams = Team.objects.select_for_update(of=("self",))
    rows = teams.select_related("edition", "owner", "topic", "updated_by")
    team: Team = rows.defer("edition__form", "edition__rubrics").get(pk=pk)
    return team


def open_for_editing(
    pk: int,
    *,
    actor: User,
    version: int | None,
    at: datetime | None,
    frozen: str = "报名信息不能再修改",
    proofs: bool = False,
) -> Team:
    """Lock a team and refuse unless ``actor`` may change it now.

    ``version`` is the one the person saw (None where a change cannot overwrite anything); ``frozen``
    says what no longer changes after the deadline; ``proofs`` may still be supplied for a returned
    registration. Raises NotAllowed, WrongState, StageClosed, StaleVersion (R12, R52e, R76).
    """
    team = lock_team(pk)
    if not owns(actor, team):
        raise NotAllowed("只有报名账号本人可以修改报名信息。")
    require_editable(team)
    if proofs:
        require_open_for_proofs(team, at=at)
    else:
        require_registration(team.edition, at=at, frozen=frozen)
    if version is not None and version != team.version:
        raise StaleVersion(stale_sentence(team, actor))
    return team


def require_editable(team: Team) -> None:
    """Refuse with the reason unless the registration is a draft or returned (R76)."""
    if team.status not in EDITABLE:
        raise WrongState(f"报名当前为“{team.get_status_display()}”，不能修改。")


def require_registration(edition: Edition, *, at: datetime | None, frozen: str) -> None:
    """Refuse unless the registration stage is open at the arrival ``at`` (R12)."""
    try:
        stages.require_open(edition, stages.REGISTRATION, at=at)
    except StageClosed as closed:
        stage = edition.stages.filter(key=stages.REGISTRATION).first()
        if stage is None or stages.phase_of(stage, instant_of(edition, at)) is stages.Phase.BEFORE:
            raise
        when = stages.format_end(stage.closes_at)
        raise StageClosed(f"报名已于{when}截止，{frozen}。{TYPED_STAYS}") from closed


def require_open_for_proofs(team: Team, *, at: datetime | None, frozen: str = "不能再提交材料") -> None:
    """Proofs and resubmission of a returned registration stay possible until submissions end."""
    if team.status == TeamStatus.RETURNED:
        stages.require_not_over(team.edition, stages.SUBMISSION, at=at)
    else:
        require_registration(team.edition, at=at, frozen=frozen)


def instant_of(edition: Edition, at: datetime | None) -> datetime:
    """The edition's time of a request's arrival ``at`` (None means now)."""
    return clock.now(edition) if at is None else clock.at(edition, at)


def stale_sentence(team: Team, actor: User) -> str:
    """Who saved meanwhile and when; what to do."""
    when = f"{timezone.localtime(team.updated_at):%m月%d日 %H:%M:%S}"
    other = team.updated_by
    who = "您在另一个窗口" if other is None or other == actor else f"“{other.display_name}”"
    return f"{who}已于{when}保存了更新的内容，本次修改没有保存，以免覆盖。请刷新页面，对照后再改。"


def bump(team: Team, actor: User) -> Team:
    """Note a change: next version, who and when, and what the queue finds the team by; one query to read."""
    team.version += 1
    team.updated_by = actor
    units = list(team.units.order_by("position").values_list("name_key", "credit_key", "is_lead", "region"))
    words = [team.name_key, team.project_key, *(word for name, code, _, _ in units for word in (name, code))]
    team.search = " ".join(word for word in words if word)
    team.lead_region = next((region for _, _, lead, region in units if lead), "")
    team.save(update_fields=["version", "updated_by", "updated_at", "search", "lead_region"])
    return team


def typed(values: Mapping[str, str], allowed: frozenset[str], *, prefix: str = "") -> dict[str, str]:
    """The values as typed, without NUL; a line beyond what can be kept is refused at its field."""
    if unknown := set(values) - allowed:
        raise ValueError(f"unknown fields: {sorted(unknown)}")
    cleaned = {key: value.replace("\x00", "") for key, value in values.items()}
    problems = {
        f"{prefix}{key}": f"本项最多保存{LINE}个字符，现有{len(value)}个；没有保存，请缩短。"
        for key, value in cleaned.items()
        if len(value) > LINE and key not in {"public_body_note"}
    }
    if problems:
        raise Invalid(problems)
    return cleaned


def is_yes(value: str) -> bool:
    """Whether a ticked box or a yes was sent."""
    return value.strip().lower() in {"on", "1", "true", "yes"}
