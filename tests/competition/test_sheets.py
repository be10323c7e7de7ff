"""Excel files: read with suspicion, written without formulas. Every file is a real one, made here."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
import xlsxwriter
from django.core.files.uploadedfile import SimpleUploadedFile
from python_calamine import CalamineWorkbook

from competition.errors import Invalid
from competition.sheets import Sheet, read_rows, workbook
from competition.sheets.child import text_of

WORKSHEET = "xl/worksheets/sheet1.xml"


def file_of(data: bytes, name: str = "名单.xlsx") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, data)


def made(fill: Callable[[xlsxwriter.Workbook], None]) -> bytes:
    """A file as Excel users make them."""
    target = io.BytesIO()
    with xlsxwriter.Workbook(target) as book:
        fill(book)
    return target.getvalue()


def altered(**parts: bytes) -> bytes:
    """A plain file with further parts, or parts in the place of its own."""
    plain = zipfile.ZipFile(io.BytesIO(workbook([Sheet("甲", ["名称"], [["一"]])])))
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in plain.namelist():
            if name not in parts:
                archive.writestr(name, plain.read(name))
        for name, data in parts.items():
            archive.writestr(name, data)
    return target.getvalue()


def sentence(data: bytes, name: str = "名单.xlsx", most_rows: int = 100) -> str:
    with pytest.raises(Invalid) as refused:
        read_rows(file_of(data, name), most_rows=most_rows)
    return refused.value.problems["file"]


def test_workbook_keeps_text_as_text_and_numbers_and_dates_as_such() -> None:
    instant = datetime(2025, 7, 18, 10, 0, tzinfo=UTC)
    row = ["=1+1", "+86", "-3", "@a", "https://example.org", "91140105MA00000001", 7, Decimal("0.5"), True]
    data = workbook([Sheet("甲/乙", ["列"] * 12, [[*row, date(2025, 7, 18), instant, None]])])

    sheet = CalamineWorkbook.from_filelike(io.BytesIO(data)).get_sheet_by_name("甲 乙")
    assert sheet.to_python()[1] == [
        *row[:6], 7.0, 0.5, "是", date(2025, 7, 18), datetime(2025, 7, 18, 18, 0), "",  # noqa: DTZ001 - cells have no zone
    ]  # fmt: skip
    xml = zipfile.ZipFile(io.BytesIO(data)).read(WORKSHEET).decode()
    assert "<f>" not in xml
    assert "hyperlink" not in xml
    assert 'state="frozen"' in xml
    assert "<autoFilter" in xml


def test_workbook_writes_a_number_beyond_fifteen_digits_as_text() -> None:
    data = workbook([Sheet("甲", ["号码"], [[911401051234567890]])])

    assert read_rows(file_of(data)) == [["号码"], ["911401051234567890"]]


def test_rows_read_as_people_see_them() -> None:
    def fill(book: xlsxwriter.Workbook) -> None:
        page = book.add_worksheet("甲")
        page.merge_range(0, 0, 0, 2, "合并的标题")
        page.write_row(2, 0, ["镕喆䶮𠮷（集团）", 2024, 91140105])
        page.write_formula(3, 0, "=1+2", None, 3)
        page.write_formula(3, 1, '=A1&"x"', None, "存下的值")
        page.write_number(3, 2, 911401051234567890)
        page.write_datetime(4, 0, date(2025, 10, 1), book.add_format({"num_format": "yyyy/m/d"}))
        page.write_number(4, 1, 0.25)
        book.add_worksheet("乙").write(0, 0, "不读")

    rows = read_rows(file_of(made(fill)))

    assert rows == [
        ["合并的标题"],
        [],
        ["镕喆䶮𠮷（集团）", "2024", "91140105"],
        ["3", "存下的值", "9.114011E+17"],
        ["2025-10-01", "0.25"],
    ]


def test_hidden_sheets_are_passed_over() -> None:
    def fill(book: xlsxwriter.Workbook) -> None:
        hidden, shown = book.add_worksheet("甲"), book.add_worksheet("乙")
        hidden.write(0, 0, "藏")
        shown.write(0, 0, "见")
        shown.activate()
        shown.set_first_sheet()
        hidden.hide()

    assert read_rows(file_of(made(fill))) == [["见"]]


def test_cell_text_holds_nothing_that_the_database_refuses() -> None:
    assert text_of("a\x00b\u202e\ud800 ") == "ab"


def test_number_of_rows_is_limited() -> None:
    data = workbook([Sheet("甲", ["名称"], [[str(one)] for one in range(20)])])

    assert "超过10行" in sentence(data, most_rows=10)


@pytest.mark.parametrize(
    ("data", "name", "words"),
    [
        (b"", "名单.xlsx", "空文件"),
        ("名称,代码\n一,二".encode("gbk"), "名单.xlsx", "不是可接受的文件类型"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "名单.xlsx", "旧版（xls）或加密"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "名单.xls", "另存为"),
        (b"PK\x03\x04" + bytes(100), "名单.xlsx", "不是可接受的文件类型"),
        (b"%PDF-1.7", "名单.xlsx", "不是可接受的文件类型"),
        (altered(**{"xl/vbaProject.bin": b"macro"}), "名单.xlsx", "含有宏"),
        (altered(**{"xl/externalLinks/externalLink1.xml": b"<x/>"}), "名单.xlsx", "引用了其他文件"),
        (altered(**{WORKSHEET: b"<worksheet"}), "名单.xlsx", "已损坏"),
        (altered(**{"xl/workbook.xml": b"<workbook"}), "名单.xlsx", "已损坏"),
        (b"PK\x03\x04" + bytes(10 * 1024 * 1024), "名单.xlsx", "超过 10 MB"),
        (workbook([Sheet("甲", [], [])]), "名单.xlsx", "空的"),
        (workbook([Sheet("甲", ["名称"], [])]), "名单.xlsm", "扩展名"),
    ],
    ids=[
        "empty", "text", "xls renamed", "xls", "no zip", "pdf", "macro", "link", "broken sheet",
        "broken book", "large", "nothing", "xlsm",
    ],
)  # fmt: skip
def test_hostile_file_is_refused_with_a_sentence(data: bytes, name: str, words: str) -> None:
    assert words in sentence(data, name)


def test_file_that_unpacks_to_too_much_is_refused() -> None:
    assert "过大" in sentence(altered(**{"xl/media/a.bin": bytes(201 * 1024 * 1024)}))


def test_file_that_lies_about_its_unpacked_size_is_refused() -> None:
    bomb = bytearray(altered(**{WORKSHEET: b"<worksheet><sheetData>" + b" " * (190 * 1024 * 1024)}))
    listing = zipfile.ZipFile(io.BytesIO(bytes(bomb)))
    true_size = listing.getinfo(WORKSHEET).file_size.to_bytes(4, "little")
    lie = bytes(bomb).replace(true_size, (100).to_bytes(4, "little"))

    assert sentence(lie)


def test_sheet_whose_corners_are_far_apart_is_refused() -> None:
    far = b"""<?xml version="1.0"?><worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">
    <sheetData><row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>1</v></c></row>
    </sheetData></worksheet>"""

    assert "过大" in sentence(altered(**{WORKSHEET: far}))
