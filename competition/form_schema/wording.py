"""Which words went and which came between two texts. Bounded in time: 5,000 characters take a tenth of a second.

Sentences are aligned first, then the words within those that differ. A word is a run of Latin letters or digits, or
one Chinese character: there is no dictionary, and what was typed is compared as typed.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Final

SAME: Final = "same"
INSERTED: Final = "ins"
DELETED: Final = "del"

_SENTENCE: Final = re.compile(r"[^。！？；;\n]*[。！？；;\n]+|[^。！？；;\n]+")
_WORD: Final = re.compile(r"[A-Za-z0-9_]+(?:[.,%][A-Za-z0-9_]+)*%?|\s+|.", re.DOTALL)
#: Runs of words up to this long are compared word by word; longer ones sentence by sentence only.
MOST_WORDS: Final = 400
#: More sentences than this are aligned by those that are rare among them.
MOST_SENTENCES: Final = 600
#: Texts longer than this are shown one after the other: twice what the longest field takes.
LONGEST: Final = 10_000
#: With less in common than this a sentence counts as replaced.
ALIKE: Final = 0.35
#: What stayed the same between two changes is shown as changed when it is no longer than this: no confetti.
ISLAND: Final = 1
#: Of an unchanged stretch so many characters are shown at either side of a change.
CONTEXT: Final = 40


@dataclass(frozen=True, slots=True)
class Part:
    """A stretch of text; ``op``: same, ins or del."""

    op: str
    text: str


def marked(before: str, after: str, *, whole: bool = False) -> tuple[Part, ...]:
    """The two texts as one, what went and what came marked; joined without the ins it is ``before``, and without
    the del ``after``. With ``whole`` (numbers, dates), or when it is very long, the value is replaced as a whole."""
    if before == after:
        return (Part(SAME, after),) if after else ()
    if whole or not before or not after or max(len(before), len(after)) > LONGEST:
        return _joined([Part(DELETED, before), Part(INSERTED, after)])
    old, new = _SENTENCE.findall(before), _SENTENCE.findall(after)
    parts: list[Part] = []
    many = max(len(old), len(new)) > MOST_SENTENCES
    for tag, low, high, start, end in SequenceMatcher(None, old, new, autojunk=many).get_opcodes():
        if tag == "equal":
            parts.append(Part(SAME, "".join(new[start:end])))
        else:
            parts.extend(_replaced(old[low:high], new[start:end]))
    return _joined(parts)


def folded(parts: Sequence[Part], context: int = CONTEXT) -> tuple[Part, ...]:
    """The parts with long unchanged stretches shortened to what stands beside a change."""
    found: list[Part] = []
    for number, part in enumerate(parts):
        if part.op != SAME or len(part.text) <= 2 * context + 10:
            found.append(part)
            continue
        head = part.text[:context] if number else ""
        tail = part.text[-context:] if number < len(parts) - 1 else ""
        found.append(Part(SAME, f"{head} …… {tail}"))
    return tuple(found)


def _replaced(old: Sequence[str], new: Sequence[str]) -> Iterator[Part]:
    """Sentences in place of others: one to one when there are as many, else all of them together."""
    if len(old) == len(new):
        for one, other in zip(old, new, strict=True):
            yield from _words(one, other)
    else:
        yield from _words("".join(old), "".join(new))


def _words(before: str, after: str) -> Iterator[Part]:
    """Word by word, what is alike at both ends first."""
    old, new = _WORD.findall(before), _WORD.findall(after)
    most = min(len(old), len(new))
    head = next((at for at in range(most) if old[at] != new[at]), most)
    tail = next((at for at in range(most - head) if old[-1 - at] != new[-1 - at]), most - head)
    middle, centre = old[head : len(old) - tail], new[head : len(new) - tail]
    yield Part(SAME, "".join(old[:head]))
    yield from _middle(middle, centre, len("".join(old[:head] + old[len(old) - tail :])))
    yield Part(SAME, "".join(old[len(old) - tail :]))


def _middle(old: list[str], new: list[str], around: int) -> Iterator[Part]:
    """What is between the alike ends, which hold ``around`` characters."""
    before, after = "".join(old), "".join(new)
    if max(len(old), len(new)) > MOST_WORDS:
        yield from (Part(DELETED, before), Part(INSERTED, after))
        return
    matcher = SequenceMatcher(None, old, new, autojunk=False)
    kept = around + sum(
        len("".join(old[block.a : block.a + block.size])) for block in matcher.get_matching_blocks()
    )
    if 2 * kept < ALIKE * (len(before) + len(after) + 2 * around):
        yield from (Part(DELETED, before), Part(INSERTED, after))
        return
    for tag, low, high, start, end in matcher.get_opcodes():
        gone, come = "".join(old[low:high]), "".join(new[start:end])
        island = tag == "equal" and low > 0 and high < len(old) and len(come) <= ISLAND
        if tag == "equal" and not island:
            yield Part(SAME, come)
        else:
            yield from (Part(DELETED, gone), Part(INSERTED, come))


def _joined(parts: Iterable[Part]) -> tuple[Part, ...]:
    """Neighbours of one kind as one; between two unchanged stretches first what went, then what came."""
    found: list[Part] = []
    gone = come = ""
    for part in parts:
        if part.op == DELETED:
            gone += part.text
        elif part.op == INSERTED:
            come += part.text
        elif part.text:
            found += [Part(DELETED, gone), Part(INSERTED, come), part]
            gone = come = ""
    found += [Part(DELETED, gone), Part(INSERTED, come)]
    merged: list[Part] = []
    for part in found:
        if part.text and merged and merged[-1].op == part.op == SAME:
            merged[-1] = Part(SAME, merged[-1].text + part.text)
        elif part.text:
            merged.append(part)
    return tuple(merged)
