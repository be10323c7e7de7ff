"""The other text of a clash between two writers: kept until somebody says it is not needed."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from submissions.models.entry import Entry


class KeptText(models.Model):
    """What one of two people wrote at a place where the other's words stand now."""

    entry = models.ForeignKey(Entry, on_delete=models.CASCADE, related_name="kept_texts")
    #: As :class:`submissions.places.Place` writes it.
    place = models.CharField("位置", max_length=250)
    label = models.CharField("栏目", max_length=200)
    text = models.TextField("文本")
    typed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    kept_at = models.DateTimeField("保留时间", auto_now_add=True)
    dropped_at = models.DateTimeField("不再需要", null=True, blank=True)

    class Meta:
        verbose_name = "保留的另一份文本"
        verbose_name_plural = "保留的另一份文本"
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["entry"], condition=Q(dropped_at__isnull=True), name="kept_text_current")
        ]

    def __str__(self) -> str:
        return self.label
