"""Canonical forms of what people type, and safe reading of what is stored. No function here ever raises."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any, Final

#: Digits of a number that anybody could mean; more is a slip of the keyboard.
MAX_DIGITS: Final = 18
MAX_DECIMALS: Final = 6
_NUMBER: Final = re.compile(r"[+-]?(?:\d{1,3}(?:,\d{3})+|\d+)?(?:\.\d*)?", re.ASCII)
_MONTH: Final = re.compile(r"(\d{4})[-/.年]?(\d{1,2})月?", re.ASCII)
_DATE: Final = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?", re.ASCII)
#: What neither PostgreSQL's text nor UTF-8 can hold.
_UNSTORABLE: Final = re.compile("[\x00\ud800-\udfff]")


def clean(text: str) -> str:
    """The text as typed with line ends as \\n and without the characters that cannot be stored; '' if blank."""
    text = _UNSTORABLE.sub("", text).replace("\r\n", "\n").replace("\r", "\n")
    return text if text.strip() else ""


def as_text(value: object) -> str:
    """The stored value if it is a text (or a plain number), else ''."""
    if isinstance(value, str):
        return value
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return str(value)
    return ""


def as_list(value: object) -> list[str]:
    """The stored value if it is a list of texts; a single text counts as a list of one."""
    if isinstance(value, (list, tuple)):
        return [one for one in value if isinstance(one, str)]
    return [value] if isinstance(value, str) and value else []


def as_dict(value: object) -> Mapping[str, Any]:
    """The stored value if it is a mapping, else an empty one."""
    return value if isinstance(value, Mapping) else {}


def as_rows(value: object) -> list[Mapping[str, Any]]:
    """The stored value if it is a list of mappings; anything else in it is passed over."""
    return [row for row in value if isinstance(row, Mapping)] if isinstance(value, (list, tuple)) else []


def decimal_of(text: str) -> Decimal | None:
    """The number that a text stands for, or None. Full-width digits and thousands commas are understood."""
    plain = re.sub(r"\s", "", unicodedata.normalize("NFKC", text)).replace("−", "-")
    if not re.search(r"[0-9]", plain) or not _NUMBER.fullmatch(plain):
        return None
    try:
        number = Decimal(plain.replace(",", ""))
    except InvalidOperation:
        return None
    digits = plain.lstrip("+-0").replace(",", "").partition(".")
    return number if len(digits[0]) <= MAX_DIGITS and len(digits[2].rstrip("0")) <= MAX_DECIMALS else None


def canonical_number(text: str) -> str:
    """'１，２３４.50' -> '1234.5'; what is no number comes back as typed."""
    number = decimal_of(text)
    if number is None:
        return text
    plain = format(number, "f")
    if "." in plain:
        plain = plain.rstrip("0").rstrip(".")
    return "0" if plain in ("-0", "") else plain


def canonical_month(text: str) -> str:
    """'2024年3月' or '2024/3' -> '2024-03'; anything else as typed."""
    match = _MONTH.fullmatch(re.sub(r"\s", "", unicodedata.normalize("NFKC", text)))
    if match and 1 <= int(match[2]) <= 12 and int(match[1]) >= 1:
        return f"{match[1]}-{int(match[2]):02d}"
    return text


def canonical_date(text: str) -> str:
    """'2019年7月1日' -> '2019-07-01'; anything else as typed."""
    match = _DATE.fullmatch(re.sub(r"\s", "", unicodedata.normalize("NFKC", text)))
    found = _date(match[1], match[2], match[3]) if match else None
    return found.isoformat() if found else text


def _date(year: str, month: str, day: str) -> date | None:
    try:
        return date(int(year), int(month), int(day))
    except ValueError:
        return None


def is_month(text: str) -> bool:
    """True for a canonical month between 1900 and 2100."""
    return bool(re.fullmatch(r"(19|20)\d{2}-(0[1-9]|1[0-2])", text, re.ASCII))


def is_date(text: str) -> bool:
    """True for a canonical date between 1000 and 2100."""
    if not re.fullmatch(r"\d{4}-\d{2}-\d{2}", text, re.ASCII):
        return False
    return 1000 <= int(text[:4]) <= 2100 and _date(text[:4], text[5:7], text[8:]) is not None
