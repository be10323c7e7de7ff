"""Frozen versions, their receipts when submitted, and the formal checks of them: all immutable."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from competition.models.immutable import append_only
from submissions.models.attachment import Attachment
from submissions.models.entry import Entry
from submissions.workflow import FormalVerdict


class Revision(models.Model):
    """Version n 'frozen for stamping': texts, registration facts and files with their hashes."""

    entry = models.ForeignKey(Entry, on_delete=models.PROTECT, related_name="revisions")
    number = models.PositiveIntegerField("版本号")
    content = models.JSONField("内容")
    form_digest = models.CharField("申报书声明摘要", max_length=64)
    sha256 = models.CharField("内容 SHA-256", max_length=64)
    frozen_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    frozen_at = models.DateTimeField("定稿时间")

    class Meta:
        verbose_name = "定稿版本"
        verbose_name_plural = "定稿版本"
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(
                fields=["entry", "number"], name="revision_number_once_per_entry"
            )
        ]
        triggers = append_only("revision")

    def __str__(self) -> str:
        return f"第{self.number}版"


class Receipt(models.Model):
    """Version n was submitted with its stamped scan: server's time and hashes."""

    revision = models.OneToOneField(
        Revision, on_delete=models.PROTECT, related_name="receipt"
    )
    number = models.CharField("回执编号", max_length=40, unique=True)
    scan = models.ForeignKey(Attachment, on_delete=models.PROTECT, related_name="+")
    scan_sha256 = models.CharField("扫描件 SHA-256", max_length=64)
    sha256 = models.CharField("回执 SHA-256", max_length=64)
    arrived_at = models.DateTimeField("请求到达时间")
    submitted_at = models.DateTimeField("提交时间")
    submitted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        verbose_name = "提交回执"
        verbose_name_plural = "提交回执"
        ordering = ["-id"]
        triggers = append_only("receipt")

    def __str__(self) -> str:
        return self.number


class FormalCheck(models.Model):
    """An officer's formal check of a submitted version."""

    receipt = models.ForeignKey(
        Receipt, on_delete=models.PROTECT, related_name="checks"
    )
    verdict = models.CharField("结论", max_length=10, choices=FormalVerdict.choices)
    checklist = models.JSONField("审查项", default=dict)
    reasons = models.JSONField("逐项意见", default=dict)
    note = models.TextField("意见", blank=True)
    officer = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    at = models.DateTimeField("时间", auto_now_add=True)

    class Meta:
        verbose_name = "形式审查结论"
        verbose_name_plural = "形式审查结论"
        ordering = ["-id"]
        triggers = append_only("formal_check")
        constraints = [
            models.CheckConstraint(
                condition=Q(verdict=FormalVerdict.ACCEPT)
                | ~Q(note="")
                | ~Q(reasons={}),
                name="formal_check_other_than_acceptance_has_a_reason",
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_verdict_display()}"
