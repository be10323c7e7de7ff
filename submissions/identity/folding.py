"""A text as it is compared: without width, case, spacing and disguise, each character with its place."""

from __future__ import annotations

import html
import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from submissions.identity.variants import AS_DIGIT, SAME

#: What people put between the characters of a name. Commas and full stops part sentences.
_SOFT: Final = frozenset("()[]{}<>〈〉《》【】「」『』〔〕·•・.-_‐‑‒–—―~*|^`￾")
#: Controls, formats (zero width), marks that lie over a character, places without a character.
_UNSEEN: Final = frozenset({"Cc", "Cf", "Mn", "Me", "Cn"})
_MARKUP: Final = re.compile(r"</?[A-Za-z][^<>]{0,80}>|&(?:[A-Za-z]{2,8}|#[0-9]{1,6}|#[xX][0-9A-Fa-f]{1,5});")


@dataclass(frozen=True, slots=True)
class Folded:
    """The characters that count, and the place of each in the text that was typed."""

    key: str
    places: list[int]

    def span(self, start: int, end: int) -> tuple[int, int]:
        """The part of the text that ``key[start:end]`` comes from."""
        return self.places[start], self.places[end - 1] + 1

    def letters(self) -> Folded:
        """Letters and digits alone, whatever stands between them."""
        kept = [place for place, char in enumerate(self.key) if char.isalnum()]
        return Folded("".join(self.key[place] for place in kept), [self.places[place] for place in kept])

    def digits(self) -> Folded:
        """The same with letters and numerals that stand for digits read as digits."""
        return Folded(self.key.translate(AS_DIGIT), self.places)


def fold(text: str) -> Folded:
    """Fold a text; linear, a few milliseconds for a whole application form."""
    chars: list[str] = []
    places: list[int] = []
    last = 0
    for markup in _MARKUP.finditer(text):
        _add(text, last, markup.start(), chars, places)
        for char in _folded(meant) if len(meant := html.unescape(markup[0])) == 1 else "":
            chars.append(char)
            places.append(markup.start())
        last = markup.end()
    _add(text, last, len(text), chars, places)
    return Folded("".join(chars), places)


def same_width(text: str) -> str:
    """The text with full-width and other compatibility characters as plain ones, each in its place."""
    return "".join(map(_plain, text))


def _add(text: str, start: int, end: int, chars: list[str], places: list[int]) -> None:
    for place in range(start, end):
        for char in _folded(text[place]):
            chars.append(char)
            places.append(place)


@lru_cache(maxsize=16384)
def _folded(typed: str) -> str:
    kept = ""
    for char in unicodedata.normalize("NFKC", typed).lower().translate(SAME):
        if not (char.isspace() or char in _SOFT or unicodedata.category(char) in _UNSEEN):
            kept += char
    return kept


@lru_cache(maxsize=16384)
def _plain(typed: str) -> str:
    found = unicodedata.normalize("NFKC", typed)
    return found if len(found) == 1 else typed
