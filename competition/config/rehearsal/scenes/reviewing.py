"""Officers review registrations: by what the portal found, as the decisions say."""

from __future__ import annotations

from typing import Final

from django.utils import timezone

from competition import clock
from competition.config.rehearsal import breaches, files
from competition.config.rehearsal.cast import TeamPlan
from competition.config.rehearsal.ledger import Ledger, refused
from competition.config.rehearsal.scenes.registering import team_of
from competition.config.rehearsal.theatre import Theatre
from competition.models import User
from registration import services
from registration.models import Finding, Team
from registration.services import Blocked, lookups
from registration.workflow import Severity, TeamStatus

#: Findings for staff that mean 'not admitted' here; others (a proof that does not apply) are let pass.
SHUT_OUT: Final = frozenset({"R47", "R53", "R55", "R52f"})
RETURN_NOTE: Final = "牵头单位联系人的职务填写不完整，请补充后重新提交。"


def review(theatre: Theatre, plan: TeamPlan, ledger: Ledger) -> None:
    """Look at a submitted registration and decide."""
    team = team_of(theatre, plan)
    if team is None or team.status != TeamStatus.SUBMITTED:
        return
    found = list(team.findings.all())
    officer, version = theatre.officer(plan), team.version
    holds = _blocks_hold(theatre, plan, team, found)
    if not team.reviews.exists() or not holds:
        _note_findings(plan, ledger, found, holds=holds)
    if not holds:
        return
    reason = _reason(plan, found)
    if reason:
        services.reject(team, officer=officer, version=version, reason=reason)
    elif words := [one for one in found if one.rule == "R58" and "words" in one.evidence]:
        services.return_for_correction(
            team,
            officer=officer,
            version=version,
            reason="团队名称需要更改。",
            field_reasons={"name": words[0].message},
        )
    elif plan.habits.returned_once and not team.reviews.exists():
        services.return_for_correction(team, officer=officer, version=version, reason=RETURN_NOTE)
    else:
        look_up(team, officer)
        services.approve(team, officer=officer, version=version)


def look_up(team: Team, officer: User) -> None:
    """Look everybody up who was not yet, and find nobody listed (R49-R51)."""
    if lookups.due(team):
        page = files.upload(["pdf"], "信用查询结果", f"{team.pk} lookups")
        evidence = lookups.add_evidence(team, officer=officer, upload=page)
        today = timezone.localtime(clock.now(team.edition)).date()
        lookups.record_clear(team, officer=officer, looked_on=today, evidence=evidence)


def _blocks_hold(theatre: Theatre, plan: TeamPlan, team: Team, found: list[Finding]) -> bool:
    """A blocking finding must hold even against an officer who tries to approve."""
    if all(one.severity != Severity.BLOCK for one in found):
        return True
    officer = theatre.officer(plan)
    return refused(lambda: services.approve(team, officer=officer, version=team.version), Blocked, "不能通过")


def _note_findings(plan: TeamPlan, ledger: Ledger, found: list[Finding], *, holds: bool) -> None:
    expected = {
        breaches.SOLE_TRADER: "92",
        breaches.ORGANISER: "组织单位",
        breaches.ORGANISER_ALIAS: "组织单位",
        breaches.ORGANISER_PARENT: "组织单位",
        breaches.PUBLIC_BODY: "公共机构",
        breaches.FORBIDDEN_WORD: "团队名称",
        breaches.BLACKLISTED: "列入导入的",
        breaches.PAST_WINNER: "获奖项目",
        breaches.SIMILAR_PROJECT: "相近",
    }
    for breach, words in expected.items():
        if plan.breaks(breach):
            ledger.expect_finding(breach, found if holds else [], words=words)


def _reason(plan: TeamPlan, found: list[Finding]) -> str:
    """Why a registration is not admitted; '' when nothing stands against it."""
    against = [one for one in found if one.severity == Severity.BLOCK or _shuts_out(plan, one)]
    return "；".join(f"{one.subject}：{one.message}" for one in against)


def _shuts_out(plan: TeamPlan, one: Finding) -> bool:
    """What an officer judges against a team: not a name alone that is like another's."""
    if one.rule == "R74":
        return one.severity == Severity.STAFF and one.evidence["unit"] in {unit.name for unit in plan.units}
    return one.severity == Severity.STAFF and one.rule in SHUT_OUT and not one.evidence.get("alone")
