"""Pages of the registration as people open them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from competition.models import User
from registration.models import Team
from registration.steps import Step

MOST_QUERIES = 12


@pytest.fixture(autouse=True)
def _own_files(settings: Any, tmp_path: Path) -> None:
    """Uploads of a test end with it."""
    options = {"location": str(tmp_path), "base_url": None}
    files = {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": options}
    settings.STORAGES = {**settings.STORAGES, "default": files}


@pytest.fixture
def lihua_client(as_user: Callable[[User], Client], lihua: User) -> Client:
    return as_user(lihua)


@pytest.fixture
def officer_client(as_user: Callable[[User], Client], qianjin: User) -> Client:
    return as_user(qianjin)


def queries_of(client: Client, address: str) -> int:
    """How often a page asks the database, seen a second time (the first notes that a session lives)."""
    client.get(address)
    with CaptureQueriesContext(connection) as queries:
        assert client.get(address).status_code == 200
    assert len(queries) <= MOST_QUERIES, "\n".join(query["sql"][:200] for query in queries)
    return len(queries)


def step_url(team: Team, step: Step) -> str:
    return reverse("registration:step", args=[team.pk, step])


def autosave(client: Client, team: Team, step: Step, **fields: Any) -> HttpResponse:
    """What autosave.js sends."""
    team.refresh_from_db()
    data = {"version": team.version, **fields}
    headers = {"Accept": "application/json", "X-Requested-With": "autosave"}
    response: Any = client.post(step_url(team, step), data, headers=headers)
    return response
