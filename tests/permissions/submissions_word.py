"""The form as a Word document: the blank one is public, everything else the team's alone."""

from __future__ import annotations

from typing import Any

from submissions.services import word
from submissions.word import entry_docx
from tests.permissions.submissions import entry, team
from tests.permissions.table import Row, everybody
from tests.submissions.word import upload


def prepare(world: Any) -> None:
    """A draft that Lihua uploaded."""
    world.word_key = word.take_in(world.entry, upload=upload(entry_docx(world.entry)), actor=world.lihua)


def draft(world: Any) -> dict[str, Any]:
    return {"pk": world.entry.pk, "key": world.word_key}


ROWS = [
    Row("submissions:blank_word", everybody()),
    Row("submissions:entry_word", team(), args=entry),
    Row("submissions:word_import", team(), args=entry),
    Row("submissions:word_import", team(422), args=entry, method="post"),
    # What was read is kept for the person who uploaded it.
    Row("submissions:word_preview", team(200, member=409), args=draft),
    Row("submissions:word_preview", team(302), args=draft, method="post"),
    Row(
        "submissions:word_preview",
        team(302, member=409),
        args=draft,
        method="post",
        data=lambda world: {"take": "overview:background", "version-overview": "1"},
    ),
]
