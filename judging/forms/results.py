"""Shape of what is typed about results: votes, numbers of a draw, replacements, notes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from django import forms

from competition.models import User
from judging.draws import MOST
from judging.forms.verification import PlainForm
from judging.services.draws import CALLER_MOST
from judging.services.lists import REASON_MOST
from judging.services.results import MINUTES_MOST, NOTE_MOST
from judging.workflow import Pool

#: Rows for people who call out a number; at least two are filled in.
CALLERS: Final = 5


def _text(most: int, rows: int) -> forms.Textarea:
    return forms.Textarea(attrs={"class": "form-control", "rows": rows, "maxlength": most})


def tied_keys(text: str) -> list[int]:
    """Ids of entries written one after the other with commas; what cannot be one is left out, 200 at most."""
    return [int(key) for key in text.split(",") if key.isdecimal() and len(key) < 12][:200]


class VoteForm(PlainForm):
    """A place for each of the equal entries, and the minutes."""

    def __init__(self, names: Mapping[int, str], data: Any = None) -> None:
        super().__init__(data, label_suffix="")
        self.entries = list(names)
        places = [("", "请选择"), *((str(place), f"第{place}") for place in range(1, len(names) + 1))]
        for entry, name in names.items():
            self.fields[f"place_{entry}"] = forms.ChoiceField(
                label=name,
                choices=places,
                widget=forms.Select(attrs={"class": "form-select"}),
                error_messages={"required": "请选择名次。", "invalid_choice": "请选择名次。"},
            )
        self.fields["minutes"] = forms.CharField(
            label="表决经过",
            help_text="时间、到会专家人数、各得票数、主持人。",
            max_length=MINUTES_MOST,
            widget=_text(MINUTES_MOST, 4),
            error_messages={"required": "请写明表决经过。"},
        )

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        places = [given.get(f"place_{entry}") for entry in self.entries]
        if all(places) and len(set(places)) != len(places):
            raise forms.ValidationError("每个作品须有不同的名次。")
        return given

    @property
    def order(self) -> list[int]:
        """Ids of the entries, the best first."""
        return sorted(self.entries, key=lambda entry: int(self.cleaned_data[f"place_{entry}"]))


class CalledForm(PlainForm):
    """Who called out which number, in the order called, and who witnessed."""

    def __init__(self, witnesses: Mapping[int, User], data: Any = None) -> None:
        super().__init__(data, label_suffix="")
        self.witnesses = witnesses
        for row in range(1, CALLERS + 1):
            self.fields[f"caller_{row}"] = forms.CharField(
                label=f"第{row}个报数人",
                required=False,
                max_length=CALLER_MOST,
                widget=forms.TextInput(attrs={"class": "form-control", "autocomplete": "off"}),
            )
            self.fields[f"number_{row}"] = forms.IntegerField(
                label=f"第{row}个数",
                required=False,
                min_value=0,
                max_value=MOST,
                widget=forms.NumberInput(attrs={"class": "form-control", "inputmode": "numeric"}),
                error_messages={
                    "invalid": "请填写整数。",
                    "min_value": "不能小于0。",
                    "max_value": f"不能大于{MOST}。",
                },
            )
        names = [(str(pk), user.display_name) for pk, user in witnesses.items()]
        self.fields["witness"] = forms.ChoiceField(
            label="见证人",
            choices=[("", "请选择"), *names],
            widget=forms.Select(attrs={"class": "form-select"}),
            error_messages={"required": "请选择在场的见证人。", "invalid_choice": "请选择在场的见证人。"},
        )

    @property
    def rows(self) -> list[tuple[Any, Any]]:
        """The bound fields of each caller: name and number."""
        return [(self[f"caller_{row}"], self[f"number_{row}"]) for row in range(1, CALLERS + 1)]

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        for row in range(1, CALLERS + 1):
            caller, number = given.get(f"caller_{row}", ""), given.get(f"number_{row}")
            if bool(caller) != (number is not None) and f"number_{row}" not in self.errors:
                self.add_error(f"number_{row}" if caller else f"caller_{row}", "报数人和数须同时填写。")
        return given

    @property
    def called(self) -> list[tuple[str, int]]:
        """Callers with their numbers, in the order called."""
        given = self.cleaned_data
        rows = range(1, CALLERS + 1)
        return [(given[f"caller_{row}"], given[f"number_{row}"]) for row in rows if given[f"caller_{row}"]]

    @property
    def witness(self) -> User:
        """The person chosen as witness."""
        return self.witnesses[int(self.cleaned_data["witness"])]


class NoteForm(PlainForm):
    """Why a result is not confirmed."""

    note = forms.CharField(
        label="不确认的理由",
        max_length=NOTE_MOST,
        widget=_text(NOTE_MOST, 3),
        error_messages={"required": "请写明不确认的理由。"},
    )


class ReplacementForm(PlainForm):
    """Which vacancy, who moves up (nobody leaves it empty), and why."""

    pool = forms.ChoiceField(choices=Pool.choices, widget=forms.HiddenInput)
    entry = forms.IntegerField(required=False, widget=forms.HiddenInput)
    reason = forms.CharField(
        label="理由",
        max_length=REASON_MOST,
        widget=_text(REASON_MOST, 2),
        error_messages={"required": "请写明理由。"},
    )
