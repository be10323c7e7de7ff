"""The pages of the lists, as officers use them."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from playwright.sync_api import Browser

from competition.models import Edition, ListEntry, ListImport, ListUpload, User
from competition.services import lists
from competition.sheets import Sheet, read_rows, workbook
from tests.chromium import DESK, Window
from tests.factories import credit_code, resident_id

HOME = "/secretariat/lists/"


def xlsx(headings: list[str], *rows: list[str], name: str = "名单.xlsx") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, workbook([Sheet("名单", headings, [list(row) for row in rows])]))


def test_officer_previews_confirms_searches_and_undoes(
    edition: Edition, qianjin: User, as_user: Callable[[User | None], Client]
) -> None:
    client, number = as_user(qianjin), resident_id(75)
    file = xlsx(["名称或姓名", "证件号码"], ["张三", number], ["李四", ""])

    sent = client.post(f"{HOME}judgment_debtor/upload/", {"file": file, "source": "信用中国"})
    shown = client.get(sent["Location"])
    kept = ListUpload.objects.get()
    client.post(f"{sent['Location']}confirm/", {"digest": kept.sha256})
    found = client.get(f"{HOME}judgment_debtor/rows/", {"q": "张"})
    batch = ListImport.objects.get()
    page = client.get(f"{HOME}judgment_debtor/").content.decode()
    client.post(f"{HOME}imports/{batch.pk}/undo/")

    assert "确认导入2行" in shown.content.decode()
    assert number not in shown.content.decode() + found.content.decode()
    assert "张三" in found.content.decode()
    assert "李四" not in found.content.decode()
    assert "信用中国" in page
    assert ListEntry.objects.filter(live=True).count() == 0
    assert "没有有效的行" in client.get(f"{HOME}judgment_debtor/rows/").content.decode()


def test_problems_stand_on_the_preview_and_nothing_can_be_confirmed(
    edition: Edition, qianjin: User, as_user: Callable[[User | None], Client]
) -> None:
    client = as_user(qianjin)
    file = xlsx(["获奖单位", "项目名称", "年份"], ["甲公司", "平台", "去年"])

    sent = client.post(f"{HOME}winners/upload/", {"file": file})
    shown = client.get(sent["Location"]).content.decode()
    kept = ListUpload.objects.get()
    refused = client.post(f"{sent['Location']}confirm/", {"digest": kept.sha256})

    assert "第2行“年份”：“去年”不是年份，请写成 2024 的样子。" in shown
    assert "确认导入" not in shown
    assert refused.status_code == 422
    assert not ListImport.objects.exists()


@pytest.mark.parametrize("data", [b"", b"hello", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1abc", b"PK\x03\x04abc"])
def test_file_that_is_no_list_is_answered_at_the_field(
    edition: Edition, qianjin: User, as_user: Callable[[User | None], Client], data: bytes
) -> None:
    answer = as_user(qianjin).post(f"{HOME}words/upload/", {"file": SimpleUploadedFile("名单.xlsx", data)})

    assert answer.status_code == 422
    assert 'class="invalid-feedback' in answer.content.decode()


def test_template_has_the_headings(
    edition: Edition, qianjin: User, as_user: Callable[[User | None], Client]
) -> None:
    answer = as_user(qianjin).get(f"{HOME}holidays/template.xlsx")

    rows = read_rows(SimpleUploadedFile("a.xlsx", b"".join(answer.streaming_content)))
    assert rows[0] == ["日期", "类型", "依据"]


@pytest.mark.parametrize("count", [1, 3])
def test_rows_page_by_page_cost_the_same(
    edition: Edition, qianjin: User, as_user: Callable[[User | None], Client], count: int
) -> None:
    rows = [[f"山西{number}公司", credit_code(number)] for number in range(60 * count)]
    headings = ["名称或姓名", "统一社会信用代码"]
    lists.bring_in(edition, "procurement", xlsx(headings, *rows), actor=qianjin, source="")
    client = as_user(qianjin)
    client.get(HOME)

    with CaptureQueriesContext(connection) as queries:
        first = client.get(f"{HOME}procurement/rows/", {"q": "山西"})

    assert len(queries) <= 12
    following = client.get(f"{HOME}procurement/rows/{first.context['next_url']}")
    assert first.context["page"].items[-1].pk > following.context["page"].items[0].pk
    assert client.get(f"{HOME}procurement/rows/", {"q": credit_code(7)}).context["page"].items[0].row == 9


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
def test_lists_fit_desk_and_phone(
    edition: Edition,
    qianjin: User,
    live_server: object,
    chromium: Browser,
    as_user: Callable[[User | None], Client],
) -> None:
    client = as_user(qianjin)
    file = xlsx(
        ["单位名称", "别名", "统一社会信用代码", "关系", "所属组织单位", "说明"],
        *[
            [f"山西示例{n}大数据产业发展有限公司", "示例", "", "子公司", "山西数据交易中心", ""]
            for n in range(12)
        ],
    )
    lists.bring_in(edition, "exclusions", file, actor=qianjin, source="晋数函〔2025〕1号")
    wrong = xlsx(
        ["单位名称", "统一社会信用代码"], ["甲公司", "91140105"], ["", credit_code(3)], ["乙公司", ""]
    )
    kept = lists.keep(edition, "exclusions", wrong, actor=qianjin, source="")
    window = Window(chromium, live_server.url, DESK)  # type: ignore[attr-defined]
    window.context.add_cookies(
        [{"name": name, "value": one.value, "url": live_server.url} for name, one in client.cookies.items()]  # type: ignore[attr-defined]
    )
    for name, place in (
        ("lists", ""),
        ("list", "exclusions/"),
        ("list-rows", "exclusions/rows/"),
        ("list-preview", f"uploads/{kept.key}/"),
    ):
        window.page.goto(HOME + place)
        window.shot(name)
    window.page.goto(f"{HOME}exclusions/")
    window.page.get_by_role("button", name="撤销").click()
    window.shot("list-undo")
    window.page.get_by_role("button", name="撤销导入").click()
    window.page.get_by_text("不再有效").wait_for()

    assert window.troubles == []
    window.context.close()
