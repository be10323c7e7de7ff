"""Frozen versions, their receipts when submitted, and the formal checks of them: all immutable."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from competition.fields import EncryptedTextField
from competition.models.immutable import append_only
from submissions.models.attachment import Attachment
from submissions.models.entry import Entry
from submissions.workflow import FormalVerdict


class Revision(models.Model):
    """Version n 'frozen for stamping': texts, registration facts and files with their hashes."""

    entry = models.ForeignKey(Entry, on_delete=models.PROTECT, related_name="revisions")
    number = models.PositiveIntegerField("版本号")
    entry_version = models.PositiveIntegerField("所定稿的材料版本", default=0)
    content = models.JSONField("内容")
    #: Document numbers and phones as JSON: ``content`` holds their masks and keyed hashes alone.
    private = EncryptedTextField("敏感信息", blank=True, default="")
    form_digest = models.CharField("申报书声明摘要", max_length=64)
    sha256 = models.CharField("内容 SHA-256", max_length=64)
    frozen_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    frozen_at = models.DateTimeField("定稿时间")

    class Meta:
        verbose_name = "定稿版本"
        verbose_name_plural = "定稿版本"
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(fields=["entry", "number"], name="revision_number_once_per_entry")
        ]
        triggers = append_only("revision")

    def __str__(self) -> str:
        return f"第{self.number}版"


def pdf_path(pdf: RevisionPdf, filename: str) -> str:
    """A private path that tells nothing."""
    return f"revisions/{pdf.revision.entry_id}/{uuid.uuid4().hex}.pdf"


class RevisionPdf(models.Model):
    """The printed form of a revision: made once, kept with its hash."""

    revision = models.OneToOneField(Revision, on_delete=models.PROTECT, related_name="pdf")
    file = models.FileField("文件", upload_to=pdf_path)
    size = models.PositiveBigIntegerField("字节")
    sha256 = models.CharField("SHA-256", max_length=64)
    pages = models.PositiveIntegerField("页数")
    made_at = models.DateTimeField("生成时间", auto_now_add=True)

    class Meta:
        verbose_name = "申报书 PDF"
        verbose_name_plural = "申报书 PDF"
        triggers = append_only("revision_pdf")

    def __str__(self) -> str:
        return f"{self.revision} PDF"


class Receipt(models.Model):
    """Version n was submitted with its stamped scan: server's time and hashes."""

    revision = models.OneToOneField(Revision, on_delete=models.PROTECT, related_name="receipt")
    number = models.CharField("回执编号", max_length=40, unique=True)
    scan = models.ForeignKey(Attachment, on_delete=models.PROTECT, related_name="+")
    scan_sha256 = models.CharField("扫描件 SHA-256", max_length=64)
    sha256 = models.CharField("回执 SHA-256", max_length=64)
    arrived_at = models.DateTimeField("请求到达时间")
    submitted_at = models.DateTimeField("提交时间")
    submitted_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name = "提交回执"
        verbose_name_plural = "提交回执"
        ordering = ["-id"]
        triggers = append_only("receipt")

    def __str__(self) -> str:
        return self.number


class FormalCheck(models.Model):
    """An officer's formal check of a submitted version."""

    receipt = models.ForeignKey(Receipt, on_delete=models.PROTECT, related_name="checks")
    verdict = models.CharField("结论", max_length=10, choices=FormalVerdict.choices)
    checklist = models.JSONField("审查项", default=dict)
    reasons = models.JSONField("逐项意见", default=dict)
    note = models.TextField("意见", blank=True)
    until = models.DateTimeField("补正期限", null=True, blank=True)
    officer = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField("时间", default=timezone.now)

    class Meta:
        verbose_name = "形式审查结论"
        verbose_name_plural = "形式审查结论"
        ordering = ["-id"]
        triggers = append_only("formal_check")
        constraints = [
            models.CheckConstraint(
                condition=Q(verdict=FormalVerdict.ACCEPT) | ~Q(note="") | ~Q(reasons={}),
                name="formal_check_other_than_acceptance_has_a_reason",
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_verdict_display()}"
