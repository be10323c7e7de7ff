"""What a score sheet adds up to, the trimmed mean, and how scores are shown."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from competition.edition_schema import RoundData, read_edition
from judging.scoring import (
    Mean,
    Policy,
    Sheet,
    criterion_mean,
    items,
    mark_problems,
    mean,
    sheet,
    shortage,
    shown,
    total_mean,
)

EDITION = read_edition(Path(__file__).parents[2] / "competition" / "editions" / "shanxi-2025")
PRELIMINARY, FINAL = EDITION.rounds
#: Marks of the preliminary that add up to 84.25.
MARKS = {
    "data_basis": "18", "route": "12.5", "governance": "8", "innovation": "11", "security": "4.75",
    "effects.needs": "4", "effects.quality": "7", "effects.benefit": "6",
    "business.promotion": "8", "business.sustainability": "5",
}  # fmt: skip
hundredths = st.decimals(0, 100, places=2)


def marked(**changes: str) -> dict[str, Decimal]:
    """The marks; a part's key is written with two underscores."""
    changed = {key.replace("__", "."): value for key, value in changes.items()}
    return {key: Decimal(value) for key, value in {**MARKS, **changed}.items()}


@pytest.mark.rule("R18")
def test_items_are_criteria_and_parts_worth_a_hundred() -> None:
    lines = items(PRELIMINARY)

    assert [item.key for item in lines] == list(MARKS)
    assert lines[6].criterion == "effects" and lines[6].source == "effects.quality"
    for one in (PRELIMINARY, FINAL):
        assert sum(item.points for item in items(one)) == 100
    assert items(FINAL)[-1].key == "presentation"


@pytest.mark.rule("R18")
def test_sheet_adds_up_exactly() -> None:
    result = sheet(PRELIMINARY, marked())

    assert result.total == Decimal("84.25")
    assert result.criteria == {
        "data_basis": Decimal(18), "route": Decimal("12.5"), "governance": Decimal(8),
        "innovation": Decimal(11), "security": Decimal("4.75"), "effects": Decimal(17), "business": Decimal(13),
    }  # fmt: skip


@pytest.mark.parametrize(
    ("changes", "problems"),
    [
        ({}, {}),
        ({"route": "15"}, {}),
        ({"route": "0"}, {}),
        ({"route": "1.50000"}, {}),
        ({"route": "15.01"}, {"route": "“技术路线”应在0至15分之间。"}),
        ({"route": "-0.01"}, {"route": "“技术路线”应在0至15分之间。"}),
        ({"route": "NaN"}, {"route": "“技术路线”应在0至15分之间。"}),
        ({"effects__needs": "4.005"}, {"effects.needs": "“需求痛点”最多保留2位小数。"}),
        ({"effects": "4"}, {"effects": "评分表中没有“effects”这一项。"}),
    ],
)
def test_marks_are_checked_item_by_item(changes: dict[str, str], problems: dict[str, str]) -> None:
    assert mark_problems(PRELIMINARY, marked(**changes)) == problems


def test_incomplete_sheet_is_refused() -> None:
    marks = marked()
    del marks["route"]

    assert mark_problems(PRELIMINARY, marks) == {"route": "请为“技术路线”评分。"}
    with pytest.raises(ValueError, match="技术路线"):
        sheet(PRELIMINARY, marks)


@pytest.mark.rule("R18")
@pytest.mark.parametrize(
    ("values", "value", "dropped"),
    [
        ([80, 90, 85], Fraction(85), []),
        ([80, 90, 85, 86], Fraction(341, 4), []),
        ([0, 80, 90, 85, 100], Fraction(85), [0, 100]),
        ([80, 80, 80, 90, 90], Fraction(250, 3), [80, 90]),
    ],
)
def test_mean_drops_extremes_from_five_on(values: list[int], value: Fraction, dropped: list[int]) -> None:
    result = mean(map(Decimal, values))

    assert (result.value, list(result.dropped)) == (value, dropped)


def test_mean_of_nothing_is_refused() -> None:
    with pytest.raises(ValueError):
        mean([])
    with pytest.raises(ValueError):
        mean([Decimal(1), Decimal(2)], drop_extremes_from=2)


def test_score_and_criterion_drop_their_own_extremes() -> None:
    totals, effects = ("90", "80", "85", "70", "95"), ("10", "20", "15", "18", "16")
    sheets = [
        Sheet(Decimal(total), {"effects": Decimal(part)}) for total, part in zip(totals, effects, strict=True)
    ]

    assert total_mean(sheets, Policy()).value == 85
    assert criterion_mean(sheets, "effects", Policy()) == Mean(
        Fraction(49, 3), (Decimal(15), Decimal(16), Decimal(18)), (Decimal(10), Decimal(20))
    )


@pytest.mark.rule("R18")
def test_too_few_sheets_are_said_in_words() -> None:
    assert shortage(3, Policy()) == ""
    assert shortage(2, Policy()) == "有效评分表2份，少于3份，不能排名。"


def test_policy_reads_the_edition() -> None:
    assert Policy.from_settings(EDITION.settings["scoring"]) == Policy(2, 5, 3, ("effects", "data_basis"))


@pytest.mark.parametrize(
    ("value", "places", "text"),
    [
        (Fraction(250, 3), 2, "83.33"),
        (Fraction(86785, 1000), 2, "86.79"),
        (Fraction(867849, 10000), 2, "86.78"),
        (Fraction(5, 1000), 2, "0.01"),
        (Decimal("84.995"), 2, "85.00"),
        (Fraction(1, 2), 0, "1"),
        (Fraction(-1, 200), 2, "-0.01"),
        (Fraction(-1, 1000), 2, "0.00"),
    ],
)
def test_scores_are_rounded_half_up_to_show(value: Fraction, places: int, text: str) -> None:
    assert shown(value, places) == text


@pytest.mark.rule("R18")
@given(st.lists(hundredths, min_size=1, max_size=9), st.randoms(use_true_random=False))
def test_mean_lies_within_its_values_in_any_order(values: list[Decimal], random: Random) -> None:
    result = mean(values)

    assert min(values) <= result.value <= max(values)
    assert sorted([*result.used, *result.dropped]) == sorted(values)
    assert len(result.dropped) == (2 if len(values) >= 5 else 0)
    assert mean(random.sample(values, len(values))) == result


@given(st.lists(hundredths, min_size=5, max_size=9), hundredths)
def test_one_extreme_sheet_moves_the_mean_only_within_the_others(values: list[Decimal], odd: Decimal) -> None:
    others, result = sorted(values)[1:], mean([*sorted(values)[1:], odd])

    assert others[0] <= result.value <= others[-1]


@given(st.sampled_from([PRELIMINARY, FINAL]), st.data())
def test_every_complete_sheet_is_between_nought_and_a_hundred(round_: RoundData, data: st.DataObject) -> None:
    marks = {item.key: data.draw(st.decimals(0, item.points, places=2)) for item in items(round_)}

    result = sheet(round_, marks)

    assert 0 <= result.total <= 100
    assert result.total == sum(marks.values()) == sum(result.criteria.values())


@given(st.fractions(0, 100))
def test_what_is_shown_is_at_most_half_a_hundredth_off(value: Fraction) -> None:
    off = Fraction(shown(value)) - value

    assert -Fraction(1, 200) < off <= Fraction(1, 200)
