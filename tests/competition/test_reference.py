"""Reference data: complete, well-formed, and found again."""

from __future__ import annotations

import csv
import re

import pytest

from competition import reference
from competition.reference import industries, regions


@pytest.mark.rule("R101")
def test_industries_are_those_of_the_standard() -> None:
    groups = reference.industry_groups()

    counts = (len(reference.sections()), len(reference.divisions()), len(groups))
    parents = {group.parent for group in groups}

    assert counts == (20, 97, 473)
    assert parents == {division.code for division in reference.divisions()}
    assert all(group.code.startswith(group.parent) for group in groups)
    assert [division.code for division in reference.divisions()] == [
        f"{number:02d}" for number in range(1, 98)
    ]


def test_industry_codes_and_names_are_written_once() -> None:
    with industries.FILE.open(encoding="utf-8", newline="") as lines:
        rows = list(csv.reader(lines))[1:]

    codes = [code for code, _ in rows]

    assert len(set(codes)) == len(codes) == 590
    assert all(re.fullmatch(r"[A-T]|\d{2}|\d{3}", code) for code in codes)
    assert all(name == name.strip() and name for _, name in rows)


def test_groups_say_what_they_stand_under() -> None:
    assert reference.heading_of("061") == "06 煤炭开采和洗选业（采矿业）"
    assert reference.heading_of("06") == reference.heading_of("") == reference.heading_of("999") == ""


def test_regions_cascade_from_province_to_county() -> None:
    shanxi = reference.region_children(reference.SHANXI)
    taiyuan = {one.name for one in reference.region_children("140100")}

    assert len(reference.provinces()) == 34
    assert len(shanxi) == 11
    assert {"小店区", "古交市", "山西转型综合改革示范区"} <= taiyuan
    assert reference.region_label("140105") == "山西省太原市小店区"
    assert reference.region_children("nowhere") == ()


def test_regions_all_hang_on_a_province() -> None:
    with regions.FILE.open(encoding="utf-8", newline="") as lines:
        codes = [row["code"] for row in csv.DictReader(lines)]

    tops = {reference.region_path(code)[0].level for code in codes}

    assert len(set(codes)) == len(codes)
    assert tops == {"province"}


@pytest.mark.parametrize(
    ("code", "complete"),
    [
        ("140105", True),
        ("140171", True),
        ("140100", False),
        ("110101", True),
        ("710000", True),
        ("", False),
        ("x", False),
    ],
)
def test_address_is_complete_at_the_last_step(code: str, complete: bool) -> None:
    assert reference.is_complete_region(code) is complete


def test_sources_are_those_of_the_form() -> None:
    labels = [label for _, label in reference.source_choices()]

    assert len(labels) == 33
    assert labels[-2:] == ["新疆生产建设兵团", "推荐渠道"]
    assert not {"台湾省", "香港特别行政区", "澳门特别行政区"} & set(labels)
    assert len(reference.province_choices()) == 35


def test_document_types_are_six() -> None:
    assert [label for _, label in reference.document_choices()] == [
        "居民身份证",
        "护照",
        "港澳居民来往内地通行证",
        "台湾居民来往大陆通行证",
        "港澳台居民居住证",
        "外国人永久居留身份证",
    ]
    assert reference.document_label("passport") == "护照"
    assert reference.document_label("?") == ""
