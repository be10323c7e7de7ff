"""What leaves the portal leaves once: written with the change, sent by whoever comes by."""

from __future__ import annotations

from datetime import timedelta
from threading import Thread

import pytest
from django.db import IntegrityError, connection, connections, transaction

from competition import clock, outbox, reconciler
from competition.models import OutboxMessage
from competition.registries import due_work, outbox_senders

SENT: list[int] = []


def _note(message: OutboxMessage) -> None:
    SENT.append(message.pk)


def _fail(message: OutboxMessage) -> None:
    raise ConnectionError("no gateway")


@pytest.fixture(autouse=True)
def _channels() -> None:
    SENT.clear()
    outbox_senders.register("test-note", _note)
    outbox_senders.register("test-fail", _fail)


def _post(occurrence: str = "1", channel: str = "test-note") -> bool:
    return outbox.post("test.kind", "thing:1", occurrence, channel=channel, recipient="a@b.cn", body="您好")


def test_post_writes_each_occurrence_once(db: None) -> None:
    first, again, other = _post(), _post(), _post("2")

    assert (first, again, other) == (True, False, True)
    assert OutboxMessage.objects.count() == 2


def test_message_is_gone_with_the_change_it_belongs_to(db: None) -> None:
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        _post()
        _ = 1 // 0

    assert not OutboxMessage.objects.exists()


def test_send_due_sends_each_message_once(db: None) -> None:
    _post("1")
    _post("2")

    sent = [outbox.send_due(), outbox.send_due()]

    assert sent == [2, 0]
    assert len(SENT) == 2


def test_failed_message_waits_and_is_tried_again(db: None) -> None:
    _post(channel="test-fail")

    outbox.send_due()
    message = OutboxMessage.objects.get()

    assert (message.attempts, message.last_error, message.sent_at) == (1, "ConnectionError", None)
    assert message.next_attempt_at > clock.real_now() + timedelta(seconds=10)


def test_recipient_and_text_are_not_readable_in_the_database(db: None) -> None:
    _post()

    with connection.cursor() as cursor:
        cursor.execute("SELECT recipient, body FROM competition_outboxmessage")
        stored = cursor.fetchone()

    assert "a@b.cn" not in stored[0] and "您好" not in stored[1]
    assert OutboxMessage.objects.get().body == "您好"


def test_database_keeps_an_occurrence_unique(db: None) -> None:
    _post()

    with pytest.raises(IntegrityError, match="outbox_message_happens_once"), transaction.atomic():
        OutboxMessage.objects.create(kind="test.kind", subject="thing:1", occurrence="1", channel="mail")


@pytest.mark.django_db(transaction=True)
def test_parallel_reconcilers_send_everything_once() -> None:
    for number in range(20):
        _post(str(number))

    def work() -> None:
        outbox.send_due()
        connections.close_all()

    threads = [Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(SENT) == sorted(OutboxMessage.objects.values_list("pk", flat=True))


@pytest.mark.django_db(transaction=True)
def test_second_reconciler_leaves_the_work_to_the_first() -> None:
    done: list[dict[str, int]] = []

    def second() -> None:
        done.append(reconciler.run())
        connections.close_all()

    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", [reconciler.LOCK])
        thread = Thread(target=second)
        thread.start()
        thread.join()
        cursor.execute("SELECT pg_advisory_unlock(%s)", [reconciler.LOCK])

    assert done == [{}]


def test_failing_work_does_not_stop_the_rest(db: None) -> None:
    def broken() -> int:
        raise RuntimeError("broken")

    due_work.register("test.broken", broken)
    _post()

    done = reconciler.run()

    del due_work._functions["test.broken"]
    assert done["test.broken"] == -1
    assert done["outbox"] == 1
