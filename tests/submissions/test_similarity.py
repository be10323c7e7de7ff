"""How much of one text stands in another."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from submissions.similarity import Passage, common_share, passages, runs, sample

ONE = "汇聚矿井瓦斯、水文、人员定位等多源数据，建立统一的数据资源目录和共享交换机制。"
TWO = "平台面向文旅行业，提供客流预测、资源调度与服务评价三类能力，服务全省重点景区。"


@pytest.mark.rule("R82")
def test_copied_passage_is_marked_where_it_stands() -> None:
    copied = "我们的做法是：" + ONE + "此外还有自己的内容。"

    parts = passages(copied, runs([ONE]))

    assert parts == (
        Passage("我们的做法是：", False),
        Passage(ONE[:-1], True),
        Passage("。此外还有自己的内容。", False),
    )


def test_width_spaces_and_punctuation_do_not_hide_a_copy() -> None:
    hidden = " ".join(ONE.replace("，", "、"))

    assert common_share(passages(hidden, runs([ONE]))) == 1.0


def test_turns_of_phrase_do_not_count() -> None:
    parts = passages("数据资源目录和共享" + TWO, runs([ONE]))

    assert common_share(parts) == 0.0


def test_other_text_has_nothing_in_common() -> None:
    assert common_share(passages(TWO, runs([ONE]))) == 0.0
    assert set(sample([TWO])) & set(sample([ONE])) == set()


def test_nothing_has_no_share() -> None:
    assert common_share(passages("", runs([ONE]))) == 0.0
    assert list(sample([""])) == []


@given(st.text(), st.text())
def test_passages_joined_are_the_text(text: str, other: str) -> None:
    parts = passages(text, runs([other]))

    assert "".join(part.text for part in parts) == text
    assert all(one.common != two.common for one, two in pairwise(parts))


@given(st.text(min_size=13, alphabet=st.characters(min_codepoint=0x4E00, max_codepoint=0x9FA5)))
def test_every_text_stands_in_itself(text: str) -> None:
    assert common_share(passages(text, runs([text]))) == 1.0
