"""Working days by a calendar that is handed in."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from competition.workdays import CorrectedCalendar, ListedCalendar, add_workdays, first_workday

#: The National Day week of 2025 and its two make-up days.
CALENDAR = ListedCalendar(
    years=(2025,),
    holidays=frozenset(date(2025, 10, day) for day in range(1, 9)),
    make_up_days=frozenset((date(2025, 9, 28), date(2025, 10, 11))),
)


@pytest.mark.parametrize(
    ("day", "worked"),
    [
        (date(2025, 9, 26), True),
        (date(2025, 9, 27), False),
        (date(2025, 9, 28), True),
        (date(2025, 10, 1), False),
        (date(2025, 10, 11), True),
        (date(2025, 10, 12), False),
        (date(2026, 1, 5), None),
    ],
)
def test_listed_calendar_knows_holidays_and_make_up_days(day: date, worked: bool | None) -> None:
    assert CALENDAR(day) is worked


def test_staff_correct_single_days() -> None:
    corrected = CorrectedCalendar({date(2025, 9, 26): False, date(2026, 1, 5): True}, CALENDAR)

    assert [corrected(date(2025, 9, 26)), corrected(date(2026, 1, 5)), corrected(date(2026, 1, 6))] == [
        False,
        True,
        None,
    ]


@pytest.mark.rule("R94")
@pytest.mark.parametrize(
    ("day", "count", "last"),
    [
        (date(2025, 9, 26), 0, date(2025, 9, 26)),
        (date(2025, 9, 26), 1, date(2025, 9, 28)),
        (date(2025, 9, 26), 5, date(2025, 10, 10)),
        (date(2025, 10, 1), 1, date(2025, 10, 9)),
        (date(2025, 12, 30), 1, date(2025, 12, 31)),
        (date(2025, 12, 30), 2, None),
    ],
)
def test_working_days_are_counted_from_the_next(day: date, count: int, last: date | None) -> None:
    assert add_workdays(day, count, CALENDAR) == last


def test_negative_working_days_are_refused() -> None:
    with pytest.raises(ValueError):
        add_workdays(date(2025, 9, 26), -1, CALENDAR)


@given(st.dates(date(2025, 1, 1), date(2025, 11, 30)), st.integers(1, 15))
def test_as_many_working_days_lie_between_as_were_added(day: date, count: int) -> None:
    last = add_workdays(day, count, CALENDAR)

    assert last is not None
    assert first_workday(last, CALENDAR) == last
    passed = [day + timedelta(days=number) for number in range(1, (last - day).days + 1)]
    assert sum(bool(CALENDAR(one)) for one in passed) == count
