"""Codes, documents, phones and names: right ones pass, wrong ones are told why, nothing ever raises."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from competition import identity
from competition.reference import DOCUMENT_TYPES

ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
WEIGHTS = [pow(3, power, 31) for power in range(17)]


def credit_code(first_17: str) -> str:
    """GB 32100: the check character written out from the standard, apart from the library."""
    total = sum(ALPHABET.index(one) * weight for one, weight in zip(first_17, WEIGHTS, strict=True))
    return first_17 + ALPHABET[(31 - total % 31) % 31]


#: What people type into boxes for numbers: half-width, full-width, blanks, hyphens, an invisible character.
TYPED = (
    "".join(map(chr, range(0x20, 0x7F))) + "".join(map(chr, range(0xFF01, 0xFF5F))) + "\u3000\u00a0\u200b\t—–"
)
CODES = st.builds(
    lambda head, kind, digits, body: credit_code(head + kind + digits + body),
    st.sampled_from("123456789ANY"),
    st.sampled_from(ALPHABET),
    st.text("0123456789", min_size=6, max_size=6),
    st.text(ALPHABET, min_size=9, max_size=9),
)


@pytest.mark.rule("R47")
@pytest.mark.parametrize(
    "typed",
    [
        "91110000600037341L",
        " 9111 0000 6000 3734 1l",
        "９１１１００００６０００３７３４１Ｌ",
        "91110000-600037341-L",
    ],
)
def test_credit_code_is_understood_however_it_is_typed(typed: str) -> None:
    assert identity.credit_code_problem(typed) == ""
    assert identity.normalise_credit_code(typed) == "91110000600037341L"


@pytest.mark.rule("R47")
@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("", "请填写统一社会信用代码。"),
        ("9111000060003734", "统一社会信用代码应为18位，现为16位。"),
        ("91110000600037341M", "统一社会信用代码的校验位不正确，请对照营业执照或法人证书核对。"),
        (
            "91110000600037341I",
            "统一社会信用代码由数字和大写字母组成，不含I、O、S、V、Z，第3至8位为数字，请核对。",
        ),
        (
            "9111A000600037341L",
            "统一社会信用代码由数字和大写字母组成，不含I、O、S、V、Z，第3至8位为数字，请核对。",
        ),
    ],
)
def test_credit_code_that_is_wrong_is_told_why(typed: str, sentence: str) -> None:
    assert identity.credit_code_problem(typed) == sentence


@pytest.mark.rule("R47")
@given(CODES, st.integers(0, 17), st.sampled_from(ALPHABET))
def test_credit_code_with_one_character_changed_is_refused(code: str, place: int, other: str) -> None:
    changed = code[:place] + other + code[place + 1 :]

    assert identity.credit_code_problem(code) == ""
    assert (identity.credit_code_problem(changed) == "") == (changed == code)


@pytest.mark.parametrize(
    ("kind", "typed", "stored"),
    [
        ("resident_id", "11010519491231002x", "11010519491231002X"),
        ("resident_id", "440524 18800101 0014", "440524188001010014"),
        ("passport", "e12345678", "E12345678"),
        ("hk_macau_permit", "h12345678", "H12345678"),
        ("taiwan_permit", "12345678", "12345678"),
        ("hmt_residence", "810000199408230021", "810000199408230021"),
        ("foreign_resident", "CAN110080010101", "CAN110080010101"),
        ("foreign_resident", "911124198108030024", "911124198108030024"),
    ],
)
def test_document_of_each_kind_passes(kind: str, typed: str, stored: str) -> None:
    assert identity.document_problem(kind, typed) == ""
    assert identity.normalise_document(typed) == stored


@pytest.mark.parametrize(
    ("kind", "typed", "sentence"),
    [
        ("resident_id", "", "请填写证件号码。"),
        ("resident_id", "1101051949123100", "居民身份证号码应为18位，现为16位。"),
        ("resident_id", "11010519491231002A", "居民身份证号码应为17位数字加1位数字或X。"),
        ("resident_id", "110105194902300020", "居民身份证号码第7至14位不是一个日期，请核对。"),
        ("resident_id", "110105194912310021", "居民身份证号码的最后一位校验码不正确，请核对。"),
        ("hmt_residence", "11010519491231002X", "港澳台居民居住证号码应以810000、820000或830000开头。"),
        ("passport", "E1", "护照号码应为5至17位字母或数字。"),
        ("hk_macau_permit", "H1234567801", "通行证号码应为H或M加8位数字（不含换证次数）。"),
        ("taiwan_permit", "1234567", "通行证号码应为8位数字。"),
        ("foreign_resident", "811124198108030024", "证件号码应为15位字母和数字，或以9开头的18位号码。"),
        ("library_card", "1", "请选择证件类型。"),
    ],
)
def test_document_that_is_wrong_is_told_why(kind: str, typed: str, sentence: str) -> None:
    assert identity.document_problem(kind, typed) == sentence


def test_document_of_an_unknown_province_is_a_warning_only() -> None:
    number = "99010519491231002"
    number += identity.resident_check_character(number)

    assert identity.document_problem("resident_id", number) == ""
    assert (
        identity.document_warning("resident_id", number) == "号码前两位不是现有的省级行政区划代码，请核对。"
    )
    assert identity.document_warning("resident_id", "11010519491231002X") == ""


@given(st.integers(0, 16), st.sampled_from("0123456789"))
def test_resident_id_with_one_digit_changed_is_refused(place: int, other: str) -> None:
    changed = f"{'11010519491231002X'[:place]}{other}{'11010519491231002X'[place + 1 :]}"

    assert (identity.document_problem("resident_id", changed) == "") == (changed == "11010519491231002X")


@pytest.mark.parametrize(
    "typed",
    ["13800138000", "+86 138-0013-8000", "0086 138 0013 8000", "１３８００１３８０００", "86 13800138000"],
)
def test_mobile_is_understood_however_it_is_typed(typed: str) -> None:
    assert identity.mobile_problem(typed) == ""
    assert identity.normalise_mobile(typed) == "13800138000"


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("", "请填写手机号码。"),
        ("1380013800", "请填写中国大陆的11位手机号码。"),
        ("0351-4012345", "请填写中国大陆的11位手机号码。"),
        ("+852 5123 4567", "请填写中国大陆的11位手机号码。"),
        ("12345678901", "请填写中国大陆的11位手机号码。"),
    ],
)
def test_mobile_that_is_wrong_is_told_why(typed: str, sentence: str) -> None:
    assert identity.mobile_problem(typed) == sentence
    assert identity.normalise_mobile(typed) == ""


@pytest.mark.parametrize(
    ("typed", "stored"),
    [("(0351) 4012345", "0351-4012345"), ("010 6666 8888", "010-66668888"), ("138 0013 8000", "13800138000")],
)
def test_phone_of_a_contact_may_be_a_fixed_line(typed: str, stored: str) -> None:
    assert identity.phone_problem(typed) == ""
    assert identity.normalise_phone(typed) == stored


@pytest.mark.rule("R53")
@pytest.mark.parametrize(
    "other",
    [
        "山西某某科技（有限合伙）",
        "山西 某某科技 〔有限合伙〕",
        "山西某某科技【有限合伙】\u200b",
        "山西某某科技(有限合伙)\n",
    ],
)
def test_name_key_is_one_for_all_spellings(other: str) -> None:
    assert identity.name_key(other) == identity.name_key("山西某某科技(有限合伙)")


@pytest.mark.parametrize(
    ("number", "shown"),
    [("11010519491231002X", "110***********002X"), ("H12345678", "H******78"), ("12345", "*****"), ("", "")],
)
def test_mask_document_hides_the_middle(number: str, shown: str) -> None:
    assert identity.mask_document(number) == shown


@pytest.mark.parametrize(
    ("number", "shown"), [("13800138000", "138****8000"), ("03514012345", "035****2345"), ("110", "***")]
)
def test_mask_phone_hides_the_middle(number: str, shown: str) -> None:
    assert identity.mask_phone(number) == shown


@given(st.text(), st.sampled_from([*(one.key for one in DOCUMENT_TYPES), "", "?"]))
def test_nothing_typed_makes_a_check_raise(text: str, kind: str) -> None:
    said = [
        identity.credit_code_problem(text),
        identity.normalise_credit_code(text),
        identity.document_problem(kind, text),
        identity.document_warning(kind, text),
        identity.normalise_document(text),
        identity.mobile_problem(text),
        identity.normalise_mobile(text),
        identity.phone_problem(text),
        identity.normalise_phone(text),
        identity.name_key(text),
        identity.mask_document(text),
        identity.mask_phone(text),
    ]

    assert all(isinstance(one, str) for one in said)


@given(st.text(TYPED))
def test_normalising_twice_changes_nothing(text: str) -> None:
    for normalise in (
        identity.normalise_credit_code,
        identity.normalise_document,
        identity.normalise_mobile,
        identity.normalise_phone,
    ):
        assert normalise(normalise(text)) == normalise(text)
