"""Two texts side by side, with what differs marked in each."""

from __future__ import annotations

from typing import Final

from competition.form_schema import wording

#: (differs, text), in order.
Marks = tuple[tuple[bool, str], ...]
#: Longer texts than anybody writes into a field are not compared word by word.
_MOST: Final = 12_000


def marked(before: str, after: str) -> tuple[Marks, Marks]:
    """What of ``before`` is gone and what of ``after`` is new."""
    if max(len(before), len(after)) > _MOST:
        return ((True, before),), ((True, after),)
    parts = wording.marked(before, after)
    return (
        tuple((part.op == wording.DELETED, part.text) for part in parts if part.op != wording.INSERTED),
        tuple((part.op == wording.INSERTED, part.text) for part in parts if part.op != wording.DELETED),
    )
