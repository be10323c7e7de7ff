"""Shape of what is typed about publicity: a title, a last day, a day of the calendar."""

from __future__ import annotations

from datetime import date
from typing import Any, Final

from django import forms
from django.core.validators import MaxValueValidator

from awards.services.notices import NOTE_MOST, TITLE_MOST, WHY_MOST
from judging.forms.verification import PlainForm

_LINE: Final = {"class": "form-control"}
#: A mistyped year, which nobody could take back: publicity is only ever lengthened (R89).
_NOT_LATER: Final = MaxValueValidator(date(2099, 12, 31), "请核对年份，日期不能晚于2099年。")
_NO_DATE: Final = {"required": "请填写日期。", "invalid": "请填写有效的日期，如 2025-08-27。"}


def _day(label: str, *, required: bool = True) -> forms.DateField:
    return forms.DateField(
        label=label,
        required=required,
        widget=forms.DateInput(attrs={**_LINE, "type": "date"}, format="%Y-%m-%d"),
        error_messages=_NO_DATE,
        validators=[_NOT_LATER],
    )


class ProposeForm(PlainForm):
    title = forms.CharField(
        label="公示标题", max_length=TITLE_MOST, required=False, widget=forms.TextInput(attrs=_LINE)
    )


class PublishForm(PlainForm):
    last_day = _day("公示截止日", required=False)

    def __init__(self, data: Any = None, *, needed: bool = False) -> None:
        super().__init__(data, label_suffix="", prefix="publish")
        self.fields["last_day"].required = needed


class LengthenForm(PlainForm):
    last_day = _day("新的截止日")
    why = forms.CharField(
        label="延长的原因（公开显示）",
        max_length=WHY_MOST,
        widget=forms.Textarea(attrs={**_LINE, "rows": 3}),
        error_messages={"required": "请写明延长的原因。"},
    )


class DayForm(PlainForm):
    day = _day("日期")
    is_workday = forms.TypedChoiceField(
        label="这一天",
        choices=[("no", "休息"), ("yes", "上班")],
        coerce=lambda value: value == "yes",
        widget=forms.Select(attrs={"class": "form-select"}),
        error_messages={"required": "请选择。"},
    )
    note = forms.CharField(
        label="依据",
        max_length=NOTE_MOST,
        widget=forms.TextInput(attrs=_LINE),
        error_messages={"required": "请写明依据。"},
    )
