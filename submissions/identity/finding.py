"""Finds identity words in a text, whatever their width, case, spacing and disguise, and masks them (R16)."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Final

from submissions.identity.folding import Folded, fold
from submissions.identity.shapes import shaped
from submissions.identity.words import HIDDEN, Stands, Word

#: From this many letters on a name is found whatever stands between them.
_LONG: Final = 4
#: From this many digits on a word is a number, in which letters may stand for digits.
_NUMBER: Final = 7
#: What may stand beside a word that counts only by itself, besides everything that is no letter.
_BEFORE: Final = frozenset("由与和及请经向对为是在让跟同给据按找问被把叫称即系之的谢以见受得随听")
_AFTER: Final = frozenset("的与和及等在为是将已曾负带领主持牵介指表说提团将们又还也则于从向对给")
_DIGITS_BEFORE: Final = re.compile(r"\d*$", re.ASCII)
_PREFIXES: Final = frozenset({"", "0", "86", "086", "0086"})


@dataclass(frozen=True, slots=True)
class Leak:
    """A word found: its kind, the words as they stand in the text, and where (``text[start:end]``)."""

    kind: str
    words: str
    start: int
    end: int
    instead: str = HIDDEN

    @property
    def sentence(self) -> str:
        """What a person reads of it."""
        return f"{self.kind}“{self.words}”"


class Finder:
    """Finds and masks the identity words of one entry."""

    def __init__(self, words: Iterable[Word]) -> None:
        close: dict[str, Word] = {}
        letters: dict[str, Word] = {}
        digits: dict[str, Word] = {}
        for word in words:
            folded = fold(word.text)
            plain = folded.letters()
            if len(folded.key) < 2:
                continue
            close.setdefault(folded.key, word)
            if len(plain.key) >= _LONG and word.stands is Stands.ANYWHERE:
                letters.setdefault(plain.key, word)
            if sum(char.isdigit() for char in plain.key) >= _NUMBER:
                digits.setdefault(plain.digits().key, word)
        self._close, self._letters, self._digits = _Search(close), _Search(letters), _Search(digits)

    def find(self, text: str) -> list[Leak]:
        """Every word of the entry, and every phone, mail, address and credit code, in the order of the text."""
        found = [*self._known(text)]
        found += [Leak(kind, text[start:end], start, end) for kind, start, end in shaped(text)]
        found.sort(key=lambda leak: (leak.start, -leak.end))
        kept: list[Leak] = []
        for leak in found:
            if not kept or leak.start >= kept[-1].end:
                kept.append(leak)
            elif leak.end > kept[-1].end:  # what hangs together is hidden together
                start = kept[-1].start
                kept[-1] = replace(kept[-1], end=leak.end, words=text[start : leak.end])
        return kept

    def mask(self, text: str) -> str:
        """The text with every word found replaced by its code or by 〔已隐去〕 (R16)."""
        return self.replace(text, lambda leak: leak.instead)

    def replace(self, text: str, by: Callable[[Leak], str]) -> str:
        """The text with every word found replaced by what ``by`` makes of it."""
        parts, last = [], 0
        for leak in self.find(text):
            parts += [text[last : leak.start], by(leak)]
            last = leak.end
        return "".join([*parts, text[last:]])

    def _known(self, text: str) -> Iterator[Leak]:
        folded = fold(text)
        letters = folded.letters()
        yield from self._close.leaks(text, folded)
        yield from self._letters.leaks(text, letters)
        yield from self._digits.leaks(text, letters.digits())


class _Search:
    """Words by their folded form, looked for in one pass, the longest first."""

    def __init__(self, words: dict[str, Word]) -> None:
        self.words = words
        keys = sorted(words, key=len, reverse=True)
        self.pattern = re.compile("|".join(map(re.escape, keys))) if keys else None

    def leaks(self, text: str, folded: Folded) -> Iterator[Leak]:
        place = 0
        while self.pattern is not None and (match := self.pattern.search(folded.key, place)):
            word = self.words[match[0]]
            start, end = folded.span(match.start(), match.end())
            if _counts(word, text, start, end):
                place = match.end()
                yield Leak(word.kind, text[start:end], start, end, word.instead)
            else:
                place = match.start() + 1


def _whole(text: str, start: int, end: int) -> bool:
    """A word that begins or ends in a Latin letter or a digit does not stand inside a longer one."""
    before, after = text[start - 1 : start], text[end : end + 1]
    if (_latin(text[start]) and _latin(before)) or (_latin(text[end - 1]) and _latin(after)):
        return False
    if text[end - 1].isdigit() and after.isdigit():
        return False
    if text[start].isdigit():
        digits = _DIGITS_BEFORE.search(text[max(0, start - 5) : start])
        return digits is None or digits[0] in _PREFIXES
    return True


def _counts(word: Word, text: str, start: int, end: int) -> bool:
    """Whether the word is meant here, and not a longer one that it is part of."""
    before, after = text[start - 1 : start], text[end : end + 1]
    if word.stands is not Stands.ANYWHERE and before.isalnum() and before not in _BEFORE:
        return False
    if word.stands is Stands.ALONE and after.isalnum() and after not in _AFTER:
        return False
    return not (after and after in word.unless) and _whole(text, start, end)


def _latin(char: str) -> bool:
    return bool(char) and char.isascii() and char.isalpha()
