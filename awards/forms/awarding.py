"""Shape of what is typed about awards: a unit's award, why an award should end."""

from __future__ import annotations

from typing import Any

from django import forms

from awards.services.awarding import REASON_MOST, UNIT_NAME_MOST
from competition.models import Edition
from judging.forms.verification import PlainForm

_LINE = {"class": "form-control"}


class UnitAwardForm(PlainForm):
    """优秀组织奖 and 突出贡献奖: which, for whom, why."""

    key = forms.ChoiceField(
        label="奖项",
        widget=forms.Select(attrs={"class": "form-select"}),
        error_messages={"required": "请选择奖项。", "invalid_choice": "请选择奖项。"},
    )
    unit_name = forms.CharField(
        label="单位名称",
        max_length=UNIT_NAME_MOST,
        widget=forms.TextInput(attrs=_LINE),
        error_messages={"required": "请填写单位名称。"},
    )
    reason = forms.CharField(
        label="授予理由",
        max_length=REASON_MOST,
        widget=forms.Textarea(attrs={**_LINE, "rows": 3}),
        error_messages={"required": "请写明授予理由。"},
    )

    def __init__(self, edition: Edition, data: Any = None) -> None:
        super().__init__(data, label_suffix="", prefix="unit")
        choices = [(row["key"], row["name"]) for row in edition.texts("unit_awards")]
        self.fields["key"].choices = choices  # type: ignore[attr-defined]


class RevocationForm(PlainForm):
    reason = forms.CharField(
        label="原因",
        max_length=REASON_MOST,
        widget=forms.Textarea(attrs={**_LINE, "rows": 4}),
        error_messages={"required": "请写明取消的原因，团队会看到。"},
    )
