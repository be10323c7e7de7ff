"""Two people at the same instant: nothing is lost, nobody is left waiting for the other."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import timedelta
from time import sleep
from typing import Any

import pytest
from django.db import connections, transaction

from awards.models import Award, Report
from awards.services import awarding, notices, reports
from awards.workflow import AwardStatus
from competition.models import Edition, User
from registration import services as registration
from tests.awards.ground import after_publicity, decided, entries_of, published
from tests.awards.reported import typed

pytestmark = pytest.mark.django_db(transaction=True)


def elsewhere(pool: ThreadPoolExecutor, work: Callable[[], Any]) -> Future[Any]:
    """``work`` in another connection, closed afterwards."""

    def run() -> Any:
        try:
            return work()
        finally:
            connections.close_all()

    return pool.submit(run)


@pytest.mark.rule("R88", "R91")
def test_report_and_conclusion_at_once_both_happen(
    edition: Edition, lihua: User, qianjin: User, sunli: User
) -> None:
    decided(edition, qianjin, sunli, finalists=entries_of(edition, lihua, 1), excellence=[])
    awarding.propose(edition, actor=qianjin)
    notice = published(edition, qianjin, sunli)
    award = Award.objects.get()
    after_publicity(edition, notice)
    assert notice.ends_at is not None
    in_time = notice.ends_at - timedelta(seconds=1)

    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            awarding.lock(award)
            concluding = elsewhere(pool, notices.conclude_due)
            sleep(0.5)  # it holds the notice now and waits for the award
            report, _ = reports.receive(award, **typed(), at=in_time)
        done = concluding.result(timeout=10)

    award.refresh_from_db()
    assert (done, report.is_late, Report.objects.count()) == (1, False, 1)
    assert award.status == AwardStatus.PUBLISHED


@pytest.mark.rule("R54")
def test_team_disqualified_while_prizes_are_proposed_gets_none(
    edition: Edition, lihua: User, qianjin: User, sunli: User
) -> None:
    first, second = entries_of(edition, lihua, 2)
    decided(edition, qianjin, sunli, finalists=[first, second], excellence=[])

    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            registration.disqualify(first.team, officer=qianjin, reason="提交虚假材料")
            proposing = elsewhere(pool, lambda: awarding.propose(edition, actor=sunli))
            sleep(0.5)  # it waits for who is leaving
        awards = proposing.result(timeout=10)

    assert [award.entry for award in awards] == [second]
    assert not Award.objects.filter(entry=first).exists()
