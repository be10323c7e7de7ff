"""Mainland phone numbers."""

from __future__ import annotations

from typing import Final

import phonenumbers
from phonenumbers import PhoneNumber, PhoneNumberType

from competition.identity.typed import compact

_MOBILE: Final = (PhoneNumberType.MOBILE, PhoneNumberType.FIXED_LINE_OR_MOBILE)
_LONGEST: Final = 30


def normalise_mobile(text: str) -> str:
    """A mainland mobile number as 11 digits; '' when it is none."""
    number = _parse(text)
    return str(number.national_number) if number is not None and _is_mobile(number) else ""


def mobile_problem(text: str) -> str:
    """What is wrong with a mobile number, '' when nothing is."""
    if not compact(text):
        return "请填写手机号码。"
    return "" if normalise_mobile(text) else "请填写中国大陆的11位手机号码。"


def normalise_phone(text: str) -> str:
    """A mainland mobile number as 11 digits or a fixed line as 0351-4012345; '' when it is neither."""
    number = _parse(text)
    if number is None or _is_mobile(number):
        return normalise_mobile(text)
    shown = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.NATIONAL)
    area, _, rest = shown.partition(" ")
    return f"{area}-{rest.replace(' ', '')}" if rest else shown


def phone_problem(text: str) -> str:
    """What is wrong with a contact's number, mobile or fixed; '' when nothing is."""
    if not compact(text):
        return "请填写联系电话。"
    return "" if normalise_phone(text) else "请填写11位手机号码，或带区号的固定电话，例如 0351-4012345。"


def _is_mobile(number: PhoneNumber) -> bool:
    return phonenumbers.number_type(number) in _MOBILE


def _parse(text: str) -> PhoneNumber | None:
    plain = compact(text)
    if not plain or len(plain) > _LONGEST:
        return None
    if plain.startswith("0086"):
        plain = f"+{plain[2:]}"
    try:
        number = phonenumbers.parse(plain, "CN")
    except phonenumbers.NumberParseException:
        return None
    return (
        number
        if number.country_code == 86 and not number.extension and phonenumbers.is_valid_number(number)
        else None
    )
