"""Files of an entry, by slot and row; what a revision sealed is never removed."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q

from submissions.models.entry import Entry


def attachment_path(attachment: Attachment, filename: str) -> str:
    """A private path that tells nothing: the original name stays in the row."""
    suffix = filename.rpartition(".")[2].lower()[:5]
    return f"entries/{attachment.entry_id}/{uuid.uuid4().hex}.{suffix}"


class Attachment(models.Model):
    """A file in a slot, or the reason why the slot does not apply."""

    key = models.UUIDField("标识", default=uuid.uuid4, unique=True, editable=False)
    entry = models.ForeignKey(
        Entry, on_delete=models.CASCADE, related_name="attachments"
    )
    slot = models.SlugField("材料", max_length=40)
    file = models.FileField("文件", upload_to=attachment_path, blank=True)
    name = models.CharField("文件名", max_length=150, blank=True)
    size = models.PositiveBigIntegerField("字节", default=0)
    sha256 = models.CharField("SHA-256", max_length=64, blank=True)
    content_type = models.CharField("类型", max_length=80, blank=True)
    not_applicable = models.CharField("不适用的理由", max_length=200, blank=True)
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    uploaded_at = models.DateTimeField("上传时间", auto_now_add=True)
    removed_at = models.DateTimeField("移除时间", null=True, blank=True)

    class Meta:
        verbose_name = "附件"
        verbose_name_plural = "附件"
        ordering = ["slot", "id"]
        indexes = [
            models.Index(
                fields=["entry", "slot"],
                condition=Q(removed_at__isnull=True),
                name="attachment_current",
            )
        ]
        constraints = [
            models.CheckConstraint(
                condition=(Q(file="") & ~Q(not_applicable=""))
                | (~Q(file="") & Q(not_applicable="")),
                name="attachment_is_a_file_or_a_reason",
            )
        ]

    def __str__(self) -> str:
        return self.name or self.slot
