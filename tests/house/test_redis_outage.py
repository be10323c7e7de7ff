"""Redis is a doorbell: while it is down stages still close, and afterwards everything due is done once."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.db import connection, transaction

from competition import clock, outbox, stages, tasks
from competition.config import embedded_redis_server
from competition.errors import StageClosed
from competition.models import Edition, OutboxMessage, Stage


@pytest.fixture
def rehearsed(transactional_db: None) -> Edition:
    edition = Edition.objects.create(
        slug="outage", name="演练", short_name="演练", theme="主题", is_rehearsal=True
    )
    now = clock.now(edition)
    Stage.objects.create(
        edition=edition,
        key="registration",
        name="报名",
        position=1,
        opens_at=now - timedelta(days=1),
        closes_at=now + timedelta(hours=1),
    )
    return edition


@pytest.fixture
def worker(tmp_path: Path) -> Iterator[Callable[[str], None]]:
    """``worker(redis_url)`` starts a real Celery worker and beat on the test's database."""
    processes: list[subprocess.Popen[bytes]] = []

    def start(redis_url: str) -> None:
        database = connection.settings_dict
        address = f"postgres://{database['USER']}@localhost/{database['NAME']}?host={database['HOST']}"
        environment = {**os.environ, "DATABASE_URL": address, "REDIS_URL": redis_url, "DEBUG": "1"}
        command = [sys.executable, "-m", "celery", "-A", "competition.config", "worker", "--beat"]
        command += ["--pool", "solo", "--schedule", str(tmp_path / "beat"), "--loglevel", "ERROR"]
        processes.append(subprocess.Popen(command, env=environment, cwd=django_settings.BASE_DIR))

    yield start
    for process in processes:
        process.send_signal(signal.SIGTERM)
        process.wait(timeout=20)


def test_redis_outage_delays_and_loses_nothing(
    rehearsed: Edition, worker: Callable[[str], None], tmp_path: Path, settings: Any
) -> None:
    settings.RING_DOORBELL = True
    settings.REDIS_URL = "redis://127.0.0.1:1/0"
    began = time.monotonic()

    with transaction.atomic():
        for number in range(3):
            outbox.post(
                "test.outage", "thing:1", str(number), channel="sms", recipient="13800138000", body="您好"
            )
    tasks.ring()
    clock.advance(rehearsed, timedelta(hours=2))
    with pytest.raises(StageClosed), transaction.atomic():
        stages.require_open(rehearsed, "registration", at=None)

    assert time.monotonic() - began < 5
    assert OutboxMessage.objects.filter(sent_at__isnull=True).count() == 3

    address = embedded_redis_server.start(tmp_path / "redis")
    try:
        worker(address)
        deadline = time.monotonic() + 60
        while OutboxMessage.objects.filter(sent_at__isnull=True).exists() and time.monotonic() < deadline:
            time.sleep(0.3)
        attempts = list(OutboxMessage.objects.values_list("attempts", flat=True))
    finally:
        embedded_redis_server.stop(tmp_path / "redis")

    assert attempts == [1, 1, 1]
    assert not OutboxMessage.objects.filter(sent_at__isnull=True).exists()
