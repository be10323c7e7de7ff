"""No page asks the database more than twelve questions, whoever looks at it."""

from __future__ import annotations

from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests.permissions.table import ROLES, World
from tests.permissions.test_permissions import ROWS, clients, world

__all__ = ["clients", "world"]

MOST = 12


def test_no_page_needs_more_than_twelve_queries(world: World, clients: dict[str, Client]) -> None:
    dear = []
    for row in (row for row in ROWS if row.method == "get"):
        address = reverse(row.name, kwargs=row.args(world))
        for role in (role for role in ROLES if row.expect[role] == 200):
            with transaction.atomic():
                cookies = dict(clients[role].cookies)
                clients[role].get(address, row.data(world))  # a session notes once that it is in use
                with CaptureQueriesContext(connection) as queries:
                    clients[role].get(address, row.data(world))
                clients[role].cookies.update(cookies)
                transaction.set_rollback(True)
            # A transaction of its own is no question: outside this test it begins and ends instead.
            asked = [one for one in queries if "SAVEPOINT" not in one["sql"]]
            if len(asked) > MOST:
                dear.append(f"{address} {role}: {len(asked)}")

    assert dear == []
