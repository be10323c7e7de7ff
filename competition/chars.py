"""How the notice's 限 N 字 is counted (docs/decisions/010)."""

from __future__ import annotations

from typing import Final

#: The code points with the Unicode property White_Space; `str.isspace` knows a slightly different set.
WHITE_SPACE: Final = frozenset(
    "\t\n\v\f\r \u0085\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a"
    "\u2028\u2029\u202f\u205f\u3000"
)


def count_chars(text: str) -> int:
    """Characters of a text: its code points as typed that are not white space; nothing is normalised (R104).

    One Chinese character, one Latin letter, one digit, one punctuation mark is one.
    """
    return len(text) - sum(map(text.count, WHITE_SPACE))
