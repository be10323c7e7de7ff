"""Officers decide on eligibility: approve, return, reject, disqualify (R14, R57, R60, R75)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

from django.db import transaction
from django.utils import timezone

from competition import audit, clock, outbox, roles
from competition.errors import Invalid, NotAllowed, Refusal, StaleVersion, WrongState
from competition.models import User
from competition.transitions import move
from registration.models import Review, Team
from registration.permissions import can_review_team
from registration.registries import team_approved
from registration.services.claiming import hold_for_decision
from registration.services.editing import lock_team
from registration.services.findings import refresh_findings, refresh_twins
from registration.services.lookups import due
from registration.services.submitting import leave
from registration.workflow import TRANSITIONS, Severity, TeamStatus, Verdict


class Blocked(Refusal):
    """A finding that must be put right first stands against the approval."""

    code = "blocked"


#: Characters of the reason with which a chief sets findings aside.
LEAST_OVERRIDE: Final = 10


@transaction.atomic
def approve(team: Team, *, officer: User, version: int, note: str = "", override: str = "") -> Team:
    """Approve the registration: it has succeeded and is frozen (R75, R76).

    Raises NotAllowed, WrongState or StaleVersion when somebody was quicker, Blocked while a BLOCK
    finding stands or a look-up is due (R49-R51); a chief may set them aside with the reason
    ``override``, which the decision keeps with their sentences. Opens what the apps on the right
    registered in ``team_approved``.
    """
    locked = _open_for_decision(team, officer, version)
    against = hindrances(locked)
    reason = _plain(override)
    if against and not reason:
        raise Blocked("尚有不符合项，不能通过：" + "；".join(against))
    if against:
        _require_override(officer, reason)
    decided = _decide(
        locked, TeamStatus.APPROVED, Verdict.APPROVE, officer, reason=reason or note, overridden=against
    )
    for _, follow in team_approved:
        follow(decided)
    _tell(
        decided,
        "approved",
        "报名成功",
        "资格审核已通过，报名成功。单位、代表、团队名称、项目名称和赛题自即日起不能更改，请按时提交参赛项目。",
    )
    return decided


def approve_clear(
    teams: Iterable[Team], *, officer: User, versions: Mapping[int, int]
) -> tuple[list[Team], list[tuple[Team, str]]]:
    """Approve those against which nothing speaks: no finding to judge, no look-up due, with nobody else.

    Each in a transaction of its own. Returns the approved and, with a sentence each, those left out;
    ``versions`` are what the officer saw, by the team's number.
    """
    approved: list[Team] = []
    left_out: list[tuple[Team, str]] = []
    for team in teams:
        try:
            approved.append(_approve_clear(team, officer, versions.get(team.pk, -1)))
        except Refusal as refusal:
            left_out.append((team, refusal.sentence))
    return approved, left_out


@transaction.atomic
def _approve_clear(team: Team, officer: User, version: int) -> Team:
    locked = _open_for_decision(team, officer, version)
    if doubts := [one for one in refresh_findings(locked) if one.severity == Severity.STAFF]:
        raise Blocked("有需人工判断的项目，请打开后逐项判断：" + "；".join(one.message for one in doubts))
    return approve(locked, officer=officer, version=version)


def hindrances(team: Team) -> list[str]:
    """Sentences of what stands against an approval now: BLOCK findings, found anew, and look-ups that are due."""
    found = [one for one in refresh_findings(team) if one.severity == Severity.BLOCK]
    sentences = [f"{one.rule} {one.subject}：{one.message}" for one in found]
    missing: dict[str, list[str]] = {}
    for one in due(team):
        missing.setdefault(f"{one.rule} {one.list_label}", []).append(one.label)
    return sentences + [f"{what}尚未查询：{'、'.join(names)}" for what, names in missing.items()]


def _require_override(officer: User, reason: str) -> None:
    if not officer.has_role(roles.CHIEF):
        raise NotAllowed("有不符合项时，只有秘书处负责人写明理由后可以通过。")
    if len(reason) < LEAST_OVERRIDE:
        raise Invalid({"override": f"请写明不顾上述各项仍予通过的理由，至少{LEAST_OVERRIDE}个字。"})


@transaction.atomic
def return_for_correction(
    team: Team,
    *,
    officer: User,
    version: int,
    reason: str,
    field_reasons: Mapping[str, str] | None = None,
) -> Team:
    """Return the registration with reasons; ``field_reasons`` by field path stand at the fields."""
    marks = {_plain(path): _plain(text) for path, text in (field_reasons or {}).items()}
    at_fields = {path: text for path, text in marks.items() if text}
    if not _plain(reason) and not at_fields:
        raise Invalid({"reason": "请写明退回的理由，或在需要修改的项目旁写明意见。"})
    locked = _open_for_decision(team, officer, version)
    decided = _decide(
        locked, TeamStatus.RETURNED, Verdict.RETURN, officer, reason=reason, field_reasons=at_fields
    )
    count = f"另有{len(at_fields)}条意见标在对应的项目旁。" if at_fields else ""
    _tell(decided, "returned", "报名退回修改", f"报名需要修改后重新提交。{_plain(reason)}{count}")
    return decided


@transaction.atomic
def reject(team: Team, *, officer: User, version: int, reason: str) -> Team:
    """Reject the registration for good; its people are free for other teams."""
    _require_reason(reason, "不通过")
    locked = _open_for_decision(team, officer, version, also=TeamStatus.RETURNED)
    decided = _decide(locked, TeamStatus.REJECTED, Verdict.REJECT, officer, reason=reason)
    leave(decided, officer, "team.rejected")
    _tell(decided, "rejected", "资格审核未通过", f"资格审核未通过。理由：{_plain(reason)}")
    return decided


@transaction.atomic
def disqualify(team: Team, *, officer: User, reason: str) -> Team:
    """Take a submitted or approved team out of the contest (R57, R60, R69)."""
    _require_reason(reason, "取消资格")
    locked = lock_team(team.pk)
    _require_reviewer(officer, locked)
    decided = _decide(locked, TeamStatus.DISQUALIFIED, Verdict.DISQUALIFY, officer, reason=reason)
    leave(decided, officer, "team.disqualified")
    _tell(decided, "disqualified", "参赛资格已取消", f"参赛资格已被取消。理由：{_plain(reason)}")
    return decided


def _plain(text: str) -> str:
    """Text as it can be stored: without NUL and blanks around it."""
    return text.replace("\x00", "").strip()


def _require_reason(reason: str, verdict: str) -> None:
    if not _plain(reason):
        raise Invalid({"reason": f"请写明{verdict}的理由。"})


def _require_reviewer(officer: User, team: Team) -> None:
    if not can_review_team(officer, team):
        raise NotAllowed("只有秘书处工作人员可以审核，且不能审核本人参加的团队。")


def _open_for_decision(team: Team, officer: User, version: int, *, also: str = "") -> Team:
    """Lock the team and refuse when somebody decided or changed it since the officer looked."""
    locked = lock_team(team.pk)
    _require_reviewer(officer, locked)
    if locked.status not in {TeamStatus.SUBMITTED, also}:
        last = locked.reviews.select_related("officer").first()
        if last is not None:
            when = f"{timezone.localtime(last.at):%m月%d日 %H:%M}"
            raise WrongState(
                f"该报名已被“{last.officer.display_name}”于{when}处理（{last.get_verdict_display()}），"
                "本次操作没有生效，请刷新页面查看。"
            )
        raise WrongState(f"该报名当前为“{locked.get_status_display()}”，不能审核，请刷新页面查看。")
    if locked.version != version:
        raise StaleVersion("该报名在您打开页面之后有更新，本次操作没有生效，请刷新页面后再审。")
    hold_for_decision(locked, officer)
    return locked


def _decide(
    team: Team,
    to: str,
    verdict: str,
    officer: User,
    *,
    reason: str,
    field_reasons: dict[str, str] | None = None,
    overridden: list[str] | None = None,
) -> Team:
    looked_at, now = team.version, clock.now(team.edition)
    move(team, to, TRANSITIONS, decided_at=now, version=looked_at + 1, updated_by=officer)
    Review.objects.create(
        team=team,
        verdict=verdict,
        team_version=looked_at,
        officer=officer,
        reason=_plain(reason),
        field_reasons=field_reasons or {},
        overridden=overridden or [],
        at=now,
    )
    audit.record(officer, f"team.{verdict}", team, edition=team.edition, version=looked_at)
    if to == TeamStatus.APPROVED:
        refresh_twins(team)
    return team


def _tell(team: Team, kind: str, title: str, body: str) -> None:
    outbox.tell(
        team.owner,
        f"registration.{kind}",
        team.reference,
        str(team.version),
        title=f"{title}：{team.name}",
        body=f"{team.reference} 团队“{team.name}”、项目“{team.project_name}”：{body}",
        edition=team.edition,
    )
