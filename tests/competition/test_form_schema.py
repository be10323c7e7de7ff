"""The form as posted, stored, shown again and read; with the real form of annex 2."""

from __future__ import annotations

import json
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from competition.declaration import Node, Problems
from competition.form_schema import (
    BLANK_INDEX,
    HIDE,
    MASK,
    SHOW,
    Field,
    FlatPost,
    FormSchema,
    Section,
    form_from,
)
from tests.competition.filled import FOLDER, FORM, filled, parsed, section

NAMES = [name for one in FORM.sections for name in one.initial(one.parse(FlatPost(filled(one.key))))] + [
    "cases-3-_id",
    "cases-99999-org_name",
    f"cases-{BLANK_INDEX}-org_name",
    "ip-patents-1-name",
    "csrfmiddlewaretoken",
    "_id",
    "-",
]
POSTS = st.dictionaries(
    st.one_of(st.sampled_from(NAMES), st.text(max_size=20)),
    st.one_of(st.text(max_size=30), st.lists(st.text(max_size=10), max_size=4)),
    max_size=25,
)
JSON_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=10),
    lambda inside: st.lists(inside, max_size=3) | st.dictionaries(st.text(max_size=8), inside, max_size=3),
    max_leaves=8,
)
KEYS = sorted({field.key for one in FORM.sections for field in one.fields})


def every_field(form: FormSchema) -> list[tuple[Section, Field]]:
    return [(one, field) for one in form.sections for top in one.fields for field in top.walk()]


def test_parse_keeps_texts_as_typed_and_makes_numbers_canonical() -> None:
    answers = parsed(
        "market",
        {
            "service_targets": ["government", "enterprise", "government"],
            "cross_volume": "１，２３４.50",
            "bandwidth-amount": "007",
            "trade_forms": ["contract"],
            "trade_forms__contract__percent": "五成",
            "aggregation-form": "other",
            "aggregation-form__other__text": " 遥感\r\n影像 ",
            "update_freq": [""],
        },
    )

    assert answers == {
        "service_targets": ["government", "enterprise"],
        "aggregation": {"form": "other", "form__other__text": " 遥感\n影像 "},
        "cross_volume": "1234.5",
        "bandwidth": {"amount": "7"},
        "trade_forms": ["contract"],
        "trade_forms__contract__percent": "五成",
    }


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("12", "12"),
        ("-0.50", "-0.5"),
        ("+3", "3"),
        ("0", "0"),
        ("-0", "0"),
        ("1,234,567", "1234567"),
        (" 1 000 ", "1000"),
        (".5", "0.5"),
        ("5.", "5"),
        ("12,34", "12,34"),
        ("12abc", "12abc"),
        ("1e5", "1e5"),
        ("NaN", "NaN"),
        ("Infinity", "Infinity"),
        ("1234567890123456789", "1234567890123456789"),
        ("٣", "٣"),
    ],
)
def test_parse_of_a_number_is_canonical_or_as_typed(typed: str, stored: str) -> None:
    answers = parsed("results", {"dev_cost": typed})

    assert answers == {"dev_cost": stored}


@pytest.mark.parametrize(
    ("typed", "stored"),
    [("2024-3", "2024-03"), ("2024年11月", "2024-11"), ("2024/13", "2024/13"), ("去年", "去年")],
)
def test_parse_of_a_month_is_canonical_or_as_typed(typed: str, stored: str) -> None:
    answers = parsed("cases", {"cases-0-period-start": typed})

    assert answers == {"cases": [{"_id": "r1", "period": {"start": stored}}]}


def test_parse_orders_rows_by_their_place_and_keeps_their_ids() -> None:
    answers = parsed(
        "cases",
        {
            "cases-10-org_name": "丙",
            "cases-2-org_name": "乙",
            "cases-2-_id": "r7",
            "cases-0-_id": "k3x",
            "cases-1-org_name": "  ",
            "cases-3-_id": "r7",
            "cases-3-org_name": "乙的影子",
            "cases-4-_id": "<script>",
        },
    )

    assert answers == {
        "cases": [
            {"_id": "k3x"},
            {"_id": "r7", "org_name": "乙"},
            {"_id": "r8", "org_name": "乙的影子"},
            {"_id": "r9", "org_name": "丙"},
        ]
    }


def test_parse_understands_an_industry_by_code_or_name() -> None:
    answers = parsed(
        "application", {"industries": ["011 谷物种植", "651", "气象服务", "０１２", "9999 没有"]}
    )

    assert answers == {"industries": ["011", "651", "741", "012", "9999 没有"]}


def test_parse_drops_what_the_database_cannot_hold() -> None:
    answers = parsed("project", {"summary": "甲\x00乙\ud800丙"})

    assert answers == {"summary": "甲乙丙"}


def test_parse_never_reads_derived_fields() -> None:
    answers = parsed(
        "units",
        {"unit_name": "冒名", "nature": "private", "nature__other__text": "某", "founded": "2019年7月1日"},
    )

    assert answers == {"founded": "2019-07-01"}


def test_initial_shows_again_what_was_typed_wrong() -> None:
    answers = parsed("market", {"cross_volume": "12abc", "data_sources": ["nowhere"], "bandwidth-none": "on"})

    shown = section("market").initial(answers)

    assert shown == {"cross_volume": "12abc", "data_sources": ["nowhere"], "bandwidth-none": "1"}


@settings(deadline=None)
@given(st.sampled_from(FORM.sections), POSTS)
def test_parse_of_any_post_is_stable(one: Section, post: dict[str, str | list[str]]) -> None:
    answers = one.parse(FlatPost(post))

    again = one.parse(FlatPost(one.initial(answers)))

    assert again == answers
    assert one.unknown(answers) == []
    assert json.loads(json.dumps(answers, ensure_ascii=False).encode()) == answers


@settings(deadline=None)
@given(
    st.sampled_from(FORM.sections),
    st.dictionaries(st.sampled_from(KEYS) | st.text(max_size=8), JSON_VALUES, max_size=6),
)
def test_any_stored_answers_can_be_checked_and_shown(one: Section, answers: dict[str, Any]) -> None:
    problems = one.check(answers, complete=True, derived=answers)

    assert all(problem.sentence and problem.path for problem in problems)
    assert all(isinstance(row.plain, str) for row in one.rows(answers, derived=answers))
    assert one.progress(answers).total >= one.progress(answers).done
    assert isinstance(one.initial(answers), dict)


def test_unknown_names_what_the_form_does_not_know() -> None:
    answers = {"cases": [{"_id": "r1", "org_name": "甲", "colour": "红"}], "old": "1"}

    assert section("cases").unknown(answers) == ["cases-0-colour", "old"]


def test_progress_counts_the_required_items_in_order() -> None:
    project = section("project")
    nothing = project.progress({})
    everything = project.progress(project.parse(FlatPost(filled("project"))))
    wrong = project.progress(project.parse(FlatPost({**filled("project"), "summary": "字" * 1001})))

    assert (nothing.done, nothing.total) == (0, 3)
    assert (everything.done, everything.total, everything.complete) == (3, 3, True)
    assert (wrong.done, wrong.total) == (2, 3)


def test_rows_show_ticks_units_and_conditions() -> None:
    answers = parsed(
        "market",
        {
            "cross_volume": "80",
            "data_sources": ["public"],
            "data_sources__public__kinds": ["open", "other"],
            "data_sources__public__kinds__other__text": "气象",
            "data_sources__enterprise__kinds": ["own"],
        },
    )

    rows = {row.field.key: row for row in section("market").rows(answers)}

    assert rows["cross_volume"].text == "80 GB"
    assert rows["data_sources"].plain == "公共数据（公开数据、其他（气象））"
    assert [(tick.label, tick.ticked) for tick in rows["data_sources"].ticks] == [
        ("公共数据", True),
        ("企业数据", False),
        ("个人用户数据", False),
    ]


def test_rows_of_a_table_keep_every_column_and_name_its_files() -> None:
    answers = parsed(
        "cases", {"cases-0-org_name": "甲厂", "cases-0-org_type": "university", "cases-0-ent_size": "large"}
    )

    table = section("cases").rows(answers)[0]

    cells = {cell.field.key: cell for cell in table.records[0].cells}
    assert len(cells) == len(table.columns) == 12
    assert (table.records[0].label, cells["org_type"].plain) == ("案例1", "高校")
    assert cells["ent_size"].blank
    assert cells["contract"].attachment_key == "cases.cases.r1.contract"


def test_rows_show_derived_values_with_their_ticks() -> None:
    derived = {
        "unit.name": "某某科技有限公司",
        "unit.nature": "other",
        "unit.nature.details": {"nature__other__text": "社会团体"},
        "unit.central_sub": "yes",
        "unit.central_sub.details": {"central_sub__yes__parent": "某某集团"},
    }

    rows = {row.field.key: row for row in section("units").rows({}, derived=derived)}

    assert rows["unit_name"].text == "某某科技有限公司"
    assert rows["nature"].plain == "其他（社会团体）"
    assert rows["central_sub"].plain == "是（某某集团）"


def test_slots_follow_the_row_and_not_its_place() -> None:
    answers = parsed("cases", {"cases-0-_id": "r2", "cases-1-_id": "r1"})

    slots = section("cases").slots(answers)

    assert [(slot.key, slot.label) for slot in slots] == [
        ("cases.cases.r2.contract", "案例1 · 合同证明"),
        ("cases.cases.r1.contract", "案例2 · 合同证明"),
    ]


@pytest.mark.parametrize(
    ("key", "label"),
    [
        ("cases.cases.r1.contract", "合同证明"),
        ("attachments.ip.patents.r1.proof", "证明材料"),
        ("attachments.video", "可直观展示参赛项目效果的视频"),
        ("attachments.others", None),
        ("cases.cases.contract", None),
        ("project.summary", None),
        ("nowhere.video", None),
        ("", None),
    ],
)
def test_find_slot_knows_the_keys_of_files(key: str, label: str | None) -> None:
    found = FORM.find_slot(key)

    assert (found[1].label if found else None) == label


def test_bind_gives_a_page_everything_it_needs() -> None:
    market = section("market")
    answers = market.parse(
        FlatPost({"data_sources": ["public", "enterprise", "personal"], "cross_volume": "x"})
    )

    bound = {
        one.field.key: one for one in market.bind(answers, problems=market.check(answers, complete=False))
    }

    assert [option.ticked for option in bound["data_sources"].options] == [True, True, True]
    assert bound["data_sources"].errors[0].sentence == "最多选2项，现已选3项，请取消1项。"
    assert (bound["cross_volume"].value, bound["cross_volume"].id) == ("x", "id_cross_volume")
    assert bound["data_sources"].options[0].details[0].name == "data_sources__public__kinds"
    table = section("cases").bind({})[0]
    assert table.blank_row is not None
    assert table.blank_row.cells[0].name == f"cases-{BLANK_INDEX}-org_name"
    assert table.blank_row.cells[2].show_if_name == f"cases-{BLANK_INDEX}-org_type"


def test_bind_offers_the_default_until_something_is_stored() -> None:
    fresh = {one.field.key: one for one in section("project").bind({})}["project_source"]
    stored = {one.field.key: one for one in section("project").bind({"project_source": "110000"})}[
        "project_source"
    ]

    assert (fresh.value, stored.value) == ("140000", "110000")


def test_digest_is_that_of_the_declaration_and_not_of_the_layout() -> None:
    raw = json.loads(json.dumps(_raw(), sort_keys=True))
    other = json.loads(json.dumps(_raw()))
    other["sections"][0]["fields"][3]["max_chars"] = 999

    same = form_from(Node(raw, "form", Problems()))
    changed = form_from(Node(other, "form", Problems()))

    assert same.digest == FORM.digest != changed.digest


def _raw() -> dict[str, Any]:
    loaded: dict[str, Any] = yaml.safe_load((FOLDER / "form.yaml").read_text(encoding="utf-8"))
    return loaded


@pytest.mark.rule("R16")
def test_blind_flags_hide_whatever_names_somebody() -> None:
    flags = {(one.key, field.key): field.blind for one, field in every_field(FORM)}

    shown_files = [
        field.key for _, field in every_field(FORM) if field.kind == "file" and field.blind != HIDE
    ]
    masked = sorted(key for key, flag in flags.items() if flag == MASK)

    assert shown_files == ["anonymous"]
    assert masked == [("attachments", "number"), ("cases", "org_name")]
    assert {flag for (key, _), flag in flags.items() if key in ("team", "units")} == {HIDE}
    assert {
        flag for (key, _), flag in flags.items() if key in ("overview", "solution", "effects", "business")
    } == {SHOW}
