"""Walk the whole permission table; an address that is not in it fails."""

from __future__ import annotations

import pkgutil
from collections.abc import Callable, Iterator
from importlib import import_module
from typing import Any

import pytest
from django.db import transaction
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

import tests.permissions
from competition import roles
from competition.models import Edition, User
from tests.fixtures import make_user
from tests.permissions.table import OTHER_STAFF, ROLES, Row, World

MODULES = [
    import_module(f"tests.permissions.{module.name}")
    for module in pkgutil.iter_modules(tests.permissions.__path__)
    if not module.name.startswith("test_") and module.name != "table"
]
#: The admin redirects this nameless address of its early versions to the change page, which has its rows.
OLD_ADMIN_ADDRESS = "<path:object_id>/"
ROWS: list[Row] = [row for module in MODULES for row in getattr(module, "ROWS", [])]


def _names(patterns: list[Any], namespace: str = "") -> Iterator[str]:
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            inner = f"{namespace}{pattern.namespace}:" if pattern.namespace else namespace
            yield from _names(pattern.url_patterns, inner)
        elif isinstance(pattern, URLPattern) and str(pattern.pattern) != OLD_ADMIN_ADDRESS:
            yield f"{namespace}{pattern.name or pattern.pattern}"


def test_every_address_is_in_the_table() -> None:
    addresses = set(_names(get_resolver().url_patterns))

    missing = sorted(addresses - {row.name for row in ROWS})
    stale = sorted({row.name for row in ROWS} - addresses)

    assert missing == []
    assert stale == []


@pytest.fixture
def world(
    edition: Edition,
    lihua: User,
    wangfang: User,
    zhaolei: User,
    qianjin: User,
    sunli: User,
) -> World:
    world = World(
        edition=edition,
        lihua=lihua,
        wangfang=wangfang,
        zhaolei=zhaolei,
        qianjin=qianjin,
        sunli=sunli,
    )
    for module in MODULES:
        if hasattr(module, "prepare"):
            module.prepare(world)
    return world


@pytest.fixture
def clients(world: World, as_user: Callable[[User | None], Client]) -> dict[str, Client]:
    people = {
        "anonymous": None,
        "stranger": world.zhaolei,
        "owner": world.lihua,
        "member": world.wangfang,
        "officer": world.qianjin,
        "chief": world.sunli,
        **{role: make_user(f"staff-{role}", roles.LABELS[role], role=role) for role in OTHER_STAFF},
    }
    return {role: as_user(person) for role, person in people.items()}


def test_walk_gives_each_role_what_the_table_says(world: World, clients: dict[str, Client]) -> None:
    differences = []
    for row in ROWS:
        address = reverse(row.name, kwargs=row.args(world))
        for role in ROLES:
            with transaction.atomic():
                client = clients[role]
                cookies = dict(client.cookies)
                response = getattr(client, row.method)(address, row.data(world))
                if response.streaming:
                    list(response.streaming_content)  # read to its end, a file closes itself
                client.cookies.update(cookies)
                transaction.set_rollback(True)
            if response.status_code != row.expect[role]:
                differences.append(
                    f"{row.method} {address} {role}: {response.status_code}, not {row.expect[role]}"
                )

    assert differences == []
