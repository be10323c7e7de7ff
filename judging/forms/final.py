"""Shape of what is typed about the final."""

from __future__ import annotations

from typing import Final

from django import forms

from judging.forms.verification import PlainForm
from judging.services.final import MINUTES_MOST, PLACE_MOST

INSTANT: Final = "%Y-%m-%dT%H:%M"
_NEEDED: Final = {"required": "请填写此项。"}


class PrepareForm(PlainForm):
    """When, where, and the minutes of each presentation."""

    starts_at = forms.DateTimeField(
        label="时间",
        widget=forms.DateTimeInput(attrs={"class": "form-control", "type": "datetime-local"}, format=INSTANT),
        error_messages={**_NEEDED, "invalid": "请填写有效的时间，如 2025-08-09 09:00。"},
    )
    place = forms.CharField(
        label="地点",
        max_length=PLACE_MOST,
        widget=forms.TextInput(attrs={"class": "form-control"}),
        error_messages=_NEEDED,
    )
    minutes_each = forms.IntegerField(
        label="每项展示与答辩（分钟）",
        min_value=1,
        max_value=MINUTES_MOST,
        initial=15,
        widget=forms.NumberInput(attrs={"class": "form-control"}),
        error_messages={
            **_NEEDED,
            "invalid": "请填写整数。",
            "min_value": "至少1分钟。",
            "max_value": f"最多{MINUTES_MOST}分钟。",
        },
    )
