"""Workbooks of everything: made by a job, once, for the person who asked, and gone after some days."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db.models import F
from django.test import Client

from competition import reconciler, roles
from competition.errors import NotAllowed
from competition.models import AuditEvent, Edition, OutboxMessage, PreparedExport, User
from competition.services import exporting
from tests.contest import accepted_entry
from tests.fixtures import make_user

As = Callable[[User | None], Client]
ADDRESS = "/desk/exports/submissions.form.xlsx"


@pytest.fixture
def asked(edition: Edition, lihua: User, qianjin: User) -> PreparedExport:
    """Qianjin's workbook, which nobody has made yet."""
    accepted_entry(edition, lihua)
    return exporting.ask(edition, qianjin, table="submissions.form", title="参赛项目", query="")


def test_page_waits_and_then_offers_the_file(asked: PreparedExport, qianjin: User, as_user: As) -> None:
    client, page = as_user(qianjin), f"/desk/exports/{asked.key}/"

    before = client.get(page).content.decode()
    early = client.get(f"{page}file/").status_code
    ready = [client.get(page, headers={"Accept": "application/json"}).json()]
    reconciler.run()
    ready.append(client.get(page, headers={"Accept": "application/json"}).json())
    after, file = client.get(page).content.decode(), client.get(f"{page}file/")

    assert "正在生成" in before and early == 404
    assert ready == [{"ready": False}, {"ready": True}]
    assert "已生成" in after and f"{page}file/" in after
    assert file.status_code == 200 and b"".join(file.streaming_content).startswith(b"PK")  # type: ignore[attr-defined]
    assert "no-store" in file["Cache-Control"]


def test_asking_twice_makes_one_and_other_filters_another(
    asked: PreparedExport, qianjin: User, as_user: As
) -> None:
    client = as_user(qianjin)

    again = client.get(ADDRESS)["Location"]
    other = client.get(f"{ADDRESS}?track=1")["Location"]

    assert str(asked.key) in again and str(asked.key) not in other
    assert OutboxMessage.objects.filter(channel=exporting.CHANNEL).count() == 2


def test_nobody_else_sees_it_not_even_another_officer(
    asked: PreparedExport, edition: Edition, lihua: User, as_user: As
) -> None:
    exporting.make(asked.pk)
    other = make_user("zhengjing", "郑静", role=roles.OFFICER)

    for who in (other, lihua):
        answers = [as_user(who).get(f"/desk/exports/{asked.key}/{end}").status_code for end in ("", "file/")]
        assert answers == [404, 404]


def test_it_is_neither_made_nor_handed_out_once_the_role_has_ended(
    asked: PreparedExport, qianjin: User, edition: Edition, as_user: As
) -> None:
    other = exporting.ask(edition, qianjin, table="submissions.form", title="参赛项目", query="track=1")
    exporting.make(other.pk)
    qianjin.groups.clear()

    made = exporting.make(asked.pk)

    assert made is not None and (made.problem, bool(made.file)) == (exporting.GONE, False)
    assert as_user(qianjin).get(f"/desk/exports/{other.key}/file/").status_code == 404
    with pytest.raises(NotAllowed):
        exporting.ask(
            edition, User.objects.get(pk=qianjin.pk), table="submissions.form", title="参赛项目", query=""
        )


def test_filters_that_make_no_sense_are_told(edition: Edition, qianjin: User, as_user: As) -> None:
    client = as_user(qianjin)

    page = client.get(f"{ADDRESS}?status__exact=draft&id__in=x")["Location"]
    reconciler.run()

    assert "筛选条件不正确" in client.get(page).content.decode()
    assert client.get(f"{page}file/").status_code == 404


def test_made_once_recorded_and_discarded_with_its_file(asked: PreparedExport, qianjin: User) -> None:
    made, again = exporting.make(asked.pk), exporting.make(asked.pk)
    assert made is not None and again is not None and made.made_at == again.made_at
    storage, name = made.file.storage, made.file.name

    PreparedExport.objects.update(asked_at=F("asked_at") - exporting.KEPT_FOR - timedelta(minutes=1))
    gone = exporting.discard_old()

    assert gone == 1 and not storage.exists(name or "") and exporting.make(asked.pk) is None
    assert f"/desk/exports/{made.key}/" in OutboxMessage.objects.get(kind="export.ready").body
    event = AuditEvent.objects.get(verb="export.made")
    assert (event.actor, event.data["rows"]) == (qianjin, made.rows)
