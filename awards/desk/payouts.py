"""Payouts at the work desk, and on the page of a team whose prize carries money (R36, R38)."""

from __future__ import annotations

from django.db.models import Exists, OuterRef, Q

from awards.models import Award, Payout, PayoutPlace, PublicityNotice
from awards.permissions.payouts import names_place, payouts_visible_to, pays_out, sees_payouts
from awards.workflow import PayoutStatus
from competition.desk import DeskPage, address_in
from competition.models import Edition, User
from competition.templatetags.ui import cn_money
from registration.registries import TeamCard

ORDER = 130


def pages(edition: Edition, user: User) -> list[DeskPage]:
    """For the undertaking unit and the chief, with what waits; for the committee the place to be named from publicity on."""
    found = []
    if sees_payouts(user):
        waiting = Q(status=PayoutStatus.HANDED) & ~Q(handed_by=user)
        if pays_out(user):
            waiting |= Q(status__in=[PayoutStatus.DUE, PayoutStatus.RECLAIMING])
        rows = payouts_visible_to(user, edition).filter(waiting)
        text = "凭获奖证书和参赛代表本人证件发放奖金，须两人经办（五（一））。"
        url = address_in(edition, "awards:payouts_list")
        found.append(DeskPage(ORDER, "奖金发放", text, url, group="颁奖", waiting=rows))
    if names_place(user):
        unnamed = Edition.objects.filter(pk=edition.pk, payout_place__isnull=True).filter(
            Exists(PublicityNotice.objects.filter(edition=OuterRef("pk"), published_at__isnull=False))
        )
        text = "指定领取奖金的承办单位、地点和时间（五（一））。"
        url = address_in(edition, "awards:payouts_place")
        found.append(DeskPage(ORDER, "领奖地点", text, url, group="颁奖", waiting=unnamed))
    return found


def card(award: Award) -> TeamCard | None:
    """Where and when to collect the money and what to bring, or what became of it."""
    payout: Payout | None = getattr(award, "payout", None)
    if payout is None:
        return None
    prize = f"{award.tier}奖金{cn_money(payout.amount_fen)}"
    place: PayoutPlace | None = getattr(award.edition, "payout_place", None)
    if payout.status == PayoutStatus.DUE:
        return TeamCard(f"领取{prize}", _how(place), urgent=True)
    if payout.status == PayoutStatus.RECLAIMING:
        where = f"请退回{place.organisation}。" if place else "请退回发放奖金的承办单位。"
        return TeamCard(f"退回{prize}", f"奖项已撤销，已领取的奖金须退回。{where}", urgent=True)
    texts = {
        PayoutStatus.HANDED: f"参赛代表{payout.receiver}已领取，正在复核。",
        PayoutStatus.PAID: f"参赛代表{payout.receiver}已领取。",
        PayoutStatus.RECLAIMED: "奖金已退回。",
    }
    text = texts.get(PayoutStatus(payout.status))
    return TeamCard(prize, text) if text else None


def _how(place: PayoutPlace | None) -> str:
    bring = "由参赛代表本人持获奖证书和报名时登记的身份证件原件领取，不能代领。"
    if place is None:
        return f"{bring}领奖地点由组委会指定后在此公布。"
    where = f"领取单位：{place.organisation}。"
    where += f"地点：{place.address}。" if place.address else ""
    where += f"时间：{place.hours.rstrip('。')}。" if place.hours else ""
    return f"{bring}{where}"
