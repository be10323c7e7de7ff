"""Reminders before the deadline: once each, only the most recent, only to who has not submitted."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest
from django.db import connection

from competition import clock, reconciler
from competition.models import Edition, OutboxMessage, User
from submissions import services
from submissions.models import Entry, Receipt
from submissions.services.reminders import KIND
from tests.submissions.conftest import make_team


def leave(edition: Edition, hours: float) -> None:
    """Let the submission stage be open for that many more hours."""
    stage = edition.stages.get(key="submission")
    stage.opens_at = clock.now(edition) - timedelta(days=10)
    stage.closes_at = clock.now(edition) + timedelta(hours=hours)
    stage.save()


def written() -> list[tuple[str, str]]:
    """Channel and offset in hours of every reminder."""
    rows = OutboxMessage.objects.filter(kind=KIND).order_by("subject", "id")
    return [(row.channel, str(int(row.occurrence.rpartition("-")[2]) // 3600)) for row in rows]


def test_nothing_is_due_long_before(entry: Entry) -> None:
    leave(entry.edition, 169)

    assert services.send_reminders() == 0


def test_owner_and_contact_are_reminded_once(edition: Edition, lihua: User) -> None:
    services.open_entry(make_team(edition, lihua))
    leave(edition, 167)

    assert [services.send_reminders(), services.send_reminders()] == [2, 0]

    assert written() == [("sms", "168"), ("mail", "168")]


def test_contact_who_is_the_owner_gets_one(entry: Entry) -> None:
    leave(entry.edition, 167)

    assert services.send_reminders() == 1


def test_of_several_passed_offsets_only_the_latest_is_written(entry: Entry) -> None:
    leave(entry.edition, 23)

    services.send_reminders()

    assert written() == [("mail", "24")]


def test_each_offset_is_written_when_its_time_comes(entry: Entry) -> None:
    stage = entry.edition.stages.get(key="submission")
    for hours in (100, 71.5, 20, 2):
        leave(entry.edition, hours)
        services.send_reminders()

    assert stage.closes_at is not None
    assert written() == [("mail", "168"), ("mail", "72"), ("mail", "24"), ("mail", "3")]


def test_submitted_withdrawn_and_late_teams_are_left_alone(
    submitted: Receipt, edition: Edition, lihua: User
) -> None:
    gone = services.open_entry(make_team(edition, lihua))
    services.withdraw(gone, actor=lihua)
    leave(edition, 2)
    assert services.send_reminders() == 0

    services.open_entry(make_team(edition, lihua))
    leave(edition, -1)
    assert services.send_reminders() == 0


def test_returned_entry_is_reminded(submitted: Receipt, qianjin: User) -> None:
    services.return_for_correction(submitted, officer=qianjin, checklist={}, reasons={"overview": "请改"})
    leave(submitted.revision.entry.edition, 2)

    services.send_reminders()

    assert "已退回修改，尚未重新提交" in OutboxMessage.objects.get(kind=KIND).body


@pytest.mark.django_db(transaction=True)
def test_reconcilers_at_the_same_time_write_each_once(entry: Entry) -> None:
    leave(entry.edition, 2)
    start = threading.Barrier(3)

    def work() -> None:
        try:
            start.wait()
            services.send_reminders()
            reconciler.run()
        finally:
            connection.close()

    threads = [threading.Thread(target=work) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert written() == [("mail", "3")]
