"""Shape of what is typed about a list: a file, where it comes from, a word to search."""

from __future__ import annotations

from django import forms

from competition.errors import Invalid, Refusal
from competition.services.lists import SOURCE_MOST

SEARCH_MOST = 100


class UploadForm(forms.Form):
    """A file to be previewed."""

    use_required_attribute = False

    file = forms.FileField(
        label="名单文件（xlsx）",
        widget=forms.FileInput(
            attrs={
                "class": "form-control",
                "accept": ".xlsx,application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            }
        ),
        max_length=255,
        error_messages={
            "required": "请选择要导入的文件。",
            "empty": "这是空文件，请重新选择。",
            "missing": "请选择要导入的文件。",
            "invalid": "请选择要导入的文件。",
            "max_length": "文件名过长，请改短后再上传。",
        },
    )
    source = forms.CharField(
        label="来源",
        max_length=SOURCE_MOST,
        required=False,
        widget=forms.TextInput(attrs={"class": "form-control"}),
        error_messages={"max_length": f"最多{SOURCE_MOST}字。"},
    )

    def refuse(self, refusal: Refusal) -> None:
        """Show a service's refusal at the fields that it names, else above them."""
        problems = refusal.problems if isinstance(refusal, Invalid) else {"": refusal.sentence}
        for field, sentence in problems.items():
            self.add_error(field if field in self.fields else None, sentence)


class SearchForm(forms.Form):
    """A name or a code, as far as it is known."""

    use_required_attribute = False

    q = forms.CharField(
        label="名称、项目或信用代码",
        max_length=SEARCH_MOST,
        required=False,
        widget=forms.TextInput(attrs={"class": "form-control", "type": "search"}),
    )
