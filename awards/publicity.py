"""How long a publicity notice stands: the 7 days of the notice, counted as the Civil Code counts (record 116)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

from competition.workdays import Calendar, first_workday

_DAY: Final = timedelta(days=1)
_WEEK: Final = "一二三四五六日"


@dataclass(frozen=True, slots=True)
class Counting:
    """An edition's `publicity`: natural days, whether the day of publication counts, whether rest days extend."""

    days: int = 7
    count_first_day: bool = False
    end_on_workday: bool = True

    @classmethod
    def from_settings(cls, publicity: Mapping[str, Any]) -> Counting:
        """From an edition's settings."""
        return cls(publicity["days"], publicity["count_first_day"], publicity["end_on_workday"])


@dataclass(frozen=True, slots=True)
class Period:
    """A publicity period in local days.

    `counted_last` is the last of the natural days; `last_day` is that day or the next working day after it, or
    None where the calendar has no data and staff must confirm a day.
    """

    published_on: date
    counted_first: date
    counted_last: date
    last_day: date | None

    @property
    def needs_confirmation(self) -> bool:
        """Whether staff must say which day is the last."""
        return self.last_day is None

    @property
    def earliest_last_day(self) -> date:
        """No last day before this can be confirmed or chosen."""
        return self.last_day or self.counted_last

    def ends_at(self, zone: ZoneInfo) -> datetime | None:
        """The instant at which the period is over: 24:00 of the last day, 00:00 of the next; None if unknown."""
        return None if self.last_day is None else end_of(self.last_day, zone)

    @property
    def sentence(self) -> str:
        """How the days were counted, for the page of the notice."""
        counted = (
            f"自{_said(self.counted_first)}起计，公示期最后一日为{_said(self.counted_last)}"
            if self.counted_first == self.published_on
            else f"公布当日不计入，自{_said(self.counted_first)}起计，最后一日为{_said(self.counted_last)}"
        )
        if self.last_day is None:
            return f"{counted}；缺少该日的节假日安排，须由工作人员确认截止日期。"
        if self.last_day > self.counted_last:
            return f"{counted}，顺延至{_said(self.last_day)}24时截止。"
        return f"{counted}，当日24时截止。"


def period(published_on: date, counting: Counting, calendar: Calendar) -> Period:
    """The publicity period of a notice published on a local day (R89, decision 15).

    `days` natural days from the next day on (or from the day itself), to 24:00 of the last; if that is a
    statutory rest day, to the next working day. ValueError: fewer than one day.
    """
    if counting.days < 1:
        raise ValueError("a publicity period has at least one day")
    first = published_on if counting.count_first_day else published_on + _DAY
    last = first + (counting.days - 1) * _DAY
    ends_on = first_workday(last, calendar) if counting.end_on_workday else last
    return Period(published_on, first, last, ends_on)


def lengthened(given: Period, last_day: date, calendar: Calendar) -> Period:
    """The period with a last day that staff confirm or choose; they may only lengthen (R89).

    ValueError, in words: the day is earlier than the rules give, or known to be a rest day.
    """
    if last_day < given.earliest_last_day:
        raise ValueError(f"公示期只能延长，不能早于{_said(given.earliest_last_day)}截止。")
    if last_day != given.last_day and calendar(last_day) is False:
        raise ValueError(f"{_said(last_day)}是休息日，请选择工作日。")
    return Period(given.published_on, given.counted_first, given.counted_last, last_day)


def local_day(instant: datetime, zone: ZoneInfo) -> date:
    """The local day of an instant. ValueError: the instant has no time zone."""
    if instant.tzinfo is None:
        raise ValueError("an instant needs a time zone")
    return instant.astimezone(zone).date()


def end_of(day: date, zone: ZoneInfo) -> datetime:
    """24:00 of a local day."""
    return datetime.combine(day + _DAY, time(), tzinfo=zone)


def _said(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日（星期{_WEEK[day.weekday()]}）"
