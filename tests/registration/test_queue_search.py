"""The queue's search is answered by the index, however many registrations there are."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from competition import identity
from competition.models import Edition, User
from registration.models import Team
from registration.workflow import TeamStatus
from tests.registration.conftest import queries_of
from tests.registration.test_admin import QUEUE
from tests.registration.test_pages import text

ROWS = 2000


@pytest.fixture
def many(edition: Edition, open_stage: Callable[..., Any], zhaolei: User) -> list[Team]:
    """Two thousand waiting registrations, of which the planner knows how they are spread."""
    open_stage("registration")
    topic, words = edition.tracks.get(number=1).topics.all()[0], "矿冶农旅医教运数"
    rows = []
    for number in range(ROWS):
        word = "".join(words[int(digit)] for digit in f"{number:o}")
        name = f"{word}第{number}队"
        rows.append(
            Team(
                edition=edition, owner=zhaolei, status=TeamStatus.SUBMITTED, name=name, project_name=f"{word}平台",
                topic=topic, submitted_at=timezone.now(), search=identity.name_key(f"{name}{word}平台"),
            )
        )  # fmt: skip
    made = Team.objects.bulk_create(rows)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE registration_team")
    return made


def plan(sql: str) -> str:
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN {sql}")
        return "\n".join(row[0] for row in cursor.fetchall())


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("query", ["第1234队", "旅医教平台 第"])
def test_search_uses_the_index_of_words(officer_client: Client, many: list[Team], query: str) -> None:
    officer_client.get(QUEUE)

    with CaptureQueriesContext(connection) as queries:
        page = text(officer_client.get(QUEUE, {"q": query}))

    searching = [one["sql"] for one in queries if "LIKE" in one["sql"] and '"search"' in one["sql"]]
    assert "条结果" in page
    assert len(searching) >= 2  # the rows of the page, and how many there are
    for sql in searching:
        assert "team_search" in plan(sql), plan(sql)


@pytest.mark.django_db(transaction=True)
def test_phone_and_reference_search_read_by_keys(officer_client: Client, many: list[Team]) -> None:
    officer_client.get(QUEUE)

    with CaptureQueriesContext(connection) as queries:
        page = text(officer_client.get(QUEUE, {"q": many[7].reference}))
    keyed = [one["sql"] for one in queries if f'"id" = {many[7].pk}' in one["sql"]]

    with CaptureQueriesContext(connection) as queries:
        officer_client.get(QUEUE, {"q": "13800138001"})
    hashed = [one["sql"] for one in queries if 'mobile_hash" = ' in one["sql"]]

    assert many[7].name in page
    assert keyed
    assert queries_of(officer_client, f"{QUEUE}?q=13800138001")
    assert len(hashed) == 1  # the numbers of the teams first, then the rows by them
    scanned = [plan(sql) for sql in [*keyed, *hashed] if "Seq Scan on registration_team " in plan(sql)]
    assert scanned == []
