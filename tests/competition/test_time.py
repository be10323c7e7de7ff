"""Stages are derived, deadlines hold to the microsecond, and only a rehearsal moves its clock."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import IntegrityError, transaction
from django.test import RequestFactory

from competition import arrival, clock, stages
from competition.errors import Refusal, StageClosed
from competition.models import Edition, Stage

MICROSECOND = timedelta(microseconds=1)


@pytest.fixture
def small(db: None) -> Edition:
    return Edition.objects.create(
        slug="small",
        name="小赛",
        short_name="小赛",
        theme="主题",
        is_rehearsal=True,
        data={"grace": {"arrival_seconds": 30}},
    )


@pytest.fixture
def stage(small: Edition) -> Stage:
    now = clock.now(small)
    return Stage.objects.create(
        edition=small,
        key="registration",
        name="报名",
        position=1,
        opens_at=now - timedelta(hours=1),
        closes_at=now + timedelta(hours=1),
    )


@pytest.mark.rule("R12")
@pytest.mark.django_db(transaction=True)
def test_require_open_holds_to_the_microsecond_of_arrival(small: Edition, stage: Stage) -> None:
    clock.set_time(small, stage.closes_at)
    real_close = stage.closes_at - small.clock_offset

    with transaction.atomic():
        admitted = stages.require_open(small, "registration", at=real_close - MICROSECOND)
    with transaction.atomic(), pytest.raises(StageClosed) as late:
        stages.require_open(small, "registration", at=real_close)

    assert admitted == stage
    assert late.value.sentence == f"报名已于{stages.format_instant(stage.closes_at)}截止，不能再提交。"


@pytest.mark.rule("R77")
def test_request_that_arrived_in_time_is_honoured_for_the_editions_grace(
    small: Edition, stage: Stage
) -> None:
    arrived = stage.closes_at - timedelta(seconds=1)

    clock.set_time(small, stage.closes_at + timedelta(seconds=20))
    admitted = stages.require_open(small, "registration", at=arrived - small.clock_offset)
    clock.set_time(small, stage.closes_at + timedelta(seconds=31))
    with pytest.raises(StageClosed):
        stages.require_open(small, "registration", at=arrived - small.clock_offset)

    assert admitted == stage


def test_stage_before_it_opens_says_when(small: Edition, stage: Stage) -> None:
    clock.set_time(small, stage.opens_at - timedelta(days=1))

    with pytest.raises(StageClosed) as early:
        stages.require_open(small, "registration", at=None)

    assert early.value.sentence == f"报名尚未开始，将于{stages.format_instant(stage.opens_at)}开始。"


def test_provisional_stage_shows_the_month_alone(small: Edition, stage: Stage) -> None:
    Stage.objects.update(month_text="2025年5-7月")

    provisional = stages.view(small, "registration")
    Stage.objects.update(provisional=False)
    confirmed = stages.view(small, "registration")

    assert provisional is not None and provisional.when == "2025年5-7月"
    assert confirmed is not None and confirmed.when == (
        f"{stages.format_instant(stage.opens_at)}至{stages.format_instant(stage.closes_at)}"
    )


def test_clock_of_a_real_edition_cannot_be_moved(db: None) -> None:
    real = Edition.objects.create(slug="real", name="正式", short_name="正式", theme="主题")

    with pytest.raises(Refusal):
        clock.set_time(real, datetime(2025, 7, 1, tzinfo=UTC))
    with pytest.raises(IntegrityError, match="only_a_rehearsal_moves_its_clock"), transaction.atomic():
        Edition.objects.filter(pk=real.pk).update(clock_offset=timedelta(days=1))


def test_clock_of_a_rehearsal_is_the_databases_clock_plus_its_offset(small: Edition) -> None:
    target = datetime(2025, 7, 1, 9, tzinfo=UTC)

    clock.set_time(small, target)

    assert abs(clock.now(small) - target) < timedelta(seconds=2)
    assert abs(clock.real_now() - datetime.now(UTC)) < timedelta(seconds=2)


def test_stage_must_open_before_it_closes(small: Edition, stage: Stage) -> None:
    with pytest.raises(IntegrityError, match="stage_opens_before_it_closes"), transaction.atomic():
        Stage.objects.filter(pk=stage.pk).update(closes_at=stage.opens_at)


def test_arrival_is_the_proxys_stamp_only_when_the_proxy_is_trusted(settings: object, db: None) -> None:
    stamp = datetime.now(UTC) - timedelta(seconds=30)
    request = RequestFactory().get("/", headers={"X-Request-Start": f"t={stamp.timestamp():.3f}"})
    future = RequestFactory().get("/", headers={"X-Request-Start": "t=4102444800.000"})
    seen: list[datetime] = []
    middleware = arrival.arrival_middleware(lambda r: seen.append(arrival.arrived_at(r)))  # type: ignore[arg-type,return-value,func-returns-value]

    settings.TRUSTED_PROXY = False  # type: ignore[attr-defined]
    middleware(request)
    settings.TRUSTED_PROXY = True  # type: ignore[attr-defined]
    middleware(request)
    middleware(future)

    direct, stamped, never_later_than_now = seen
    assert abs(direct - datetime.now(UTC)) < timedelta(seconds=2)
    assert abs(stamped - stamp) < timedelta(seconds=1)
    assert never_later_than_now <= datetime.now(UTC) + timedelta(seconds=1)


@pytest.mark.parametrize(
    ("closes", "words"),
    [
        (datetime(2025, 8, 1, 0, 0, tzinfo=ZoneInfo("Asia/Shanghai")), "2025年7月31日 24:00（周四）"),
        (datetime(2025, 7, 11, 18, 0, tzinfo=ZoneInfo("Asia/Shanghai")), "2025年7月11日 18:00（周五）"),
        (datetime(2026, 1, 1, 0, 0, tzinfo=ZoneInfo("Asia/Shanghai")), "2025年12月31日 24:00（周三）"),
    ],
)
def test_what_ends_at_midnight_ends_on_the_day_before(closes: datetime, words: str) -> None:
    assert stages.format_end(closes) == words
