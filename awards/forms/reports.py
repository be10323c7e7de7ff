"""Shape of what a reporter types; the sentences about what is missing come from the service, all at once."""

from __future__ import annotations

from typing import Any, Final

from django import forms
from django.core.files.uploadedfile import UploadedFile

from awards.models import Award, PublicityNotice
from awards.services import reports
from awards.workflow import AwardStatus
from competition.challenge import Solved
from competition.reference import document_choices

TYPED: Final = ("name", "document_type", "document_number", "phone", "unit", "matter")


class EvidenceInput(forms.FileInput):
    allow_multiple_selected = True


class EvidenceField(forms.FileField):
    """Several files; what they are is looked at by the service."""

    widget = EvidenceInput(attrs={"accept": ".pdf,.jpg,.jpeg,.png"})

    def clean(self, data: Any, initial: Any = None) -> list[UploadedFile]:
        return [one for one in data or [] if one]


class ReportForm(Solved):
    """A real-name report about an award of a notice (R92)."""

    use_required_attribute = False

    award = forms.ModelChoiceField(
        queryset=Award.objects.none(),
        label="举报的奖项",
        empty_label="请选择",
        error_messages={"required": "请选择要举报的奖项。", "invalid_choice": "请选择公示名单中的奖项。"},
    )
    matter = forms.CharField(
        label="举报事项",
        help_text="写明时间、事实和依据。请勿写入能看出您身份的内容，组委会核查裁定时会看到这段文字。",
        widget=forms.Textarea(attrs={"rows": 8}),
    )
    evidence = EvidenceField(label="证据")
    name = forms.CharField(label="真实姓名")
    document_type = forms.ChoiceField(label="证件类型", choices=document_choices(), initial="resident_id")
    document_number = forms.CharField(label="证件号码")
    phone = forms.CharField(label="手机", help_text="用于核实和告知办理进度。")
    unit = forms.CharField(label="所在单位（选填）", required=False)
    agree = forms.BooleanField(
        label="我以真实身份举报，承诺属实，并同意处理身份信息",
        help_text="所述情况和证据属实，愿承担相应责任；身份信息仅用于核实和办理本举报，单独加密保存。",
        error_messages={"required": "请阅读并勾选承诺与同意。"},
    )

    def __init__(self, notice: PublicityNotice, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"label_suffix": "", **kwargs})
        self.edition = notice.edition
        awards = notice.awards.filter(status__in=[AwardStatus.PUBLISHED, AwardStatus.CONFIRMED])
        choice: Any = self.fields["award"]
        choice.queryset = awards.select_related("tier", "entry__team", "edition", "notice").defer(
            "edition__form", "edition__rubrics"
        )
        choice.label_from_instance = award_label
        self.fields["evidence"].help_text = (
            f"至少{reports.least_evidence(self.edition)}份，最多{reports.MOST_FILES}份；"
            f"PDF、JPG 或 PNG，每份不超过 {reports.MOST_MEGABYTES} MB。文件名不会保留。"
        )
        for name in ("name", "document_number", "phone", "unit"):
            self.fields[name].widget.attrs["autocomplete"] = "off"
        self.fields["phone"].widget.attrs["inputmode"] = "tel"

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        typed = {name: str(cleaned.get(name, "")) for name in TYPED}
        for field, sentence in reports.problems(self.edition, typed, cleaned.get("evidence", [])).items():
            self.errors.pop(field, None)  # the service's sentence says more
            self.add_error(field, sentence)
        return cleaned


def award_label(award: Award) -> str:
    """``一等奖：煤矿安全数据融合平台（数智先锋队）``."""
    if award.entry is None:
        return f"{award.tier}：{award.unit_name}"
    return f"{award.tier}：{award.entry.team.project_name}（{award.entry.team.name}）"
