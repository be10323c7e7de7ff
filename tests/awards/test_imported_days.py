"""Days that the office imported count in the calendar; a day entered by hand counts over them (R89)."""

from __future__ import annotations

from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from awards.services import notices
from competition.models import Edition, User
from competition.services import lists
from competition.sheets import Sheet, workbook

TUESDAY, WEDNESDAY = date(2025, 8, 19), date(2025, 8, 20)


@pytest.mark.rule("R89")
def test_imported_days_count_besides_those_entered_by_hand(edition: Edition, qianjin: User) -> None:
    rows = [[TUESDAY, "休息日"], [WEDNESDAY, "休息日"]]
    file = SimpleUploadedFile("节假日.xlsx", workbook([Sheet("节假日", ["日期", "类型"], rows)]))

    batch = lists.bring_in(edition, "holidays", file, actor=qianjin, source="")
    notices.enter_day(edition, day=WEDNESDAY, is_workday=True, note="更正", actor=qianjin)
    known = notices.calendar(edition)

    assert (known(TUESDAY), known(WEDNESDAY)) == (False, True)
    lists.undo(batch, actor=qianjin)
    assert notices.calendar(edition)(TUESDAY) is True
