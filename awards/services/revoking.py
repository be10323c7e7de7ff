"""Awards end: void before they were confirmed, revoked after, with all that hangs on them (R54, R57, R60, R69, R91)."""

from __future__ import annotations

from typing import Final

from django.db import transaction

from awards.models import Award, Revocation
from awards.permissions.awarding import can_confirm_revocation, can_propose_revocation
from awards.services import awarding, certificates, library, payouts
from awards.workflow import AWARD, STANDING, AwardStatus
from competition import audit, clock
from competition.errors import Invalid, NotAllowed, WrongState
from competition.models import User
from competition.transitions import move
from submissions.models import Entry

REASON_MOST: Final = 500
#: Why a team left, as the registry of left entries says it, in words.
LEFT: Final = {
    "withdrawn": "团队已退出比赛。",
    "disqualified": "团队已被取消参赛资格，成绩无效。",
}


@transaction.atomic
def end(award: Award, *, reason: str, actor: User | None = None) -> Award:
    """Cancel an award: void if it was not confirmed yet, else revoked, with certificate, money and work (R54, R91).

    An award that has ended stays as it is. ``reason`` is told to the team, never to the public.
    """
    award = awarding.lock(award)
    if award.status not in STANDING:
        return award
    was_public = award.status != AwardStatus.PROPOSED
    confirmed = award.status == AwardStatus.CONFIRMED
    to = AwardStatus.REVOKED if confirmed else AwardStatus.VOID
    why = reason.strip()[:REASON_MOST]
    move(award, to, AWARD, ended_at=clock.now(award.edition), ended_why=why)
    audit.record(actor, f"award.{to}", award, edition=award.edition, tier=award.tier.key)
    if confirmed:
        certificates.revoke(award)
        payouts.stop(award, reason=why)
        library.withdraw(award)
    if was_public:
        _tell(award, why, confirmed)
    return award


@transaction.atomic
def propose_revocation(award: Award, *, actor: User, reason: str) -> Revocation:
    """Propose to cancel an award that stands; a chief confirms it (decision 17, R54, R57, R69, R91).

    Raises NotAllowed, WrongState (it has ended, or a proposal waits already), Invalid (no reason, over 500).
    """
    award = awarding.lock(award)
    if award.status not in STANDING:
        raise WrongState(f"当前状态为“{award.get_status_display()}”，不能再取消。")
    if not can_propose_revocation(actor, award):
        raise NotAllowed("只有秘书处工作人员可以提出取消奖项，且不得是团队成员。")
    if award.revocations.filter(decided_by__isnull=True).exists():
        raise WrongState("已有一份取消提议等待确认。")
    reason = reason.strip()
    if not reason:
        raise Invalid({"reason": "请写明取消的原因，团队会看到。"})
    if len(reason) > REASON_MOST:
        raise Invalid({"reason": f"最多{REASON_MOST}字，现为{len(reason)}字。"})
    revocation = Revocation.objects.create(
        award=award, reason=reason, proposed_by=actor, proposed_at=clock.now(award.edition)
    )
    audit.record(actor, "revocation.proposed", revocation, edition=award.edition, award=award.pk)
    return revocation


@transaction.atomic
def confirm_revocation(revocation: Revocation, *, actor: User) -> Award:
    """A chief agrees and the award ends (decision 17). Raises NotAllowed, WrongState."""
    award, revocation = _lock(revocation)
    if award.status not in STANDING:
        raise WrongState(f"该奖项当前状态为“{award.get_status_display()}”，不能再取消。")
    _decide(award, revocation, actor, confirmed=True)
    return end(award, reason=revocation.reason, actor=actor)


@transaction.atomic
def refuse_revocation(revocation: Revocation, *, actor: User) -> Revocation:
    """A chief does not agree: the award stands as it is. Raises NotAllowed, WrongState."""
    award, revocation = _lock(revocation)
    return _decide(award, revocation, actor, confirmed=False)


@transaction.atomic
def leave(entry: Entry, reason: str) -> None:
    """The entry has left the contest: whatever award it has ends; safe to call again (R54, R57, R60, R69)."""
    for award in Award.objects.filter(entry=entry, status__in=STANDING):
        end(award, reason=LEFT.get(reason, reason) or LEFT["withdrawn"])


def _lock(revocation: Revocation) -> tuple[Award, Revocation]:
    award = awarding.lock(revocation.award)
    return award, Revocation.objects.select_for_update().get(pk=revocation.pk)


def _decide(award: Award, revocation: Revocation, actor: User, *, confirmed: bool) -> Revocation:
    if revocation.decided_by_id is not None:
        raise WrongState("这份提议已有决定，请刷新页面查看最新状态。")
    revocation.award = award
    if not can_confirm_revocation(actor, revocation):
        raise NotAllowed("须由提出人以外的秘书处负责人决定，且不得是团队成员。")
    revocation.decided_by, revocation.decided_at = actor, clock.now(award.edition)
    revocation.is_confirmed = confirmed
    revocation.save(update_fields=["decided_by", "decided_at", "is_confirmed"])
    verb = "confirmed" if confirmed else "refused"
    audit.record(actor, f"revocation.{verb}", revocation, edition=award.edition, award=award.pk)
    return revocation


def _tell(award: Award, why: str, confirmed: bool) -> None:
    if confirmed:
        title = f"{award.tier.name}已撤销"
        what = "奖项已撤销，证书同时失效，作品不再展示；已领取的奖金须按通知退回。"
    else:
        title = f"拟授予的{award.tier.name}已取消"
        what = "该奖项在公示确认前取消，不颁发证书和奖金。"
    awarding.tell_team(award, str(award.status), title, f"{what}\n原因：{why}")
