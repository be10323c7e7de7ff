"""How much of one text stands in another: runs of five characters that both have. Values in, values out.

sample(texts)                  # some of the runs: what two samples share estimates what the texts share
passages(text, runs(others))   # exact, with the passages marked
"""

from __future__ import annotations

import unicodedata
from array import array
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Final
from zlib import crc32

#: Characters of a run.
LENGTH: Final = 5
#: One run in so many is kept in a sample, the same ones in every text.
ONE_IN: Final = 16
#: A common passage shorter than this is a turn of phrase: it is not marked and does not count.
SHORTEST: Final = 13


@dataclass(frozen=True, slots=True)
class Passage:
    """A stretch of a text as it was typed, and whether it stands in the other text, too."""

    text: str
    common: bool


def sample(texts: Iterable[str]) -> array[int]:
    """Hashes of one run in sixteen, sorted; 4 kB for an application form of 15,000 characters."""
    kept = {
        value
        for text in texts
        for run in _runs_of(_folded(text)[0])
        if (value := crc32(run.encode())) % ONE_IN == 0
    }
    return array("I", sorted(kept))


def runs(texts: Iterable[str]) -> frozenset[str]:
    """All runs of five characters of some texts."""
    return frozenset(run for text in texts for run in _runs_of(_folded(text)[0]))


def passages(text: str, other: Collection[str]) -> tuple[Passage, ...]:
    """The text in stretches that stand in the other, or do not; joined they are the text."""
    folded, places = _folded(text)
    marks = bytearray(len(text))
    for start, end in _covered(folded, other):
        for at in range(places[start], places[end - 1] + 1):
            marks[at] = 1
    found: list[Passage] = []
    start = 0
    for at in range(1, len(text) + 1):
        if at == len(text) or marks[at] != marks[start]:
            found.append(Passage(text[start:at], bool(marks[start])))
            start = at
    return tuple(found)


def common_share(parts: Iterable[Passage]) -> float:
    """The part (0 to 1) of the characters that stand in common passages."""
    lengths = {True: 0, False: 0}
    for part in parts:
        lengths[part.common] += len(_folded(part.text)[0])
    total = lengths[True] + lengths[False]
    return lengths[True] / total if total else 0.0


def _covered(folded: str, other: Collection[str]) -> list[tuple[int, int]]:
    """Where stretches of at least ``SHORTEST`` characters stand in the other."""
    spans: list[tuple[int, int]] = []
    for at, run in enumerate(_runs_of(folded)):
        if run in other:
            if spans and spans[-1][1] >= at:
                spans[-1] = (spans[-1][0], at + LENGTH)
            else:
                spans.append((at, at + LENGTH))
    return [(start, end) for start, end in spans if end - start >= SHORTEST]


def _runs_of(folded: str) -> list[str]:
    return [folded[at : at + LENGTH] for at in range(len(folded) - LENGTH + 1)]


def _folded(text: str) -> tuple[str, list[int]]:
    """Letters and digits as they are compared, and where each stands."""
    chars: list[str] = []
    places: list[int] = []
    for at, typed in enumerate(text):
        for char in _plain(typed):
            chars.append(char)
            places.append(at)
    return "".join(chars), places


@lru_cache(maxsize=16384)
def _plain(typed: str) -> str:
    return "".join(char for char in unicodedata.normalize("NFKC", typed).lower() if char.isalnum())
