"""Who checks an entry: one officer at a time; the queue filters by it."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from competition.errors import NotAllowed, WrongState
from competition.models import OutboxMessage, User
from submissions import services
from submissions.models import Entry, FormalCheck, Receipt
from submissions.services import claiming
from submissions.services.hints import make_hints
from tests.submissions.conftest import settled

As = Callable[[User | None], Client]
QUEUE = "/admin/submissions/entry/"


def test_claimed_entry_is_decided_by_its_officer_alone(
    submitted: Receipt, qianjin: User, sunli: User
) -> None:
    entry = submitted.revision.entry
    claiming.claim(entry, officer=sunli)

    with pytest.raises(WrongState) as refused:
        services.accept(submitted, officer=qianjin, checklist=settled(entry.edition))
    assert sunli.display_name in refused.value.sentence
    assert not FormalCheck.objects.exists()

    claiming.take_over(entry, officer=qianjin)
    services.accept(submitted, officer=qianjin, checklist=settled(entry.edition))

    assert OutboxMessage.objects.filter(kind="formal_check.taken_over").count() == 1
    assert Entry.objects.get().claimed_by == qianjin


def test_own_entry_is_put_back(submitted: Receipt, qianjin: User, sunli: User) -> None:
    entry = submitted.revision.entry
    claiming.claim(entry, officer=qianjin)
    with pytest.raises(WrongState):
        claiming.release_claim(entry, officer=sunli)

    claiming.release_claim(entry, officer=qianjin)

    assert Entry.objects.get().claimed_by is None


def test_strangers_do_not_claim(submitted: Receipt, lihua: User, zhaolei: User) -> None:
    for person in (lihua, zhaolei):
        with pytest.raises(NotAllowed):
            claiming.claim(submitted.revision.entry, officer=person)


def test_entry_that_does_not_wait_is_not_claimed(entry: Entry, qianjin: User) -> None:
    with pytest.raises(WrongState):
        claiming.claim(entry, officer=qianjin)


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("?officer=mine", 1),
        ("?officer=nobody", 0),
        ("?hints=any", 0),
        ("?hints=missing", 0),
        ("?hints=none", 1),
        ("?correction=running", 0),
        ("?supplement=waiting", 0),
        ("?q=REFERENCE", 1),
        ("?q=E999999", 0),
    ],
)
def test_queue_is_narrowed_down(
    submitted: Receipt, qianjin: User, as_user: As, query: str, found: int
) -> None:
    claiming.claim(submitted.revision.entry, officer=qianjin)
    make_hints(submitted.pk)  # only reasons why something does not apply, and files without a text

    html = as_user(qianjin).get(QUEUE + query.replace("REFERENCE", submitted.revision.entry.reference))

    assert html.content.decode().count("field-reference") == found
