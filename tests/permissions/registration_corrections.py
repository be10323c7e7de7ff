"""Corrections after approval: asked for on the team's page, decided at the desk."""

from __future__ import annotations

from typing import Any

from registration.services import corrections
from tests import factories
from tests.permissions.registration import owners
from tests.permissions.table import Row, only

OFFICE = ("officer", "chief")


def prepare(world: Any) -> None:
    """An approved team of a stranger's with an open request of the officer's."""
    owner = world.sunli.__class__.objects.create(email="corrected@example.com", full_name="郑更")
    world.corrected = factories.approve(
        factories.submit(factories.complete_team(owner, world.edition, number=5, name="更正队")),
        world.qianjin,
    )
    person = world.corrected.representatives.get()
    world.correction = corrections.ask(
        world.corrected,
        path=f"representatives.{person.pk}.mobile",
        new=factories.mobile(55),
        reason="号码录错一位",
        actor=world.qianjin,
    )


def pk(world: Any) -> dict[str, Any]:
    return {"pk": world.correction.pk}


def mine(world: Any) -> dict[str, Any]:
    return {"pk": world.draft.pk}


ROWS = [
    Row("registration:corrections", {**owners(200), "officer": 200, "chief": 200}, args=mine),
    Row(
        "registration:corrections",
        {**owners(409), "officer": 409, "chief": 409},
        args=mine,
        method="post",
        data=lambda w: {"path": "name", "new": "新队名", "reason": "笔误"},
    ),
    Row(
        "registration:corrections",
        only(*OFFICE),
        args=lambda w: {"pk": w.corrected.pk},
    ),
    Row("registration:correction_queue", only(*OFFICE)),
    Row("registration:correction", only(*OFFICE), args=pk),
    Row("registration:correction", only(), args=lambda w: {"pk": 999_999}),
    Row("registration:correction_grant", {**only(), "officer": 403, "chief": 302}, args=pk, method="post"),
    Row("registration:correction_grant", only(others=405), args=pk),
    Row(
        "registration:correction_refuse",
        {**only(), "officer": 403, "chief": 302},
        args=pk,
        method="post",
        data=lambda w: {"answer": "以原件为准"},
    ),
    Row("registration:correction_refuse", {**only(), "officer": 422, "chief": 422}, args=pk, method="post"),
    Row("registration:correction_unmask", {**only(), "officer": 403, "chief": 200}, args=pk, method="post"),
]
