"""A resumable upload: declared before its deadline, arriving in pieces, then a file in its slot."""

from __future__ import annotations

import uuid

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import F, Q

from submissions.models.attachment import Attachment
from submissions.models.entry import Entry
from submissions.models.supplement import SupplementRequest
from submissions.workflow import UploadStatus


class Upload(models.Model):
    """What the browser declared (slot, name, size, hash) and how much of it has arrived.

    The bytes lie in a part file named by ``key`` until the last one is there; a task then hashes and inspects
    them and makes the attachment. What was declared never changes (decision 4).
    """

    key = models.UUIDField("标识", default=uuid.uuid4, unique=True, editable=False)
    entry = models.ForeignKey(Entry, on_delete=models.CASCADE, related_name="uploads")
    supplement = models.ForeignKey(
        SupplementRequest, null=True, blank=True, on_delete=models.PROTECT, related_name="uploads"
    )
    slot = models.CharField("材料", max_length=160)
    name = models.CharField("文件名", max_length=150)
    size = models.PositiveBigIntegerField("字节")
    sha256 = models.CharField("申明的 SHA-256", max_length=64)
    status = models.CharField(
        "状态", max_length=10, choices=UploadStatus.choices, default=UploadStatus.ARRIVING
    )
    #: Bytes that have arrived, as far as the last request knew; the part file's length is the truth.
    offset = models.PositiveBigIntegerField("已到达字节", default=0)
    declared_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    #: When the declaration's request arrived, in the edition's time.
    declared_at = models.DateTimeField("申明时间")
    #: Until when it may go on arriving, in the edition's time.
    until = models.DateTimeField("须传完的时间")
    completed_at = models.DateTimeField("传完时间", null=True, blank=True)
    #: Number of the receipt of a completion after the deadline.
    receipt_number = models.CharField("回执编号", max_length=40, unique=True, null=True, blank=True)
    attachment = models.OneToOneField(
        Attachment, null=True, blank=True, on_delete=models.PROTECT, related_name="upload"
    )
    #: Why it did not become a file, said to the team.
    problem = models.CharField("未能收下的原因", max_length=300, blank=True)

    class Meta:
        verbose_name = "断点续传"
        verbose_name_plural = "断点续传"
        ordering = ["id"]
        indexes = [
            models.Index(
                fields=["entry", "slot"],
                condition=Q(status__in=["arriving", "arrived"]),
                name="upload_under_way",
            ),
            models.Index(
                fields=["until"], condition=Q(status__in=["arriving", "arrived"]), name="upload_ending"
            ),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(offset__lte=F("size")), name="upload_within_its_size"),
            models.CheckConstraint(
                condition=Q(sha256__regex="^[0-9a-f]{64}$"), name="upload_declares_a_hash"
            ),
            models.CheckConstraint(
                condition=Q(status="done", attachment__isnull=False, completed_at__isnull=False)
                | (~Q(status="done") & Q(attachment__isnull=True)),
                name="upload_done_is_an_attachment",
            ),
        ]
        triggers = [
            pgtrigger.Protect(
                name="upload_declaration_stays",
                operation=pgtrigger.Update,
                condition=pgtrigger.AnyChange(
                    "key",
                    "entry",
                    "supplement",
                    "slot",
                    "name",
                    "size",
                    "sha256",
                    "declared_by",
                    "declared_at",
                ),
            ),
        ]

    def __str__(self) -> str:
        return self.name
