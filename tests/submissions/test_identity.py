"""Words that tell who an entry is by: found in any width, case and spacing; common words are left alone."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from submissions.identity import HIDDEN, Finder, Word, names_of_unit, words_of

UNIT = "山西晋云瀚海科技有限公司"
REGISTRATION = {
    "team": {"name": "晋云先锋队", "members": [{"name": "王芳"}, {"name": "欧阳明远"}]},
    "units": [
        {
            "name": UNIT,
            "parent_name": "华夏云海集团有限公司",
            "credit_code": "91140105MA0000001X",
            "address": "山西省太原市小店区学府街1号",
            "contact": "张敏",
        }
    ],
}
PRIVATE = {
    "members": {"1": {"document_number": "140105190101010015", "mobile": "13800138001"}},
    "units": {"7": "0351-4012345"},
}
FINDER = Finder(words_of(REGISTRATION, PRIVATE, ["lihua@jinyunhanhai.cn", "lihua@qq.com"]))


@pytest.mark.rule("R16")
@pytest.mark.parametrize(
    ("text", "kind"),
    [
        (UNIT, "参赛单位名称"),
        ("山西 晋云瀚海\n科技有限公司", "参赛单位名称"),
        ("晋云瀚海", "参赛单位名称"),
        ("晋云先锋", "团队名称"),
        ("华夏云海", "母公司名称"),
        ("王 芳", "团队成员姓名"),
        ("欧阳明远", "团队成员姓名"),
        ("张敏", "单位联系人"),
        ("９１１４０１０５ｍａ０００００01x", "统一社会信用代码"),
        ("138 0013 8001", "手机号码"),
        ("03514012345", "联系电话"),
        ("0351）4012345", "联系电话"),
        ("1401051901010-10015", "证件号码"),
        ("JinYunHanHai.CN", "邮箱域名"),
        ("晉雲瀚海", "参赛单位名称"),
        ("晋<b>云瀚</b>海", "参赛单位名称"),
        ("晋云，瀚海科技", "参赛单位名称"),
        ("一三八〇〇一三八〇〇一", "手机号码"),
        ("jіnyunhаnhai", "邮箱域名"),
        ("someone@other.org", "电子邮箱"),
        ("https://other.org/a", "网址"),
        ("13999999999", "手机号码"),
        ("学府街1号", ""),
    ],
)
def test_words_are_found_however_they_are_written(text: str, kind: str) -> None:
    found = FINDER.find(f"前{text}后")

    assert [leak.kind for leak in found[:1]] == ([kind] if kind else [])
    assert FINDER.mask(f"前{text}后").startswith(f"前{HIDDEN}" if kind else "前学府街")


def test_the_longest_word_wins_and_places_are_those_of_the_text() -> None:
    text = f"由{UNIT}与王芳承担"

    found = FINDER.find(text)

    assert [(leak.words, text[leak.start : leak.end]) for leak in found] == [(UNIT, UNIT), ("王芳", "王芳")]
    assert FINDER.mask(text) == f"由{HIDDEN}与{HIDDEN}承担"


@pytest.mark.parametrize(
    ("name", "forms"),
    [
        ("山西煤矿安全技术有限公司", ["山西煤矿安全技术有限公司"]),
        ("山西省大数据中心", ["山西省大数据中心", "山西大数据中心"]),
        ("太原理工大学", ["太原理工大学", "太原理工大", "太原理工"]),
        (
            "山西省农业大学",
            ["山西省农业大学", "山西农业大学", "山西省农业大", "山西农业大", "山西省农大", "山西农大"],
        ),
        ("太原市第二人民医院", ["太原市第二人民医院", "太原第二人民医院", "太原市二院", "太原二院"]),
        (
            "中国移动通信集团山西有限公司",
            ["中国移动通信集团山西有限公司", "中国移动通信集团山西", "中国移动通信", "中国移动"],
        ),
        ("太原重工股份有限公司", ["太原重工股份有限公司", "重工股份有限公司", "太原重工"]),
        (
            UNIT,
            [UNIT, "晋云瀚海科技有限公司", "山西晋云瀚海科技", "晋云瀚海科技", "晋云瀚海", "山西晋云瀚海"],
        ),
        ("", []),
    ],
)
def test_short_forms_are_names_and_no_common_words(name: str, forms: list[str]) -> None:
    assert names_of_unit(name) == forms


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("由王教授带队", f"由{HIDDEN}带队"),
        ("感谢欧阳总的支持", f"感谢{HIDDEN}的支持"),
        ("张经理说", f"{HIDDEN}说"),
        ("主张总体规划", "主张总体规划"),
        ("由张总体负责", "由张总体负责"),
    ],
)
def test_people_are_called_by_surname_and_title(text: str, masked: str) -> None:
    assert FINDER.mask(text) == masked


def test_names_that_are_common_words_count_by_themselves_alone() -> None:
    finder = Finder(
        words_of({"team": {"name": "甲乙丙队", "members": [{"name": "高峰"}]}, "units": []}, {}, [])
    )

    assert finder.mask("由高峰负责，用电高峰时段") == f"由{HIDDEN}负责，用电高峰时段"


def test_a_brand_of_two_characters_counts_beside_the_words_of_a_unit() -> None:
    finder = Finder([Word("参赛单位名称", form) for form in names_of_unit("山西晋云科技有限公司")])
    words = words_of(
        {
            "team": {"name": "甲乙丙队", "members": []},
            "units": [
                {"name": "山西晋云科技有限公司", "credit_code": "", "address": "", "contact": ""},
            ],
        },
        {},
        [],
    )

    assert finder.mask("晋云平台") == "晋云平台"
    assert (
        Finder(words).mask("晋云平台，晋云公司，“晋云”，三晋云海")
        == f"{HIDDEN}，{HIDDEN}，“{HIDDEN}”，三晋云海"
    )


def test_parts_of_a_persons_name_and_of_latin_words_are_left_alone() -> None:
    finder = Finder([Word("团队名称", "Data"), Word("团队成员姓名", "王芳")])

    assert finder.mask("Database 王先生 芳香 data") == f"Database 王先生 芳香 {HIDDEN}"


@given(st.text(max_size=60), st.text(max_size=60))
def test_masking_keeps_the_rest_and_leaves_nothing_to_find(before: str, after: str) -> None:
    masked = FINDER.mask(f"{before}。{UNIT}。{after}")

    assert UNIT not in masked
    assert FINDER.mask(masked) == masked or HIDDEN in masked
    for leak in FINDER.find(masked):
        assert leak.words != UNIT
