"""Technical verification of finalists and excellence winners: three items and an opinion (R23-R26)."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from competition.models import Edition
from competition.models.immutable import append_only
from judging.models.expert import Expert
from judging.workflow import Mode, VerificationStatus
from submissions.models import Entry


class Verification(models.Model):
    """One per listed entry; on site, or on line when the team applied for it and staff agreed (R26)."""

    edition = models.ForeignKey(Edition, on_delete=models.PROTECT, related_name="verifications")
    entry = models.OneToOneField(Entry, on_delete=models.PROTECT, related_name="verification")
    status = models.CharField(
        "状态",
        max_length=10,
        choices=VerificationStatus.choices,
        default=VerificationStatus.WAITING,
        db_index=True,
    )
    mode = models.CharField("方式", max_length=14, choices=Mode.choices, default=Mode.ON_SITE)
    experts = models.ManyToManyField(
        Expert, blank=True, related_name="verifications", verbose_name="验证专家"
    )
    place = models.CharField("地点（线上的写明方式）", max_length=200, blank=True)
    starts_at = models.DateTimeField("时间", null=True, blank=True)
    application = models.CharField("申请线上验证的原因", max_length=500, blank=True)
    applied_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    applied_at = models.DateTimeField("申请时间", null=True, blank=True)
    answer = models.CharField("对申请的答复", max_length=300, blank=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        verbose_name = "技术验证"
        verbose_name_plural = "技术验证"
        constraints = [
            models.CheckConstraint(
                condition=Q(mode=Mode.ON_SITE) | ~Q(application=""),
                name="on_line_verification_was_applied_for",
            ),
            models.CheckConstraint(
                condition=~Q(mode=Mode.ON_LINE) | Q(answered_by__isnull=False),
                name="on_line_verification_was_granted",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.entry_id}"


class VerificationRecord(models.Model):
    """What the experts found, for good: technology, data source, intellectual property (R25)."""

    verification = models.OneToOneField(Verification, on_delete=models.PROTECT, related_name="record")
    technology = models.BooleanField("技术真实性")
    data_source = models.BooleanField("数据来源合法性")
    rights = models.BooleanField("知识产权合法性")
    opinion = models.TextField("意见")
    mode = models.CharField("方式", max_length=14, choices=Mode.choices)
    #: Names of the experts at the time.
    experts = models.JSONField("验证专家", default=list)
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField("时间")

    class Meta:
        verbose_name = "技术验证记录"
        verbose_name_plural = "技术验证记录"
        triggers = append_only("verification_record")
        constraints = [
            models.CheckConstraint(condition=~Q(opinion=""), name="verification_has_an_opinion"),
            models.CheckConstraint(
                condition=Q(mode__in=[Mode.ON_SITE, Mode.ON_LINE]), name="verification_says_how_it_was_held"
            ),
        ]

    def __str__(self) -> str:
        return "通过" if self.passed else "未通过"

    @property
    def passed(self) -> bool:
        """All three items hold."""
        return self.technology and self.data_source and self.rights
