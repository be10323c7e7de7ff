"""Workbooks that take longer than a page may: asked for, made by a job, kept for some days."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q

from competition.models.edition import Edition


def export_path(export: PreparedExport, filename: str) -> str:
    """A name that says nothing."""
    return f"exports/{export.key}.xlsx"


class PreparedExport(models.Model):
    """An export that one person asked for, with the filters of the list; nobody else may take it."""

    key = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    edition = models.ForeignKey(Edition, on_delete=models.CASCADE, related_name="+")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    table = models.CharField("表", max_length=60)
    query = models.CharField("筛选", max_length=2000, blank=True)
    title = models.CharField("标题", max_length=80)
    file = models.FileField("文件", upload_to=export_path, blank=True)
    rows = models.PositiveIntegerField("行数", null=True, blank=True)
    problem = models.CharField("未能生成的原因", max_length=200, blank=True)
    asked_at = models.DateTimeField("提出时间", auto_now_add=True)
    made_at = models.DateTimeField("生成时间", null=True, blank=True)

    class Meta:
        verbose_name = "导出文件"
        verbose_name_plural = "导出文件"
        ordering = ["-id"]
        indexes = [models.Index(fields=["user", "table"], name="export_of_user")]
        constraints = [
            models.CheckConstraint(
                condition=Q(file="") | Q(rows__isnull=False, made_at__isnull=False),
                name="a_made_export_says_when",
            )
        ]

    def __str__(self) -> str:
        return f"{self.title} {self.key}"
