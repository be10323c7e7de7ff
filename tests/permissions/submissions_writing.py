"""Writing together: presence and kept texts are the team's alone."""

from __future__ import annotations

from typing import Any

from submissions.models import KeptText
from tests.permissions.submissions import entry, team
from tests.permissions.table import LOGIN, ROLES, Row


def prepare(world: Any) -> None:
    """A text that Wangfang's saving left behind."""
    world.kept_text = KeptText.objects.create(
        entry=world.entry, place="overview/background", label="背景", text="另一段", typed_by=world.wangfang
    )


def beat(world: Any) -> dict[str, str]:
    return {"place": "overview", "where": "项目概况"}


def text(world: Any) -> dict[str, str]:
    return {"place": "overview", "path": "background", "label": "背景", "text": "留下的", "whose": "mine"}


def only_team(status: int) -> dict[str, int]:
    """Others, the office too, do not know of it."""
    return {**dict.fromkeys(ROLES, 404), "anonymous": LOGIN, "owner": status, "member": status}


ROWS = [
    Row("submissions:presence", team(), args=entry, method="post", data=beat),
    Row("submissions:presence", team(422), args=entry, method="post"),
    Row("submissions:keep_text", team(201), args=entry, method="post", data=text),
    Row(
        "submissions:drop_text",
        only_team(302),
        args=lambda world: {"pk": world.kept_text.pk},
        method="post",
    ),
]
