"""Two texts side by side with what differs marked: Chinese by characters, other writing by words."""

from __future__ import annotations

import re
from difflib import SequenceMatcher
from typing import Final

#: (differs, text), in order.
Marks = tuple[tuple[bool, str], ...]
_WORDS: Final = re.compile(r"[A-Za-z0-9_.%]+|\s|.", re.DOTALL)
_SENTENCES: Final = re.compile(r"[^。；！？\n]*[。；！？\n]?")
#: Longer texts are compared sentence by sentence.
_MOST_WORDS: Final = 1_500
#: Where even sentences are too many to be compared, nothing is marked.
_MOST_PAIRS: Final = 2_000_000


def marked(before: str, after: str) -> tuple[Marks, Marks]:
    """What of ``before`` is gone and what of ``after`` is new."""
    pattern = _WORDS if max(len(before), len(after)) <= _MOST_WORDS else _SENTENCES
    old, new = pattern.findall(before), pattern.findall(after)
    if len(old) * len(new) > _MOST_PAIRS:
        return ((False, before),), ((False, after),)
    left: list[tuple[bool, str]] = []
    right: list[tuple[bool, str]] = []
    for verb, a, b, c, d in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        _add(left, verb != "equal", "".join(old[a:b]))
        _add(right, verb != "equal", "".join(new[c:d]))
    return tuple(left), tuple(right)


def _add(marks: list[tuple[bool, str]], differs: bool, text: str) -> None:
    if text:
        marks.append((differs, text))
