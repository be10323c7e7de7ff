"""Which character of a mistyped credit code is suspicious (R47), where that can be told."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from competition.identity.credit_code import credit_code_problem
from competition.identity.typed import compact

LENGTH: Final = 18
#: Letters that no code has, and what they are taken for.
_NEVER: Final = {"I": "1", "O": "0", "S": "5", "V": "U", "Z": "2"}
#: Characters that are read one for the other on a stamped copy.
_ALIKE: Final = ("8B", "6G", "UY")
_DIVISION: Final = range(2, 8)


def credit_code_hint(text: str) -> str:
    """'第5位的“O”应为数字，是否为“0”？', or '' when the code is right or nothing can be told."""
    code = compact(text)
    if not credit_code_problem(code):
        return ""
    for place, char in enumerate(code[:LENGTH]):
        if char in _NEVER:
            return f"第{place + 1}位的“{char}”不会出现在代码中，是否应为“{_NEVER[char]}”？"
        if place in _DIVISION and char.isalpha():
            return f"第{place + 1}位的“{char}”应为数字。"
    if len(code) != LENGTH:
        return ""
    mended = {sentence for other, sentence in _mendings(code) if not credit_code_problem(other)}
    return mended.pop() if len(mended) == 1 else ""


def _mendings(code: str) -> Iterator[tuple[str, str]]:
    """Codes one slip away, each with the sentence that names the slip."""
    for place, char in enumerate(code):
        for group in _ALIKE:
            for other in group if char in group else "":
                if other != char:
                    mended = code[:place] + other + code[place + 1 :]
                    yield mended, f"请重点核对第{place + 1}位的“{char}”，是否应为“{other}”？"
    for place in range(LENGTH - 1):
        first, second = code[place], code[place + 1]
        if first != second:
            mended = code[:place] + second + first + code[place + 2 :]
            yield mended, f"请重点核对第{place + 1}、{place + 2}位的“{first}{second}”，是否颠倒？"
