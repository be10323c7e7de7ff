"""What hostile hands and slow lines send to the pages of an entry."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from competition import clock
from competition.errors import WrongState
from competition.models import Edition, User
from submissions import services
from submissions.models import Attachment, Entry, EntrySection, Receipt
from tests.submissions.conftest import pdf


@pytest.mark.parametrize("number", ["%00", "9" * 6000, "HZ-%ED%A0%80"])
def test_an_officer_who_names_no_receipt_finds_none(
    as_user: Callable[[User], Client], qianjin: User, submitted: Receipt, number: str
) -> None:
    address = reverse("admin:submissions_entry_decide", args=[submitted.revision.entry_id])

    body = f"verdict=accept&receipt={number}"
    response = as_user(qianjin).post(address, body, content_type="application/x-www-form-urlencoded")

    assert response.status_code == 404


@pytest.mark.parametrize("until", ["0001-01-01T00:00", "9999-12-31T23:59", "2025-07-28T18:00+08:00", "x"])
def test_an_odd_time_for_corrections_is_no_server_error(
    as_user: Callable[[User], Client], qianjin: User, submitted: Receipt, until: str
) -> None:
    address = reverse("admin:submissions_entry_decide", args=[submitted.revision.entry_id])
    data = {"receipt": submitted.number, "verdict": "return", "mark.market": "请补充", "until": until}

    response = as_user(qianjin).post(address, data)

    assert response.status_code in {302, 422}


def test_a_file_of_another_entry_is_not_removed_by_naming_it(
    as_user: Callable[[User], Client], lihua: User, zhaolei: User, filled: Entry, other_entry: Entry
) -> None:
    own = Attachment.objects.filter(entry=filled).first()
    assert own is None or own.removed_at is None
    client = as_user(zhaolei)

    for address in (
        reverse("submissions:entry", args=[filled.pk]),
        reverse("submissions:section", args=[filled.pk, "market"]),
        reverse("submissions:check", args=[filled.pk]),
        reverse("submissions:submit_page", args=[filled.pk]),
    ):
        assert client.get(address).status_code == 404
    unit = filled.team.units.first()
    foreign = client.post(
        reverse("submissions:unit_section", args=[other_entry.pk, "units", unit.pk]), {"version": "0"}
    )
    assert foreign.status_code in {403, 404, 409, 422}


@pytest.mark.parametrize(
    "fields",
    [
        {"version": "0", "do": "drop:a:b:c-d"},
        {"version": "9" * 400},
        {"version": "0", "do": "remove:" + "f" * 500},
        {"version": "0", "do": "upload:\x00"},
        {"version": "0", "do": "add:\x00"},
        {f"x{number}": "1" for number in range(5001)},
        {f"cases-{number}-name": "\x00\x01" for number in range(300)} | {"version": "0"},
    ],
)
@pytest.mark.parametrize("key", ["market", "cases"])
def test_odd_posts_to_a_section_are_no_server_error(
    as_user: Callable[[User], Client], lihua: User, entry: Entry, key: str, fields: dict[str, Any]
) -> None:
    response = as_user(lihua).post(reverse("submissions:section", args=[entry.pk, key]), fields)

    assert response.status_code < 500


@pytest.mark.parametrize(
    "slot", ["scan", "attachments.video", "../x", "\x00", "a" * 300, "cases.cases.r1.contract"]
)
def test_odd_slots_are_refused_or_filled(
    as_user: Callable[[User], Client], lihua: User, entry: Entry, slot: str
) -> None:
    address = reverse("submissions:section", args=[entry.pk, "attachments"])

    response = as_user(lihua).post(address, {f"file-{slot}": pdf()})

    assert response.status_code < 500
    assert not Attachment.objects.filter(slot="scan").exists()


@pytest.mark.rule("R77")
def test_what_was_typed_in_time_but_not_sealed_comes_in_by_no_correction(
    submitted: Receipt, lihua: User, qianjin: User, edition: Edition, close_stage: Callable[[str], Any]
) -> None:
    entry = submitted.revision.entry
    for key, field in (("project", "summary"), ("overview", "")):
        row = EntrySection.objects.get(entry=entry, key=key)
        name = field or next(
            one for one, value in row.answers.items() if isinstance(value, str) and len(value) > 5
        )
        answers = {**row.answers, name: f"{row.answers[name]}又改"}
        services.save_section(entry, key=key, answers=answers, version=row.version, actor=lihua)
    close_stage("submission")
    until = clock.now(edition) + timedelta(days=2)
    services.return_for_correction(
        submitted, officer=qianjin, checklist={}, reasons={"overview": "请更正"}, until=until
    )

    frozen = services.freeze(entry, actor=lihua).content

    now = {one["key"]: one["answers"] for one in frozen["sections"] if one["unit"] is None}
    was = {
        one["key"]: one["answers"] for one in submitted.revision.content["sections"] if one["unit"] is None
    }
    assert {key for key in now if now[key] != was[key]} == {"overview"}
    assert frozen["attachments"] == submitted.revision.content["attachments"]


@pytest.mark.rule("R77")
def test_a_version_frozen_in_time_but_not_sealed_comes_in_by_no_correction(
    submitted: Receipt,
    lihua: User,
    qianjin: User,
    edition: Edition,
    close_stage: Callable[[str], Any],
    as_user: Callable[[User], Client],
) -> None:
    entry = submitted.revision.entry
    row = EntrySection.objects.get(entry=entry, key="project")
    answers = {**row.answers, "summary": f"{row.answers['summary']}又改"}
    services.save_section(entry, key="project", answers=answers, version=row.version, actor=lihua)
    unsealed = services.freeze(entry, actor=lihua)
    services.attach_scan(unsealed, upload=pdf("扫描件.pdf", "unsealed"), actor=lihua)
    close_stage("submission")
    until = clock.now(edition) + timedelta(days=2)
    services.return_for_correction(
        submitted, officer=qianjin, checklist={}, reasons={"overview": "请更正"}, until=until
    )

    with pytest.raises(WrongState):
        services.submit(unsealed, actor=lihua)
    page = as_user(lihua).get(reverse("submissions:submit_page", args=[entry.pk])).content.decode()
    assert "重新定稿</button>" in page

    again = services.freeze(entry, actor=lihua)
    services.attach_scan(again, upload=pdf("扫描件.pdf", "again"), actor=lihua)
    services.submit(again, actor=lihua)
    assert again.number == 3
    assert again.content["sections"] == submitted.revision.content["sections"]
