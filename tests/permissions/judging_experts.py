"""Experts, panels and assignments: officers and the chief alone; nobody else may know who judges."""

from __future__ import annotations

from typing import Any

from judging.models import Assignment
from judging.services import assignments, gates
from tests.contest import accepted_entry, expert
from tests.fixtures import make_user
from tests.permissions.table import LOGIN, ROLES, Row, only

OFFICE = ("officer", "chief")


def prepare(world: Any) -> None:
    """An expert of a track of its own, an account that is not on the roll, and an entry with an assignment."""
    owner = make_user("experts-owner", "郭凯")
    officer = make_user("experts-officer", "韩梅", role="officer")
    entry = accepted_entry(world.edition, owner, topic="8-1")
    reviewer = make_user("experts-reviewer", "程光", role="department")
    reviewer.department = entry.gate.department
    reviewer.save()
    gates.recommend(entry.gate, actor=reviewer)
    taken, free = (
        expert(world.edition, make_user(f"experts-{name}", name, role="expert"), tracks=(8,))
        for name in ("魏敏", "沈洁")
    )
    world.rolled, world.free_expert, world.assigned_entry = taken, free, entry
    world.unrolled = make_user("experts-unrolled", "曹阳", role="expert")
    world.made = assignments.assign_one(entry, taken, actor=officer, reason="按专业领域增补")


def on_roll(world: Any) -> dict[str, int]:
    return {"pk": world.rolled.pk}


def of_entry(world: Any) -> dict[str, int]:
    return {"pk": world.assigned_entry.pk}


def of_assignment(world: Any) -> dict[str, int]:
    return {"pk": Assignment.objects.get(pk=world.made.pk).pk}


def number(value: int) -> Any:
    return lambda world: {"number": value}


def post(name: str, status: int, args: Any = lambda world: {}, data: Any = lambda world: {}) -> Row:
    return Row(f"judging:{name}", only(*OFFICE, status=status), args=args, method="post", data=data)


REFUSED = {**dict.fromkeys(ROLES, 405), "anonymous": LOGIN}
UNIT = {"unit_1": "太原某研究院", "code_1": ""}

ROWS = [
    Row("judging:experts_list", only(*OFFICE)),
    Row("judging:experts_new", only(*OFFICE)),
    post("experts_new", 302, data=lambda world: {**UNIT, "user": world.unrolled.pk, "tracks": [8]}),
    post("experts_new", 422, data=lambda world: {"user": world.unrolled.pk}),
    Row("judging:experts_edit", only(*OFFICE), args=on_roll),
    post("experts_edit", 302, on_roll, lambda world: {**UNIT, "is_active": "on"}),
    post("experts_edit", 422, on_roll),
    Row("judging:experts_conflict", REFUSED, args=on_roll),
    post(
        "experts_conflict",
        302,
        on_roll,
        lambda world: {"reference": world.assigned_entry.reference, "reason": "曾共事"},
    ),
    post("experts_conflict", 422, on_roll, lambda world: {"reference": "E999999", "reason": "曾共事"}),
    Row("judging:panels", only(*OFFICE)),
    Row("judging:panel_set", REFUSED, args=number(8)),
    post(
        "panel_set",
        302,
        number(8),
        lambda world: {"members": [world.rolled.pk], "chair": world.rolled.pk},
    ),
    post("panel_set", 422, number(0)),
    post("panel_set", 404, number(99)),
    Row("judging:assignments", only(*OFFICE)),
    Row("judging:assignments", only(*OFFICE), data=lambda world: {"track": 8}),
    Row("judging:assignments_run", REFUSED),
    post("assignments_run", 302, data=lambda world: {"per_entry": 5}),
    post("assignments_run", 422, data=lambda world: {"per_entry": 2}),
    Row("judging:assignments_add", only(*OFFICE), args=of_entry),
    post(
        "assignments_add",
        302,
        of_entry,
        lambda world: {"expert": world.free_expert.pk, "reason": "按专业领域增补"},
    ),
    post("assignments_add", 422, of_entry, lambda world: {"expert": world.rolled.pk, "reason": "增补"}),
    Row("judging:assignments_recuse", only(*OFFICE), args=of_assignment),
    post("assignments_recuse", 302, of_assignment, lambda world: {"reason": "曾共事"}),
    post("assignments_recuse", 422, of_assignment),
]
