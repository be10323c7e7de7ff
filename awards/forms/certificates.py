"""Shape of what is typed to check a certificate."""

from __future__ import annotations

from django import forms


class NumberForm(forms.Form):
    """A certificate's number as it is printed; blanks and small letters are forgiven."""

    use_required_attribute = False
    number = forms.CharField(
        label="证书编号",
        max_length=60,
        error_messages={"required": "请输入证书编号。", "max_length": "证书编号没有这么长。"},
        widget=forms.TextInput(
            attrs={
                "class": "form-control",
                "autocomplete": "off",
                "spellcheck": "false",
                "enterkeyhint": "search",
            }
        ),
    )

    def clean_number(self) -> str:
        """The number without blanks, in capitals."""
        return "".join(str(self.cleaned_data["number"]).split()).upper()
