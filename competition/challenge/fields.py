"""The puzzle as part of a Django form."""

from __future__ import annotations

from typing import Any

from django import forms
from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from competition.challenge.puzzle import FIELD, Unsolved, redeem


class ChallengeInput(forms.Widget):
    """What ``{% challenge %}`` shows; never filled in again, since a solution counts once."""

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        return render_to_string("components/_challenge.html", {"name": name})


class Solved(forms.Form):
    """Mixin, to stand first among the bases: the form is valid only with a solved puzzle."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields[FIELD] = forms.CharField(label="", required=False, widget=ChallengeInput())

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        try:
            redeem(self.cleaned_data.pop(FIELD, ""))
        except Unsolved as refusal:
            self.add_error(None, refusal.sentence)
        return data if data is not None else self.cleaned_data
