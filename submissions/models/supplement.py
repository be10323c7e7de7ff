"""What the office asks a team to hand in during judging (R72)."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from submissions.models.entry import Entry


class SupplementRequest(models.Model):
    """More material asked for until a date; answered with files and a few words, or taken back."""

    entry = models.ForeignKey(Entry, on_delete=models.PROTECT, related_name="supplements")
    #: What is to be supplied, and why; the team reads it.
    asked = models.TextField("需要补充的材料", max_length=1000)
    until = models.DateTimeField("截止时间")
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField("要求时间", default=timezone.now)
    #: The team's words with its files.
    answer = models.TextField("说明", max_length=1000, blank=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    answered_at = models.DateTimeField("提交时间", null=True, blank=True)
    withdrawn_at = models.DateTimeField("撤回时间", null=True, blank=True)

    class Meta:
        verbose_name = "补充材料要求"
        verbose_name_plural = "补充材料要求"
        ordering = ["-id"]
        indexes = [
            models.Index(
                fields=["until"],
                condition=Q(answered_at__isnull=True, withdrawn_at__isnull=True),
                name="supplement_open",
            )
        ]
        constraints = [
            models.CheckConstraint(condition=~Q(asked=""), name="supplement_says_what_is_asked"),
            models.CheckConstraint(condition=Q(until__gt=models.F("asked_at")), name="supplement_has_time"),
            models.CheckConstraint(
                condition=Q(answered_at__isnull=True) | Q(withdrawn_at__isnull=True),
                name="supplement_answered_or_withdrawn",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.entry.reference} 补充材料"
