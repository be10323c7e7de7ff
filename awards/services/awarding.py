"""Prizes by the locked final and awards to units, confirmed when their publicity is over (R31, R37-R44)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

from django.db import transaction
from django.db.models import Max

from awards.models import Award, PrizeBudget, PrizeTier, Report
from awards.permissions.awarding import can_award
from awards.prizes import PrizeList
from awards.prizes import award as prizes_by_rank
from awards.services import certificates, library, payouts
from awards.workflow import AWARD, OPEN_REPORT, STANDING, AwardStatus, NoticeStatus
from competition import audit, clock, outbox
from competition.edition_schema import PrizeData
from competition.errors import Invalid, NotAllowed, WrongState
from competition.identity import name_key
from competition.models import Edition, User
from competition.transitions import move
from judging.models import Result, Verification
from judging.services import lists, results
from judging.workflow import Pool, ResultStatus, Round, VerificationStatus
from submissions.models import Entry

UNIT_NAME_MOST = 120
REASON_MOST = 500


@transaction.atomic
def load_tiers(edition: Edition) -> list[PrizeTier]:
    """The prizes of the edition's data as rows, against which the database counts; loading again changes nothing.

    A changed amount or number is taken over only while nobody holds an award.
    """
    total = int(edition.data["prize_total_fen"])
    budget, created = PrizeBudget.objects.select_for_update().get_or_create(
        edition=edition, defaults={"total_fen": total}
    )
    if created or not Award.objects.filter(edition=edition).exists():
        PrizeBudget.objects.filter(pk=budget.pk).update(total_fen=total)
        for key, facts in _tiers_of(edition).items():
            PrizeTier.objects.update_or_create(edition=edition, key=key, defaults=facts)
    return list(PrizeTier.objects.filter(edition=edition).order_by("position"))


@transaction.atomic
def propose(edition: Edition, *, actor: User) -> list[Award]:
    """Propose the prizes that the locked order of the final and the list of excellence give (R31, R37, R39-R42).

    Whoever left after the order was locked gets none; the place stays empty and nobody moves up.
    Raises NotAllowed, WrongState (the final is not confirmed; a verification is open; proposed already).
    """
    if not can_award(actor):
        raise NotAllowed("只有秘书处工作人员可以拟定奖项。")
    tiers = {tier.key: tier for tier in load_tiers(edition)}
    if not final_is_confirmed(edition):
        raise WrongState("决赛结果尚未由第二人确认，不能拟定奖项。")
    if Award.objects.filter(edition=edition, entry__isnull=False).exists():
        raise WrongState("奖项已经拟定。")
    _lock_listed(edition)
    if waiting := _unverified(edition):
        # Prizes are proposed once: who passes afterwards would have none.
        raise WrongState(f"还有{waiting}项入选作品的技术验证没有完成，不能拟定奖项。")
    order, excellence = results.final_order(edition), lists.excellence(edition)
    entries = {str(entry.pk): entry for entry in [*order, *excellence]}
    prizes = _prizes(edition, order, excellence)
    places: Counter[str] = Counter()
    awards = []
    for prize in prizes.prizes:
        places[prize.tier] += 1
        if not prize.is_void:
            found = entries[prize.entry]
            awards.append(_create(tiers[prize.tier], actor, places[prize.tier], entry=found))
    audit.record(
        actor,
        "awards.proposed",
        edition,
        edition=edition,
        counts=prizes.counts,
        total_fen=prizes.total_fen,
    )
    return awards


@transaction.atomic
def add_unit_award(edition: Edition, *, key: str, unit_name: str, reason: str, actor: User) -> Award:
    """Enter 优秀组织奖 or 突出贡献奖 for a unit, with its reason and without money (R43, R44, decision 20).

    Raises NotAllowed, Invalid (unknown prize, no name or reason, the unit has it already).
    """
    if not can_award(actor):
        raise NotAllowed("只有秘书处工作人员可以登记单位奖项。")
    load_tiers(edition)
    tier = PrizeTier.objects.select_for_update().filter(edition=edition, key=key, pool="").first()
    unit_name, reason = unit_name.strip(), reason.strip()
    problems = {
        "key": "" if tier else "请选择奖项。",
        "unit_name": _length_problem(unit_name, "请填写单位名称。", UNIT_NAME_MOST),
        "reason": _length_problem(reason, "请写明授予理由。", REASON_MOST),
    }
    problems = {field: sentence for field, sentence in problems.items() if sentence}
    if problems or tier is None:
        raise Invalid(problems)
    held = tier.awards.filter(status__in=STANDING).values_list("unit_name", flat=True)
    if name_key(unit_name) in {name_key(name) for name in held}:
        raise Invalid({"unit_name": f"该单位已列入{tier.name}。"})
    last = tier.awards.aggregate(last=Max("position"))["last"] or 0
    award = _create(tier, actor, last + 1, unit_name=unit_name, reason=reason)
    audit.record(actor, "award.unit_added", award, edition=edition, tier=key)
    return award


@transaction.atomic
def settle(award: Award) -> Award:
    """Confirm an award whose publicity is over and which no report holds up; safe to call at any time (R91).

    Then its certificate is numbered, its money is due and its work may be shown (decision 17).
    """
    award = lock(award)
    over = award.notice is not None and award.notice.status == NoticeStatus.CONCLUDED
    if award.status != AwardStatus.PUBLISHED or not over or is_held(award):
        return award
    move(award, AwardStatus.CONFIRMED, AWARD, confirmed_at=clock.now(award.edition))
    audit.record(None, "award.confirmed", award, edition=award.edition, tier=award.tier.key)
    certificates.number(award)
    if award.amount_fen:
        payouts.open_due(award)
    if award.entry is not None:
        library.open_work(award)
    tell_team(
        award,
        "confirmed",
        f"获奖结果已确认：{award.tier.name}",
        f"经公示，作品“{_project(award)}”获得{award.tier.name}，结果已经确认。"
        "证书制作完成后可在团队页面查看；奖金领取办法另行通知。",
    )
    return award


def is_held(award: Award) -> bool:
    """Whether a report that came in time is not decided yet (decision 16)."""
    return Report.objects.filter(award=award, is_late=False, status__in=OPEN_REPORT).exists()


def final_is_confirmed(edition: Edition) -> bool:
    """Whether the result of the final is confirmed, so that prizes follow from it (R30, R31)."""
    confirmed = Result.objects.filter(edition=edition, round=Round.FINAL, status=ResultStatus.CONFIRMED)
    return confirmed.exists()


def lock(award: Award) -> Award:
    """The award's row, locked until the transaction ends, with edition, tier, notice, entry, team and owner."""
    return (
        Award.objects.select_for_update(of=("self",))
        .select_related("edition", "tier", "notice", "entry__team__owner")
        .defer("edition__form", "edition__rubrics")
        .get(pk=award.pk)
    )


def tell_team(award: Award, what: str, title: str, body: str) -> None:
    """Write to the team's account, once for each thing that happens to its award; units have no account."""
    if award.entry is not None:
        outbox.tell(
            award.entry.team.owner,
            f"award.{what}",
            award.entry.reference,
            str(award.pk),
            title=title,
            body=body,
            edition=award.edition,
        )


def _lock_listed(edition: Edition) -> None:
    """Nobody who is verified leaves the contest until the transaction ends: an award would be left behind."""
    rows = Entry.objects.filter(edition=edition, verification__isnull=False).order_by("pk")
    list(rows.select_for_update(of=("self",), no_key=True).values_list("pk", flat=True))


def _unverified(edition: Edition) -> int:
    listed = [
        int(key) for one in lists.standing(edition).values() for pool in Pool for key in one.listed(pool)
    ]
    waiting = Verification.objects.filter(entry__in=listed, status=VerificationStatus.WAITING)
    return waiting.count()


def _prizes(edition: Edition, order: Sequence[Entry], excellence: Sequence[Entry]) -> PrizeList:
    # Whoever left after the order was locked is no longer among the finalists.
    standing = {entry.pk for entry in lists.finalists(edition)}
    return prizes_by_rank(
        _prize_data(edition),
        finalists=[str(entry.pk) for entry in order],
        excellence=[str(entry.pk) for entry in excellence],
        void=[str(entry.pk) for entry in order if entry.pk not in standing],
    )


def _prize_data(edition: Edition) -> list[PrizeData]:
    names = ("key", "code", "name", "count", "amount_fen", "pool")
    return [PrizeData(**{name: prize[name] for name in names}) for prize in edition.data["prizes"]]


def _tiers_of(edition: Edition) -> dict[str, dict[str, Any]]:
    """key -> fields of a tier, in the order of the edition's data: prizes first, awards to units after them."""
    rows = [*edition.data["prizes"], *edition.data.get("unit_awards", [])]
    return {
        row["key"]: {
            "name": row["name"],
            "code": row["code"],
            "position": position,
            "count": row.get("count"),
            "amount_fen": row.get("amount_fen", 0),
            "pool": row.get("pool", ""),
        }
        for position, row in enumerate(rows, start=1)
    }


def _create(tier: PrizeTier, actor: User, position: int, **whose: Any) -> Award:
    return Award.objects.create(
        edition=tier.edition,
        tier=tier,
        position=position,
        amount_fen=tier.amount_fen,
        proposed_by=actor,
        proposed_at=clock.now(tier.edition),
        **whose,
    )


def _project(award: Award) -> str:
    return award.entry.team.project_name if award.entry else award.unit_name


def _length_problem(text: str, missing: str, most: int) -> str:
    if not text:
        return missing
    return f"最多{most}字，现为{len(text)}字。" if len(text) > most else ""
