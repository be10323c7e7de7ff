"""Two texts side by side, with what differs marked in each."""

from __future__ import annotations

from competition.form_schema import wording

#: (differs, text), in order.
Marks = tuple[tuple[bool, str], ...]


def marked(before: str, after: str) -> tuple[Marks, Marks]:
    """What of ``before`` is gone and what of ``after`` is new."""
    parts = wording.marked(before, after)
    return (
        tuple((part.op == wording.DELETED, part.text) for part in parts if part.op != wording.INSERTED),
        tuple((part.op == wording.INSERTED, part.text) for part in parts if part.op != wording.DELETED),
    )
