"""Names of teams and projects: length, characters, words (R58, R70)."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from typing import Final

from competition import identity
from competition.chars import count_chars

#: Besides letters, digits and marks of any script.
_PUNCTUATION: Final = frozenset(" ·•-—–_（）()《》〈〉“”‘’\"'、，,。.：:+×&/%")

#: What a telephone would make a link of.
_ADDRESS: Final = re.compile(r"://|[A-Za-z0-9-]\.[A-Za-z]{2,}", re.ASCII)
_IN_A_PERSONS_NAME: Final = frozenset(" ·•・.-'’（）()")
MOST_OF_A_PERSON: Final = 50


def name_problem(label: str, name: str, *, least: int, most: int) -> str:
    """The sentence about a name that is empty, too short, too long or has odd characters; '' when it is fine.

    ``least`` and ``most`` count characters that are not white space (decision 6).
    """
    length = count_chars(name)
    if not length:
        return f"请填写{label}。"
    if not least <= length <= most:
        return f"{label}应为{least}至{most}个字，现有{length}个字。"
    odd = sorted({char for char in name if not _is_plain(char)})
    if odd:
        shown = "”“".join(char if char.isprintable() else f"U+{ord(char):04X}" for char in odd)
        return f"{label}只能使用文字、数字和常用标点，请去掉“{shown}”。"
    if _ADDRESS.search(name):
        return f"{label}不能含有网址。"
    return "" if any(unicodedata.category(char)[0] in "LN" for char in name) else f"{label}应含有文字。"


def person_name_problem(name: str) -> str:
    """The sentence about a person's name that cannot be one; '' when it is fine or empty.

    It is sent to phones by SMS: whoever types it must not be able to send anything else.
    """
    if count_chars(name) > MOST_OF_A_PERSON:
        return f"姓名最多{MOST_OF_A_PERSON}个字。"
    odd = [
        char for char in name if unicodedata.category(char)[0] not in "LM" and char not in _IN_A_PERSONS_NAME
    ]
    if odd or _ADDRESS.search(name):
        return "姓名只能使用文字和间隔号，请与证件一致。"
    return ""


def _is_plain(char: str) -> bool:
    return unicodedata.category(char)[0] in "LNM" or char in _PUNCTUATION


def banned_words_in(name: str, words: Iterable[str]) -> list[str]:
    """Words of the edition's list that a name contains, without regard to white space, width and case."""
    key = identity.name_key(name)
    return [word for word in words if identity.name_key(word) in key]
