"""All entries as one workbook: choices as words, numbers as numbers, a sheet for each table, nobody's phone."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from io import BytesIO
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from python_calamine import CalamineWorkbook

from competition import reconciler
from competition.identity import mask_document
from competition.models import AuditEvent, Edition, User
from competition.services import exporting
from submissions import services
from submissions.models import Entry, Receipt
from tests.contest import accepted_entry

ADDRESS = "/desk/exports/submissions.form.xlsx"
DRAFTS = "/desk/exports/submissions.draft.xlsx"


def book(client: Client, address: str = ADDRESS) -> dict[str, list[dict[str, Any]]]:
    """Each sheet's rows by heading: asked for, made by whoever does what is due, taken."""
    waiting = client.get(address)
    assert waiting.status_code == 302
    reconciler.run()
    answer = client.get(f"{waiting['Location']}file/")
    assert answer.status_code == 200
    data = CalamineWorkbook.from_filelike(BytesIO(b"".join(answer.streaming_content)))
    found = {}
    for name in data.sheet_names:
        head, *rows = data.get_sheet_by_name(name).to_python()
        found[name] = [dict(zip(head, row, strict=True)) for row in rows]
    return found


def test_workbook_says_what_the_entry_says(
    submitted: Receipt, qianjin: User, as_user: Callable[[User | None], Client]
) -> None:
    entry = submitted.revision.entry

    sheets = book(as_user(qianjin))

    assert list(sheets) == ["参赛项目", "参赛单位", "案例", "成员", "专利", "软著", "合同", "材料", "长文本"]
    (row,) = sheets["参赛项目"]
    assert (row["编号"], row["内容来源"], row["参赛单位数"]) == (entry.reference, "第1版", 1)
    assert row["数据市场化 · 项目服务对象（多选）"] == "政府"
    assert row["部署、收费与成效 · 项目开发成本（万元）"] == 12.0
    assert row["代表性案例 · 已实现落地应用的代表性案例（可增加，无数量限制） · 数量"] == 1
    (unit,) = sheets["参赛单位"]
    known = entry.team.units.get()
    assert (unit["参赛单位"], unit["统一社会信用代码"]) == (known.name, known.credit_code)
    assert (unit["成立时间"], unit["单位性质（单选）"]) == (date(2015, 6, 1), "民营")
    (case,) = sheets["案例"]
    assert (case["编号"], case["序号"], case["单位类型"], case["项目投入（万）（万元）"]) == (
        entry.reference, 1, "企业", 12.0,
    )  # fmt: skip
    text = next(one for one in sheets["长文本"] if one["栏目"] == "（一）项目背景")
    assert text["内容"].startswith("（一）项目背景的说明") and text["字数"] == len(text["内容"])


def test_workbook_masks_numbers_and_phones(
    submitted: Receipt, qianjin: User, as_user: Callable[[User | None], Client]
) -> None:
    team = submitted.revision.entry.team
    person, unit = team.representatives.get(position=1), team.units.get(is_lead=True)

    sheets = book(as_user(qianjin))

    whole = str(sheets)
    secrets = (person.document_number, person.mobile.removeprefix("+86"), unit.contact_way)
    assert not [one for one in secrets if one in whole]
    assert sheets["成员"][0]["证件号码"] == mask_document(person.document_number)


def test_workbook_tells_what_counts_not_what_is_being_written(
    submitted: Receipt, lihua: User, qianjin: User, as_user: Callable[[User | None], Client]
) -> None:
    entry = Entry.objects.get(pk=submitted.revision.entry_id)
    services.save_section(entry, key="overview", answers={"background": "改写"}, version=1, actor=lihua)

    texts = [one["内容"] for one in book(as_user(qianjin))["长文本"]]

    assert "改写" not in texts


def test_drafts_are_in_the_workbook_that_says_so(
    entry: Entry, lihua: User, qianjin: User, as_user: Callable[[User | None], Client]
) -> None:
    services.save_section(entry, key="overview", answers={"background": "草拟"}, version=0, actor=lihua)

    submitted_ones = book(as_user(qianjin))
    with_drafts = book(as_user(qianjin), DRAFTS)

    assert submitted_ones["参赛项目"] == []
    (row,) = with_drafts["参赛项目"]
    assert (row["编号"], row["内容来源"], row["状态"]) == (entry.reference, "草稿", "撰写中")
    assert [one["内容"] for one in with_drafts["长文本"]] == ["草拟"]


@pytest.mark.parametrize("name", ["lihua", "sunmei", "zhaolei"])
def test_workbook_does_not_exist_for_others(
    name: str, edition: Edition, request: pytest.FixtureRequest, as_user: Callable[[User | None], Client]
) -> None:
    client = as_user(request.getfixturevalue(name))

    assert [client.get(address).status_code for address in (ADDRESS, DRAFTS)] == [404, 404]


def test_workbook_costs_the_same_for_many_entries_and_is_recorded(
    edition: Edition,
    lihua: User,
    wangfang: User,
    zhaolei: User,
    qianjin: User,
    as_user: Callable[..., Client],
) -> None:
    client = as_user(qianjin)

    def cost() -> int:
        asked = exporting.ask(edition, qianjin, table="submissions.form", title="参赛项目", query="")
        with CaptureQueriesContext(connection) as queries:
            exporting.make(asked.pk)
        return len(queries)

    accepted_entry(edition, lihua)
    cost()
    few = cost()
    for owner in (wangfang, zhaolei):
        accepted_entry(edition, owner)
    many = cost()
    sheets = book(client)

    assert few == many <= 16
    last = AuditEvent.objects.filter(verb="export.downloaded").latest("id")
    rows = sum(len(one) for one in sheets.values())
    assert (last.actor, last.data) == (qianjin, {"export": "submissions.form", "rows": rows})


def test_queue_offers_both_workbooks(edition: Edition, qianjin: User, as_user: Callable[..., Client]) -> None:
    page = as_user(qianjin).get("/admin/submissions/entry/").content.decode()

    assert ADDRESS in page
    assert DRAFTS in page
