"""Payouts: the committee names the place, the undertaking unit hands over, the chief may be the second person."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from awards.models import Payout
from awards.services import certificates, payouts, revoking
from competition import roles
from competition.models import Organisation
from tests.awards.given import given
from tests.contest import accepted_entry
from tests.fixtures import make_user
from tests.permissions.table import LOGIN, ROLES, Row, only


def prepare(world: Any) -> None:
    """Lihua's third prizes: one due, one handed over, one to come back; and the place."""
    committee = make_user("walk-committee-place", "周正", role=roles.COMMITTEE)
    payer = make_user("walk-payer", "冯会", role=roles.PAYOUTS)
    world.undertaker = world.edition.organisations.filter(role=Organisation.Role.UNDERTAKER)[0]
    payouts.name_place(world.edition, organisation=world.undertaker, address="", hours="", actor=committee)
    world.payout = _due(world)
    world.payout_handed = _hand_over(_due(world), payer, "SJ-W1")
    back = _hand_over(_due(world), payer, "SJ-W2")
    revoking.end(back.award, reason="取消资格")
    world.payout_back = Payout.objects.get(pk=back.pk)


def _due(world: Any) -> Payout:
    entry = accepted_entry(world.edition, world.lihua, also=world.wangfang)
    award = given(world.edition, world.qianjin, entry, tier="third")
    certificates.make(certificates.number(award))
    payout = payouts.open_due(award)
    assert payout is not None
    return payout


def _hand_over(payout: Payout, payer: Any, receipt: str) -> Payout:
    assert payout.award.entry is not None
    person = payout.award.entry.team.representatives.get(position=1)
    return payouts.hand_over(
        payout,
        actor=payer,
        receiver=person.name,
        document_type=person.document_type,
        document_number=person.document_number,
        certificate_number=payout.award.certificate.number,
        receipt=receipt,
    )


def pk_of(name: str) -> Callable[[Any], dict[str, Any]]:
    return lambda world: {"pk": getattr(world, name).pk}


def post(name: str, expect: dict[str, int], payout: str, **data: str) -> list[Row]:
    """A verb; nobody may GET it."""
    return [
        Row(name, expect, args=pk_of(payout), method="post", data=lambda world: data),
        Row(name, {**dict.fromkeys(ROLES, 405), "anonymous": LOGIN}, args=pk_of(payout)),
    ]


COMMITTEE, PAYER = roles.COMMITTEE, roles.PAYOUTS


def both(payer: int, chief: int) -> dict[str, int]:
    """What the undertaking unit and the chief get; to all others payouts do not exist."""
    return {**only(PAYER, status=payer), "chief": chief}


ROWS = [
    Row("awards:payouts_place", only(COMMITTEE)),
    Row("awards:payouts_place", only(COMMITTEE, status=422), method="post"),
    Row(
        "awards:payouts_place",
        only(COMMITTEE, status=302),
        method="post",
        data=lambda world: {"organisation": world.undertaker.pk, "address": "学府街1号"},
    ),
    Row("awards:payouts_list", only(PAYER, "chief")),
    Row("awards:payouts_one", only(PAYER, "chief"), args=pk_of("payout")),
    Row("awards:payouts_one", only(PAYER, "chief"), args=pk_of("payout_handed")),
    Row("awards:payouts_one", only(PAYER, "chief"), args=pk_of("payout_back")),
    Row("awards:payouts_slip", both(200, 200), args=pk_of("payout_handed")),
    Row("awards:payouts_slip", both(409, 409), args=pk_of("payout")),
    *post("awards:payouts_hand_over", both(422, 403), "payout"),
    *post("awards:payouts_confirm", both(302, 302), "payout_handed"),
    *post("awards:payouts_confirm", both(409, 409), "payout"),
    *post("awards:payouts_send_back", both(302, 302), "payout_handed"),
    *post("awards:payouts_reclaim", both(302, 403), "payout_back", note="已转账退回。"),
]
