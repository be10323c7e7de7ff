"""Every cap, condition and choice of form.yaml is checked by the server.

Pages and the Word form are walked in test_walk_pages.py, paper and workbook in test_walk_paper.py. A field that gets
a setting of a new name makes this fail until somebody says here where it shows.
"""

from __future__ import annotations

import dataclasses
from typing import Any

import pytest

from competition.form_schema import Field, Problem
from competition.form_schema.checking import INVALID, MISSING, NA_REASON_CHARS, OVER, RULE, WARNING
from competition.form_schema.fields import NUMBER_KINDS, TEXT_KINDS
from tests.submissions.walking import ASKED, SCHEMA, SPOTS, Spot, put, row, spots, texts_below

OWN = [pytest.param(spot, id=f"{spot.section.key}/{spot.path}") for spot in ASKED]
#: Settings of a field that need no check of their own: what it is called, how it stands, who may see it.
SPOKEN_FOR = {
    "key", "label", "kind", "no", "guide", "blind", "assumed", "rule", "derived", "style", "layout", "source", "default",
    "unit", "row_label", "count_label", "count_unit", "choices", "fields", "show_if", "accept", "one_indicator",
}  # fmt: skip


def having(setting: str) -> Any:
    """Parametrised over the fields that have this setting."""
    CHECKED.add(setting)
    found = [one for one in OWN if getattr(one.values[0].field, setting)]  # type: ignore[union-attr]
    return pytest.mark.parametrize("spot", found)


CHECKED: set[str] = {"max_mb", "max_files"}  # of files: on the page below, and in test_attachments.py


def problems(spot: Spot, answers: dict[str, Any], *, complete: bool = False) -> list[Problem]:
    """What the server says at this field."""
    found = spot.section.check(answers, complete=complete)
    return [one for one in found if one.path == spot.path]


def kinds(spot: Spot, value: Any, *, complete: bool = False) -> list[str]:
    return [one.kind for one in problems(spot, spot.answers((spot.trail, value)), complete=complete)]


# --- the server -------------------------------------------------------------------------------------


@pytest.mark.rule("R104")
@having("max_chars")
def test_cap_holds_to_the_character(spot: Spot) -> None:
    cap = spot.field.max_chars or 0
    places = texts_below(spot) if spot.field.kind == "block" else [spot.trail]
    share, rest = divmod(cap, len(places))
    whole = [(place, "字" * (share + (rest if not at else 0))) for at, place in enumerate(places)]
    more = [(place, text + ("字" if not at else "")) for at, (place, text) in enumerate(whole)]

    said = [[one.kind for one in problems(spot, spot.answers(*values))] for values in (whole, more)]

    assert said == [[], [OVER]]


@pytest.mark.rule("R104")
@pytest.mark.parametrize(
    "section", [one for one in SCHEMA.sections if one.max_chars], ids=lambda one: one.key
)
def test_cap_of_a_section_holds_over_all_its_texts(section: Any) -> None:
    places = [one.trail for one in spots(section) if one.field.kind == "textarea"]
    answers: dict[str, Any] = {}
    for place in places:
        put(answers, place, "字" * (section.max_chars // len(places)))
    put(
        answers,
        places[0],
        "字" * (section.max_chars - (len(places) - 1) * (section.max_chars // len(places))),
    )

    exact = [one for one in section.check(answers, complete=False) if "合计" in one.sentence]
    put(answers, places[-1], "字" * (section.max_chars // len(places) + 1))
    over = [one for one in section.check(answers, complete=False) if "合计" in one.sentence]

    assert (exact, [one.kind for one in over]) == ([], [OVER])


@having("required")
def test_required_field_is_asked_for(spot: Spot) -> None:
    found = problems(spot, spot.answers(*_row_of(spot)), complete=True)

    if spot.field.kind == "block" and not spot.field.one_of:
        assert _asks_inside(spot)
    else:
        assert [one.kind for one in found] == ([] if spot.field.blank_is else [MISSING])


def _row_of(spot: Spot) -> list[tuple[Any, Any]]:
    """An empty cell, so that its row is there; nothing for other fields."""
    return [(spot.trail, "")] if any(isinstance(step, int) for step in spot.trail) else []


def _asks_inside(spot: Spot) -> bool:
    found = spot.section.check(spot.answers(), complete=True)
    return any(one.path.startswith(f"{spot.path}-") or one.path == spot.path for one in found)


@having("required_if")
def test_field_is_asked_for_when_another_says_so(spot: Spot) -> None:
    condition = spot.field.required_if
    assert condition is not None
    other = next(one for one in spot.siblings if one.key == condition.field)
    yes = "1" if condition.positive else condition.values[0]

    asked = [
        [
            one
            for one in spot.section.check(
                spot.answers(*([] if other.derived else [(spot.beside(other.key), value)])),
                complete=True,
                derived={other.derived: value},
            )
            if one.path == spot.path
        ]
        for value in (yes, "0")
    ]

    assert [[one.kind for one in found] for found in asked] == [[MISSING], []]


def test_hidden_field_is_not_looked_at() -> None:
    hidden = [spot for spot in ASKED if spot.field.show_if]
    assert hidden
    for spot in hidden:
        answers: dict[str, Any] = {}
        put(answers, spot.trail, "no such thing")

        assert problems(spot, answers, complete=True) == []
        assert INVALID in kinds(spot, "no such thing")


@pytest.mark.parametrize("spot", [one for one in OWN if one.values[0].field.kind in NUMBER_KINDS])  # type: ignore[union-attr]
def test_number_is_a_number(spot: Spot) -> None:
    least = spot.field.min_value

    assert kinds(spot, "abc") == [INVALID]
    assert kinds(spot, "１，２００" if (spot.field.max_value or 9999) >= 1200 else "１２") == []
    assert (kinds(spot, "1.5") == [INVALID]) == (spot.field.kind == "integer")
    if least is not None:
        assert kinds(spot, str(least - 1)) == [INVALID] and INVALID not in kinds(spot, str(least))


CHECKED.add("min_value")


@having("max_value")
def test_number_is_not_above_its_bound(spot: Spot) -> None:
    most = spot.field.max_value or 0

    assert INVALID not in kinds(spot, str(most)) and kinds(spot, str(most + 1)) == [INVALID]


@pytest.mark.parametrize("spot", [one for one in OWN if one.values[0].field.kind in ("date", "month")])  # type: ignore[union-attr]
def test_date_is_a_date(spot: Spot) -> None:
    good, bad = ("2019-07-01", "2019-02-30") if spot.field.kind == "date" else ("2024-03", "2024-13")

    assert (kinds(spot, good), kinds(spot, bad)) == ([], [INVALID])


@pytest.mark.parametrize("spot", [one for one in OWN if one.values[0].field.choices])  # type: ignore[union-attr]
def test_every_choice_is_known_and_no_other(spot: Spot) -> None:
    several = spot.field.kind == "choices"

    strange = [INVALID in kinds(spot, [one] if several else one) for one in ("", "no such thing")]
    own = [kinds(spot, [one.key] if several else one.key) for one in spot.field.choices]

    assert strange[1] and all(INVALID not in one for one in own)


@having("max_choices")
def test_no_more_choices_than_allowed(spot: Spot) -> None:
    most = spot.field.max_choices or 0
    keys = [one.key for one in spot.field.choices if one.key not in spot.field.exclusive]

    assert OVER not in kinds(spot, keys[:most]) and OVER in kinds(spot, keys[: most + 1])


@having("min_choices")
def test_no_fewer_choices_than_asked(spot: Spot) -> None:
    keys = [one.key for one in spot.field.choices]

    found = [
        kinds(spot, keys[:number], complete=True)
        for number in (spot.field.min_choices - 1, spot.field.min_choices)
    ]

    assert MISSING in found[0] and MISSING not in found[1]


@having("exclusive")
def test_choice_that_stands_alone(spot: Spot) -> None:
    other = next(one.key for one in spot.field.choices if one.key not in spot.field.exclusive)

    for alone in spot.field.exclusive:
        assert RULE in kinds(spot, [alone, other]) and RULE not in kinds(spot, [alone])


@having("details_sum_max")
def test_shares_of_choices_are_no_more_than_the_whole(spot: Spot) -> None:
    shares = [
        (choice.key, key) for choice, detail, key in spot.field.details() if detail.kind in NUMBER_KINDS
    ]
    most = spot.field.details_sum_max or 0

    def said(first: int) -> list[str]:
        ticked = [(spot.trail, [choice for choice, _ in shares])]
        values = [(spot.beside(key), str(first if not at else 0)) for at, (_, key) in enumerate(shares)]
        values[-1] = (values[-1][0], "1")
        return [one.kind for one in problems(spot, spot.answers(*ticked, *values))]

    assert (said(most - 1), said(most)) == ([], [RULE])


@having("min_rows")
def test_table_asks_for_its_rows(spot: Spot) -> None:
    rows = [row({}, number) for number in range(1, spot.field.min_rows + 1)]

    assert kinds(spot, rows[:-1], complete=True) == [MISSING]
    assert kinds(spot, rows, complete=True) == []


@having("max_rows")
def test_table_takes_no_more_than_its_rows(spot: Spot) -> None:
    rows = [row({}, number) for number in range(1, (spot.field.max_rows or 0) + 2)]

    assert (kinds(spot, rows[:-1]), kinds(spot, rows)) == ([], [OVER])


@having("one_of")
def test_exactly_one_of_several_parts(spot: Spot) -> None:
    both = dict.fromkeys(spot.field.one_of, "10")

    said = [kinds(spot, one, complete=True) for one in (both, {spot.field.one_of[0]: "10"}, {})]

    assert said == [[RULE], [], [MISSING] if spot.field.required else []]


@having("min_filled")
def test_block_asks_for_some_of_its_parts(spot: Spot) -> None:
    texts = [one.key for one in spot.field.fields if one.kind in TEXT_KINDS][: spot.field.min_filled]
    numbers = [
        one.trail
        for one in spots(spot.section)
        if one.field.kind in NUMBER_KINDS and one.trail[0] == spot.trail[0]
    ]
    enough = [(trail, "3") for trail in numbers] + [((*spot.trail, key), "说明") for key in texts]

    assert [one.kind for one in problems(spot, {}, complete=True)] == [MISSING]
    assert problems(spot, spot.answers(*enough), complete=True) == []


@having("sum_to")
def test_parts_that_do_not_add_up_are_a_warning(spot: Spot) -> None:
    parts = [
        one.key for one in spot.field.fields if one.kind in NUMBER_KINDS and one.key != spot.field.sum_to
    ]
    right = {spot.field.sum_to: "7", parts[0]: "7"}

    assert (kinds(spot, right), kinds(spot, right | {parts[0]: "6"})) == ([], [WARNING])


@having("not_above")
def test_number_is_not_above_its_neighbour(spot: Spot) -> None:
    limit = spot.beside(spot.field.not_above)

    said = [problems(spot, spot.answers((limit, "5"), (spot.trail, one))) for one in ("5", "6")]

    assert [[one.kind for one in found] for found in said] == [[], [RULE]]


@having("not_before")
def test_month_is_not_before_its_neighbour(spot: Spot) -> None:
    start = spot.beside(spot.field.not_before)

    said = [
        problems(spot, spot.answers((start, "2024-03"), (spot.trail, one))) for one in ("2024-03", "2024-02")
    ]

    assert [[one.kind for one in found] for found in said] == [[], [RULE]]


@having("not_applicable")
def test_file_may_be_left_out_with_a_reason(spot: Spot) -> None:
    reason = spot.beside(f"{spot.trail[-1]}__na")

    said = [
        spot.section.check(spot.answers((reason, "无" * many)), complete=True)
        for many in (1, NA_REASON_CHARS + 1)
    ]

    assert [one for one in said[0] if one.path == spot.path] == []
    assert [one.kind for one in said[1] if one.path == "-".join(map(str, reason))] == [OVER]


@having("blank_is")
def test_empty_number_stands_for_what_it_says(spot: Spot) -> None:
    assert problems(spot, spot.answers(*_row_of(spot)), complete=True) == []


def test_every_setting_of_the_form_is_walked() -> None:
    settings = {one.name for one in dataclasses.fields(Field)}
    used = {
        name
        for name in settings
        for spot in SPOTS
        if getattr(spot.field, name) not in (None, "", (), 0, False)
    }

    assert used - SPOKEN_FOR - CHECKED == set()
