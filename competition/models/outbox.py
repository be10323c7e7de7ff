"""What must leave the portal exactly once: mails, SMS and jobs."""

from __future__ import annotations

from django.db import models
from django.utils import timezone

from competition.fields import EncryptedTextField
from competition.models.edition import Edition


class OutboxQuerySet(models.QuerySet["OutboxMessage"]):
    """Messages by what became of them."""

    def waiting(self) -> OutboxQuerySet:
        """Neither sent nor given up nor out of date."""
        return self.filter(sent_at__isnull=True, failed_at__isnull=True, expired_at__isnull=True)


class OutboxMessage(models.Model):
    """Unique on (kind, subject, occurrence): writing it a second time does nothing."""

    kind = models.CharField("事由", max_length=60)
    subject = models.CharField("对象", max_length=80)
    occurrence = models.CharField("次", max_length=80)
    edition = models.ForeignKey(Edition, null=True, on_delete=models.PROTECT, verbose_name="届")
    channel = models.CharField("渠道", max_length=20)
    recipient = EncryptedTextField("收件人", blank=True, default="")
    title = EncryptedTextField("标题", blank=True, default="")
    body = EncryptedTextField("正文", blank=True, default="")
    data = models.JSONField("参数", default=dict)
    created_at = models.DateTimeField("写入时间", default=timezone.now)
    next_attempt_at = models.DateTimeField("下次发送时间", default=timezone.now)
    attempts = models.PositiveSmallIntegerField("已尝试", default=0)
    last_error = models.CharField("上次失败原因", max_length=200, blank=True)
    sent_at = models.DateTimeField("发出时间", null=True, blank=True)
    #: Real time. A code that is no longer valid is not sent any more.
    expires_at = models.DateTimeField("有效期至", null=True, blank=True)
    expired_at = models.DateTimeField("作废时间", null=True, blank=True)
    failed_at = models.DateTimeField("失败时间", null=True, blank=True)
    #: For the office; names nobody.
    reason = models.CharField("未发出的原因", max_length=200, blank=True)

    objects = OutboxQuerySet.as_manager()

    class Meta:
        verbose_name = "待发消息"
        verbose_name_plural = "发件箱"
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "subject", "occurrence"],
                name="outbox_message_happens_once",
            )
        ]
        indexes = [
            models.Index(
                fields=["next_attempt_at"],
                condition=models.Q(sent_at__isnull=True, failed_at__isnull=True, expired_at__isnull=True),
                name="outbox_due",
            ),
            models.Index(fields=["edition", "-id"], name="outbox_by_edition"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.subject} {self.occurrence}"

    @property
    def state(self) -> str:
        """已发出, 失败, 已过期 or 待发."""
        ends = ((self.sent_at, "已发出"), (self.failed_at, "失败"), (self.expired_at, "已过期"))
        return next((label for instant, label in ends if instant is not None), "待发")
