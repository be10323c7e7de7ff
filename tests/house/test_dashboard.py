"""The secretariat's start page says first what waits."""

from __future__ import annotations

from collections.abc import Callable

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from competition.dashboards import cards_for
from competition.models import Edition, User
from registration.models import Team


def test_start_page_counts_what_waits_for_an_officer(
    edition: Edition, submitted_team: Team, qianjin: User, as_user: Callable[[User], Client]
) -> None:
    client = as_user(qianjin)

    with CaptureQueriesContext(connection) as queries:
        html = client.get("/admin/").content.decode()

    review, check = cards_for(edition, qianjin)
    assert (review.title, review.count) == ("资格审核", 1)
    assert (check.title, check.count) == ("形式审查", 0)
    for text in ("现在要做", review.text, "没有等待审查的作品。"):
        assert text in html
    assert len(queries) <= 12


def test_cards_are_for_the_secretariat_alone(edition: Edition, lihua: User) -> None:
    assert cards_for(edition, lihua) == []


def test_start_page_without_an_edition_still_opens(qianjin: User, as_user: Callable[[User], Client]) -> None:
    assert as_user(qianjin).get("/admin/").status_code == 200
