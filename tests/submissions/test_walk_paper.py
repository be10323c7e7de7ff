"""Every field, choice, unit, cap and guide of form.yaml is on paper, in the workbook and in the comparison."""

from __future__ import annotations

import copy
import io
import re
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from pypdf import PdfReader

from competition.form_schema import Field, FormSchema, Section, read_form
from competition.form_schema.comparing import Version, compare
from competition.form_schema.tabulating import Book, tabulate
from submissions.comparison import compare_contents, version_of
from submissions.facts import Facts
from submissions.pdf import document
from submissions.pdf.layout import blank_sheet, sheet_of
from tests.fixtures import EDITION_FOLDER
from tests.submissions.full import full_content

SCHEMA: FormSchema = read_form(Path(EDITION_FOLDER) / "form.yaml")
CONTENT, PRIVATE = full_content(SCHEMA, cases=2, patents=2, pending=True)
NAMED = SimpleNamespace(name="2025年“数据要素×”大赛山西分赛")


def plain(text: str) -> str:
    return re.sub(r"\s", "", text)


def text_of(body: bytes) -> str:
    """The document's text without white space and without what stands at the foot of every page."""
    pages = [plain(page.extract_text()) for page in PdfReader(io.BytesIO(body)).pages]
    return "".join(pages)


def every_field() -> Iterator[tuple[Section, Field]]:
    for section in SCHEMA.sections:
        for field in section.fields:
            for one in field.walk():
                yield section, one


FIELDS = [
    pytest.param(section, field, id=f"{section.key}-{at}-{field.key}")
    for at, (section, field) in enumerate(every_field())
]


@pytest.fixture(scope="module")
def blank() -> str:
    body, _ = document._render(blank_sheet(SCHEMA), {"edition": NAMED, "blank": True})
    return text_of(body)


@pytest.fixture(scope="module")
def filled() -> str:
    sheet = sheet_of(SCHEMA, CONTENT, Facts(CONTENT["registration"], PRIVATE))
    facts = {"reference": "E000042", "number": 2, "sha256": "0" * 64, "date": None}
    body, _ = document._render(sheet, {"edition": NAMED, **facts})
    return text_of(body)


@pytest.fixture(scope="module")
def book() -> Book:
    return tabulate(SCHEMA)


@pytest.mark.rule("R78")
@pytest.mark.parametrize(("section", "field"), FIELDS)
def test_field_is_in_the_blank_form(section: Section, field: Field, blank: str) -> None:
    label = plain(field.label)

    assert label in blank
    assert plain(field.guide) in blank
    if field.unit and f"（{field.unit}）" not in field.label:
        assert re.search(re.escape(label) + "：?" + re.escape(plain(field.unit)), blank) or field.unit in (
            "万元",
            "月",
            "%",
        )


@pytest.mark.rule("R78")
@pytest.mark.parametrize(
    ("section", "field"), [one for one in FIELDS if one.values[1].choices and not one.values[1].source]
)
def test_choices_have_boxes_in_the_blank_form(section: Section, field: Field, blank: str) -> None:
    listed = field.style == "select"
    missing = [one.label for one in field.choices if not listed and f"☐{plain(one.label)}" not in blank]

    assert missing == []
    assert [group for group in field.groups if plain(group) not in blank] == []


@pytest.mark.rule("R104")
def test_caps_are_in_the_blank_form(blank: str) -> None:
    capped = [field for _, field in every_field() if field.max_chars and field.kind in ("textarea", "block")]
    missing = [
        f"{field.label} {field.max_chars}"
        for field in capped
        if not re.search(rf"{re.escape(plain(field.label))}（限{field.max_chars}字）", blank)
        and f"{field.max_chars}字" not in plain(field.guide)
    ]

    assert missing == []
    assert [one.heading for one in SCHEMA.sections if plain(one.heading) not in blank] == []
    assert [one.guide for one in SCHEMA.sections if plain(one.guide) not in blank] == []
    assert all(f"限{one.max_chars}字" in one.heading for one in SCHEMA.sections if one.max_chars)


def leaves(value: Any) -> Iterator[str]:
    """Every text that somebody typed."""
    if isinstance(value, dict):
        for key, inner in value.items():
            if key != "_id":
                yield from leaves(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from leaves(inner)
    elif isinstance(value, str) and len(value) > 20 and not value.isascii():
        yield value


@pytest.mark.parametrize("at", range(len(CONTENT["sections"])))
def test_what_was_typed_is_printed_to_its_last_character(at: int, filled: str) -> None:
    typed = list(leaves(CONTENT["sections"][at]["answers"]))
    lines = [plain(line) for text in typed for line in text.splitlines()]

    assert [line[-24:] for line in lines if line[-24:] not in filled] == []
    assert [line[:24] for line in lines if line[:24] not in filled] == []


def test_file_on_its_way_is_printed_as_such(filled: str) -> None:
    video = next(file for file in CONTENT["attachments"] if file.get("pending"))

    assert f"{video['name']}（上传中，声明的校验值{video['sha256'][:16]}…）" in filled


def keys_below(fields: tuple[Field, ...], prefix: str) -> Iterator[str]:
    """Where every single answer stands: 'market.data_sources.public.kinds'."""
    for field in fields:
        own = f"{prefix}.{field.key}"
        if field.kind in ("block", "table"):
            yield from keys_below(field.fields, own)
        else:
            yield own
            for choice in field.choices:
                yield from keys_below(choice.details, f"{own}.{choice.key}")


@pytest.mark.parametrize("section", SCHEMA.sections, ids=lambda one: one.key)
def test_each_field_has_its_column_in_the_workbook(section: Section, book: Book) -> None:
    columns = {column.key for table in book.tables for column in table.columns}
    texts = {text.key for _, _, texts in book.sections for text in texts}
    texts |= {text.key for table in book.tables for text in table.texts}

    wanted = list(keys_below(section.fields, section.key))

    assert [key for key in wanted if key not in columns] == []
    long = {f"{section.key}.{field.key}" for field in section.fields if field.kind == "textarea"}
    assert long <= texts


def test_workbook_holds_every_answer_of_a_full_form(book: Book) -> None:
    rows = list(book.rows(version_of(CONTENT)))

    cells = "\n".join(str(cell) for _, row in rows for cell in row)
    typed = [text for one in CONTENT["sections"] for text in leaves(one["answers"])]
    assert [text[:40] for text in typed if text not in cells] == []
    lengths = {(len(row), len(book.tables[at].labels)) for at, row in rows}
    assert all(one == other for one, other in lengths)


def places(answers: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """The path of every single answer."""
    if isinstance(answers, dict):
        for key, inner in answers.items():
            if key != "_id":
                yield from places(inner, (*path, key))
    elif isinstance(answers, list) and answers and isinstance(answers[0], dict):
        for at, inner in enumerate(answers):
            yield from places(inner, (*path, at))
    else:
        yield path


PLACES = [
    pytest.param(at, path, id=f"{one['key']}-{'.'.join(map(str, path))}")
    for at, one in enumerate(CONTENT["sections"])
    if one["unit"] in (None, 1) and one["key"] != "attachments"
    for path in places(one["answers"])
]


@pytest.mark.rule("R71")
@pytest.mark.parametrize(("at", "path"), PLACES)
def test_each_answer_that_goes_is_one_difference_or_more(at: int, path: tuple[Any, ...]) -> None:
    after = copy.deepcopy(CONTENT)
    answers: Any = after["sections"][at]["answers"]
    for step in path[:-1]:
        answers = answers[step]
    del answers[path[-1]]

    changes = compare_contents(SCHEMA, CONTENT, after)

    assert changes
    assert {one.place.partition("/")[0].partition("@")[0] for one in changes} == {
        CONTENT["sections"][at]["key"]
    }


def test_equal_contents_have_no_differences() -> None:
    assert compare_contents(SCHEMA, CONTENT, copy.deepcopy(CONTENT)) == []
    assert compare(SCHEMA, Version({}), Version({})) == []
