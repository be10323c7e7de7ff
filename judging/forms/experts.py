"""Shape of what is typed about experts, their conflicts, panels and assignments."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any, Final

from django import forms

from competition.errors import Refusal
from competition.models import Edition, User
from judging.forms.verification import PlainForm
from judging.models import Expert
from judging.services.assignments import MOST_PER_ENTRY, REASON_MOST
from judging.services.workload import Candidate, least_sheets

UNITS: Final = 5
_TEXT: Final = {"class": "form-control"}


class ExpertForm(PlainForm):
    """An expert's title, field, tracks and units; at first what stands there."""

    title = forms.CharField(
        label="职务、职称", max_length=60, required=False, widget=forms.TextInput(attrs=_TEXT)
    )
    field = forms.CharField(
        label="专业领域", max_length=120, required=False, widget=forms.TextInput(attrs=_TEXT)
    )
    tracks = forms.TypedMultipleChoiceField(
        label="可评赛道",
        coerce=int,
        required=False,
        widget=forms.CheckboxSelectMultiple(attrs={"class": "form-check-input"}),
    )

    def __init__(self, data: Any = None, *, edition: Edition, expert: Expert | None = None) -> None:
        super().__init__(data, label_suffix="", initial=_initial(expert))
        self.fields["tracks"].choices = [  # type: ignore[attr-defined]
            (track.number, str(track)) for track in edition.tracks.order_by("number")
        ]
        for place in range(1, UNITS + 1):
            self.fields[f"unit_{place}"] = forms.CharField(
                label=f"单位{place}", max_length=120, required=False, widget=forms.TextInput(attrs=_TEXT)
            )
            self.fields[f"code_{place}"] = forms.CharField(
                label="统一社会信用代码",
                max_length=40,
                required=False,
                widget=forms.TextInput(attrs={**_TEXT, "autocapitalize": "characters"}),
            )

    @property
    def unit_rows(self) -> list[tuple[forms.BoundField, forms.BoundField]]:
        """Pairs of fields: a unit's name and its credit code."""
        return [(self[f"unit_{place}"], self[f"code_{place}"]) for place in range(1, UNITS + 1)]

    @property
    def facts(self) -> dict[str, Any]:
        """What was typed, as the services take it."""
        given = self.cleaned_data
        pairs = [(given[f"unit_{place}"], given[f"code_{place}"]) for place in range(1, UNITS + 1)]
        return {
            "title": given["title"],
            "field": given["field"],
            "tracks": given["tracks"],
            "units": [pair for pair in pairs if any(pair)],
        }


class NewExpertForm(ExpertForm):
    """Besides, the account: one of those with the role that are not on the roll."""

    user = forms.TypedChoiceField(
        label="账号",
        coerce=int,
        widget=forms.Select(attrs={"class": "form-select"}),
        error_messages={"required": "请选择账号。", "invalid_choice": "此账号不在可选范围内。"},
    )
    field_order = ["user"]

    def __init__(self, data: Any = None, *, edition: Edition, users: Iterable[User]) -> None:
        super().__init__(data, edition=edition)
        self.fields["user"].choices = [  # type: ignore[attr-defined]
            ("", "请选择"),
            *[(one.pk, f"{one.display_name}（{one.email or one.masked_phone}）") for one in users],
        ]


class EditExpertForm(ExpertForm):
    """Besides, whether the expert takes part."""

    is_active = forms.BooleanField(
        label="参加本届评审",
        required=False,
        widget=forms.CheckboxInput(attrs={"class": "form-check-input"}),
    )

    @property
    def facts(self) -> dict[str, Any]:
        return {**super().facts, "is_active": self.cleaned_data["is_active"]}


class ConflictForm(PlainForm):
    """An entry by its reference, and why the expert must not judge it."""

    reference = forms.CharField(
        label="作品编号",
        max_length=12,
        widget=forms.TextInput(attrs={**_TEXT, "placeholder": "E000012", "autocomplete": "off"}),
        error_messages={"required": "请填写作品编号。"},
    )
    reason = forms.CharField(
        label="回避的原因",
        max_length=REASON_MOST,
        required=False,
        widget=forms.Textarea(attrs={**_TEXT, "rows": 3}),
    )

    def clean_reference(self) -> int:
        found = re.fullmatch(r"[EeＥ]?0*([1-9]\d{0,8})", self.cleaned_data["reference"].strip())
        if not found:
            raise forms.ValidationError("作品编号形如 E000012。")
        return int(found[1])


class RunForm(PlainForm):
    """How many experts each entry gets."""

    per_entry = forms.IntegerField(
        label="每项作品的专家数",
        widget=forms.NumberInput(attrs={**_TEXT, "max": MOST_PER_ENTRY}),
        error_messages={"required": "请填写专家数。", "invalid": "请填写整数。"},
    )

    def __init__(self, data: Any = None, *, edition: Edition) -> None:
        usual = edition.data["scoring"]["experts_per_entry"]
        super().__init__(data, label_suffix="", initial={"per_entry": usual})
        self.fields["per_entry"].widget.attrs["min"] = least_sheets(edition)


class AddForm(PlainForm):
    """An expert for an entry by hand, with the reason."""

    expert = forms.TypedChoiceField(
        label="专家",
        coerce=int,
        widget=forms.Select(attrs={"class": "form-select"}),
        error_messages={"required": "请选择专家。", "invalid_choice": "所选专家不能评审此作品。"},
    )
    reason = forms.CharField(
        label="增加的原因",
        max_length=REASON_MOST,
        required=False,
        widget=forms.Textarea(attrs={**_TEXT, "rows": 3}),
    )

    def __init__(self, data: Any = None, *, candidates: Iterable[Candidate]) -> None:
        super().__init__(data, label_suffix="")
        able = [one.expert for one in candidates if not one.barred]
        self.fields["expert"].choices = [  # type: ignore[attr-defined]
            ("", "请选择"),
            *[(one.pk, f"{one}（在评{one.open}项，已提交{one.submitted}项）") for one in able],
        ]


class ReasonForm(PlainForm):
    """Why an expert does not judge an entry."""

    reason = forms.CharField(
        label="回避的原因",
        max_length=REASON_MOST,
        required=False,
        widget=forms.Textarea(attrs={**_TEXT, "rows": 3}),
    )


def refuse_units(form: ExpertForm, refusal: Refusal) -> None:
    """Show a refusal of the units at the unit that it is about, else at the first one."""
    if refusal.field != "units":
        form.refuse(refusal)
        return
    names = [f"unit_{place}" for place in range(1, UNITS + 1)]
    blamed = [
        name for name in names if (typed := form.cleaned_data[name]) and f"“{typed}”" in refusal.sentence
    ]
    form.add_error(blamed[0].replace("unit", "code") if blamed else names[0], refusal.sentence)


def _initial(expert: Expert | None) -> dict[str, Any]:
    if expert is None:
        return {}
    typed: dict[str, Any] = {
        "title": expert.title,
        "field": expert.field,
        "is_active": expert.is_active,
        "tracks": [track.number for track in expert.tracks.all()],
    }
    for place, unit in enumerate(expert.units.order_by("pk")[:UNITS], start=1):
        typed |= {f"unit_{place}": unit.name, f"code_{place}": unit.credit_key}
    return typed
