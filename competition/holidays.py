"""The published calendar of statutory rest days and make-up working days, as far as it reaches."""

from __future__ import annotations

from datetime import date

import chinese_calendar


def published_calendar(day: date) -> bool | None:
    """Whether ``day`` is worked; None for years whose arrangement is not known (R89)."""
    try:
        return bool(chinese_calendar.is_workday(day))
    except NotImplementedError:
        return None
