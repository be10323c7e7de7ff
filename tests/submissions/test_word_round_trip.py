"""Form -> Word -> form changes nothing, whatever stands in the form."""

from __future__ import annotations

import io
from typing import Any

import pytest
from docx import Document as WordDocument
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from competition.form_schema import ROW_ID, Field, FlatPost, Section
from competition.form_schema.fields import NUMBER_KINDS
from submissions.places import Place
from submissions.word import compare
from submissions.word.tags import LONGEST, Tag
from tests.submissions.answers import complete
from tests.submissions.word import W, body_of, changes, form, laid, reading, written

SCHEMA = form()
SECTIONS = {one.key: one for one in SCHEMA.sections}
#: What breaks naive copies: markup, a character beyond the first plane, white space of every kind, hints' brackets.
_PIECES = st.sampled_from(
    [
        "数据",
        "<b>&amp;",
        "𬭎",
        "\U0002cb4e",
        " ",
        "\u3000",
        "\t",
        "\n",
        "\n\n",
        "☑",
        "√",
        "（",
        "；",
        '"',
        "a_b",
    ]
)
_LONG = st.lists(_PIECES, max_size=12).map("".join)
_SHORT = st.one_of(st.lists(_PIECES, max_size=6).map("".join), st.text(max_size=20))
_NUMBERS = st.one_of(
    st.integers(0, 10**9).map(str),
    st.decimals(0, 10**6, places=2).map(str),
    st.sampled_from(["-3", "约三十", "３０", "1,234.5", "30万元"]),
)


@st.composite
def answers(draw: Any, fields: tuple[Field, ...]) -> dict[str, Any]:
    """Anything that people may have typed into some of the fields."""
    made: dict[str, Any] = {}
    for field in fields:
        if not field.derived and draw(st.booleans()):
            _put(draw, made, field, field.key)
    return made


def _put(draw: Any, made: dict[str, Any], field: Field, key: str) -> None:
    made[key] = draw(_value(field))
    if field.not_applicable:
        made[f"{key}__na"] = draw(_SHORT)
    for choice in field.choices:
        for detail in choice.details:
            if draw(st.booleans()):
                _put(draw, made, detail, f"{key}__{choice.key}__{detail.key}")


def _value(field: Field) -> st.SearchStrategy[Any]:
    if field.kind == "block":
        return answers(field.fields)
    if field.kind == "table":
        return st.lists(answers(field.fields), max_size=3).map(
            lambda rows: [{**row, ROW_ID: f"r{number + 2}"} for number, row in enumerate(rows)]
        )
    keys = [choice.key for choice in field.choices]
    if field.kind == "choices":
        return st.lists(st.sampled_from(keys), max_size=4, unique=True)
    if field.kind == "choice":
        return st.sampled_from(keys)
    if field.kind in NUMBER_KINDS:
        return _NUMBERS
    simple = {
        "tick": st.just("1"),
        "file": st.just(""),
        "month": st.sampled_from(["2024-03", "2024年3月", "去年"]),
        "date": st.sampled_from(["2019-07-01", "2019/7/1"]),
        "textarea": _LONG,
    }
    return simple.get(field.kind, _SHORT)


def stored(section: Section, raw: dict[str, Any]) -> dict[str, Any]:
    """As the section's page would have stored it."""
    return section.parse(FlatPost(section.initial(raw)))


@pytest.mark.parametrize("key", sorted(SECTIONS))
@settings(max_examples=25, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_form_to_word_to_form_changes_nothing(key: str, data: st.DataObject) -> None:
    section = SECTIONS[key]
    before = stored(section, data.draw(answers(section.fields)))

    document = written(SCHEMA, {key: before})

    assert changes(SCHEMA, document, {key: before}) == {}
    assert laid(SCHEMA, document).strays == []


@pytest.mark.parametrize("key", sorted(SECTIONS))
@settings(max_examples=10, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_own_form_brought_into_an_empty_one_gives_the_same_answers(key: str, data: st.DataObject) -> None:
    section = SECTIONS[key]
    before = stored(section, data.draw(answers(section.fields)))

    (draft,) = [
        one for one in laid(SCHEMA, written(SCHEMA, {key: before})).drafts.values() if one.section is section
    ]

    assert compare(draft, before).changes == ()


def test_two_hundred_cases_go_out_and_come_back() -> None:
    (row,) = complete(SECTIONS["cases"])["cases"]
    before = {
        "cases": [{**row, ROW_ID: f"r{number}", "needs": f"{number}\n\n1.\t甲 <乙>"} for number in range(200)]
    }

    document = written(SCHEMA, {"cases": before})

    assert changes(SCHEMA, document, {"cases": before}) == {}
    assert laid(SCHEMA, document).drafts[Place("cases")].answers() == {"cases": [*before["cases"]]}


def test_blank_lines_around_a_text_survive() -> None:
    text = "\n\n  一、背景\n\n\t二、目标 \n"

    document = written(SCHEMA, {"overview": {"background": text}})

    (draft,) = [one for one in laid(SCHEMA, document).drafts.values() if one.section.key == "overview"]
    assert draft.answers()["background"] == text


def test_document_opens_again_and_every_tag_is_short_and_unique() -> None:
    answered = {key: complete(section) for key, section in SECTIONS.items()}

    document = written(SCHEMA, answered)

    tags = [one.get(f"{W}val") for one in body_of(document).iter(f"{W}tag")]
    ids = [one.get(f"{W}val") for one in body_of(document).iter(f"{W}id")]
    opened = WordDocument(io.BytesIO(document))
    assert len(tags) == len(set(tags)) == len(set(ids))
    assert all(str(Tag.parse(tag)) == tag and len(tag) <= LONGEST - 9 for tag in tags)
    assert [opened.core_properties.title, len(opened.tables) > 10] == [SCHEMA.title, True]
    assert (reading(document).edition, reading(document).digest) == ("shanxi-2025", SCHEMA.digest)


def _leaves(fields: tuple[Field, ...], prefix: str = "") -> list[str]:
    found = []
    for field in fields:
        if field.kind == "block":
            found += _leaves(field.fields, f"{prefix}{field.key}-")
        elif field.kind == "table":
            found += _leaves(field.fields, f"{prefix}{field.key}-new1-")
        elif field.kind != "file" and not field.derived:
            boxed = field.style in ("radio", "checkboxes")
            found += [f"{prefix}{field.key}={choice.key}" for choice in field.choices if boxed]
            found += [] if boxed else [f"{prefix}{field.key}" + ("=1" if field.kind == "tick" else "")]
            found += [
                f"{prefix}{key}" for _, one, key in field.details() if one.kind not in ("choice", "choices")
            ]
    return found


@pytest.mark.rule("R78")
def test_every_place_of_the_form_is_in_the_blank_document() -> None:
    wanted = {
        f"{section.key}{'.1' if section.repeat else ''}/{name}"
        for section in SCHEMA.sections
        for name in _leaves(section.fields)
        if "members" not in name
    }

    tags = {one.get(f"{W}val") for one in body_of(written(SCHEMA, {}, blank=True)).iter(f"{W}tag")}

    assert wanted - tags == set()
