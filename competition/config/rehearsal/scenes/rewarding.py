"""Money is handed over against certificate and identity, works are consented to and published."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from awards.models import Award, Ceremony, Payout, PayoutPlace, Work
from awards.services import library, payouts
from awards.workflow import AwardStatus, PayoutStatus, WorkStatus
from competition import clock, roles
from competition.config.rehearsal.ledger import Cases
from competition.config.rehearsal.theatre import Theatre
from competition.models import Organisation

#: One in so many winners has not come for the money yet, and one in so many keeps the work to itself.
NOT_YET: Final = 6
KEEPS: Final = 4


def no_place(theatre: Theatre) -> list[int]:
    """The edition, while nobody has said where prizes are collected."""
    there = PayoutPlace.objects.filter(edition=theatre.edition).exists()
    return [] if there else [theatre.edition.pk]


def name_place(theatre: Theatre, pk: int, cases: Cases) -> None:
    """The committee names an undertaking unit; the ceremony gets its day."""
    edition = theatre.edition
    undertaker = edition.organisations.filter(role=Organisation.Role.UNDERTAKER).order_by("position").first()
    if undertaker is not None:
        payouts.name_place(
            edition,
            organisation=undertaker,
            address="太原市（演练）",
            hours="工作日 9:00至17:00",
            actor=theatre.staff(roles.COMMITTEE),
        )
    Ceremony.objects.update_or_create(
        edition=edition,
        defaults={
            "starts_at": clock.now(edition) + timedelta(days=1),
            "place": "太原市（演练）",
            "is_public": True,
        },
    )


def due(theatre: Theatre) -> list[int]:
    """Payouts of those who come now."""
    rows = Payout.objects.filter(edition=theatre.edition, status=PayoutStatus.DUE)
    found = list(
        rows.order_by("award__tier__position", "award__position").values_list("pk", "award__position")
    )
    return [pk for pk, position in found if position % NOT_YET]


def hand_over(theatre: Theatre, pk: int, cases: Cases) -> None:
    """A representative comes with certificate and document; two people of the undertaking unit attest it."""
    payout = Payout.objects.select_related("award__entry__team", "award__certificate").get(pk=pk)
    if payout.award.entry is None:
        return
    representative = payout.award.entry.team.representatives.order_by("position")[0]
    payouts.hand_over(
        payout,
        actor=theatre.staff(roles.PAYOUTS, 1),
        receiver=representative.name,
        document_type=representative.document_type,
        document_number=representative.document_number,
        certificate_number=payout.award.certificate.number,
        receipt=f"SJ-{payout.award.tier.code}-{payout.award.position:03d}",
    )
    payouts.confirm(Payout.objects.get(pk=pk), actor=theatre.staff(roles.PAYOUTS, 2))


def works(theatre: Theatre) -> list[int]:
    """Works whose team has not said whether the public may read of it."""
    rows = Work.objects.filter(
        edition=theatre.edition, status=WorkStatus.DRAFT, award__status=AwardStatus.CONFIRMED
    ).order_by("award__tier__position", "award__position")
    found = list(rows.values_list("pk", "award__position"))
    return [pk for pk, position in found if position % KEEPS]


def publish_work(theatre: Theatre, pk: int, cases: Cases) -> None:
    """The team consents to its summary; an officer publishes it."""
    work = Work.objects.select_related("award__entry__team__owner").get(pk=pk)
    if work.award.entry is None:
        return
    library.consent(work, actor=work.award.entry.team.owner)
    library.publish(Work.objects.get(pk=pk), actor=theatre.staff(roles.OFFICER))


def reclaiming(theatre: Theatre) -> list[int]:
    """Payouts that must come back."""
    rows = Payout.objects.filter(edition=theatre.edition, status=PayoutStatus.RECLAIMING)
    return list(rows.order_by("pk").values_list("pk", flat=True))


def reclaim(theatre: Theatre, pk: int, cases: Cases) -> None:
    """The team of the revoked award pays back."""
    payout = Payout.objects.select_related("award__entry__team").get(pk=pk)
    payouts.settle_reclaim(payout, actor=theatre.staff(roles.PAYOUTS, 1), note="奖金已退回承办单位账户。")
    state = Award.objects.get(pk=payout.award_id).status
    cases.note("revoked_and_paid", payout.award.entry.team.name if payout.award.entry else "", state)
