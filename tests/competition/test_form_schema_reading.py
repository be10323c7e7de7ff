"""A form.yaml that does not add up is refused with every sentence, never with a traceback."""

from __future__ import annotations

import copy
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from competition.declaration import EditionProblems, Node, Problems
from competition.form_schema import form_from, read_form
from tests.competition.filled import FOLDER

RAW: dict[str, Any] = yaml.safe_load((FOLDER / "form.yaml").read_text(encoding="utf-8"))
ODD = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=6) | st.dates(),
    lambda inside: (
        st.lists(inside, max_size=3)
        | st.dictionaries(st.one_of(st.text(max_size=6), st.booleans(), st.integers()), inside, max_size=3)
    ),
    max_leaves=10,
)


def problems_of(raw: Any) -> list[str]:
    problems = Problems()
    form_from(Node(raw, "form.yaml", problems))
    return problems.sentences


def real() -> dict[str, Any]:
    return copy.deepcopy(RAW)


def with_field(**changes: Any) -> dict[str, Any]:
    """The smallest form, with one field."""
    field = {"key": "one", "label": "一", "type": "text", **changes}
    return {
        "title": "表",
        "scan": {"label": "扫描件", "accept": ["pdf"], "max_mb": 1},
        "sections": [{"key": "s", "title": "部分", "part": "一", "heading": "一", "fields": [field]}],
    }


PLACE = "form.yaml → sections[1] → fields[1]"
CHOICES = [{"a": "甲"}, {"b": "乙"}]


def test_read_form_accepts_the_smallest_form() -> None:
    assert problems_of(with_field()) == []


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"key": "Nö"}, f"{PLACE}：键“Nö”只能由小写字母、数字和单个下划线组成，以字母开头。"),
        ({"label": ""}, f"{PLACE} → label：缺少文字。"),
        ({"label": 7}, f"{PLACE} → label：应是文字（必要时加引号）。"),
        ({"blind": "sometimes"}, f"{PLACE} → blind：“sometimes”不是可用的值；可用的是show、mask、hide。"),
        ({"max_chars": 0}, f"{PLACE} → max_chars：应不小于1，现为0。"),
        ({"max_chars": "500"}, f"{PLACE} → max_chars：应是整数。"),
        ({"required": "yes"}, f"{PLACE} → required：应是 true 或 false。"),
        ({"lable": "一"}, f"{PLACE}：不认识的键“lable”。"),
        ({"show_if": {"field": "two", "is": ["a"]}}, f"{PLACE}：条件中没有名为“two”的同级字段。"),
        (
            {"show_if": {"field": "one"}},
            f"{PLACE} → show_if：应写 is（取值列表）或 positive: true 中的一个。",
        ),
        ({"type": "choices", "choices": CHOICES, "max": 3}, f"{PLACE}：最多3项，而选项有2个、最少0项。"),
        (
            {"type": "choices", "choices": CHOICES, "max": 1, "min": 2},
            f"{PLACE}：最多1项，而选项有2个、最少2项。",
        ),
        ({"type": "choices", "choices": CHOICES, "exclusive": ["c"]}, f"{PLACE}：没有选项“c”。"),
        ({"type": "choice", "choices": [{"a": "甲"}, {"a": "乙"}]}, f"{PLACE}：选项“a”重复。"),
        ({"type": "choice", "choices": []}, f"{PLACE} → choices：列表不能为空。"),
        ({"type": "choice"}, f"{PLACE} → choices：应是列表。"),
        ({"type": "number", "min_value": 2, "max_value": 1}, f"{PLACE}：最大值1小于最小值2。"),
        ({"type": "number", "not_above": "two"}, f"{PLACE}：没有名为“two”的同级字段。"),
        (
            {"type": "file", "accept": [".PDF"], "max_mb": 1},
            f"{PLACE} → accept：“.PDF”不是文件扩展名（小写，不带点）。",
        ),
        (
            {"type": "block", "fields": [{"key": "a", "label": "甲", "type": "tick"}], "one_of": ["b"]},
            f"{PLACE}：没有名为“b”的分项。",
        ),
        (
            {
                "type": "table",
                "row_label": "行",
                "min_rows": 3,
                "max_rows": 2,
                "fields": [{"key": "a", "label": "甲", "type": "text"}],
            },
            f"{PLACE}：最多2行，少于最少3行。",
        ),
    ],
)
def test_read_form_says_exactly_what_does_not_add_up(changes: dict[str, Any], sentence: str) -> None:
    problems = problems_of(with_field(**changes))

    assert problems == [sentence]


def test_read_form_names_every_problem_at_once() -> None:
    raw = real()
    raw["sections"][0]["fields"][3]["blind"] = "perhaps"
    raw["sections"][1]["fields"][0]["choices"] = "政府"
    raw["sections"][2]["key"] = "project"
    raw["sections"][3]["fields"][0]["fields"].append({"key": "org_name", "label": "再来", "type": "text"})

    problems = problems_of(raw)

    assert problems == [
        "form.yaml → sections[1] → fields[4] → blind：“perhaps”不是可用的值；可用的是show、mask、hide。",
        "form.yaml → sections[2] → fields[1] → choices：应是列表。",
        "form.yaml → sections[4] → fields[1] → fields[13]：字段“org_name”重复。",
        "form.yaml → sections[3]：部分“project”重复。",
    ]


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("a: [1", "不是有效的 YAML"),
        ("title: 一\ntitle: 二", "“title”写了两次"),
        ("a: &x [1]\nb: *x", "不能使用别名（*）"),
        ("- 1", "最外层应是“键: 值”的形式。"),
        ("", "最外层应是“键: 值”的形式。"),
        ("a: 2025-02-31", "其中有无法读取的值"),
        ("? [1]\n: 2", "不是有效的 YAML"),
        ("a: !!python/object:os.system x", "不是有效的 YAML"),
        ("[" * 5000, "form.yaml："),
    ],
)
def test_read_form_of_broken_yaml_says_so(tmp_path: Path, text: str, sentence: str) -> None:
    file = tmp_path / "form.yaml"
    file.write_text(text, encoding="utf-8")

    with pytest.raises(EditionProblems) as refused:
        read_form(file)

    assert sentence in refused.value.problems[0]
    assert refused.value.problems[0].startswith("form.yaml：")


def test_read_form_of_no_file_or_no_text_says_so(tmp_path: Path) -> None:
    (tmp_path / "latin.yaml").write_bytes(b"title: \xe9\xff")

    for name, sentence in (("none.yaml", "文件不存在。"), ("latin.yaml", "文件不能按 UTF-8 读取。")):
        with pytest.raises(EditionProblems) as refused:
            read_form(tmp_path / name)
        assert refused.value.problems[0] == f"{name}：{sentence}"


@settings(deadline=None)
@given(ODD)
def test_read_form_never_stumbles_over_odd_values(raw: Any) -> None:
    problems = problems_of(raw if isinstance(raw, dict) else {"sections": raw})

    assert problems


@settings(deadline=None)
@given(st.data())
def test_read_form_never_stumbles_over_one_odd_value_in_the_real_form(data: st.DataObject) -> None:
    raw = real()
    place: Any = raw
    while True:
        keys = list(place) if isinstance(place, dict) else list(range(len(place)))
        key = data.draw(st.sampled_from(keys))
        inside = place[key]
        if not isinstance(inside, (dict, list)) or not inside or data.draw(st.booleans()):
            break
        place = inside
    place[key] = data.draw(ODD)

    assert isinstance(problems_of(raw), list)
