"""Lists of the office: previewed, brought in whole, found again and taken back."""

from __future__ import annotations

import io
import time
from datetime import date, timedelta
from typing import Any

import pytest
import xlsxwriter
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection

from competition import roles
from competition.documents import document_hash
from competition.errors import Invalid, NotAllowed, WrongState
from competition.models import AuditEvent, Edition, ListEntry, ListImport, ListUpload, User
from competition.registries import list_changed
from competition.services import lists
from competition.sheets import Sheet, workbook
from tests.factories import credit_code, resident_id
from tests.fixtures import make_user

WORDS = ["词语"]


def xlsx(*rows: list[Any], name: str = "名单.xlsx") -> SimpleUploadedFile:
    """A file whose first row is the headings."""
    return SimpleUploadedFile(name, workbook([Sheet("名单", list(rows[0]), [list(row) for row in rows[1:]])]))


def bring(edition: Edition, kind: str, actor: User, *rows: list[Any]) -> ListImport:
    return lists.bring_in(edition, kind, xlsx(*rows), actor=actor, source="")


def live(edition: Edition, kind: str) -> list[tuple[Any, ...]]:
    rows = ListEntry.objects.filter(edition=edition, kind=kind, live=True)
    return list(rows.order_by("row", "part").values_list("row", "part", "name", "credit_key"))


@pytest.mark.rule("R53")
def test_exclusions_come_in_with_aliases_as_names_of_their_own(edition: Edition, qianjin: User) -> None:
    code = credit_code(71)
    file = xlsx(
        ["单位名称", "别名", "统一社会信用代码", "关系", "所属组织单位"],
        ["山西示例（集团）有限公司", "示例集团、晋示", code, "子公司", "山西数据交易中心"],
    )

    batch = lists.bring_in(edition, "exclusions", file, actor=qianjin, source="组委会函")

    assert live(edition, "exclusions") == [
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


@pytest.mark.rule("R49", "R50", "R51")
@pytest.mark.parametrize("kind", ["judgment_debtor", "tax_violation", "procurement"])
def test_credit_list_holds_units_by_code_and_people_by_document(
    edition: Edition, qianjin: User, kind: str
) -> None:
    code, number = credit_code(72), resident_id(72)
    headings = ["名称或姓名", "统一社会信用代码", "证件号码", "案号或文号", "列入日期"]

    bring(
        edition, kind, qianjin, headings,
        ["山西失信贸易有限公司", code.lower(), "", "（2025）晋01执1号", date(2025, 3, 1)],
        ["张三", "", number, "", "2025年3月2日"],
        ["李四", "", "140105********1234", "", ""],
    )  # fmt: skip

    unit, person, hidden = ListEntry.objects.filter(edition=edition, kind=kind).order_by("row")
    assert (unit.credit_key, unit.detail["listed_on"]) == (code, "2025-03-01")
    assert (person.document, person.document_hash) == (number, document_hash("resident_id", number))
    assert (hidden.name, hidden.document, hidden.document_hash) == ("李四", "", "")
    with connection.cursor() as cursor:
        cursor.execute("SELECT string_agg(e::text, '') FROM competition_listentry e")
        assert number not in cursor.fetchone()[0]


@pytest.mark.rule("R74")
def test_winners_hold_every_unit_of_a_joint_project(edition: Edition, qianjin: User) -> None:
    code = credit_code(73)

    bring(
        edition, "winners", qianjin,
        ["单位名称", "统一社会信用代码", "项目名称", "年份", "奖项"],
        ["山西甲科技有限公司、山西乙数据有限公司", code, "煤矿安全 数据融合", 2024, "一等奖"],
    )  # fmt: skip

    assert live(edition, "winners") == [
        (2, 0, "山西甲科技有限公司", code),
        (2, 1, "山西乙数据有限公司", ""),
    ]
    other = ListEntry.objects.get(edition=edition, kind="winners", part=1)
    assert (other.project_key, other.detail["year"], other.detail["award"]) == (
        "煤矿安全数据融合", 2024, "一等奖",
    )  # fmt: skip


@pytest.mark.rule("R58")
def test_words_come_in_below_a_title_and_empty_rows(edition: Edition, qianjin: User) -> None:
    bring(edition, "words", qianjin, ["2025年敏感词汇总"], [""], ["词语*"], [""], ["甲词"], [""], ["乙 词"])

    assert live(edition, "words") == [(5, 0, "甲词", ""), (7, 0, "乙 词", "")]


@pytest.mark.rule("R89")
def test_holidays_come_in_as_days(edition: Edition, qianjin: User) -> None:
    bring(
        edition, "holidays", qianjin, ["日期", "类型", "依据"],
        [date(2026, 10, 1), "休息日", "国庆节"], ["2026.10.10", "工作日", ""], [46297, "放假", ""],
    )  # fmt: skip

    days = ListEntry.objects.filter(edition=edition, kind="holidays").order_by("row")
    assert [(row.day, row.detail["is_workday"]) for row in days] == [
        (date(2026, 10, 1), False),
        (date(2026, 10, 10), True),
        (date(2026, 10, 2), False),
    ]


def test_every_problem_is_named_with_row_and_column(edition: Edition, qianjin: User) -> None:
    file = xlsx(
        ["名称或姓名", "统一社会信用代码", "证件类型", "证件号码", "列入日期"],
        ["甲公司", 911401051234567.0e3, "", "", "昨天"],
        ["", "91140105", "学生证", "", "1999-01-01"],
        ["丙", "", "", "140105190101010000", ""],
    )

    read = lists.preview(edition, "tax_violation", file)

    assert [(row, column) for row, column, _ in read.problems] == [
        (2, "列入日期"), (2, "统一社会信用代码"), (3, "列入日期"), (3, "名称或姓名"),
        (3, "统一社会信用代码"), (3, "证件类型"), (4, "证件号码"),
    ]  # fmt: skip
    assert not read.can_be_brought_in
    with pytest.raises(Invalid, match="还有7处"):
        lists.bring_in(edition, "tax_violation", file, actor=qianjin, source="")
    assert not ListImport.objects.exists()


def test_code_that_excel_kept_as_a_number_is_refused(edition: Edition) -> None:
    number = SimpleUploadedFile("名单.xlsx", _with_number())

    read = lists.preview(edition, "judgment_debtor", number)

    (problem,) = read.problems
    assert problem[:2] == (2, "统一社会信用代码")
    assert "后几位已经丢失" in problem[2]


def _with_number() -> bytes:
    target = io.BytesIO()
    with xlsxwriter.Workbook(target) as book:
        page = book.add_worksheet()
        page.write_row(0, 0, ["名称或姓名", "统一社会信用代码"])
        page.write_row(1, 0, ["山西甲有限公司", 911401051234567890])
    return target.getvalue()


def test_file_without_the_headings_is_told_which(edition: Edition) -> None:
    read = lists.preview(edition, "winners", xlsx(["公司", "金额"], ["甲", "1"]))

    assert read.problems == [
        (1, "表头", "没有找到表头“获奖单位”“项目名称”“年份”，请下载模板，把内容填入模板后再上传。")
    ]


def test_template_can_be_filled_in_and_read(edition: Edition) -> None:
    for key, kind in lists.kinds(edition).items():
        read = lists.preview(edition, key, SimpleUploadedFile("模板.xlsx", lists.template(kind)))

        assert (read.problems, len(read.rows)) == ([], len(kind.samples))


def test_repeated_rows_are_named_and_come_in_once(edition: Edition, qianjin: User) -> None:
    bring(edition, "words", qianjin, WORDS, ["甲"])

    read = lists.preview(edition, "words", xlsx(WORDS, ["乙"], ["Ａ"], ["a"], ["甲"]))

    assert read.notes == [
        (4, "词语", "与第3行重复，只导入一次。"),
        (5, "词语", "名单中已有：“名单.xlsx”第2行。导入后两处都有效。"),
    ]
    assert [row.name for row in read.rows] == ["乙", "Ａ", "甲"]


def test_day_that_is_both_worked_and_free_is_a_problem(edition: Edition) -> None:
    read = lists.preview(
        edition, "holidays", xlsx(["日期", "类型"], ["2026-10-01", "休息日"], ["2026-10-01", "工作日"])
    )

    assert read.problems == [(3, "类型", "与第2行是同一天，类型却不同，请核对。")]


def test_same_file_is_brought_in_once_until_it_is_undone(edition: Edition, qianjin: User) -> None:
    file = xlsx(WORDS, ["甲"])
    batch = lists.bring_in(edition, "words", file, actor=qianjin, source="")

    with pytest.raises(WrongState, match="已于"):
        lists.bring_in(edition, "words", file, actor=qianjin, source="")
    lists.undo(batch, actor=qianjin)
    again = lists.bring_in(edition, "words", file, actor=qianjin, source="")

    assert [row.batch for row in ListEntry.objects.filter(live=True)] == [again]


def test_undo_is_for_who_imported_and_for_the_chief(
    edition: Edition, qianjin: User, sunli: User, zhaolei: User
) -> None:
    other = make_user("officer-2", "周洁", role=roles.OFFICER)
    first = bring(edition, "words", qianjin, WORDS, ["甲"])
    second = bring(edition, "words", qianjin, WORDS, ["乙"])

    for person in (other, zhaolei):
        with pytest.raises(NotAllowed):
            lists.undo(first, actor=person)
    lists.undo(first, actor=qianjin)
    lists.undo(second, actor=sunli)

    assert live(edition, "words") == []
    assert [row.undone_by for row in ListImport.objects.order_by("id")] == [qianjin, sunli]
    with pytest.raises(WrongState):
        lists.undo(first, actor=qianjin)
    assert AuditEvent.objects.filter(verb="list.undone").count() == 2


def test_stranger_brings_nothing_in(edition: Edition, zhaolei: User) -> None:
    with pytest.raises(NotAllowed):
        bring(edition, "words", zhaolei, WORDS, ["甲"])
    with pytest.raises(NotAllowed):
        lists.keep(edition, "words", xlsx(WORDS, ["甲"]), actor=zhaolei, source="")


def test_other_apps_learn_of_every_change(
    edition: Edition, qianjin: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[tuple[str, str]] = []
    monkeypatch.setattr(
        list_changed, "_functions", {"test": lambda edition, kind: told.append((edition.slug, kind))}
    )

    lists.undo(bring(edition, "words", qianjin, WORDS, ["甲"]), actor=qianjin)

    assert told == [(edition.slug, "words")] * 2


def test_only_the_previewed_bytes_come_in_and_only_once(edition: Edition, qianjin: User, sunli: User) -> None:
    kept = lists.keep(edition, "words", xlsx(WORDS, ["甲"]), actor=qianjin, source="网站")

    with pytest.raises(WrongState, match="不一致"):
        lists.confirm(kept, actor=qianjin, digest="0" * 64)
    with pytest.raises(NotAllowed):
        lists.confirm(kept, actor=sunli, digest=kept.sha256)
    batch = lists.confirm(kept, actor=qianjin, digest=kept.sha256)

    assert (batch.sha256, batch.source, batch.count) == (kept.sha256, "网站", 1)
    with pytest.raises(WrongState, match="已经导入或已过期"):
        lists.confirm(kept, actor=qianjin, digest=kept.sha256)


def test_file_is_kept_encrypted_and_for_a_day(edition: Edition, qianjin: User) -> None:
    number = resident_id(74)
    file = xlsx(["名称或姓名", "证件号码"], ["张三", number])
    kept = lists.keep(edition, "judgment_debtor", file, actor=qianjin, source="")
    with connection.cursor() as cursor:
        cursor.execute("SELECT content FROM competition_listupload")
        assert ":" in cursor.fetchone()[0][:20]  # a key's id, then what nobody can read

    assert lists.discard_old() == 0
    ListUpload.objects.filter(pk=kept.pk).update(at=kept.at - timedelta(days=1, seconds=1))
    with pytest.raises(WrongState):
        lists.confirm(kept, actor=qianjin, digest=kept.sha256)

    assert lists.discard_old() == 1
    assert not ListUpload.objects.exists()


@pytest.mark.slow
def test_twenty_thousand_rows_come_in_within_half_a_minute(edition: Edition, qianjin: User) -> None:
    rows = [[f"山西示例{number}有限公司", credit_code(number)] for number in range(20_000)]
    file = xlsx(["名称或姓名", "统一社会信用代码"], *rows)
    began = time.monotonic()

    batch = lists.bring_in(edition, "judgment_debtor", file, actor=qianjin, source="")

    assert batch.count == ListEntry.objects.filter(batch=batch).count() == 20_000
    assert time.monotonic() - began < 30


@pytest.mark.rule("R89")
def test_imported_days_count_the_last_import_first(edition: Edition, qianjin: User, sunli: User) -> None:
    day = date(2026, 10, 8)
    bring(edition, "holidays", qianjin, ["日期", "类型"], [day, "工作日"])
    last = bring(edition, "holidays", qianjin, ["日期", "类型", "依据"], [day, "休息日", "更正"])
    corrected = lists.imported_days(edition)

    lists.undo(last, actor=sunli)

    assert (corrected, lists.imported_days(edition)) == ({day: False}, {day: True})
