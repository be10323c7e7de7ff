"""The State Council's holidays of the years that the vectors touch, written out."""

from __future__ import annotations

from datetime import date, timedelta

from competition.workdays import ListedCalendar


def days(first: date, last: date) -> list[date]:
    return [first + timedelta(days=number) for number in range((last - first).days + 1)]


CALENDAR = ListedCalendar(
    years=(2025, 2026),
    holidays=frozenset(
        [
            *days(date(2025, 1, 1), date(2025, 1, 1)),
            *days(date(2025, 1, 28), date(2025, 2, 4)),
            *days(date(2025, 4, 4), date(2025, 4, 6)),
            *days(date(2025, 5, 1), date(2025, 5, 5)),
            *days(date(2025, 5, 31), date(2025, 6, 2)),
            *days(date(2025, 10, 1), date(2025, 10, 8)),
            *days(date(2026, 1, 1), date(2026, 1, 3)),
            *days(date(2026, 2, 15), date(2026, 2, 23)),
            *days(date(2026, 4, 4), date(2026, 4, 6)),
            *days(date(2026, 5, 1), date(2026, 5, 5)),
            *days(date(2026, 6, 19), date(2026, 6, 21)),
            *days(date(2026, 9, 25), date(2026, 9, 27)),
            *days(date(2026, 10, 1), date(2026, 10, 7)),
        ]
    ),
    make_up_days=frozenset(
        [
            date(2025, 1, 26),
            date(2025, 2, 8),
            date(2025, 4, 27),
            date(2025, 9, 28),
            date(2025, 10, 11),
            date(2026, 1, 4),
            date(2026, 2, 14),
            date(2026, 2, 28),
            date(2026, 5, 9),
            date(2026, 9, 20),
            date(2026, 10, 10),
        ]
    ),
)
