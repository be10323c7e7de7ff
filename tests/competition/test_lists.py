"""Lists of the office: previewed, brought in whole, found again and taken back."""

from __future__ import annotations

from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from competition.errors import Invalid, NotAllowed, WrongState
from competition.models import AuditEvent, Edition, ListEntry, ListImport, User
from competition.registries import list_changed
from competition.services import lists
from competition.sheets import Sheet, workbook
from tests.factories import credit_code, resident_id


def xlsx(*rows: list, name: str = "名单.xlsx") -> SimpleUploadedFile:
    """A file whose first row is the headings."""
    return SimpleUploadedFile(name, workbook([Sheet("名单", list(rows[0]), [list(row) for row in rows[1:]])]))


def entries(edition: Edition, kind: str) -> list[tuple]:
    live = ListEntry.objects.filter(edition=edition, kind=kind, live=True)
    return list(live.order_by("row", "part").values_list("row", "part", "name", "credit_key"))


@pytest.mark.rule("R53")
def test_exclusions_come_in_with_aliases_as_names_of_their_own(edition: Edition, qianjin: User) -> None:
    code = credit_code(71)
    file = xlsx(
        ["单位名称", "别名", "统一社会信用代码", "关系", "所属组织单位"],
        ["山西示例（集团）有限公司", "示例集团、晋示", code, "子公司", "山西数据交易中心"],
    )

    batch = lists.bring_in(edition, "exclusions", file, actor=qianjin, source="组委会函")

    assert entries(edition, "exclusions") == [
        (2, 0, "山西示例（集团）有限公司", code),
        (2, 1, "示例集团", ""),
        (2, 2, "晋示", ""),
    ]
    first = ListEntry.objects.get(batch=batch, part=0)
    assert (first.name_key, first.detail["relation"], first.detail["of"]) == (
        "山西示例(集团)有限公司", "子公司", "山西数据交易中心",
    )  # fmt: skip
    assert (batch.count, batch.actor, batch.source) == (1, qianjin, "组委会函")
    assert AuditEvent.objects.filter(verb="list.imported", target_id=str(batch.pk)).count() == 1
