"""The steps of the registration, in order."""

from __future__ import annotations

from enum import StrEnum
from typing import Final


class Step(StrEnum):
    TEAM = "team"
    UNITS = "units"
    PEOPLE = "people"
    TOPIC = "topic"
    PROOFS = "proofs"
    SUBMIT = "submit"


LABELS: Final[dict[Step, str]] = {
    Step.TEAM: "团队与项目",
    Step.UNITS: "参赛单位",
    Step.PEOPLE: "参赛代表",
    Step.TOPIC: "赛题",
    Step.PROOFS: "证明材料",
    Step.SUBMIT: "声明与提交",
}


def step_after(step: Step) -> Step | None:
    """The next step, None after the last."""
    order = list(Step)
    place = order.index(step) + 1
    return order[place] if place < len(order) else None


def step_before(step: Step) -> Step | None:
    """The step before, None before the first."""
    order = list(Step)
    place = order.index(step)
    return order[place - 1] if place else None


def step_of(path: str) -> Step:
    """The step on which a field path is edited (``units.3.name`` -> units)."""
    if path.startswith("units"):
        return Step.UNITS
    if path.startswith("representatives"):
        return Step.PEOPLE
    if path.startswith("proofs"):
        return Step.PROOFS
    if path.startswith("declaration"):
        return Step.SUBMIT
    return Step.TOPIC if path in {"topic", "public_body_note"} else Step.TEAM
