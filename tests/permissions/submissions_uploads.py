"""Resumable uploads: the team's own alone; to everybody else they do not exist."""

from __future__ import annotations

import hashlib
from datetime import timedelta
from typing import Any

from competition import clock, stages
from competition.models import Stage
from submissions import services
from submissions.services import uploads
from tests.permissions.table import LOGIN, ROLES, Row, only
from tests.submissions.conftest import PDF, make_team

SLOT = "attachments.slides"


def prepare(world: Any) -> None:
    """A file of Lihua's that is declared in an entry of its own."""
    now = clock.now(world.edition)
    Stage.objects.filter(edition=world.edition, key=stages.SUBMISSION).update(
        opens_at=now - timedelta(days=1), closes_at=now + timedelta(days=5)
    )
    team = make_team(world.edition, world.lihua, also=world.wangfang)
    world.uploading = services.open_entry(team)
    world.upload = uploads.declare(
        world.uploading,
        slot=SLOT,
        name="演示.pdf",
        size=len(PDF),
        sha256=hashlib.sha256(PDF).hexdigest(),
        actor=world.lihua,
    )


def entry(world: Any) -> dict[str, Any]:
    return {"pk": world.uploading.pk}


def upload(world: Any) -> dict[str, Any]:
    return {"key": world.upload.key}


ROWS = [
    Row("submissions:uploads", {**only("owner", "member"), "officer": 403, "chief": 403}, args=entry),
    # Without the protocol's version nothing is declared or sent, whoever asks.
    Row("submissions:uploads", {**dict.fromkeys(ROLES, 412), "anonymous": LOGIN}, args=entry, method="post"),
    Row("submissions:upload", {**dict.fromkeys(ROLES, 405), "anonymous": LOGIN}, args=upload),
    Row("submissions:upload", only("owner", "member", status=204), args=upload, method="options"),
]
