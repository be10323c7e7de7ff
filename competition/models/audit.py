"""Who did what, when: append-only, sealed into a hash chain, without personal data."""

from __future__ import annotations

from django.db import models

from competition.models.edition import Edition
from competition.models.immutable import append_only
from competition.models.user import User


class AuditEvent(models.Model):
    at = models.DateTimeField("时间", db_index=True)
    edition = models.ForeignKey(Edition, null=True, on_delete=models.PROTECT, verbose_name="届")
    actor = models.ForeignKey(User, null=True, on_delete=models.PROTECT, verbose_name="操作人")
    verb = models.CharField("动作", max_length=60)
    target_type = models.CharField("对象类型", max_length=40)
    target_id = models.CharField("对象编号", max_length=40)
    data = models.JSONField("说明", default=dict)

    class Meta:
        verbose_name = "审计记录"
        verbose_name_plural = "审计记录"
        ordering = ["-id"]
        indexes = [models.Index(fields=["target_type", "target_id"], name="audit_by_target")]
        triggers = append_only("audit_event")

    def __str__(self) -> str:
        return f"{self.verb} {self.target_type}:{self.target_id}"


class AuditSeal(models.Model):
    """The hash over a run of audit rows and the seal before it."""

    first_id = models.BigIntegerField()
    last_id = models.BigIntegerField(unique=True)
    previous = models.CharField(max_length=64)
    head = models.CharField("链头", max_length=64, unique=True)
    sealed_at = models.DateTimeField("封存时间", auto_now_add=True)

    class Meta:
        verbose_name = "审计封存"
        verbose_name_plural = "审计封存"
        ordering = ["-id"]
        triggers = append_only("audit_seal")

    def __str__(self) -> str:
        return self.head
