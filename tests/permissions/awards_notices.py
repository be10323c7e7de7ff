"""Publicity: public once published; prepared by the office, published and lengthened by a chief."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from awards.models import Award, PublicityNotice
from awards.services import awarding
from awards.workflow import NoticeStatus
from competition import clock
from tests.fixtures import make_user
from tests.permissions.table import LOGIN, ROLES, Row, everybody, only

OFFICE = ("officer", "chief")
#: Far from the numbers that the service gives.
PROPOSED, PUBLISHED = 7001, 7002


def prepare(world: Any) -> None:
    """A notice that waits for the chief, and a published one, both with an award to a unit."""
    tier = {tier.key: tier for tier in awarding.load_tiers(world.edition)}["contribution"]
    officer, chief = make_user("notice-officer", "吕洁", role="officer"), make_user("notice-chief", "施远")
    now = clock.now(world.edition)
    facts: dict[str, Any] = {
        "edition": world.edition,
        "title": "公示",
        "proposed_by": officer,
        "proposed_at": now,
    }
    published = PublicityNotice.objects.create(
        **facts,
        number=PUBLISHED,
        status=NoticeStatus.PUBLISHED,
        published_by=chief,
        published_at=now,
        last_day=date(2099, 1, 1),
        ends_at=now + timedelta(days=7),
    )
    # Only one may wait in an edition.
    proposed = PublicityNotice.objects.filter(edition=world.edition, status=NoticeStatus.PROPOSED).first()
    proposed = proposed or PublicityNotice.objects.create(**facts, number=PROPOSED)
    world.proposed_notice, world.published_notice = proposed, published
    for position, notice in ((901, proposed), (902, published)):
        Award.objects.create(
            edition=world.edition, tier=tier, unit_name=f"示例单位{position}", reason="支持办赛", position=position,
            notice=notice, proposed_by=officer, proposed_at=now,
        )  # fmt: skip


def of(name: str) -> Any:
    return lambda world: {"number": getattr(world, name).number}


def post(name: str, expect: dict[str, int], notice: str = "", **data: str) -> Row:
    args = of(notice) if notice else lambda world: {}
    return Row(f"awards:notices_{name}", expect, args=args, method="post", data=lambda world: data)


def chief(status: int) -> dict[str, int]:
    return {**only("chief", status=status), "officer": 403}


DAY = {"day": "2027-01-04", "is_workday": "yes", "note": "国务院办公厅通知"}
LONGER = {"lengthen-last_day": "2099-01-05", "lengthen-why": "系统维护"}
ROWS = [
    Row("awards:notices_public_list", everybody()),
    Row("awards:notices_public", everybody(), args=of("published_notice")),
    Row("awards:notices_public", everybody(404), args=of("proposed_notice")),
    Row("awards:notices_data", everybody(), args=of("published_notice")),
    Row("awards:notices_data", everybody(404), args=of("proposed_notice")),
    Row("awards:notices_list", only(*OFFICE)),
    Row("awards:notices_calendar", only(*OFFICE)),
    Row("awards:notices_case", only(*OFFICE), args=of("proposed_notice")),
    Row("awards:notices_case", only(*OFFICE), args=of("published_notice")),
    Row("awards:notices_propose", {**dict.fromkeys(ROLES, 405), "anonymous": LOGIN}),
    # One waits already.
    post("propose", only(*OFFICE, status=409)),
    post("enter_day", only(*OFFICE, status=302), **DAY),
    post("enter_day", only(*OFFICE, status=422)),
    post("publish", chief(302), "proposed_notice", **{"publish-last_day": "2099-01-01"}),
    post("publish", only(*OFFICE, status=409), "published_notice"),
    post("lengthen", chief(302), "published_notice", **LONGER),
    post("lengthen", only(*OFFICE, status=422), "published_notice"),
    post("lengthen", only(*OFFICE, status=409), "proposed_notice", **LONGER),
    post("withdraw", only(*OFFICE, status=302), "proposed_notice"),
    post("withdraw", only(*OFFICE, status=409), "published_notice"),
]
