"""The office's acts on a case, and the files beside it."""

from __future__ import annotations

from typing import Any

from registration.models import LookupEvidence
from tests import factories
from tests.permissions.registration import office
from tests.permissions.table import Row


def prepare(world: Any) -> None:
    """Evidence of a look-up on Lihua's draft, as if it had been returned."""
    world.evidence = LookupEvidence.objects.create(
        team=world.draft,
        file=factories.pdf("信用中国.pdf"),
        name="信用中国.pdf",
        size=20,
        sha256="0" * 64,
        content_type="application/pdf",
        uploaded_by=world.qianjin,
    )


def team(world: Any) -> dict[str, Any]:
    return {"pk": world.draft.pk}


def proof(world: Any) -> dict[str, Any]:
    return {"pk": world.proof.pk}


ROWS = [
    Row("admin:registration_team_claim", office(409), args=team, method="post"),
    Row("admin:registration_team_claim", office(403), args=team),
    Row("admin:registration_team_lookups", office(422), args=team, method="post"),
    Row("admin:registration_team_lookups", office(403), args=team),
    Row("admin:registration_team_view", office(200), args=proof),
    Row("admin:registration_team_page", office(404), args=lambda w: {"pk": w.proof.pk, "number": 99}),
    Row("admin:registration_team_evidence", office(200), args=lambda w: {"pk": w.evidence.pk}),
]
