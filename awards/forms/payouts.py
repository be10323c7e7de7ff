"""Shape of what is typed at the undertaking unit; what is not right is said by the service, all at once."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

from django import forms

from awards.workflow import PayoutStatus
from competition.models import Edition, Organisation
from competition.reference import document_choices

STATES: Final = [("", "全部"), *PayoutStatus.choices]


class PlaceForm(forms.Form):
    """Where prizes are collected (R38)."""

    use_required_attribute = False

    organisation = forms.ModelChoiceField(
        queryset=Organisation.objects.none(),
        label="承办单位",
        empty_label="请选择",
        error_messages={"required": "请选择承办单位。", "invalid_choice": "请选择本届赛事的承办单位。"},
    )
    address = forms.CharField(label="地点（选填）", help_text="团队会在自己的页面看到。", required=False)
    hours = forms.CharField(label="时间（选填）", help_text="例如：工作日 9:00至17:00。", required=False)

    def __init__(self, edition: Edition, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"label_suffix": "", **kwargs})
        undertakers = Organisation.objects.filter(edition=edition, role=Organisation.Role.UNDERTAKER)
        self.fields["organisation"].queryset = undertakers.order_by("position")  # type: ignore[attr-defined]


class PayoutFilter(forms.Form):
    """Which payouts the list shows; whatever is not understood counts as not chosen."""

    status = forms.ChoiceField(
        label="状态", choices=STATES, required=False, widget=forms.Select(attrs={"class": "form-select"})
    )
    q = forms.CharField(
        label="证书编号或团队名称",
        max_length=60,
        required=False,
        widget=forms.TextInput(attrs={"class": "form-control", "type": "search"}),
    )

    def __init__(self, data: Any) -> None:
        super().__init__({"status": data.get("status", ""), "q": data.get("q", "")}, label_suffix="")
        self.is_valid()

    @property
    def state(self) -> str:
        """The chosen state; '' for all."""
        return str(self.cleaned_data.get("status", ""))

    @property
    def words(self) -> str:
        """Part of a certificate's number or of a team's name."""
        return str(self.cleaned_data.get("q", "")).strip()


class HandOverForm(forms.Form):
    """What the representative shows and signs (R36)."""

    use_required_attribute = False

    certificate_number = forms.CharField(
        label="出示的证书编号", help_text="照证书原件左下角填写。", required=False
    )
    receiver = forms.ChoiceField(
        label="领取人", help_text="该团队经本人确认的参赛代表；其他人不能代领。", required=False
    )
    document_type = forms.ChoiceField(
        label="证件类型", choices=document_choices(), initial="resident_id", required=False
    )
    document_number = forms.CharField(
        label="证件号码", help_text="照证件原件填写，与报名时登记的核对；加密保存。", required=False
    )
    receipt = forms.CharField(label="收据编号", help_text="领取人已签字的收据。", required=False)

    def __init__(self, names: Iterable[str], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"label_suffix": "", **kwargs})
        choice: Any = self.fields["receiver"]
        choice.choices = [("", "请选择"), *((name, name) for name in dict.fromkeys(names))]
        choice.error_messages["invalid_choice"] = "领取人须是该团队经本人确认的参赛代表；其他人不能代领。"
        for name in ("certificate_number", "document_number", "receipt"):
            self.fields[name].widget.attrs["autocomplete"] = "off"
