"""Working days by a calendar that is handed in: statutory holidays and make-up days come as data.

A calendar answers whether a day is worked: True, False, or None where it has no data for that year. None is never
guessed away: every function here hands it on, so that staff can be asked.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final, Protocol

_DAY: Final = timedelta(days=1)
_SATURDAY: Final = 5


class Calendar(Protocol):
    """Whether a day is a working day; None when the calendar does not reach so far."""

    def __call__(self, day: date, /) -> bool | None: ...


@dataclass(frozen=True, slots=True)
class ListedCalendar:
    """Years that are known, with their holidays and make-up working days; other days by the day of the week."""

    years: Collection[int]
    holidays: Collection[date]
    make_up_days: Collection[date]

    def __call__(self, day: date, /) -> bool | None:
        if day.year not in self.years:
            return None
        if day in self.make_up_days:
            return True
        return day not in self.holidays and day.weekday() < _SATURDAY


@dataclass(frozen=True, slots=True)
class CorrectedCalendar:
    """Single days that staff have entered, over a calendar that answers for the rest."""

    entered: Mapping[date, bool]
    rest: Calendar

    def __call__(self, day: date, /) -> bool | None:
        said = self.entered.get(day)
        return self.rest(day) if said is None else said


def first_workday(day: date, calendar: Calendar) -> date | None:
    """The day itself if it is worked, else the next working day; None when the calendar ends before (R89)."""
    while True:
        worked = calendar(day)
        if worked is None:
            return None
        if worked:
            return day
        day += _DAY


def add_workdays(day: date, count: int, calendar: Calendar) -> date | None:
    """The last of `count` working days after `day`, which is not counted itself (R94, decision 16).

    0 is the day itself. None: the calendar ends before. ValueError: a negative count.
    """
    if count < 0:
        raise ValueError("count must not be negative")
    for _ in range(count):
        following = first_workday(day + _DAY, calendar)
        if following is None:
            return None
        day = following
    return day
