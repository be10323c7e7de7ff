"""Shape of what is typed about a technical verification."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final, cast

from django import forms

from competition.errors import Invalid, Refusal
from judging.models import Expert, Verification
from judging.services.verification import ANSWER_MOST, OPINION_MOST, PLACE_MOST, REASON_MOST, candidates
from judging.workflow import Mode

YES_NO: Final = [("yes", "通过"), ("no", "不通过")]
INSTANT: Final = "%Y-%m-%dT%H:%M"
_NEEDED: Final = {"required": "请填写此项。"}


class _Experts(forms.TypedMultipleChoiceField):
    """Boxes of experts that were read before; gives the chosen ones."""

    def offer(self, experts: Iterable[Expert]) -> None:
        self._experts = {str(one.pk): one for one in experts}
        self.choices = [(pk, _label(one)) for pk, one in self._experts.items()]
        self.coerce = self._experts.__getitem__


def _experts() -> _Experts:
    return _Experts(
        label="验证专家",
        widget=forms.CheckboxSelectMultiple(attrs={"class": "form-check-input"}),
        error_messages={"required": "请选择验证专家。", "invalid_choice": "所选专家不能参加这项验证。"},
    )


def _label(expert: Expert) -> str:
    parts = [part for part in (expert.title, expert.field) if part]
    name = expert.user.display_name
    return f"{name}（{'，'.join(parts)}）" if parts else name


class PlainForm(forms.Form):
    """A form that can say at its fields what a service refused."""

    use_required_attribute = False

    def refuse(self, refusal: Refusal) -> None:
        """Show a service's refusal at the fields that it names, else above them."""
        problems = refusal.problems if isinstance(refusal, Invalid) else {"": refusal.sentence}
        for field, sentence in problems.items():
            self.add_error(field if field in self.fields else None, sentence)


class ApplyForm(PlainForm):
    reason = forms.CharField(
        label="申请线上验证的原因",
        max_length=REASON_MOST,
        required=False,
        widget=forms.Textarea(attrs={"class": "form-control", "rows": 5}),
    )


class AnswerForm(PlainForm):
    answer = forms.CharField(
        label="答复",
        max_length=ANSWER_MOST,
        required=False,
        widget=forms.Textarea(attrs={"class": "form-control", "rows": 3}),
    )


class ScheduleForm(PlainForm):
    """Time, place and experts; at first what stands there."""

    starts_at = forms.DateTimeField(
        label="时间",
        widget=forms.DateTimeInput(attrs={"class": "form-control", "type": "datetime-local"}, format=INSTANT),
        error_messages={**_NEEDED, "invalid": "请填写有效的时间，如 2025-08-05 09:00。"},
    )
    place = forms.CharField(
        label="地点（线上的写明方式）",
        max_length=PLACE_MOST,
        widget=forms.TextInput(attrs={"class": "form-control"}),
        error_messages=_NEEDED,
    )
    experts = _experts()

    def __init__(self, verification: Verification, assigned: Iterable[Expert], data: Any = None) -> None:
        initial = {
            "starts_at": verification.starts_at,
            "place": verification.place,
            "experts": [str(one.pk) for one in assigned],
        }
        super().__init__(data, initial=initial, label_suffix="", prefix="schedule")
        cast(_Experts, self.fields["experts"]).offer(candidates(verification))


class RecordForm(PlainForm):
    """The three items, the opinion, how it was held and who was there."""

    technology = forms.ChoiceField(label="技术真实性", choices=YES_NO)
    data_source = forms.ChoiceField(label="数据来源合法性", choices=YES_NO)
    rights = forms.ChoiceField(label="知识产权合法性", choices=YES_NO)
    opinion = forms.CharField(
        label="验证意见",
        max_length=OPINION_MOST,
        widget=forms.Textarea(attrs={"class": "form-control", "rows": 6}),
        error_messages={"required": "请写明验证意见。"},
    )
    mode = forms.ChoiceField(label="验证方式", choices=[(Mode.ON_SITE, "线下"), (Mode.ON_LINE, "线上")])
    experts = _experts()

    def __init__(self, verification: Verification, assigned: Iterable[Expert], data: Any = None) -> None:
        mode = Mode.ON_LINE if verification.mode == Mode.ON_LINE else Mode.ON_SITE
        initial = {"mode": mode, "experts": [str(one.pk) for one in assigned]}
        super().__init__(data, initial=initial, label_suffix="", prefix="record")
        cast(_Experts, self.fields["experts"]).offer(assigned)
        for name in ("technology", "data_source", "rights", "mode"):
            field = self.fields[name]
            field.widget = forms.RadioSelect(
                attrs={"class": "form-check-input"},
                choices=field.choices,  # type: ignore[attr-defined]
            )
            field.error_messages["required"] = "请选择。"

    @property
    def items(self) -> dict[str, bool]:
        """The three items as judged."""
        names = ("technology", "data_source", "rights")
        return {name: self.cleaned_data[name] == "yes" for name in names}
