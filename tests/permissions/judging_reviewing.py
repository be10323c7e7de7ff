"""Blind material and score sheets: the office looks through, the assigned expert scores, nobody else knows."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import uuid4

from competition import clock, roles
from judging.models import Assignment, ScoreSheet
from judging.services import materials
from tests.contest import accepted_entry, expert
from tests.fixtures import make_user
from tests.judging.blinding import blind_pdf, full_marks
from tests.permissions.table import LOGIN, ROLES, Row, only

#: A code that was given to nobody.
CODE = "ABCDEF"


def prepare(world: Any) -> None:
    """Material that waits, material that is released, and a sheet by an expert whom nobody of the table is."""
    owner = make_user("blind-owner", "盲评队长", phone="+8613800138991")
    world.blind = materials.prepare(
        materials.start(accepted_entry(world.edition, owner, topic="2-1", blind_pdf=blind_pdf("一页")))
    )
    scorer = make_user("blind-expert", "盲评专家", role=roles.EXPERT)
    world.blind_expert = expert(world.edition, scorer, tracks=(2,), unit="大同某研究院")
    now = clock.now(world.edition)
    assignment = Assignment.objects.create(
        edition=world.edition, round="preliminary", expert=world.blind_expert, entry=world.blind.entry,
        code="ZZZ234", status="submitted", assigned_at=now,
    )  # fmt: skip
    world.blind_sheet = ScoreSheet.objects.create(
        assignment=assignment, marks=full_marks(world.edition), total=100, number="PF-ZZZ234-01",
        sha256="0" * 64, submitted_at=now,
    )  # fmt: skip


def of_blind(world: Any) -> dict[str, Any]:
    return {"pk": world.blind.pk}


def of_page(world: Any) -> dict[str, Any]:
    return {"pk": world.blind.pk, "number": 1}


def coded(world: Any) -> dict[str, Any]:
    return {"code": "ZZZ234"}


def office(status: int = 200) -> dict[str, int]:
    return only("officer", "chief", status=status)


def hidden() -> dict[str, int]:
    """Everybody but the assigned expert: 404."""
    return only()


def post(name: str, expect: dict[str, int], args: Callable[[Any], dict[str, Any]], **data: str) -> list[Row]:
    """The act itself, and 405 for looking at its address."""
    get = {**dict.fromkeys(ROLES, 405), "anonymous": LOGIN}
    return [Row(name, expect, args=args, method="post", data=lambda world: data), Row(name, get, args=args)]


ROWS = [
    Row("judging:materials_list", office()),
    Row("judging:materials_case", office(), args=of_blind),
    Row("judging:materials_page", office(), args=of_page),
    *post("judging:materials_look", office(302), of_page, verdict="shown"),
    *post("judging:materials_mask", office(302), of_blind, words="某词"),
    *post("judging:materials_release", office(409), of_blind),
    *post("judging:materials_take_back", office(409), of_blind, reason="原因"),
    *post("judging:materials_retry", office(409), of_blind),
    *post("judging:materials_leave_out", office(409), of_blind, reason="原因"),
    Row("judging:reviewing_list", only("expert")),
    Row("judging:reviewing_sheet", hidden(), args=coded),
    Row("judging:reviewing_sheet", hidden(), args=coded, method="post"),
    Row("judging:reviewing_page", hidden(), args=lambda world: {"code": "ZZZ234", "number": 1}),
    Row(
        "judging:reviewing_file",
        hidden(),
        args=lambda world: {"pk": world.blind_sheet.assignment_id, "key": uuid4()},
    ),
    Row("judging:reviewing_confirm", hidden(), args=coded),
    *post("judging:reviewing_submit", hidden(), coded),
    Row("judging:reviewing_receipt", hidden(), args=coded),
    Row("judging:reviewing_receipt", hidden(), args=lambda world: {"code": CODE}),
    Row("judging:reviewing_correct", hidden(), args=coded),
    Row("judging:reviewing_correct", hidden(), args=coded, method="post"),
    *post("judging:reviewing_recuse", hidden(), coded),
    Row("judging:reviewing_progress", office()),
    *post(
        "judging:reviewing_remind",
        office(302),
        lambda world: {"pk": world.blind_expert.pk},
        round="preliminary",
    ),
    Row("judging:reviewing_sheet_pdf", office(), args=lambda world: {"number": world.blind_sheet.number}),
]
