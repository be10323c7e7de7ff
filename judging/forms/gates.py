"""Shape of what is typed at the gate: the list's filter, an opinion, a reason."""

from __future__ import annotations

from typing import Any, Final

from django import forms

from judging.workflow import GateStatus

#: What the list shows at first.
MINE: Final = "mine"
STATES: Final = [(MINE, "待我办理"), ("all", "全部"), *GateStatus.choices]


class GateFilter(forms.Form):
    """Which gates the list shows; whatever is not understood counts as not chosen."""

    status = forms.ChoiceField(
        label="状态",
        choices=STATES,
        required=False,
        widget=forms.Select(attrs={"class": "form-select"}),
    )
    q = forms.CharField(
        label="项目名称",
        max_length=60,
        required=False,
        widget=forms.TextInput(attrs={"class": "form-control", "type": "search"}),
    )

    def __init__(self, data: Any) -> None:
        super().__init__({"status": data.get("status") or MINE, "q": data.get("q", "")}, label_suffix="")
        self.is_valid()

    @property
    def state(self) -> str:
        """The chosen state; ``mine`` at first."""
        return str(self.cleaned_data.get("status") or MINE)

    @property
    def words(self) -> str:
        """Words of the project's name."""
        return str(self.cleaned_data.get("q", "")).strip()
