"""Amounts in the capital numerals that receipts carry (财会 usage): 伍万元整."""

from __future__ import annotations

from typing import Final

_DIGITS: Final = "零壹贰叁肆伍陆柒捌玖"
_PLACES: Final = (("仟", 1000), ("佰", 100), ("拾", 10), ("", 1))
_GROUPS: Final = (("亿", 10**8), ("万", 10**4), ("", 1))


def in_capitals(fen: int) -> str:
    """An amount of fen, at least 0 and below a trillion yuan, in capital numerals. ValueError beyond."""
    if not 0 <= fen < 10**14:
        raise ValueError("an amount from 0 to 999,999,999,999.99 yuan")
    yuan, rest = divmod(fen, 100)
    whole = f"{_whole(yuan)}元" if yuan or not rest else ""
    if not rest:
        return f"{whole}整"
    tenths, hundredths = divmod(rest, 10)
    middle = f"{_DIGITS[tenths]}角" if tenths else ("零" if whole else "")
    return f"{whole}{middle}{_DIGITS[hundredths]}分" if hundredths else f"{whole}{middle}整"


def _whole(yuan: int) -> str:
    text, gap = "", False
    for name, size in _GROUPS:
        group = yuan // size % 10**4
        if not group:
            gap = bool(text)
            continue
        gap = bool(text) and (gap or group < 1000)
        text += f"{'零' if gap else ''}{_four(group)}{name}"
        gap = False
    return text or "零"


def _four(group: int) -> str:
    text, gap = "", False
    for name, size in _PLACES:
        digit = group // size % 10
        if digit:
            text += f"{'零' if gap and text else ''}{_DIGITS[digit]}{name}"
        gap = not digit
    return text
