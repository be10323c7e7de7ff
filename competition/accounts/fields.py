"""Form fields of the sign-in pages."""

from __future__ import annotations

from typing import Any

from django import forms

from competition.phones import international


class PhoneField(forms.CharField):
    """A mainland mobile number as people type it; cleaned to ``+8613800138000``."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs["label"] = "手机号"
        kwargs.setdefault("error_messages", {"required": "请填写手机号。"})
        kwargs["widget"] = forms.TextInput(
            attrs={"type": "tel", "inputmode": "tel", "autocomplete": "tel", "placeholder": "11位手机号"}
        )
        super().__init__(max_length=30, **kwargs)

    def clean(self, value: Any) -> str:
        text = super().clean(value)
        if not text:
            return ""
        try:
            return international(text)
        except ValueError as error:
            raise forms.ValidationError(str(error)) from error
