"""Draws: a vector computed with sha256sum, commitments that bind, and records that can be checked."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from judging.draws import Called, Draw, DrawRefused, commitment_of, hold, list_hash_of, lot, problems

SECRET = "a5" * 32
COMMITMENT = "6eaea290aba480e118080ad627adff12fee3152d396b1f90807c6b527d4ac91f"
ITEMS = ("参赛项目甲", "参赛项目乙", "C")
CALLED = (Called("太原乘数队", 17), Called("监督员钱进", 42))

lists = st.lists(
    st.text(st.characters(exclude_categories=["Cs", "Cc", "Z"]), min_size=1),
    min_size=2,
    max_size=20,
    unique=True,
)
secrets = st.binary(min_size=32, max_size=32).map(bytes.hex)
numbers = st.integers(0, 999_999)


def drawn(items: tuple[str, ...] = ITEMS, called: tuple[Called, ...] = CALLED, secret: str = SECRET) -> Draw:
    return hold(items, commitment=commitment_of(secret), secret=secret, called=called)


@pytest.mark.rule("R28")
def test_draw_agrees_with_the_published_commands() -> None:
    """Every value was computed with printf and sha256sum as the module describes."""
    draw = hold(ITEMS, commitment=COMMITMENT, secret=SECRET, called=CALLED)

    assert draw == Draw(
        items=ITEMS,
        list_hash="de113a4eade78ff40ce73fcf9306bbea26b9bae827709268be4b266b8335c181",
        commitment=COMMITMENT,
        secret=SECRET,
        called=CALLED,
        seed="effe85f8ea247fda34f7031b17121b7924934b84703888f6b6b3869ff0b87a1d",
        order=("C", "参赛项目乙", "参赛项目甲"),
    )
    assert lot(draw.seed, "C") == "7c291740ee5ca1cb90de1af28131b04d5c3f9b0c11c61304e9b77450f49d3201"
    assert problems(draw) == []


@pytest.mark.rule("R28")
@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"secret": "b" * 64}, "密钥与事先公布的摘要不符，不能抽签。"),
        ({"secret": "A5" * 32}, "密钥应为64位十六进制数字（小写）。"),
        ({"called": CALLED[:1]}, "应由至少2名不同的参赛队或见证人各报一个数。"),
        ({"called": (CALLED[0], CALLED[0])}, "应由至少2名不同的参赛队或见证人各报一个数。"),
        ({"called": (CALLED[0], Called(" ", 1))}, "应由至少2名不同的参赛队或见证人各报一个数。"),
        ({"called": (CALLED[0], Called("b", -1))}, "所报的数应在0至999999之间。"),
        ({"items": ("甲",)}, "抽签名单至少应有两项。"),
        ({"items": ("甲", "甲")}, "抽签名单中有重复的项目。"),
        ({"items": ("甲", "乙\n丙")}, "抽签名单中有空白项目或换行。"),
        ({"list_hash": "0" * 64}, "名单的摘要与公布的不一致。"),
        ({"seed": "0" * 64}, "种子与公布的不一致。"),
        ({"order": ITEMS}, "抽签顺序与按种子计算的不一致。"),
    ],
)
def test_changed_record_is_found_out(change: dict[str, object], sentence: str) -> None:
    draw = drawn()

    assert problems(replace(draw, **change)) == [sentence]  # type: ignore[arg-type]


def test_draw_with_another_secret_is_refused() -> None:
    with pytest.raises(DrawRefused, match="摘要不符"):
        hold(ITEMS, commitment=COMMITMENT, secret="b" * 64, called=CALLED)


def test_list_hash_depends_on_the_published_order() -> None:
    assert list_hash_of(ITEMS) != list_hash_of(ITEMS[::-1])


def test_draw_is_plain_data() -> None:
    data = drawn().as_data()

    assert json.loads(json.dumps(data)) == data
    assert list(data["lots"].values()) == sorted(data["lots"].values())


@pytest.mark.rule("R28")
@given(lists, secrets, numbers, numbers)
def test_draw_is_a_permutation_and_can_be_repeated(
    items: list[str], secret: str, one: int, other: int
) -> None:
    called = (Called("a", one), Called("b", other))

    draw = drawn(tuple(items), called, secret)

    assert sorted(draw.order) == sorted(items)
    assert drawn(tuple(items), called, secret) == draw
    assert problems(draw) == []


@given(lists, secrets, numbers, numbers, numbers)
def test_every_number_called_changes_the_seed(
    items: list[str], secret: str, one: int, other: int, instead: int
) -> None:
    first = drawn(tuple(items), (Called("a", one), Called("b", other)), secret)
    second = drawn(tuple(items), (Called("a", one), Called("b", instead)), secret)

    assert (first.seed == second.seed) == (other == instead)


def test_each_item_is_first_about_equally_often() -> None:
    firsts = [drawn(("甲", "乙", "丙", "丁"), (Called("a", n), CALLED[1])).order[0] for n in range(4000)]

    assert all(850 < firsts.count(item) < 1150 for item in ("甲", "乙", "丙", "丁"))
