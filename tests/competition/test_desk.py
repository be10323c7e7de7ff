"""The work desk counts what waits, of all pages in one question."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from competition.desk import DeskPage, pages_of
from competition.models import Edition, Stage, Topic, User
from competition.registries import Registry


def test_desk_counts_what_waits_on_all_pages_in_one_question(
    edition: Edition, qianjin: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    offered: Registry = Registry("desk pages of this test")
    offered.register(
        "later",
        lambda edition, user: [DeskPage(2, "赛题", "", "/t/", waiting=Topic.objects.order_by("code"))],
    )
    offered.register(
        "first",
        lambda edition, user: [
            DeskPage(1, "阶段", "", "/s/", waiting=Stage.objects.filter(edition=edition)),
            DeskPage(3, "无", "", "/n/", waiting=Stage.objects.none()),
            DeskPage(4, "已数", "", "/c/", 7),
        ],
    )
    monkeypatch.setattr("competition.desk.desk_pages", offered)

    with CaptureQueriesContext(connection) as queries:
        pages = pages_of(edition, qianjin)

    assert [(page.title, page.count) for page in pages] == [
        ("阶段", edition.stages.count()),
        ("赛题", Topic.objects.count()),
        ("无", 0),
        ("已数", 7),
    ]
    assert len(queries) == 1
