"""Files of an entry, by slot; what a revision sealed is never removed."""

from __future__ import annotations

import uuid

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q

from submissions.models.entry import Entry

#: The slot of the stamped application form's scan; it belongs to a revision.
SCAN = "scan"


def attachment_path(attachment: Attachment, filename: str) -> str:
    """A private path that tells nothing: the original name stays in the row."""
    suffix = filename.rpartition(".")[2].lower()[:5]
    return f"entries/{attachment.entry_id}/{uuid.uuid4().hex}.{suffix}"


class Attachment(models.Model):
    """A file in a slot, or the reason why the slot does not apply.

    ``slot`` is the form's attachment key (``attachments.video``, ``cases.cases.<row>.contract``) or
    ``scan``. A row says for good which file was there: only ``removed_at`` ever changes.
    """

    key = models.UUIDField("标识", default=uuid.uuid4, unique=True, editable=False)
    entry = models.ForeignKey(Entry, on_delete=models.CASCADE, related_name="attachments")
    revision = models.ForeignKey(
        "submissions.Revision",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="scans",
        verbose_name="定稿版本",
    )
    slot = models.CharField("材料", max_length=160)
    file = models.FileField("文件", upload_to=attachment_path, blank=True)
    name = models.CharField("文件名", max_length=150, blank=True)
    size = models.PositiveBigIntegerField("字节", default=0)
    sha256 = models.CharField("SHA-256", max_length=64, blank=True)
    content_type = models.CharField("类型", max_length=80, blank=True)
    not_applicable = models.CharField("不适用的理由", max_length=200, blank=True)
    uploaded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
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
                condition=(Q(file="") & ~Q(not_applicable="")) | (~Q(file="") & Q(not_applicable="")),
                name="attachment_is_a_file_or_a_reason",
            ),
            models.CheckConstraint(
                condition=Q(slot=SCAN, revision__isnull=False) | (~Q(slot=SCAN) & Q(revision__isnull=True)),
                name="a_scan_belongs_to_a_revision",
            ),
            models.UniqueConstraint(
                fields=["entry", "slot"],
                condition=~Q(not_applicable="") & Q(removed_at__isnull=True),
                name="one_reason_per_slot",
            ),
        ]
        triggers = [
            pgtrigger.Protect(name="attachment_no_delete", operation=pgtrigger.Delete),
            pgtrigger.Protect(
                name="attachment_facts_stay",
                operation=pgtrigger.Update,
                condition=pgtrigger.AnyChange(
                    "entry", "revision", "slot", "file", "name", "size", "sha256", "not_applicable"
                ),
            ),
            pgtrigger.Protect(
                name="attachment_stays_removed",
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(old__removed_at__isnull=False)
                & pgtrigger.Q(new__removed_at__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return self.name or self.not_applicable or self.slot
