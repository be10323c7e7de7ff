"""Drafts as people really change them: typed beside the box, pasted, tracked, from another edition."""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any

import pytest
from lxml import etree

from competition.form_schema import ROW_ID
from submissions.places import Place
from submissions.word import merged
from submissions.word.comparing import CLEARS, DROPS, NEW, REPLACES, WRONG
from submissions.word.document import printed_texts
from submissions.word.placing import MOST_ROWS, MOST_STRAYS, place
from tests.submissions.answers import complete
from tests.submissions.word import (
    W,
    body_of,
    changes,
    control,
    form,
    laid,
    reading,
    type_into,
    with_body,
    with_part,
    written,
)

SCHEMA = form()
SECTIONS = {one.key: one for one in SCHEMA.sections}
Change = Callable[[Any], None]


def draft(section: str, before: dict[str, Any], change: Change, *, blank: bool = False) -> bytes:
    """A document with a section's answers after somebody worked on it."""
    document = written(SCHEMA, {section: before}, blank=blank)
    tree = body_of(document)
    change(tree)
    return with_body(document, tree)


def states(section: str, before: dict[str, Any], change: Change, *, blank: bool = False) -> dict[str, str]:
    """The states of everything that the document would change."""
    found = changes(SCHEMA, draft(section, before, change, blank=blank), {section: before})
    return {key.partition(":")[2]: one.state for key, one in found.items()}


def typing(tag: str, text: str) -> Change:
    """Somebody types into a control."""
    return lambda tree: type_into(tree, tag, text)


def test_empty_field_is_filled_at_once_and_a_full_one_asks() -> None:
    before = {"scene": "旧场景"}

    found = changes(
        SCHEMA,
        draft(
            "overview",
            before,
            lambda tree: (
                type_into(tree, "overview/background", "新背景"),
                type_into(tree, "overview/scene", "新场景"),
            ),
        ),
        {"overview": before},
    )

    assert {one.key: (one.state, one.ticked, one.now, one.then) for one in found.values()} == {
        "background": (NEW, True, "", "新背景"),
        "scene": (REPLACES, False, "旧场景", "新场景"),
    }


def test_emptied_field_is_said_and_not_proposed() -> None:
    def clear(tree: Any) -> None:
        for text in control(tree, "overview/scene").iter(f"{W}t"):
            text.text = ""

    found = changes(SCHEMA, draft("overview", {"scene": "旧"}, clear), {"overview": {"scene": "旧"}})

    assert [(one.key, one.state, one.ticked) for one in found.values()] == [("scene", CLEARS, False)]


def test_blank_form_takes_nothing_away() -> None:
    before = complete(SECTIONS["market"])

    found = changes(SCHEMA, written(SCHEMA, {}, blank=True), {"market": before})

    assert found == {}


@pytest.mark.parametrize(
    ("typed", "state", "value"),
    [
        ("３００", NEW, "300"),
        ("12.5GB", NEW, "12.5"),
        ("1,200 gb", NEW, "1200"),
        ("＿＿12＿＿", NEW, "12"),
        ("约十二", WRONG, "约十二"),
        ("12TB", WRONG, "12TB"),
        ("-1", WRONG, "-1"),
    ],
)
def test_numbers_are_understood_as_people_write_them(typed: str, state: str, value: str) -> None:
    found = changes(SCHEMA, draft("market", {}, typing("market/cross_volume", typed)), {})

    (one,) = found.values()
    assert (one.key, one.state, one.then.removesuffix(" GB")) == ("cross_volume", state, value)


@pytest.mark.parametrize("mark", ["√", "☑", "■", "✓", "✔", "☒", "V"])
def test_ticks_are_understood_as_people_type_them(mark: str) -> None:
    found = changes(SCHEMA, draft("market", {}, typing("market/service_targets=enterprise", mark)), {})

    assert [one.then for one in found.values()] == ["企业"]


def test_tick_typed_behind_the_label_counts() -> None:
    def tick(tree: Any) -> None:
        following = control(tree, "market/service_targets=government").getnext()
        next(following.iter(f"{W}t")).text = "政府√"

    found = changes(SCHEMA, draft("market", {}, tick), {})

    assert [one.then for one in found.values()] == ["政府"]


def test_two_ticks_where_one_is_asked_are_not_guessed() -> None:
    def tick(tree: Any) -> None:
        type_into(tree, "market/aggregation-scope=inside", "☑")
        type_into(tree, "market/aggregation-scope=across", "☑")

    (one,) = changes(SCHEMA, draft("market", {}, tick), {}).values()

    assert (one.state, one.takeable, one.then) == (WRONG, False, "企业内、跨企业")
    assert one.sentences == ("勾选了2项，只能选一项。",)


def test_chosen_label_and_unknown_label() -> None:
    assert states("project", {}, typing("project/project_source", "北京市")) == {"project_source": NEW}
    assert states("project", {}, typing("project/project_source", "火星")) == {"project_source": WRONG}


def test_industry_is_found_by_code_or_name() -> None:
    document = draft("application", {}, typing("application/industries", "谷物种植；061"))

    (one,) = [
        one for key, one in changes(SCHEMA, document, {}).items() if key.startswith("application:industries")
    ]

    assert [part.split(" ")[0] for part in one.then.split("、")] == ["011", "061"]


def test_too_long_text_may_come_in_and_is_named() -> None:
    (one,) = changes(SCHEMA, draft("overview", {}, typing("overview/background", "长" * 501)), {}).values()

    assert (one.state, one.over, one.sentences) == (NEW, True, ("已写501字，上限为500字，请删去1字。",))


def test_text_typed_under_an_empty_box_is_offered_and_not_taken_at_once() -> None:
    def beside(tree: Any) -> None:
        sdt = control(tree, "overview/background")
        sdt.addnext(etree.fromstring(f'<w:p xmlns:w="{W[1:-1]}"><w:r><w:t>写在框外的背景</w:t></w:r></w:p>'))

    (one,) = changes(SCHEMA, draft("overview", {}, beside), {}).values()

    assert (one.key, one.then, one.guessed, one.ticked) == ("background", "写在框外的背景", True, False)


def test_removed_box_is_found_by_its_label() -> None:
    def remove(tree: Any) -> None:
        sdt = control(tree, "overview/scene")
        text = etree.fromstring(f'<w:p xmlns:w="{W[1:-1]}"><w:r><w:t>删掉框后写的场景</w:t></w:r></w:p>')
        sdt.getparent().replace(sdt, text)

    (one,) = changes(SCHEMA, draft("overview", {}, remove), {}).values()

    assert (one.key, one.then, one.guessed) == ("scene", "删掉框后写的场景", True)


def test_text_that_fits_nowhere_is_kept_for_copying() -> None:
    def note(tree: Any) -> None:
        tree[0].insert(0, etree.fromstring(f'<w:p xmlns:w="{W[1:-1]}"><w:r><w:t>老王请看</w:t></w:r></w:p>'))

    document = draft("overview", {"background": "背景"}, note)

    assert [one.text for one in laid(SCHEMA, document).strays] == ["老王请看"]
    assert changes(SCHEMA, document, {"overview": {"background": "背景"}}) == {}


def test_deleted_text_is_gone_and_inserted_text_counts() -> None:
    def track(tree: Any) -> None:
        content = control(tree, "overview/background").find(f"{W}sdtContent")
        for old in list(content):
            content.remove(old)
        content.append(
            etree.fromstring(
                f'<w:p xmlns:w="{W[1:-1]}"><w:r><w:t>甲</w:t></w:r>'
                '<w:del w:id="1"><w:r><w:delText>乙</w:delText></w:r></w:del>'
                '<w:ins w:id="2"><w:r><w:t>丙</w:t><w:br/><w:t>丁</w:t><w:tab/><w:t>戊</w:t></w:r></w:ins></w:p>'
            )
        )
        hint = control(tree, "overview/background").find(f"{W}sdtPr/{W}showingPlcHdr")
        hint.getparent().remove(hint)

    (one,) = changes(SCHEMA, draft("overview", {}, track), {}).values()

    assert one.then == "甲丙\n丁\t戊"


def test_joined_paragraphs_and_controls_within_controls_read_as_one_text() -> None:
    def nest(tree: Any) -> None:
        content = control(tree, "overview/background").find(f"{W}sdtContent")
        for old in list(content):
            content.remove(old)
        for xml in (
            "<w:p><w:pPr><w:rPr><w:del/></w:rPr></w:pPr><w:sdt><w:sdtContent><w:r><w:t>甲</w:t></w:r>"
            "</w:sdtContent></w:sdt></w:p>",
            "<w:p><w:smartTag><w:r><w:t>乙</w:t></w:r></w:smartTag></w:p>",
        ):
            content.append(etree.fromstring(xml.replace("<w:p>", f'<w:p xmlns:w="{W[1:-1]}">', 1)))

    (one,) = changes(SCHEMA, draft("overview", {}, nest), {}).values()

    assert one.then == "甲乙"


def patents(count: int) -> dict[str, Any]:
    """So many patents."""
    rows = [
        {ROW_ID: f"r{number}", "name": f"专利{number}", "number": f"ZL{number}"}
        for number in range(1, count + 1)
    ]
    return {"ip": {"patents": rows}}


def row_of(tree: Any, tag: str) -> Any:
    """The table row around a control."""
    return next(one for one in control(tree, tag).iterancestors() if one.tag == f"{W}tr")


def test_copied_row_is_a_new_one_and_keeps_no_files() -> None:
    before = patents(2)

    def copy_row(tree: Any) -> None:
        row = row_of(tree, "attachments/ip-patents-r1-name")
        again = copy.deepcopy(row)
        row.addnext(again)
        texts = list(again.iter(f"{W}t"))
        texts[0].text = "复制的专利"

    document = draft("attachments", before, copy_row)
    (one,) = changes(SCHEMA, document, {"attachments": before}).values()
    after = merged(laid(SCHEMA, document).drafts[Place("attachments")], before, [one.key])

    assert (one.label, one.state, one.row_id) == ("新增专利", NEW, "")
    assert after["ip"]["patents"][:2] == before["ip"]["patents"]
    assert after["ip"]["patents"][2] == {ROW_ID: "w3", "name": "复制的专利", "number": "ZL1"}


def test_deleted_row_stays_unless_somebody_says_so() -> None:
    before = patents(2)

    def drop(tree: Any) -> None:
        row = row_of(tree, "attachments/ip-patents-r1-name")
        row.getparent().remove(row)

    document = draft("attachments", before, drop)
    (one,) = changes(SCHEMA, document, {"attachments": before}).values()
    laid_out = laid(SCHEMA, document).drafts[Place("attachments")]

    assert (one.key, one.state, one.ticked) == ("ip-patents@r1", DROPS, False)
    assert merged(laid_out, before, []) == before
    assert [row[ROW_ID] for row in merged(laid_out, before, [one.key])["ip"]["patents"]] == ["r2"]


def test_rows_of_a_blank_form_are_added_once() -> None:
    def write(tree: Any) -> None:
        type_into(tree, "attachments/ip-patents-new1-name", "一种装置")
        type_into(tree, "attachments/ip-patents-new1-number", "ZL9")

    before = patents(1)
    document = draft("attachments", {}, write, blank=True)
    laid_out = laid(SCHEMA, document).drafts[Place("attachments")]
    (one,) = changes(SCHEMA, document, {"attachments": before}).values()
    after = merged(laid_out, before, [one.key])

    assert [row["name"] for row in after["ip"]["patents"]] == ["专利1", "一种装置"]
    assert changes(SCHEMA, document, {"attachments": after}) == {}


def test_rows_above_the_ceiling_are_refused_one_by_one() -> None:
    before = patents(200)

    def copy_row(tree: Any) -> None:
        row = row_of(tree, "attachments/ip-patents-r200-name")
        again = copy.deepcopy(row)
        row.addnext(again)
        next(again.iter(f"{W}t")).text = "第二百零一项"

    (one,) = changes(SCHEMA, draft("attachments", before, copy_row), {"attachments": before}).values()

    assert (one.takeable, one.sentences[0]) == (False, "最多填写200个专利，这一行放不下。")


def test_place_of_an_older_form_is_listed_with_its_text() -> None:
    def older(tree: Any) -> None:
        tag = control(tree, "overview/background").find(f"{W}sdtPr/{W}tag")
        type_into(tree, "overview/background", "旧版才有的一栏")
        tag.set(f"{W}val", "overview/no_longer")

    (one,) = laid(SCHEMA, draft("overview", {}, older)).strays

    assert (one.text, one.old) == ("旧版才有的一栏", True)


def test_what_the_registration_fixed_is_never_read_back() -> None:
    found = changes(SCHEMA, draft("team", {}, typing("=team/team_name", "别的队名")), {"team": {}})

    assert found == {}


def test_copied_box_is_not_lost() -> None:
    def copy_box(tree: Any) -> None:
        type_into(tree, "overview/background", "第一份")
        again = copy.deepcopy(control(tree, "overview/background"))
        control(tree, "overview/advantage").addnext(again)
        next(again.iter(f"{W}t")).text = "第二份"

    document = draft("overview", {}, copy_box)

    assert [one.then for one in changes(SCHEMA, document, {}).values()] == ["第一份"]
    assert [one.text for one in laid(SCHEMA, document).strays] == ["第二份"]


def test_hint_that_was_left_standing_is_no_answer() -> None:
    guide = SECTIONS["overview"].fields[0].guide

    behind = changes(SCHEMA, draft("overview", {}, typing("overview/background", f"{guide}我们的背景")), {})
    alone = changes(SCHEMA, draft("overview", {}, typing("overview/background", guide)), {})

    assert [one.then for one in behind.values()] == ["我们的背景"]
    assert alone == {}


def test_mountains_of_rows_and_texts_are_read_up_to_a_limit() -> None:
    def pile(tree: Any) -> None:
        row = row_of(tree, "attachments/ip-patents-new1-name")
        type_into(tree, "attachments/ip-patents-new1-name", "同一项")
        for _ in range(1_500):
            row.addnext(copy.deepcopy(row))
        for number in range(600):
            tree[0].insert(
                0, etree.fromstring(f'<w:p xmlns:w="{W[1:-1]}"><w:r><w:t>闲话{number}</w:t></w:r></w:p>')
            )

    document = draft("attachments", {}, pile)

    found = laid(SCHEMA, document)
    assert len(found.drafts[Place("attachments")].rows["ip-patents"]) == MOST_ROWS
    assert len(found.strays) == MOST_STRAYS
    assert sum(one.takeable for one in changes(SCHEMA, document, {}).values()) == 200


def test_strict_file_reads_like_any_other() -> None:
    document = draft("overview", {}, typing("overview/background", "严格格式"))
    strict = etree.tostring(body_of(document)).replace(
        W[1:-1].encode(), b"http://purl.oclc.org/ooxml/wordprocessingml/main"
    )

    found = changes(SCHEMA, with_part(document, "word/document.xml", strict), {})

    assert [one.then for one in found.values()] == ["严格格式"]


def test_controls_around_cells_and_rows_are_read() -> None:
    def wrap(tree: Any) -> None:
        type_into(tree, "attachments/ip-patents-new1-name", "一种装置")
        row = row_of(tree, "attachments/ip-patents-new1-name")
        cell = next(one for one in row if one.tag == f"{W}tc")
        for inner in (cell, row):
            outer = etree.fromstring(f'<w:sdt xmlns:w="{W[1:-1]}"><w:sdtPr/><w:sdtContent/></w:sdt>')
            inner.getparent().replace(inner, outer)
            outer[1].append(inner)

    (one,) = changes(SCHEMA, draft("attachments", {}, wrap), {}).values()

    assert [(cell.label, cell.then) for cell in one.cells] == [("专利名称", "一种装置")]


def test_ticks_put_in_as_symbols_count() -> None:
    def symbol(tree: Any) -> None:
        text = next(control(tree, "market/service_targets=consumer").iter(f"{W}t"))
        mark = etree.fromstring(f'<w:sym xmlns:w="{W[1:-1]}" w:font="Wingdings 2" w:char="F052"/>')
        text.getparent().replace(text, mark)

    (one,) = changes(SCHEMA, draft("market", {}, symbol), {}).values()

    assert one.then == "消费者"


def test_deleted_row_of_a_tracked_change_is_gone() -> None:
    def delete(tree: Any) -> None:
        row = row_of(tree, "attachments/ip-patents-r2-name")
        row.insert(0, etree.fromstring(f'<w:trPr xmlns:w="{W[1:-1]}"><w:del w:id="9"/></w:trPr>'))

    (one,) = changes(SCHEMA, draft("attachments", patents(2), delete), {"attachments": patents(2)}).values()

    assert (one.key, one.state) == ("ip-patents@r2", DROPS)


def test_tick_typed_before_the_first_box_counts() -> None:
    def tick(tree: Any) -> None:
        box = control(tree, "market/service_targets=government")
        box.addprevious(etree.fromstring(f'<w:r xmlns:w="{W[1:-1]}"><w:t>√</w:t></w:r>'))

    (one,) = changes(SCHEMA, draft("market", {}, tick), {}).values()

    assert one.then == "政府"


@pytest.mark.parametrize(
    "hint",
    ["单击或点击此处输入文字。", "单击此处输入文字。", "选择一项。", "Click or tap here to enter text."],
)
def test_hint_that_word_puts_into_an_emptied_control_is_no_answer(hint: str) -> None:
    def empty(tree: Any) -> None:
        type_into(tree, "overview/scene", hint)
        control(tree, "overview/scene").find(f"{W}sdtPr").append(
            etree.fromstring(f'<w:showingPlcHdr xmlns:w="{W[1:-1]}"/>')
        )

    assert changes(SCHEMA, draft("overview", {}, empty), {}) == {}


def test_copied_section_of_a_blank_form_is_the_next_unit() -> None:
    document = written(SCHEMA, {}, blank=True)
    tree = body_of(document)
    body = tree[0]
    title = control(tree, "=units.1/unit_title").getparent()
    last = next(one for one in body if "第二部分" in "".join(one.itertext()))
    section = list(body)[list(body).index(title) : list(body).index(last)]
    block = etree.Element("block")
    block.extend(copy.deepcopy(one) for one in section)
    for one, first, second in (
        ("=units.1/unit_title", "乙公司", "甲公司"),
        ("units.1/intro", "乙公司的简介", "甲公司的简介"),
    ):
        type_into(tree, one, first)
        type_into(block, one, second)
    for copied in list(block):
        last.addprevious(copied)

    units = {1: "甲公司", 2: "乙公司"}
    printed = printed_texts(SCHEMA)
    found = place(SCHEMA, reading(with_body(document, tree)), units, printed, own=False)

    intros = {where.unit_id: draft.answers().get("intro") for where, draft in found.drafts.items()}
    assert (intros[1], intros[2]) == ("甲公司的简介", "乙公司的简介")
    assert found.strays == []
