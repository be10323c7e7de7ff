"""Prize money: due at the named place, handed over before two people, reclaimed (R36, R38, R91, decision 19)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from django.db import transaction
from django.db.models import Q, Sum

from awards.models import Award, Certificate, Payout, PayoutPlace, Reclaim
from awards.permissions.payouts import can_confirm_payout, can_hand_over, can_settle_reclaim, names_place
from awards.workflow import AWARD, PAYOUT, AwardStatus, CertificateStatus, PayoutStatus
from competition import audit, clock, identity, outbox
from competition.errors import Invalid, NotAllowed, WrongState
from competition.models import Edition, Organisation, User
from competition.transitions import move
from registration.models import Representative
from registration.services.phones import document_hash

#: What a handing over wrote down, taken away again.
_NOTHING: Final = {
    "receiver": "",
    "document_type": "",
    "document_number": "",
    "certificate_number": "",
    "receipt": "",
    "handed_by": None,
    "handed_at": None,
}


@dataclass(frozen=True)
class Totals:
    """Sums of an edition's payouts in fen; ``due`` counts what is handed over but not confirmed."""

    due: int
    paid: int
    reclaiming: int


@transaction.atomic
def name_place(
    edition: Edition, *, organisation: Organisation, address: str, hours: str, actor: User
) -> PayoutPlace:
    """The committee names the undertaking unit at which prizes are collected; it may name another later (R38).

    Raises NotAllowed, Invalid (not an undertaking unit of the edition, over 200 characters).
    """
    if not names_place(actor):
        raise NotAllowed("领奖地点由组委会指定。")
    problems = {
        field: "最多200字。"
        for field, text in (("address", address), ("hours", hours))
        if len(text.strip()) > 200
    }
    if organisation.edition_id != edition.pk or organisation.role != Organisation.Role.UNDERTAKER:
        problems["organisation"] = "请选择本届赛事的承办单位。"
    if problems:
        raise Invalid(problems)
    place, _ = PayoutPlace.objects.update_or_create(
        edition=edition,
        defaults={
            "organisation": organisation,
            "address": address.strip(),
            "hours": hours.strip(),
            "named_by": actor,
            "named_at": clock.now(edition),
        },
    )
    audit.record(actor, "payout_place.named", place, edition=edition, organisation=organisation.pk)
    return place


@transaction.atomic
def open_due(award: Award) -> Payout | None:
    """The money of a confirmed award is due, and the team is told; again changes nothing; None without money."""
    if not award.amount_fen or award.entry is None or award.status != AwardStatus.CONFIRMED:
        return None
    payout, created = Payout.objects.get_or_create(
        award=award, defaults={"edition": award.edition, "amount_fen": award.amount_fen}
    )
    if created:
        audit.record(None, "payout.due", payout, edition=award.edition, fen=payout.amount_fen)
        _tell(
            payout,
            "due",
            "奖金可以领取",
            f"团队“{award.entry.team.name}”获得的{award.tier}奖金可以领取。"
            "请由参赛代表持获奖证书和本人身份证件前往领取，地点和时间见平台团队页面。",
        )
    return payout


@transaction.atomic
def hand_over(
    payout: Payout,
    *,
    actor: User,
    receiver: str,
    document_type: str,
    document_number: str,
    certificate_number: str,
    receipt: str,
) -> Payout:
    """A representative shows certificate and document and signs the receipt (R36); a second person attests it.

    Raises NotAllowed, WrongState (not due, no place named), Invalid with everything that is not right.
    """
    payout = _lock(payout)
    if payout.status != PayoutStatus.DUE:
        raise WrongState(f"当前状态为“{payout.get_status_display()}”，不能登记领取。")
    if not can_hand_over(actor, payout):
        raise NotAllowed("只有承办单位负责奖金发放的人员可以登记，且不得是该团队成员。")
    # One handing over of an edition at a time: a receipt is used once.
    place = PayoutPlace.objects.select_for_update().filter(edition=payout.edition).only("pk").first()
    if place is None:
        raise WrongState("组委会尚未指定领奖的承办单位，不能发放。")
    receiver, receipt = receiver.strip(), receipt.strip()
    problems = {
        **_certificate_problem(payout, certificate_number),
        **_receiver_problem(payout, receiver, document_type, document_number),
        **_receipt_problem(payout, receipt),
    }
    if problems:
        raise Invalid(problems)
    move(
        payout,
        PayoutStatus.HANDED,
        PAYOUT,
        receiver=receiver,
        document_type=document_type,
        document_number=identity.normalise_document(document_number),
        certificate_number=certificate_number.strip().upper(),
        receipt=receipt,
        handed_by=actor,
        handed_at=clock.now(payout.edition),
    )
    audit.record(actor, "payout.handed", payout, edition=payout.edition, fen=payout.amount_fen)
    return payout


@transaction.atomic
def confirm(payout: Payout, *, actor: User) -> Payout:
    """The second person attests the handing over (decision 19). Raises NotAllowed, WrongState."""
    payout = _handed(payout, actor)
    move(payout, PayoutStatus.PAID, PAYOUT, confirmed_by=actor, confirmed_at=clock.now(payout.edition))
    audit.record(actor, "payout.paid", payout, edition=payout.edition, fen=payout.amount_fen)
    _tell(
        payout,
        "paid",
        "奖金已领取",
        f"{payout.award.tier}奖金已由参赛代表{payout.receiver}领取。如有疑问，请联系大赛秘书处办公室。",
    )
    return payout


@transaction.atomic
def send_back(payout: Payout, *, actor: User) -> Payout:
    """The second person finds the entry mistaken: the money is due again. Raises NotAllowed, WrongState."""
    payout = _handed(payout, actor)
    handed_by = payout.handed_by_id
    move(payout, PayoutStatus.DUE, PAYOUT, **_NOTHING)
    audit.record(actor, "payout.sent_back", payout, edition=payout.edition, handed_by=handed_by)
    return payout


@transaction.atomic
def stop(award: Award, reason: str) -> None:
    """The award has ended: what is due is cancelled, what was handed over must come back; safe to call again (R91)."""
    payout = Payout.objects.filter(award=award).first()
    if payout is None:
        return
    payout = _lock(payout)
    if payout.status == PayoutStatus.DUE:
        move(payout, PayoutStatus.CANCELLED, PAYOUT)
        audit.record(None, "payout.cancelled", payout, edition=payout.edition)
    elif payout.status in {PayoutStatus.HANDED, PayoutStatus.PAID}:
        move(payout, PayoutStatus.RECLAIMING, PAYOUT)
        Reclaim.objects.create(payout=payout, step="opened", note=reason[:500], at=clock.now(payout.edition))
        audit.record(None, "payout.reclaiming", payout, edition=payout.edition, fen=payout.amount_fen)
        _tell(
            payout,
            "reclaiming",
            "奖项已撤销，请退回奖金",
            f"{payout.award.tier}已撤销，已领取的奖金须退回发放奖金的承办单位。原因：{reason}",
        )


@transaction.atomic
def settle_reclaim(payout: Payout, *, actor: User, note: str) -> Payout:
    """The money came back; the award is revoked and reclaimed (R91). Raises NotAllowed, WrongState, Invalid."""
    payout = _lock(payout)
    if payout.status != PayoutStatus.RECLAIMING:
        raise WrongState(f"当前状态为“{payout.get_status_display()}”，没有待追回的奖金。")
    if not can_settle_reclaim(actor, payout):
        raise NotAllowed("只有承办单位负责奖金发放的人员可以登记，且不得是该团队成员。")
    note = note.strip()
    if not note or len(note) > 500:
        raise Invalid({"note": "请写明退回的方式、日期和凭证号，最多500字。"})
    Reclaim.objects.create(payout=payout, step="settled", note=note, by=actor, at=clock.now(payout.edition))
    move(payout, PayoutStatus.RECLAIMED, PAYOUT)
    move(Award.objects.select_for_update().get(pk=payout.award_id), AwardStatus.RECLAIMED, AWARD)
    audit.record(actor, "payout.reclaimed", payout, edition=payout.edition, fen=payout.amount_fen)
    return payout


def totals(edition: Edition) -> Totals:
    """What is due, paid and to come back; one query."""

    def of(*states: str) -> Sum:
        return Sum("amount_fen", filter=Q(status__in=states), default=0)

    sums = Payout.objects.filter(edition=edition).aggregate(
        due=of(PayoutStatus.DUE, PayoutStatus.HANDED),
        paid=of(PayoutStatus.PAID),
        reclaiming=of(PayoutStatus.RECLAIMING),
    )
    return Totals(**sums)


def receivers(payout: Payout) -> list[Representative]:
    """The team's confirmed representatives, who alone may collect (R36); one query."""
    if payout.award.entry is None:
        return []
    return list(Representative.objects.filter(team=payout.award.entry.team_id, confirmed_at__isnull=False))


def _certificate_problem(payout: Payout, typed: str) -> dict[str, str]:
    certificate = Certificate.objects.filter(award=payout.award_id).first()
    if certificate is None or certificate.status != CertificateStatus.ISSUED:
        word = certificate.get_status_display() if certificate else "尚未编号"
        return {"certificate_number": f"该奖项的证书不是有效状态（{word}），不能凭证书领奖。"}
    if typed.strip().upper() != certificate.number.upper():
        return {"certificate_number": "出示的证书编号与该奖项的证书不一致，请核对证书原件。"}
    return {}


def _receiver_problem(payout: Payout, receiver: str, kind: str, number: str) -> dict[str, str]:
    named = [one for one in receivers(payout) if one.name == receiver]
    problems = {}
    if not named:
        problems["receiver"] = "领取人须是该团队经本人确认的参赛代表；其他人不能代领。"
    if sentence := identity.document_problem(kind, number):
        problems["document_number"] = sentence
    elif named and document_hash(kind, number) not in {one.document_hash for one in named}:
        problems["document_number"] = "证件与该代表报名时登记的不一致，请核对证件原件；不一致的不能发放。"
    return problems


def _receipt_problem(payout: Payout, receipt: str) -> dict[str, str]:
    if not receipt or len(receipt) > 60:
        return {"receipt": "请填写收据编号，最多60字。"}
    used = Payout.objects.filter(edition=payout.edition, receipt=receipt).exclude(pk=payout.pk)
    return {"receipt": "这个收据编号已用于另一笔奖金，请核对。"} if used.exists() else {}


def _lock(payout: Payout) -> Payout:
    return (
        Payout.objects.select_for_update(of=("self",))
        .select_related("edition", "award__tier", "award__entry__team__owner", "handed_by")
        .defer("edition__form", "edition__rubrics")
        .get(pk=payout.pk)
    )


def _handed(payout: Payout, actor: User) -> Payout:
    payout = _lock(payout)
    if payout.status != PayoutStatus.HANDED:
        raise WrongState(f"当前状态为“{payout.get_status_display()}”，没有待确认的领取登记。")
    if not can_confirm_payout(actor, payout):
        raise NotAllowed("须由登记人以外的发放人员或秘书处负责人确认，且不得是该团队成员。")
    return payout


def _tell(payout: Payout, what: str, title: str, body: str) -> None:
    entry = payout.award.entry
    if entry is not None:
        outbox.tell(
            entry.team.owner,
            f"payout.{what}",
            entry.reference,
            str(payout.pk),
            title=title,
            body=body,
            edition=payout.edition,
        )
