"""Lists that the office imports: who is excluded, who is blacklisted, who won before, words, rest days."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Q
from django.utils import timezone

from competition.fields import EncryptedTextField
from competition.models.edition import Edition


class ListImport(models.Model):
    """One file of rows that came in together and can be taken back together."""

    edition = models.ForeignKey(Edition, on_delete=models.CASCADE, related_name="list_imports")
    kind = models.SlugField("名单", max_length=30)
    file_name = models.CharField("文件名", max_length=150)
    sha256 = models.CharField("SHA-256", max_length=64)
    source = models.CharField("来源", max_length=200, blank=True)
    count = models.PositiveIntegerField("行数")
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name="导入人"
    )
    at = models.DateTimeField("导入时间", auto_now_add=True)
    undone_at = models.DateTimeField("撤销时间", null=True, blank=True)
    undone_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name="撤销人",
    )

    class Meta:
        verbose_name = "名单导入"
        verbose_name_plural = "名单导入"
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["edition", "kind", "sha256"],
                condition=Q(undone_at__isnull=True),
                name="list_file_once",
            ),
            models.CheckConstraint(
                condition=Q(undone_at__isnull=True, undone_by__isnull=True)
                | Q(undone_at__isnull=False, undone_by__isnull=False),
                name="list_import_undone_by_somebody",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.file_name}"


class ListUpload(models.Model):
    """A file between its preview and its confirmation, kept encrypted for a day at most."""

    key = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    edition = models.ForeignKey(Edition, on_delete=models.CASCADE, related_name="+")
    kind = models.SlugField("名单", max_length=30)
    file_name = models.CharField("文件名", max_length=150)
    sha256 = models.CharField("SHA-256", max_length=64)
    content = EncryptedTextField("内容（base64）")
    source = models.CharField("来源", max_length=200, blank=True)
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    at = models.DateTimeField("上传时间", default=timezone.now, db_index=True)

    class Meta:
        verbose_name = "待确认的名单文件"
        verbose_name_plural = "待确认的名单文件"

    def __str__(self) -> str:
        return f"{self.kind} {self.file_name}"


class ListEntry(models.Model):
    """A row of a list; what is matched stands in keys, the rest in ``detail``.

    The edition and kind are the import's, repeated for the indexes; ``live`` ends with the import's undoing.
    """

    batch = models.ForeignKey(ListImport, on_delete=models.CASCADE, related_name="entries")
    edition = models.ForeignKey(Edition, on_delete=models.CASCADE, related_name="+")
    kind = models.SlugField("名单", max_length=30)
    live = models.BooleanField("有效", default=True)
    row = models.PositiveIntegerField("行号")
    #: A row with further names (aliases, joint units) has an entry for each: 0 is the first name.
    part = models.PositiveSmallIntegerField("第几个名称", default=0)
    name = models.CharField("名称", max_length=200, blank=True)
    name_key = models.CharField(max_length=200, blank=True)
    credit_key = models.CharField("统一社会信用代码", max_length=18, blank=True)
    document = EncryptedTextField("证件号码", blank=True, default="")
    document_hash = models.CharField(max_length=64, blank=True)
    project = models.CharField("项目名称", max_length=200, blank=True)
    project_key = models.CharField(max_length=200, blank=True)
    day = models.DateField("日期", null=True, blank=True)
    detail = models.JSONField("其他内容", default=dict)

    class Meta:
        verbose_name = "名单条目"
        verbose_name_plural = "名单条目"
        ordering = ["batch_id", "row", "part"]
        indexes = [
            models.Index(fields=["edition", "kind", "name_key"], condition=Q(live=True), name="list_by_name"),
            models.Index(
                fields=["edition", "credit_key"],
                condition=Q(live=True) & ~Q(credit_key=""),
                name="list_by_code",
            ),
            models.Index(
                fields=["edition", "document_hash"],
                condition=Q(live=True) & ~Q(document_hash=""),
                name="list_by_document",
            ),
            GinIndex(fields=["project_key"], opclasses=["gin_trgm_ops"], name="list_project_alike"),
        ]
        constraints = [models.UniqueConstraint(fields=["batch", "row", "part"], name="list_row_once")]

    def __str__(self) -> str:
        return self.name or self.project or str(self.day or self.row)
