"""What the form refuses, and what it lets pass; with the real form of annex 2."""

from __future__ import annotations

import pytest

from competition.form_schema import MISSING, OVER, WARNING, FlatPost, Problem
from tests.competition.filled import FORM, Values, filled, section


def check(key: str, values: Values, *, complete: bool = True, nature: str = "private") -> list[Problem]:
    one = section(key)
    answers = one.parse(FlatPost(values))
    files = {slot.key for slot in one.slots(answers)}
    return one.check(answers, complete=complete, files=files, derived={"unit.nature": nature})


def sentences(problems: list[Problem]) -> dict[str, str]:
    return {problem.path: problem.sentence for problem in problems}


@pytest.mark.rule("R79")
@pytest.mark.parametrize("key", [one.key for one in FORM.sections])
def test_check_of_a_filled_section_finds_nothing(key: str) -> None:
    problems = check(key, filled(key))

    assert [problem for problem in problems if problem.blocking] == []


@pytest.mark.rule("R79")
def test_check_of_a_draft_does_not_ask_for_what_is_missing() -> None:
    drafts = [one.check({}, complete=False) for one in FORM.sections]
    complete = [one.check({}, complete=True) for one in FORM.sections]

    assert drafts == [[] for _ in FORM.sections]
    assert all(any(problem.kind == MISSING for problem in problems) for problems in complete)


CAPS = [
    ("overview", "background", 500),
    ("overview", "scene", 500),
    ("overview", "advantage", 1000),
    ("solution", "data_basis", 3000),
    ("solution", "governance", 3000),
    ("solution", "innovation", 3000),
    ("solution", "security", 3000),
    ("project", "summary", 1000),
    ("team", "team_intro", 2000),
    ("units", "intro", 300),
    ("units", "capability", 600),
    ("cases", "cases-0-needs", 200),
    ("cases", "cases-0-scene", 300),
    ("cases", "cases-0-effect", 200),
]


@pytest.mark.rule("R104")
@pytest.mark.parametrize(("key", "name", "cap"), CAPS)
def test_check_holds_a_cap_to_the_character(key: str, name: str, cap: int) -> None:
    full = check(key, {**filled(key), name: "字 " * cap})
    over = check(key, {**filled(key), name: "字 " * cap + "字"}, complete=False)

    assert [problem for problem in full if problem.blocking] == []
    assert [(problem.path, problem.sentence, problem.kind) for problem in over if problem.blocking] == [
        (name, f"已写{cap + 1}字，上限为{cap}字，请删去1字。", OVER)
    ]


@pytest.mark.rule("R104")
@pytest.mark.parametrize(
    ("key", "path", "names", "cap"),
    [
        ("solution", "route", ["route-architecture", "route-functions", "route-performance"], 4000),
        ("effects", "needs", ["needs", "quality", "benefit"], 5000),
        ("business", "promotion", ["promotion", "sustainability"], 5000),
    ],
)
def test_check_sums_the_parts_of_a_common_cap(key: str, path: str, names: list[str], cap: int) -> None:
    parts = dict.fromkeys(names, "字")
    full = check(key, {**filled(key), **parts, names[0]: "字" * (cap - len(names) + 1)})
    over = check(key, {**filled(key), **parts, names[0]: "字" * (cap - len(names) + 2)})

    assert full == []
    assert sentences(over) == {path: f"各部分合计已写{cap + 1}字，上限为{cap}字，请删去1字。"}


@pytest.mark.parametrize(
    ("key", "name", "most"),
    [
        ("market", "data_sources", 2),
        ("market", "product_types", 2),
        ("market", "value_goals", 3),
        ("results", "deployment", 2),
        ("results", "charging", 2),
    ],
)
def test_check_caps_choices_at_the_top_level(key: str, name: str, most: int) -> None:
    field = next(one for one in section(key).fields if one.key == name)
    ticked = [choice.key for choice in field.choices[: most + 1]]
    extra: Values = {
        f"{name}__{choice}__kinds": ["own", "client", "holder"]
        if choice == "enterprise"
        else ["open", "shared", "authorised"]
        for choice in ("public", "enterprise")
        if name == "data_sources"
    }

    allowed = check(key, {**filled(key), **extra, name: ticked[:most]})
    refused = check(key, {**filled(key), **extra, name: ticked}, complete=False)

    assert allowed == []
    assert sentences(refused) == {name: f"最多选{most}项，现已选{most + 1}项，请取消1项。"}


def test_check_asks_for_the_kinds_of_a_ticked_source_only() -> None:
    problems = check("market", {**filled("market"), "data_sources": ["enterprise", "personal"]})

    assert sentences(problems) == {"data_sources__enterprise__kinds": "请选择。"}


@pytest.mark.parametrize(
    ("values", "path", "sentence"),
    [
        ({"bandwidth-amount": "5", "bandwidth-none": "1"}, "bandwidth", "“带宽”与“不涉及”只能填写其中一项。"),
        ({"bandwidth-amount": ""}, "bandwidth", "请在“带宽”与“不涉及”中填写一项。"),
        ({"cross_volume": "-1"}, "cross_volume", "不能小于0。"),
        ({"cross_volume": "12abc"}, "cross_volume", "“12abc”不是数字，请只填数字，例如 12.5。"),
        (
            {"modelling": "large_model", "modelling__large_model__name": ""},
            "modelling__large_model__name",
            "请填写。",
        ),
        ({"aggregation-form": "other"}, "aggregation-form__other__text", "请填写。"),
        ({"service_targets": ["moon"]}, "service_targets", "“moon”不是可选项，请从列表中选择。"),
    ],
)
def test_check_of_the_market_section_says_what_is_wrong(values: Values, path: str, sentence: str) -> None:
    problems = check("market", {**filled("market"), **values})

    assert sentences(problems) == {path: sentence}


def test_check_holds_percentages_together_to_a_hundred() -> None:
    ticked: Values = {
        "trade_forms": ["contract", "subscription"],
        "trade_forms__contract__percent": "60",
        "trade_forms__subscription__percent": "40",
        "trade_forms__exchange__percent": "50",
    }

    fits = check("market", {**filled("market"), **ticked})
    over = check("market", {**filled("market"), **ticked, "trade_forms__subscription__percent": "40.1"})
    single = check("market", {**filled("market"), **ticked, "trade_forms__subscription__percent": "101"})

    assert fits == []
    assert sentences(over) == {"trade_forms": "各项占比合计为100.1%，不能超过100%。"}
    assert sentences(single)["trade_forms__subscription__percent"] == "不能大于100。"


def test_check_warns_of_customers_that_do_not_add_up_and_lets_them_pass() -> None:
    right: Values = {"customers-total": "5", "customers-government-national": "2", "customers-small": "3"}

    adds_up = check("application", {**filled("application"), **right})
    differs = check("application", {**filled("application"), **right, "customers-total": "6"})

    assert adds_up == []
    assert [(problem.path, problem.kind, problem.blocking) for problem in differs] == [
        ("customers", WARNING, False)
    ]
    assert differs[0].sentence == "各分项合计为5，与总数6不一致，请核对；确认无误可以保留。"


@pytest.mark.rule("R101")
def test_check_takes_any_number_of_industries_from_the_list_only() -> None:
    codes = [choice.key for choice in section("application").fields[1].choices]

    every = check("application", {"customers-total": "0", "industries": codes})
    wrong = check("application", {"customers-total": "0", "industries": ["011", "01", "0111"]})

    assert len(codes) == 473
    assert every == []
    assert sentences(wrong) == {"industries": "“01”不是行业中类，请从列表中选择。"}


@pytest.mark.rule("R65")
def test_check_asks_for_at_least_one_case() -> None:
    problems = check("cases", {})

    assert sentences(problems) == {"cases": "请至少填写1个案例，现有0个。"}


@pytest.mark.rule("R102")
def test_check_takes_cases_up_to_the_technical_ceiling() -> None:
    def rows(count: int) -> Values:
        one = filled("cases")
        return {
            name.replace("-0-", f"-{index}-", 1): value
            for index in range(count)
            for name, value in one.items()
        }

    full = check("cases", rows(200))
    over = check("cases", rows(201))

    assert full == []
    assert sentences(over) == {"cases": "最多填写200个案例，现有201个。"}


@pytest.mark.parametrize(
    ("values", "path", "sentence"),
    [
        ({"cases-0-org_type": "enterprise"}, "cases-0-ent_size", "请选择。"),
        ({"cases-0-period-start": "2024-05"}, "cases-0-period-end", "不能早于“开始”（2024-05）。"),
        ({"cases-0-period-end": "以后"}, "cases-0-period-end", "“以后”不是年月，请按 2024-03 的样子填写。"),
        ({"cases-0-payback": "1.5"}, "cases-0-payback", "请填整数。"),
        ({"cases-0-industry": "999"}, "cases-0-industry", "“999”不是行业中类，请从列表中选择。"),
        ({"cases-0-province": "999999"}, "cases-0-province", "“999999”不是可选项，请从列表中选择。"),
    ],
)
def test_check_of_a_case_says_what_is_wrong(values: Values, path: str, sentence: str) -> None:
    problems = check("cases", {**filled("cases"), **values})

    assert sentences(problems) == {path: sentence}
    assert problems[0].field_label.startswith("案例1 · ")


@pytest.mark.rule("R81")
def test_check_asks_for_a_proof_or_the_reason_why_there_is_none() -> None:
    attachments = section("attachments")

    missing = sentences(attachments.check({}, complete=True))
    excused = attachments.check({"ip_proof__na": "项目不涉及知识产权"}, complete=True)
    given = attachments.check({}, complete=True, files={"attachments.ip_proof"})

    assert missing == dict.fromkeys(
        ["project_qualification", "case_proof", "ip_proof"], "请上传，或说明不适用的理由。"
    )
    assert "ip_proof" not in sentences(excused) | sentences(given)


@pytest.mark.rule("R83")
def test_check_never_asks_for_other_material() -> None:
    asked = sentences(section("attachments").check({}, complete=True))

    assert {"slides", "video", "manual", "anonymous"} & set(asked) == set()


@pytest.mark.rule("R66", "R103")
@pytest.mark.parametrize(
    ("values", "found"),
    [
        ({}, 0),
        ({"effects-stock-cost-management": "0", "effects-growth-orders": "-3"}, 0),
        ({"effects-stock-cost-management": "5"}, 1),
        ({"effects-social-region-province": "1", "effects-social-region-city": "4"}, 1),
        ({"effects-social-standards-national": "1", "effects-social-standards-group": "2"}, 1),
    ],
)
def test_check_counts_indicators_with_something_in_them(values: Values, found: int) -> None:
    post = {name: value for name, value in filled("results").items() if not name.startswith("effects-")}

    problems = check("results", {**post, **values})

    assert sentences(problems) == {"effects": f"请至少填写2项（数值大于0或有文字说明），现有{found}项。"}


@pytest.mark.rule("R66", "R103")
@pytest.mark.parametrize(
    "values",
    [
        {"effects-stock-cost-management": "5", "effects-stock-cost-labour": "0.1"},
        {"effects-stock-cost-management": "5", "effects-social-other": "带动就业"},
        {"effects-social-region-city": "1", "effects-social-standards-local": "1"},
    ],
)
def test_check_is_content_with_two_indicators(values: Values) -> None:
    post = {name: value for name, value in filled("results").items() if not name.startswith("effects-")}

    problems = check("results", {**post, **values})

    assert problems == []


def test_check_lets_profit_be_negative_but_not_income() -> None:
    values: Values = {"gross_profit-y2024": "-12.5", "income-y2024": "-1"}

    problems = check("results", {**filled("results"), **values})

    assert sentences(problems) == {"income-y2024": "不能小于0。"}


@pytest.mark.parametrize(
    ("values", "path", "sentence"),
    [
        ({"rd": "10", "rd_ai": "10.01"}, "rd_ai", "不能大于“2024年数据技术研发投入（万元）”（10）。"),
        ({"data_use-std_ratio": "100.5"}, "data_use-std_ratio", "不能大于100。"),
        ({"data_use-compute": ["own", "none"]}, "data_use-compute", "“无需算力”不能与其他选项同时选择。"),
        (
            {
                "data_use-products-total": "1",
                "data_use-products-listed": "2",
                "data_use-products-exchange": "某所",
            },
            "data_use-products-listed",
            "不能大于“数据产品数量”（1）。",
        ),
        (
            {"data_use-products-listed": "1", "data_use-products-exchange": ""},
            "data_use-products-exchange",
            "请填写。",
        ),
        ({"founded": "2019-02-30"}, "founded", "“2019-02-30”不是日期，请按 2019-07-01 的样子填写。"),
        ({"data_use-llm": "yes", "data_use-llm__yes__name": ""}, "data_use-llm__yes__name", "请填写。"),
    ],
)
def test_check_of_a_unit_says_what_is_wrong(values: Values, path: str, sentence: str) -> None:
    problems = check("units", {**filled("units"), **values})

    assert sentences(problems) == {path: sentence}


def test_check_asks_a_company_for_its_size_and_nobody_else() -> None:
    values = {**filled("units"), "size": ""}

    company, university = check("units", values, nature="central"), check("units", values, nature="academy")

    assert sentences(company) == {"size": "请选择。"}
    assert university == []
