"""The team's pages."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from competition.models import User
from submissions.form import schema_of
from submissions.models import Entry, Receipt

As = Callable[[User | None], Client]


def test_all_pages_open(submitted: Receipt, lihua: User, as_user: As) -> None:
    entry = submitted.revision.entry
    client = as_user(lihua)
    for name in ("entry", "check", "submit_page", "withdraw"):
        assert client.get(reverse(f"submissions:{name}", args=[entry.pk])).status_code == 200, name
    for section in schema_of(entry.edition).sections:
        if section.repeat:
            continue
        url = reverse("submissions:section", args=[entry.pk, section.key])
        assert client.get(url).status_code == 200, section.key
    for unit in entry.team.units.all():
        assert client.get(reverse("submissions:unit_section", args=[entry.pk, "units", unit.pk])).status_code == 200
    assert client.get(reverse("submissions:receipt", args=[submitted.number])).status_code == 200
    assert client.get(reverse("submissions:revision_pdf", args=[entry.pk, 1])).status_code == 200
