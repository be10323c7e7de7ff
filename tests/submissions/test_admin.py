"""The office's queue and case page."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from competition.models import AuditEvent, Edition, User
from submissions import services
from submissions.models import Entry, FormalCheck, Receipt
from submissions.workflow import EntryStatus
from tests.submissions.conftest import make_team, settled

As = Callable[[User | None], Client]
QUEUE = "/admin/submissions/entry/"


def case(entry: Entry) -> str:
    return reverse("admin:submissions_entry_change", args=[entry.pk])


def decide(client: Client, receipt: Receipt, verdict: str, **more: str) -> Any:
    entry = receipt.revision.entry
    return client.post(
        reverse("admin:submissions_entry_decide", args=[entry.pk]),
        {"receipt": receipt.number, "verdict": verdict, **more},
    )


def items(entry: Entry, value: str = "yes") -> dict[str, str]:
    return {f"item_{key}": word for key, word in settled(entry.edition, value).items()}


def test_queue_asks_the_same_number_of_queries_for_one_and_three(
    entry: Entry, edition: Edition, zhaolei: User, qianjin: User, as_user: As
) -> None:
    client = as_user(qianjin)
    client.get(QUEUE)
    with CaptureQueriesContext(connection) as one:
        client.get(QUEUE)
    for _ in range(2):
        services.open_entry(make_team(edition, zhaolei))

    with CaptureQueriesContext(connection) as three:
        html = client.get(QUEUE).content.decode()

    assert html.count("field-reference") == 3
    assert len(one) == len(three) <= 12


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("?status__exact=draft", 1),
        ("?status__exact=submitted", 0),
        ("?q=LEAD", 1),
        ("?q=没有这样的团队", 0),
        ("?track=OWN", 1),
        ("?track=OTHER", 0),
        ("?o=1.2", 1),
    ],
)
def test_queue_is_filtered_and_searched(
    entry: Entry, qianjin: User, as_user: As, query: str, found: int
) -> None:
    own = entry.team.topic.track.number
    query = query.replace("LEAD", entry.team.name).replace("OWN", str(own)).replace("OTHER", str(own % 9 + 1))

    html = as_user(qianjin).get(QUEUE + query).content.decode()

    assert html.count("field-reference") == found


@pytest.mark.parametrize("query", ["?track=x'", "?q=%00"])
def test_queue_survives_what_nobody_would_ask(entry: Entry, qianjin: User, as_user: As, query: str) -> None:
    html = as_user(qianjin).get(QUEUE + query, follow=True).content.decode()

    assert "形式审查" in html


def test_case_page_shows_the_sealed_version_in_few_queries(
    submitted: Receipt,
    lihua: User,
    qianjin: User,
    as_user: As,
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    entry = submitted.revision.entry
    services.save_section(
        entry, key="overview", answers={"background": "之后写的草稿"}, version=1, actor=lihua
    )
    client = as_user(qianjin)
    client.get(QUEUE)

    with django_assert_max_num_queries(12):
        html = client.get(case(entry)).content.decode()

    assert "（一）项目背景的说明" in html
    assert "之后写的草稿" not in html
    assert submitted.revision.sha256 in html
    person = entry.team.representatives.get(position=1)
    assert person.document_number not in html
    assert AuditEvent.objects.filter(verb="entry.read", actor=qianjin).exists()


def test_draft_shows_nothing_of_its_text(entry: Entry, lihua: User, qianjin: User, as_user: As) -> None:
    services.save_section(entry, key="overview", answers={"background": "草稿"}, version=0, actor=lihua)

    html = as_user(qianjin).get(case(entry)).content.decode()

    assert "团队尚未提交" in html
    assert "草稿" not in html


def test_officer_accepts_and_goes_to_the_next_case(submitted: Receipt, qianjin: User, as_user: As) -> None:
    response = decide(as_user(qianjin), submitted, "accept", **items(submitted.revision.entry))

    assert response.status_code == 302
    assert Entry.objects.get().status == EntryStatus.ACCEPTED


def test_unsettled_checklist_keeps_what_was_typed(submitted: Receipt, qianjin: User, as_user: As) -> None:
    response = decide(
        as_user(qianjin), submitted, "accept", item_topic="yes", note="看过", **{"mark.overview": "写得很好"}
    )

    html = response.content.decode()
    assert response.status_code == 422
    assert "请判断“申报书内容完整，与盖章扫描件一致”。" in html
    assert "看过</textarea>" in html
    assert "写得很好</textarea>" in html
    assert 'name="item_topic" value="yes" checked' in html


def test_returned_reasons_stand_at_the_fields_of_the_team(
    submitted: Receipt, qianjin: User, lihua: User, as_user: As
) -> None:
    entry = submitted.revision.entry
    unit = entry.team.units.get(is_lead=True)
    marks = {
        "mark.overview/background": "请写清行业\x00背景",
        f"mark.units@{unit.pk}/intro": "简介与营业执照不符",
        "mark.cases": "案例请补合同",
    }

    response = decide(as_user(qianjin), submitted, "return", note="请尽快修改", **marks)

    assert response.status_code == 302
    client = as_user(lihua)
    overview = client.get(reverse("submissions:entry", args=[entry.pk])).content.decode()
    for sentence in (
        "请写清行业背景",
        "简介与营业执照不符",
        "案例请补合同",
        "请尽快修改",
        "按审查意见修改申报书",
    ):
        assert sentence in overview
    section = client.get(reverse("submissions:section", args=[entry.pk, "overview"])).content.decode()
    assert "审查意见：</b>请写清行业背景" in section
    cases = client.get(reverse("submissions:section", args=[entry.pk, "cases"])).content.decode()
    assert "案例请补合同" in cases


def test_older_version_is_not_decided(submitted: Receipt, lihua: User, qianjin: User, as_user: As) -> None:
    from tests.submissions.test_checks import resubmit

    resubmit(Entry.objects.select_related("edition").get(), lihua, background="新的")

    response = decide(as_user(qianjin), submitted, "accept", **items(submitted.revision.entry))

    assert response.status_code == 409
    assert "团队刚刚提交了第2版" in response.content.decode()
    assert not FormalCheck.objects.exists()


@pytest.mark.parametrize("until", ["昨天", "2025-99-99T10:00", "2001-01-01T10:00"])
def test_bad_time_for_corrections_is_said(submitted: Receipt, qianjin: User, as_user: As, until: str) -> None:
    response = decide(as_user(qianjin), submitted, "return", until=until, **{"mark.overview": "请改"})

    assert response.status_code == 422
    assert "补正期限" in response.content.decode()
    assert Entry.objects.get().status == EntryStatus.SUBMITTED


def test_stranger_and_team_are_kept_out(submitted: Receipt, lihua: User, zhaolei: User, as_user: As) -> None:
    for person in (lihua, zhaolei, None):
        assert as_user(person).get(case(submitted.revision.entry)).status_code == 302
        assert decide(as_user(person), submitted, "accept").status_code == 302

    assert not FormalCheck.objects.exists()
