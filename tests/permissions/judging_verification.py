"""Technical verification: the team's page, the office's list and case, an expert's own."""

from __future__ import annotations

import uuid
from typing import Any

from judging.services import verification
from tests.contest import accepted_entry
from tests.fixtures import make_user
from tests.permissions.table import LOGIN, ROLES, Row, only

OFFICE = ("officer", "chief")
TEAM = ("owner", "member")


def prepare(world: Any) -> None:
    """Lihua's entry is verified, and another for which on line is asked; no expert of the walk is assigned."""
    world.verified_entry = accepted_entry(world.edition, world.lihua, also=world.wangfang)
    world.verification = verification.open_for(world.verified_entry)
    owner = make_user("verification-owner", "何静")
    world.asked_verification = verification.open_for(accepted_entry(world.edition, owner))
    verification.apply_on_line(world.asked_verification, actor=owner, reason="系统在矿区内网")


def team(status: int = 200) -> dict[str, int]:
    """The team; staff use the work desk; to strangers it does not exist."""
    return {**only(*TEAM, status=status), "officer": 403, "chief": 403}


def entry(world: Any) -> dict[str, Any]:
    return {"pk": world.verified_entry.pk}


def waiting(world: Any) -> dict[str, Any]:
    return {"pk": world.verification.pk}


def asked(world: Any) -> dict[str, Any]:
    return {"pk": world.asked_verification.pk}


def nobody(status: int = 404) -> dict[str, int]:
    """Everybody who is signed in gets the same."""
    return {**dict.fromkeys(ROLES, status), "anonymous": LOGIN}


ROWS = [
    Row("judging:verification_team", team(), args=entry),
    Row(
        "judging:verification_apply",
        team(302),
        args=entry,
        method="post",
        data=lambda world: {"reason": "系统在矿区内网"},
    ),
    Row("judging:verification_apply", team(422), args=entry, method="post"),
    Row("judging:verification_list", only(*OFFICE)),
    Row("judging:verification_case", only(*OFFICE), args=waiting),
    Row("judging:verification_case", only(*OFFICE), args=asked),
    Row(
        "judging:verification_file",
        nobody(),
        args=lambda world: {"pk": world.verification.pk, "key": uuid.UUID(int=1)},
    ),
    Row("judging:verification_schedule", only(*OFFICE, status=422), args=waiting, method="post"),
    Row(
        "judging:verification_answer",
        only(*OFFICE, status=302),
        args=asked,
        method="post",
        data=lambda world: {"granted": "yes"},
    ),
    Row("judging:verification_answer", only(*OFFICE, status=422), args=asked, method="post"),
    Row("judging:verification_answer", only(*OFFICE, status=409), args=waiting, method="post"),
    Row("judging:verification_record", only(*OFFICE, status=422), args=waiting, method="post"),
    Row("judging:verification_mine", only("expert")),
    # The walk's expert is assigned to none; tests/judging/test_verification.py has one who is.
    Row("judging:verification_assigned", nobody(), args=waiting),
    Row("judging:verification_record_assigned", nobody(), args=waiting, method="post"),
    Row("judging:verification_record_assigned", nobody(405), args=waiting),
]
