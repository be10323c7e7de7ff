"""Every queue as a table: text stays text, phones are masked, the cost does not grow with the rows."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from io import BytesIO
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from python_calamine import CalamineWorkbook

from competition.models import AuditEvent, Edition, User
from tests.contest import accepted_entry

NAMES = (
    "registration.team", "submissions.entry", "judging.gates", "judging.assignments", "judging.results",
    "awards.certificates",
)  # fmt: skip


def table(client: Client, name: str, query: str = "") -> list[list[Any]]:
    answer = client.get(f"/desk/exports/{name}.xlsx{query}")
    assert answer.status_code == 200, answer.content
    data = b"".join(answer.streaming_content)
    return CalamineWorkbook.from_filelike(BytesIO(data)).get_sheet_by_index(0).to_python()


def test_registrations_hold_codes_as_text_masked_phones_and_no_formula(
    edition: Edition, lihua: User, qianjin: User, as_user: Callable[[User | None], Client]
) -> None:
    team = accepted_entry(edition, lihua, team_name='=HYPERLINK("http://x")').team

    head, row = table(as_user(qianjin), "registration.team")

    told = dict(zip(head, row, strict=True))
    assert (told["编号"], told["团队"]) == (team.reference, '=HYPERLINK("http://x")')
    assert told["统一社会信用代码"] == team.units.get().credit_code
    phone = team.representatives.get().mobile.removeprefix("+86")
    assert told["联络人手机"] == f"{phone[:3]}****{phone[-4:]}"
    assert phone not in str(row)
    assert told["参赛单位数"] == 1.0


def test_registrations_follow_the_filters_of_the_queue(
    edition: Edition, lihua: User, zhaolei: User, qianjin: User, as_user: Callable[[User | None], Client]
) -> None:
    first = accepted_entry(edition, lihua, team_name="汾河队").team
    accepted_entry(edition, zhaolei, topic="2-1", team_name="太行队")
    client = as_user(qianjin)

    everything = table(client, "registration.team", "?status__exact=approved")
    found = table(client, "registration.team", "?track=1")

    assert len(everything) == 3
    assert [row[0] for row in found[1:]] == [first.reference]
    assert table(client, "submissions.entry", "?status__exact=draft")[1:] == []


def test_dates_are_dates(
    edition: Edition, lihua: User, qianjin: User, as_user: Callable[[User | None], Client]
) -> None:
    accepted_entry(edition, lihua)

    head, row = table(as_user(qianjin), "submissions.entry")

    assert isinstance(row[head.index("最近提交时间")], datetime)


@pytest.mark.parametrize("name", NAMES)
def test_export_is_recorded_and_costs_the_same_for_many_rows(
    edition: Edition,
    lihua: User,
    wangfang: User,
    zhaolei: User,
    qianjin: User,
    as_user: Callable[[User | None], Client],
    name: str,
) -> None:
    client = as_user(qianjin)
    accepted_entry(edition, lihua)
    client.get(f"/desk/exports/{name}.xlsx")
    with CaptureQueriesContext(connection) as few:
        one = table(client, name)
    for owner in (wangfang, zhaolei):
        accepted_entry(edition, owner)
    with CaptureQueriesContext(connection) as many:
        three = table(client, name)

    assert len(few) == len(many) <= 16
    assert len(three) >= len(one)
    last = AuditEvent.objects.filter(verb="export.downloaded").latest("id")
    assert (last.actor, last.data) == (qianjin, {"export": name, "rows": len(three) - 1})


def test_export_does_not_exist_for_who_may_not_have_it(
    edition: Edition, lihua: User, sunmei: User, as_user: Callable[[User | None], Client]
) -> None:
    for person in (lihua, sunmei):
        for name in (*NAMES, "awards.reports", "awards.payouts", "unknown"):
            assert as_user(person).get(f"/desk/exports/{name}.xlsx").status_code == 404


def test_queue_offers_its_export_with_the_filters(
    edition: Edition, qianjin: User, as_user: Callable[[User | None], Client]
) -> None:
    page = as_user(qianjin).get("/gatekeeping/?status=waiting&after=x").content.decode()

    assert 'href="/desk/exports/judging.gates.xlsx?status=waiting"' in page
    listed = as_user(qianjin).get("/admin/registration/team/").content.decode()
    assert "/desk/exports/registration.team.xlsx" in listed
