"""The ground of judging: an accepted entry, and conflicts that the database refuses."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, transaction

from competition import clock, roles
from competition.models import Edition, User
from judging.models import Assignment
from submissions.workflow import EntryStatus
from tests.contest import accepted_entry, expert
from tests.fixtures import make_user


def test_accepted_entry_is_accepted_with_a_receipt(edition: Edition, lihua: User) -> None:
    entry = accepted_entry(edition, lihua)

    assert (entry.status, entry.revisions.get().receipt.number) == (EntryStatus.ACCEPTED, f"TEST-{entry.pk}")


@pytest.mark.parametrize("relation", ["unit", "member"])
def test_database_refuses_an_expert_with_a_conflict(
    edition: Edition, lihua: User, sunmei: User, relation: str
) -> None:
    entry = accepted_entry(edition, lihua, unit="太原某研究院")
    judge = (
        expert(edition, sunmei, unit="太原某研究院")
        if relation == "unit"
        else expert(edition, lihua, unit="别的单位")
    )

    with pytest.raises(IntegrityError, match="has a conflict"), transaction.atomic():
        Assignment.objects.create(
            edition=edition, round="preliminary", expert=judge, entry=entry, assigned_at=clock.now(edition)
        )

    other = expert(edition, make_user("hemin", "何敏", role=roles.EXPERT), unit="无关单位")
    made = Assignment.objects.create(
        edition=edition, round="preliminary", expert=other, entry=entry, assigned_at=clock.now(edition)
    )
    assert len(made.code) == 6
