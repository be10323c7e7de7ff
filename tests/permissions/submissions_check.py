"""The formal check's acts and files, and material asked for during judging."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from competition import clock
from competition.models import User
from submissions import services
from submissions.models import Entry, SupplementRequest
from tests.permissions.submissions import OFFICE, entry
from tests.permissions.table import LOGIN, ROLES, Row, only
from tests.submissions.conftest import fill, make_team, pdf


def prepare(world: Any) -> None:
    """Another entry to compare with, and a request that waits for Lihua's second team."""
    world.compared = _submitted(world, world.zhaolei)
    world.asked_entry = _submitted(world, world.lihua, also=world.wangfang)
    Entry.objects.filter(pk=world.asked_entry.pk).update(status="accepted")
    now = clock.now(world.edition)
    world.supplement = SupplementRequest.objects.create(
        entry=world.asked_entry,
        asked="请补充审计报告",
        asked_by=world.qianjin,
        asked_at=now,
        until=now + timedelta(days=3),
    )


def _submitted(world: Any, owner: User, **more: Any) -> Entry:
    made = services.open_entry(make_team(world.edition, owner, **more))
    fill(made, owner)
    revision = services.freeze(made, actor=owner)
    services.attach_scan(revision, upload=pdf(mark=made.reference), actor=owner)
    services.submit(revision, actor=owner)
    return made


def supplement(world: Any) -> dict[str, Any]:
    return {"pk": world.asked_entry.pk, "number": world.supplement.pk}


def scan(world: Any) -> dict[str, Any]:
    return {"key": world.scan.key}


def office(status: int) -> dict[str, int]:
    """Within the admin site: the office gets ``status``, everybody else logs in."""
    return {**dict.fromkeys(ROLES, LOGIN), **dict.fromkeys(OFFICE, status)}


ROWS = [
    Row("admin:submissions_entry_claim", office(409), args=entry, method="post"),
    Row("admin:submissions_entry_claim", office(403), args=entry),
    Row("admin:submissions_entry_supplement", office(422), args=entry, method="post"),
    Row("admin:submissions_entry_supplement", office(403), args=entry),
    Row("admin:submissions_entry_supplement_withdraw", office(302), args=supplement, method="post"),
    Row(
        "admin:submissions_entry_similar",
        office(200),
        args=lambda world: {"pk": world.entry.pk, "other": world.compared.pk},
    ),
    Row("admin:submissions_entry_view", office(200), args=scan),
    Row("admin:submissions_entry_page", office(404), args=lambda w: {"key": w.scan.key, "number": 99}),
    Row(
        "submissions:supplement",
        only("owner", "member") | {"officer": 403, "chief": 403},
        args=supplement,
    ),
    Row(
        "submissions:supplement",
        only("owner", "member", status=302) | {"officer": 403, "chief": 403},
        args=supplement,
        method="post",
        data=lambda world: {"answer": "没有审计报告"},
    ),
    Row("submissions:supplements", only("officer", "chief")),
]
