"""Real-name reports about published awards; who reported is kept apart and encrypted (R88, R92-R94, decision 16)."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from awards.models.award import Award
from awards.models.notice import PublicityNotice
from awards.workflow import ReportStatus
from competition.fields import EncryptedTextField
from competition.models import Edition
from competition.models.immutable import append_only


class Report(models.Model):
    """A case: what is said against an award, without a word about who says it."""

    edition = models.ForeignKey(Edition, on_delete=models.PROTECT, related_name="reports")
    number = models.CharField("编号", max_length=40, unique=True)
    notice = models.ForeignKey(PublicityNotice, on_delete=models.PROTECT, related_name="reports")
    award = models.ForeignKey(
        Award, on_delete=models.PROTECT, related_name="reports", verbose_name="被举报奖项"
    )
    matter = models.TextField("举报事项")
    status = models.CharField(
        "状态", max_length=10, choices=ReportStatus.choices, default=ReportStatus.RECEIVED, db_index=True
    )
    #: After the end of publicity: holds nothing up, can lead to revocation.
    is_late = models.BooleanField("公示期后提出", default=False)
    received_at = models.DateTimeField("收到时间")
    accept_by = models.DateField("应受理日期", null=True, blank=True)
    rule_by = models.DateField("应裁定日期", null=True, blank=True)
    handler = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name="受理人",
    )
    accepted_at = models.DateTimeField("受理时间", null=True, blank=True)
    #: Why it was not accepted, or what the inquiry found; without the reporter's identity.
    findings = models.TextField("核查情况", blank=True)
    #: The reporter reads the state and the answer here, without an account.
    access_hash = models.CharField(max_length=64, unique=True, editable=False)

    class Meta:
        verbose_name = "举报"
        verbose_name_plural = "举报"
        ordering = ["-id"]
        indexes = [models.Index(fields=["award", "status"], name="report_by_award")]
        constraints = [models.CheckConstraint(condition=~Q(matter=""), name="report_says_something")]

    def __str__(self) -> str:
        return self.number


class Reporter(models.Model):
    """Who reports: encrypted, in a table of its own, for the case handler alone; every look is recorded."""

    report = models.OneToOneField(Report, on_delete=models.PROTECT, related_name="reporter")
    name = EncryptedTextField("姓名")
    document_type = models.CharField("证件类型", max_length=20)
    document_number = EncryptedTextField("证件号码")
    phone = EncryptedTextField("手机")
    unit = EncryptedTextField("单位", blank=True, default="")

    class Meta:
        verbose_name = "举报人"
        verbose_name_plural = "举报人"
        triggers = append_only("reporter")

    def __str__(self) -> str:
        return "举报人"


def evidence_path(evidence: Evidence, filename: str) -> str:
    """A private path that tells nothing."""
    return f"reports/{uuid.uuid4().hex}.{filename.rpartition('.')[2].lower()[:5]}"


class Evidence(models.Model):
    key = models.UUIDField("标识", default=uuid.uuid4, unique=True, editable=False)
    report = models.ForeignKey(Report, on_delete=models.PROTECT, related_name="evidence")
    file = models.FileField("文件", upload_to=evidence_path)
    name = models.CharField("文件名", max_length=150)
    size = models.PositiveBigIntegerField("字节")
    sha256 = models.CharField("SHA-256", max_length=64)
    content_type = models.CharField("类型", max_length=80)

    class Meta:
        verbose_name = "举报证据"
        verbose_name_plural = "举报证据"
        ordering = ["id"]
        triggers = append_only("evidence")

    def __str__(self) -> str:
        return self.name


class Ruling(models.Model):
    """The committee's ruling: proposed by one member, confirmed by another, with a written answer (R94)."""

    report = models.ForeignKey(Report, on_delete=models.PROTECT, related_name="rulings")
    upheld = models.BooleanField("举报成立")
    answer = models.TextField("书面答复")
    proposed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField("拟定时间")
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    decided_at = models.DateTimeField("决定时间", null=True, blank=True)
    is_confirmed = models.BooleanField("已确认", null=True, blank=True)
    note = models.CharField("退回原因", max_length=300, blank=True)

    class Meta:
        verbose_name = "裁定"
        verbose_name_plural = "裁定"
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["report"], condition=Q(decided_by__isnull=True), name="one_ruling_proposed_at_a_time"
            ),
            models.UniqueConstraint(
                fields=["report"], condition=Q(is_confirmed=True), name="one_ruling_per_report"
            ),
            models.CheckConstraint(
                condition=Q(decided_by__isnull=True) | ~Q(decided_by=F("proposed_by")),
                name="ruling_confirmed_by_a_second_person",
            ),
            models.CheckConstraint(condition=~Q(answer=""), name="ruling_has_a_written_answer"),
        ]

    def __str__(self) -> str:
        return "举报成立" if self.upheld else "举报不成立"
