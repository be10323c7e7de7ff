"""Gatekeeping: the department of the topic says whether an entry goes on to the experts (R17)."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from competition.models import Department, Edition
from competition.models.immutable import append_only
from judging.querysets import GateQuerySet
from judging.workflow import GateStatus
from submissions.models import Entry


class Gate(models.Model):
    """One per entry that passed the formal check; without a department the secretariat's office gates."""

    edition = models.ForeignKey(Edition, on_delete=models.PROTECT, related_name="gates")
    entry = models.OneToOneField(
        Entry, on_delete=models.PROTECT, related_name="gate", verbose_name="参赛项目"
    )
    department = models.ForeignKey(
        Department, null=True, blank=True, on_delete=models.PROTECT, verbose_name="把关部门"
    )
    status = models.CharField(
        "状态", max_length=12, choices=GateStatus.choices, default=GateStatus.WAITING, db_index=True
    )
    #: Why the department does not gate this entry: the secretariat does, with a second pair of eyes.
    recusal = models.CharField("回避原因", max_length=300, blank=True)
    opinion = models.TextField("意见", blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    decided_at = models.DateTimeField("把关时间", null=True, blank=True)
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    confirmed_at = models.DateTimeField("确认时间", null=True, blank=True)
    created_at = models.DateTimeField("转入时间", default=timezone.now)

    objects: ClassVar[GateQuerySet] = GateQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = "初步把关"
        verbose_name_plural = "初步把关"
        indexes = [models.Index(fields=["edition", "status", "created_at"], name="gate_queue")]
        constraints = [
            models.CheckConstraint(
                condition=~Q(status__in=[GateStatus.DECLINING, GateStatus.DECLINED]) | ~Q(opinion=""),
                name="gate_not_recommended_has_a_reason",
            ),
            models.CheckConstraint(
                condition=~Q(status=GateStatus.DECLINED) | Q(confirmed_by__isnull=False),
                name="gate_not_recommended_is_confirmed",
            ),
            models.CheckConstraint(
                condition=Q(confirmed_by__isnull=True) | ~Q(confirmed_by=F("decided_by")),
                name="gate_confirmed_by_a_second_person",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.entry_id}"


class GateDecision(models.Model):
    """What was said at a gate, for good: opinions, confirmations and returns, one row each."""

    gate = models.ForeignKey(Gate, on_delete=models.PROTECT, related_name="decisions")
    to = models.CharField("变为", max_length=12, choices=GateStatus.choices)
    opinion = models.TextField("意见", blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField("时间")

    class Meta:
        verbose_name = "把关记录"
        verbose_name_plural = "把关记录"
        ordering = ["-id"]
        triggers = append_only("gate_decision")

    def __str__(self) -> str:
        return self.get_to_display()
