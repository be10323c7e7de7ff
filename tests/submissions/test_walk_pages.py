"""Every field, cap, condition and choice of form.yaml is on its page and in the Word form."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.test import Client
from lxml import html

from competition.form_schema import BoundField, Field
from competition.form_schema.fields import NUMBER_KINDS
from competition.models import User
from submissions import services
from submissions.models import Entry
from submissions.places import Place
from submissions.views.desk import section_url
from submissions.word import blank_docx
from tests.submissions.walking import ASKED, SCHEMA, SPOTS, Spot


@pytest.fixture
def pages(
    entry: Entry, as_user: Callable[[User], Client], lihua: User
) -> Iterator[tuple[Any, tuple[BoundField, ...]]]:
    """Every section's page as a tree, with the fields that it shows."""
    client, facts = as_user(lihua), services.facts_of(entry)

    def made() -> Iterator[tuple[Any, tuple[BoundField, ...]]]:
        for section in SCHEMA.sections:
            unit = facts.unit_ids[0] if section.repeat else None
            answer = client.get(section_url(entry, Place(section.key, unit)))
            assert answer.status_code == 200
            yield html.fromstring(answer.content.decode()), section.bind({}, derived=facts.derived(unit))

    return made()


def test_every_field_is_on_its_page(pages: Iterator[tuple[Any, tuple[BoundField, ...]]]) -> None:
    missing, seen = [], set()
    for page, fields in pages:
        for bound in _inside(fields):
            seen.add(bound.name.replace("__index__", "0"))
            missing += [f"{bound.name}: {what}" for what in _lacks(page, bound)]

    assert missing == []
    assert {spot.path for spot in ASKED} <= seen


def _inside(fields: tuple[BoundField, ...]) -> Iterator[BoundField]:
    for bound in fields:
        yield bound
        row_cells = bound.blank_row.cells if bound.blank_row else ()
        yield from _inside((*bound.parts, *row_cells))
        if bound.field.derived and bound.field.kind == "table":
            yield from _columns(bound)
        for option in () if bound.field.derived else bound.options:
            yield from _inside(option.details)


def _columns(bound: BoundField) -> Iterator[BoundField]:
    """The columns of a table that the registration fills, as its first row shows them."""
    yield from bound.rows[0].cells


def _lacks(page: Any, bound: BoundField) -> Iterator[str]:
    """What of a field its page does not show."""
    field = bound.field
    if field.derived or not page.xpath("//*[@name=$name or @id=$at]", name=bound.name, at=f"at-{bound.name}"):
        if not field.derived and field.label not in page.text_content():
            yield "anything"
        if page.xpath("//*[@name=$name]", name=bound.name):
            yield "that it is fixed"
        return
    [around] = page.xpath("//*[@id=$at]", at=f"at-{bound.name}")
    if field.kind == "file":
        around = around.getparent()
    text = re.sub(r"\s+", "", around.text_content())
    yield from (f"its {what}" for what in _texts(field) if re.sub(r"\s+", "", what) not in text)
    if field.required and not (
        around.xpath(".//*[contains(@class, 'asteriskField')]") or field.kind == "tick"
    ):
        yield "its star"
    if field.max_chars and not around.xpath(".//*[@data-cap=$cap]", cap=str(field.max_chars)):
        yield "its counter"
    if bound.required_if_name and not around.xpath(
        ".//@data-required-if[starts-with(., $name)]", name=bound.required_if_name
    ):
        yield "when it is required"
    if bound.show_if_name and not around.xpath("ancestor-or-self::*[@data-show-if]"):
        yield "when it shows"
    yield from WIDGETS[field.widget](around, bound)


def _texts(field: Field) -> Iterator[str]:
    yield from (field.label, field.guide)
    if field.unit and field.kind in NUMBER_KINDS:
        yield field.unit


def _an_input(around: Any, bound: BoundField) -> Iterator[str]:
    if len(around.xpath(".//input[@name=$name] | .//textarea[@name=$name]", name=bound.name)) != 1:
        yield "its input"
    if not around.xpath(".//label[@for=$id]", id=bound.id):
        yield "a label for it"


def _boxes(around: Any, bound: BoundField) -> Iterator[str]:
    kind = "radio" if bound.field.kind == "choice" else "checkbox"
    for choice in bound.field.choices:
        box = around.xpath(
            ".//input[@type=$kind and @name=$name and @value=$key]",
            kind=kind,
            name=bound.name,
            key=choice.key,
        )
        label = box and around.xpath(".//label[@for=$id]", id=box[0].get("id"))
        if not label or label[0].text_content() != choice.label:
            yield f"the choice {choice.label}"
        elif (choice.key in bound.field.exclusive) != ("data-exclusive" in box[0].attrib):
            yield f"that {choice.label} stands alone"
        if choice.details and not around.xpath(
            ".//*[@data-show-if=$condition]", condition=f"{bound.name}={choice.key}"
        ):
            yield f"when the details of {choice.label} count"
    if bound.field.max_choices and around.get("data-max-choices") != str(bound.field.max_choices):
        yield "how many may be chosen"


def _options(around: Any, bound: BoundField) -> Iterator[str]:
    offered = {
        one.get("value"): one.text_content()
        for one in around.xpath(".//select[@name=$name]//option", name=bound.name)
    }
    yield from (f"the choice {one.label}" for one in bound.field.choices if offered.get(one.key) != one.label)


def _long_list(around: Any, bound: BoundField) -> Iterator[str]:
    if bound.field.kind == "choices":
        yield from _options(around, bound)
        return
    [listed] = around.xpath(".//input[@name=$name]/@list", name=bound.name)
    offered = set(around.getroottree().xpath("//datalist[@id=$id]/option/@value", id=listed))
    yield from (f"the choice {one.label}" for one in bound.field.choices if one.label not in offered)


def _rows(around: Any, bound: BoundField) -> Iterator[str]:
    most = bound.field.max_rows
    if most and around.get("data-max") != str(most):
        yield "how many rows there may be"
    if f"增加{bound.field.row_label}" not in around.text_content():
        yield "a button for one more row"


def _slot(around: Any, bound: BoundField) -> Iterator[str]:
    field = bound.field
    offered = around.xpath(".//input[@type='file' and @name=$name]", name=f"file-{bound.attachment_key}")
    if not offered or offered[0].get("accept") != ",".join(f".{one}" for one in field.accept):
        yield "its input, or what it takes"
    elif ("multiple" in offered[0].attrib) != (field.max_files > 1):
        yield "how many files it takes"
    size = f"{field.max_mb // 1024} GB" if field.max_mb >= 1024 else f"{field.max_mb} MB"
    if size not in around.text_content():
        yield "how large a file may be"
    if field.not_applicable and not around.xpath(".//input[@name=$name]", name=f"{bound.name}__na"):
        yield "an input for the reason"


def _nothing(around: Any, bound: BoundField) -> Iterator[str]:
    """A block is what stands in it."""
    yield from ()


WIDGETS: dict[str, Callable[[Any, BoundField], Iterator[str]]] = {
    "text": _an_input,
    "textarea": _an_input,
    "number": _an_input,
    "integer": _an_input,
    "date": _an_input,
    "month": _an_input,
    "tick": _an_input,
    "radio": _boxes,
    "checkboxes": _boxes,
    "select": _options,
    "lookup": _long_list,
    "table": _rows,
    "file": _slot,
    "block": _nothing,
}


@pytest.mark.rule("R78")
def test_every_field_and_choice_is_in_the_word_form(entry: Entry) -> None:
    with zipfile.ZipFile(io.BytesIO(blank_docx(entry.edition))) as archive:
        body = archive.read("word/document.xml").decode()
    tags = set(re.findall(r'<w:tag w:val="([^"]*)"', body))
    plain = re.sub(r"<[^>]*>|\s", "", body)

    missing = [f"{spot.section.key}/{spot.path}" for spot in SPOTS if not _in_word(spot, tags)]
    unsaid = [
        spot.field.label
        for spot in ASKED
        if "__" not in spot.path and re.sub(r"\s", "", spot.field.label) not in plain
    ]
    caps = [
        spot.path
        for spot in ASKED
        if spot.field.kind == "textarea" and spot.field.max_chars and f"{spot.field.max_chars}字" not in plain
    ]

    assert (missing, unsaid, caps) == ([], [], [])


def _in_word(spot: Spot, tags: set[str]) -> bool:
    path = "-".join(re.sub(r"^0$", "new1", str(step)) for step in spot.trail)
    tag = f"{spot.section.key}{'.1' if spot.section.repeat else ''}/{path}"
    field = spot.field
    if spot.fixed:
        return True
    if field.kind in ("block", "table"):
        return any(one.startswith(f"{tag}-") for one in tags)
    if field.kind == "file":
        return not field.not_applicable or f"{tag}__na" in tags
    if field.kind == "tick":
        return f"{tag}=1" in tags
    boxes = {f"{tag}={choice.key}" for choice in field.choices}
    return tag in tags or (bool(boxes) and boxes <= tags)
