"""Gatekeeping: the secretariat's office sees every gate, a reviewer those of the own department alone."""

from __future__ import annotations

import uuid
from typing import Any

from competition.models import Topic
from judging.services import gates
from tests.contest import accepted_entry
from tests.fixtures import make_user
from tests.permissions.table import LOGIN, ROLES, Row, only

OFFICE = ("officer", "chief")


def prepare(world: Any) -> None:
    """A gate of the office's own, one that waits for a second person, and one of a department."""
    Topic.objects.filter(track__edition=world.edition, code="9-0").update(department=None)
    owner = make_user("gates-owner", "高远")
    world.office_gate = accepted_entry(world.edition, owner, topic="9-0").gate
    world.declining_gate = accepted_entry(world.edition, owner, topic="9-0").gate
    gates.decline(
        world.declining_gate, actor=make_user("gates-officer", "冯洁", role="officer"), opinion="与赛题不符"
    )
    world.department_gate = accepted_entry(world.edition, owner).gate


def of(name: str) -> Any:
    return lambda world: {"pk": getattr(world, name).pk}


def post(name: str, gate: str, status: int, **data: str) -> Row:
    return Row(
        f"judging:gates_{name}",
        only(*OFFICE, status=status),
        args=of(gate),
        method="post",
        data=lambda world: data,
    )


ROWS = [
    Row("judging:gates_list", only(*OFFICE, "department")),
    # The walk's reviewer is of no department; tests/judging/test_gates.py has one who is.
    Row("judging:gates_case", only(*OFFICE), args=of("office_gate")),
    Row("judging:gates_case", only(*OFFICE), args=of("declining_gate")),
    Row("judging:gates_case", only(*OFFICE), args=of("department_gate")),
    Row(
        "judging:gates_file",
        {**dict.fromkeys(ROLES, 404), "anonymous": LOGIN},
        args=lambda world: {"pk": world.office_gate.pk, "key": uuid.UUID(int=1)},
    ),
    Row("judging:gates_recommend", {**dict.fromkeys(ROLES, 405), "anonymous": LOGIN}, args=of("office_gate")),
    post("recommend", "office_gate", 302),
    post("recommend", "department_gate", 403),
    post("decline", "office_gate", 302, opinion="与赛题不符"),
    post("decline", "office_gate", 422),
    post("decline", "department_gate", 403, opinion="与赛题不符"),
    post("confirm", "declining_gate", 302),
    post("confirm", "office_gate", 409),
    post("send_back", "declining_gate", 302, reason="请核对"),
    post("send_back", "declining_gate", 422),
    post("recuse", "department_gate", 302, reason="", recusal="下属单位"),
    post("recuse", "department_gate", 422),
    post("recuse", "office_gate", 409, recusal="下属单位"),
]
