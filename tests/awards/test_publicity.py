"""The publicity period: vectors of real calendars, and what holds for all days."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from awards.publicity import Counting, Period, end_of, lengthened, local_day, period
from tests.awards.calendars import CALENDAR

SHANGHAI = ZoneInfo("Asia/Shanghai")
COUNTING = Counting()
known_days = st.dates(date(2025, 1, 1), date(2026, 12, 1))


@pytest.mark.rule("R89")
@pytest.mark.parametrize(
    ("published_on", "last_day"),
    [
        (date(2025, 8, 20), date(2025, 8, 27)),
        (date(2025, 8, 22), date(2025, 8, 29)),
        (date(2025, 8, 23), date(2025, 9, 1)),
        (date(2025, 9, 21), date(2025, 9, 28)),
        (date(2025, 9, 24), date(2025, 10, 9)),
        (date(2026, 2, 9), date(2026, 2, 24)),
        (date(2026, 12, 26), None),
    ],
)
def test_period_ends_by_the_vectors(published_on: date, last_day: date | None) -> None:
    assert period(published_on, COUNTING, CALENDAR).last_day == last_day


@pytest.mark.rule("R89")
def test_period_ends_at_midnight_after_its_last_day() -> None:
    given_period = period(date(2025, 8, 20), COUNTING, CALENDAR)

    assert given_period == Period(
        date(2025, 8, 20), date(2025, 8, 21), date(2025, 8, 27), last_day=date(2025, 8, 27)
    )
    assert given_period.ends_at(SHANGHAI) == datetime(2025, 8, 27, 16, tzinfo=UTC)


@pytest.mark.rule("R89")
@pytest.mark.parametrize(
    ("published_on", "sentence"),
    [
        (
            date(2025, 8, 20),
            "公布当日不计入，自2025年8月21日（星期四）起计，最后一日为2025年8月27日（星期三），当日24时截止。",
        ),
        (
            date(2025, 8, 23),
            "公布当日不计入，自2025年8月24日（星期日）起计，最后一日为2025年8月30日（星期六），"
            "顺延至2025年9月1日（星期一）24时截止。",
        ),
        (
            date(2026, 12, 26),
            "公布当日不计入，自2026年12月27日（星期日）起计，最后一日为2027年1月2日（星期六）；"
            "缺少该日的节假日安排，须由工作人员确认截止日期。",
        ),
    ],
)
def test_period_says_how_it_was_counted(published_on: date, sentence: str) -> None:
    assert period(published_on, COUNTING, CALENDAR).sentence == sentence


def test_unknown_end_waits_for_staff() -> None:
    unknown = period(date(2026, 12, 26), COUNTING, CALENDAR)

    confirmed = lengthened(unknown, date(2027, 1, 4), CALENDAR)

    assert (unknown.needs_confirmation, unknown.ends_at(SHANGHAI)) == (True, None)
    assert (confirmed.needs_confirmation, confirmed.ends_at(SHANGHAI)) == (
        False,
        datetime(2027, 1, 5, tzinfo=SHANGHAI),
    )
    with pytest.raises(ValueError, match="2027年1月2日"):
        lengthened(unknown, date(2027, 1, 1), CALENDAR)


@pytest.mark.rule("R89")
def test_staff_only_lengthen_and_to_a_working_day() -> None:
    given_period = period(date(2025, 8, 20), COUNTING, CALENDAR)

    assert lengthened(given_period, date(2025, 9, 1), CALENDAR).last_day == date(2025, 9, 1)
    assert lengthened(given_period, date(2025, 8, 27), CALENDAR) == given_period
    with pytest.raises(ValueError, match="只能延长"):
        lengthened(given_period, date(2025, 8, 26), CALENDAR)
    with pytest.raises(ValueError, match="休息日"):
        lengthened(given_period, date(2025, 8, 30), CALENDAR)


def test_other_ways_of_counting_are_the_editions_data() -> None:
    counting = Counting.from_settings(
        {"days": 5, "count_first_day": True, "end_on_workday": False, "assumed": True}
    )

    given_period = period(date(2025, 8, 26), counting, CALENDAR)

    assert (given_period.counted_first, given_period.last_day) == (date(2025, 8, 26), date(2025, 8, 30))
    with pytest.raises(ValueError):
        period(date(2025, 8, 26), Counting(days=0), CALENDAR)


def test_day_of_publication_is_local() -> None:
    late = datetime(2025, 8, 19, 16, 0, tzinfo=UTC)

    assert local_day(late, SHANGHAI) == date(2025, 8, 20)
    assert local_day(late - timedelta(microseconds=1), SHANGHAI) == date(2025, 8, 19)
    with pytest.raises(ValueError):
        local_day(late.replace(tzinfo=None), SHANGHAI)


@pytest.mark.rule("R89")
@given(known_days)
def test_period_has_seven_whole_days_and_ends_on_a_working_day(published_on: date) -> None:
    given_period = period(published_on, COUNTING, CALENDAR)

    last_day = given_period.last_day
    assert last_day is not None
    assert given_period.counted_last == published_on + timedelta(days=7)
    assert CALENDAR(last_day) is True
    between = [
        given_period.counted_last + timedelta(days=n)
        for n in range((last_day - given_period.counted_last).days)
    ]
    assert not any(CALENDAR(day) for day in between)
    assert given_period.ends_at(SHANGHAI) == end_of(last_day, SHANGHAI)
    assert end_of(last_day, SHANGHAI) - end_of(published_on, SHANGHAI) >= timedelta(days=7)


@given(known_days, known_days)
def test_who_publishes_later_never_ends_earlier(one: date, other: date) -> None:
    first, second = sorted((one, other))

    earlier, later = period(first, COUNTING, CALENDAR), period(second, COUNTING, CALENDAR)

    assert earlier.earliest_last_day <= later.earliest_last_day
