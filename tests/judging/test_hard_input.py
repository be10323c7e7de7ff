"""Whatever is sent to the pages of judging, none answers with a server error."""

from __future__ import annotations

from django.test import Client

from tests.hammer import server_errors
from tests.permissions.table import World
from tests.permissions.test_permissions import clients, world

__all__ = ["clients", "world"]

NAMES = (
    *("answer", "application", "caller_1", "caller_2", "number_1", "number_2", "witness", "chair", "members"),
    *(
        "code_1",
        "unit_1",
        "comment",
        "mark-effects.needs",
        "data_source",
        "technology",
        "rights",
        "do",
        "entry",
    ),
    *(
        "expert",
        "experts",
        "field",
        "granted",
        "is_active",
        "members",
        "minutes",
        "minutes_each",
        "mode",
        "note",
    ),
    *("number", "opinion", "per_entry", "place", "pool", "reason", "recusal", "round", "starts_at", "status"),
    *("tie", "title", "tracks", "user", "verdict", "version", "words", "after", "q", "track", "state", "all"),
    *(f"{prefix}-{name}" for prefix in ("record", "schedule") for name in ("starts_at", "place", "experts")),
    *(f"record-{name}" for name in ("opinion", "mode", "technology", "data_source", "rights")),
)


def test_bad_input_is_never_a_server_error(world: World, clients: dict[str, Client]) -> None:
    errors = server_errors("judging", world, clients, NAMES)

    assert "\n".join(errors) == ""
