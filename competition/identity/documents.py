"""Numbers of identity documents (decision 22). No number is looked up anywhere; only its form is checked."""

from __future__ import annotations

import re
from datetime import date
from typing import Final

from competition.identity.typed import compact
from competition.reference import region
from competition.reference.documents import (
    FOREIGN_RESIDENT,
    HK_MACAU_PERMIT,
    HMT_RESIDENCE,
    PASSPORT,
    RESIDENT_ID,
    TAIWAN_PERMIT,
)

_WEIGHTS: Final = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECK: Final = "10X98765432"
_SHAPES: Final = {
    PASSPORT: (r"[A-Z0-9]{5,17}", "护照号码应为5至17位字母或数字。"),
    HK_MACAU_PERMIT: (r"[HM]\d{8}", "通行证号码应为H或M加8位数字（不含换证次数）。"),
    TAIWAN_PERMIT: (r"\d{8}", "通行证号码应为8位数字。"),
    FOREIGN_RESIDENT: (r"[A-Z0-9]{15}|9\d{16}[0-9X]", "证件号码应为15位字母和数字，或以9开头的18位号码。"),
}


def normalise_document(text: str) -> str:
    """Half-width, upper case, without blanks and hyphens; right or wrong."""
    return compact(text)


def document_problem(kind: str, text: str) -> str:
    """What is wrong with a number for its kind of document, '' when nothing is.

    Kinds are the keys of `competition.reference.DOCUMENT_TYPES`.
    """
    number = compact(text)
    if kind not in _SHAPES and kind not in (RESIDENT_ID, HMT_RESIDENCE):
        return "请选择证件类型。"
    if not number:
        return "请填写证件号码。"
    if kind == RESIDENT_ID:
        return _eighteen_problem(number, "居民身份证号码")
    if kind == HMT_RESIDENCE:
        return _residence_problem(number)
    shape, sentence = _SHAPES[kind]
    return "" if re.fullmatch(shape, number, re.ASCII) else sentence


def document_warning(kind: str, text: str) -> str:
    """What staff should look at in a number that is right in form: an unknown province; '' when there is nothing.

    Counties are not compared: they are renamed and merged, and people's numbers keep what they were given.
    """
    if kind != RESIDENT_ID or document_problem(kind, text):
        return ""
    known = region(f"{compact(text)[:2]}0000") is not None
    return "" if known else "号码前两位不是现有的省级行政区划代码，请核对。"


def resident_check_character(first_17: str) -> str:
    """The 18th character of a resident number after its first 17 digits (GB 11643, MOD 11-2)."""
    return _CHECK[sum(int(digit) * weight for digit, weight in zip(first_17, _WEIGHTS, strict=True)) % 11]


def _eighteen_problem(number: str, what: str) -> str:
    """What is wrong with an 18-character number; '' when nothing is."""
    if len(number) != 18:
        return f"{what}应为18位，现为{len(number)}位。"
    if not re.fullmatch(r"\d{17}[0-9X]", number, re.ASCII):
        return f"{what}应为17位数字加1位数字或X。"
    try:
        date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
    except ValueError:
        return f"{what}第7至14位不是一个日期，请核对。"
    if resident_check_character(number[:17]) != number[17]:
        return f"{what}的最后一位校验码不正确，请核对。"
    return ""


def _residence_problem(number: str) -> str:
    problem = _eighteen_problem(number, "居住证号码")
    if not problem and not number.startswith(("810000", "820000", "830000")):
        return "港澳台居民居住证号码应以810000、820000或830000开头。"
    return problem
