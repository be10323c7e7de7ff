"""Awards: prepared by the secretariat's office; a chief other than the proposer cancels them."""

from __future__ import annotations

from typing import Any

from awards.models import Award
from awards.services import awarding, revoking
from competition import clock
from tests.contest import accepted_entry
from tests.fixtures import make_user
from tests.permissions.table import LOGIN, ROLES, Row, only

OFFICE = ("officer", "chief")


def prepare(world: Any) -> None:
    """An award of an entry, one that somebody proposed to cancel, and one of a unit."""
    tiers = {tier.key: tier for tier in awarding.load_tiers(world.edition)}
    owner, officer = make_user("award-owner", "邓明"), make_user("award-officer", "何洁", role="officer")
    # Past the service, so that no other module's world needs a decided final.
    world.award, world.questioned_award = (
        Award.objects.create(
            edition=world.edition,
            tier=tiers["excellence"],
            entry=accepted_entry(world.edition, owner),
            position=position,
            amount_fen=tiers["excellence"].amount_fen,
            proposed_by=officer,
            proposed_at=clock.now(world.edition),
        )
        for position in (17, 18)
    )
    revoking.propose_revocation(world.questioned_award, actor=officer, reason="知识产权不实")


def of(name: str) -> Any:
    return lambda world: {"pk": getattr(world, name).pk}


def post(name: str, expect: dict[str, int], award: str = "", **data: str) -> Row:
    args = of(award) if award else lambda world: {}
    return Row(f"awards:awarding_{name}", expect, args=args, method="post", data=lambda world: data)


UNIT = {"unit-key": "organisation", "unit-unit_name": "太原市数据局", "unit-reason": "组织得力"}
ROWS = [
    Row("awards:awarding_list", only(*OFFICE)),
    Row("awards:awarding_case", only(*OFFICE), args=of("award")),
    Row("awards:awarding_case", only(*OFFICE), args=of("questioned_award")),
    Row("awards:awarding_propose", {**dict.fromkeys(ROLES, 405), "anonymous": LOGIN}),
    # The final of this world is not confirmed, or its prizes are there already.
    post("propose", only(*OFFICE, status=409)),
    post("unit", only(*OFFICE, status=302), **UNIT),
    post("unit", only(*OFFICE, status=422)),
    post("revoke", only(*OFFICE, status=302), "award", reason="不实"),
    post("revoke", only(*OFFICE, status=422), "award"),
    post("revoke", only(*OFFICE, status=409), "questioned_award", reason="不实"),
    post("confirm", {**only("chief", status=302), "officer": 403}, "questioned_award"),
    post("confirm", only(*OFFICE, status=409), "award"),
    post("refuse", {**only("chief", status=302), "officer": 403}, "questioned_award"),
]
