"""The submissions' pages: the team's own people write, officers read and check in the admin site."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from competition import clock, stages
from competition.models import Stage
from submissions import services
from tests.permissions.table import LOGIN, ROLES, Row, admin_rows, everybody, only
from tests.submissions.conftest import fill, make_team, pdf

OFFICE = {"officer", "chief"}


def prepare(world: Any) -> None:
    """Lihua's submitted entry with Wangfang on the team."""
    now = clock.now(world.edition)
    Stage.objects.filter(edition=world.edition, key=stages.SUBMISSION).update(
        opens_at=now - timedelta(days=1), closes_at=now + timedelta(days=5)
    )
    team = make_team(world.edition, world.lihua, also=world.wangfang)
    world.entry = services.open_entry(team)
    fill(world.entry, world.lihua)
    world.revision = services.freeze(world.entry, actor=world.lihua)
    world.scan = services.attach_scan(world.revision, upload=pdf(), actor=world.lihua)
    world.receipt = services.submit(world.revision, actor=world.lihua)


def entry(world: Any) -> dict[str, Any]:
    return {"pk": world.entry.pk}


def version(world: Any) -> dict[str, Any]:
    return {"pk": world.entry.pk, "number": 1}


def section(key: str) -> Callable[[Any], dict[str, Any]]:
    return lambda world: {"pk": world.entry.pk, "key": key}


def unit_section(world: Any) -> dict[str, Any]:
    lead = world.entry.team.units.get(is_lead=True)
    return {"pk": world.entry.pk, "key": "units", "unit_id": lead.pk}


def team(status: int = 200, **others: int) -> dict[str, int]:
    """Everybody on the team; staff are sent to the admin site; to strangers it does not exist."""
    return {**only("owner", "member", status=status), "officer": 403, "chief": 403, **others}


def readers() -> dict[str, int]:
    """The team and the office."""
    return only("owner", "member", "officer", "chief")


ROWS = [
    Row("submissions:entry", team(), args=entry),
    Row("submissions:section", team(), args=section("overview")),
    Row(
        "submissions:section",
        team(302),
        args=section("overview"),
        method="post",
        data=lambda world: {"version": "1", "background": "改"},
    ),
    Row("submissions:unit_section", team(), args=unit_section),
    Row("submissions:unit_section", team(409), args=unit_section, method="post"),
    Row("submissions:check", team(), args=entry),
    Row("submissions:submit_page", team(), args=entry),
    Row("submissions:freeze", team(302), args=entry, method="post"),
    Row("submissions:freeze", {**dict.fromkeys(ROLES, 405), "anonymous": LOGIN}, args=entry),
    Row("submissions:scan", team(422), args=version, method="post"),
    Row("submissions:submit", team(409), args=version, method="post"),
    Row("submissions:withdraw", team(), args=entry),
    Row(
        "submissions:withdraw",
        team(302, member=403),
        args=entry,
        method="post",
        data=lambda world: {"sure": "1"},
    ),
    Row("submissions:revision_pdf", readers(), args=version),
    Row("submissions:attachment", readers(), args=lambda world: {"key": world.scan.key}),
    Row("submissions:receipt", readers(), args=lambda world: {"number": world.receipt.number}),
    Row("submissions:receipt_pdf", readers(), args=lambda world: {"number": world.receipt.number}),
    Row("submissions:entry_zip", readers(), args=entry),
    Row("submissions:blank_form", everybody()),
    *admin_rows("submissions_entry", view=OFFICE, pk=lambda world: world.entry.pk),
    Row(
        "admin:submissions_entry_decide",
        {**dict.fromkeys(ROLES, LOGIN), "officer": 409, "chief": 409},
        args=entry,
        method="post",
        data=lambda world: {"receipt": world.receipt.number, "verdict": "no such thing"},
    ),
]
