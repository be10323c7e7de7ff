"""Whatever is sent to the pages of awards, none answers with a server error."""

from __future__ import annotations

from django.test import Client
from django.urls import reverse

from tests.hammer import file_errors, server_errors
from tests.permissions.table import World
from tests.permissions.test_permissions import clients, world

__all__ = ["clients", "world"]

NAMES = (
    *(
        "address",
        "agree",
        "answer",
        "award",
        "body",
        "certificate_number",
        "contact",
        "day",
        "despite",
        "verb",
    ),
    *(
        "document_number",
        "document_type",
        "findings",
        "hours",
        "is_public",
        "is_workday",
        "key",
        "kind",
        "last_day",
    ),
    *(
        "matter",
        "message",
        "name",
        "note",
        "number",
        "organisation",
        "phone",
        "place",
        "q",
        "reason",
        "receipt",
    ),
    *("receiver", "starts_at", "status", "summary", "tier", "title", "track", "unit", "unit_name", "until"),
    *("verdict", "version", "why", "wish", "after", "all"),
    *("publish-last_day", "lengthen-last_day", "lengthen-why", "unit-key", "unit-unit_name", "unit-reason"),
)


def test_bad_input_is_never_a_server_error(world: World, clients: dict[str, Client]) -> None:
    errors = server_errors("awards", world, clients, NAMES)

    assert "\n".join(errors) == ""


def test_files_that_are_not_what_they_say_are_never_a_server_error(
    world: World, clients: dict[str, Client]
) -> None:
    address = reverse("awards:report_new", kwargs={"number": world.report.notice.number})

    errors = file_errors(
        clients["anonymous"], address, "evidence", {"award": world.report.award_id, "matter": "事实" * 10}
    )

    assert "\n".join(errors) == ""
