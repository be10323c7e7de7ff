"""Files of an entry, by slot; what a revision sealed is never removed."""

from __future__ import annotations

import uuid

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q

from submissions.models.entry import Entry
from submissions.models.supplement import SupplementRequest
from submissions.workflow import WITHHELD, VirusScan

#: The slot of files that answer a request for more material.
SUPPLEMENT = "supplement"
#: The slot of the stamped application form's scan; it belongs to a revision.
SCAN = "scan"


def attachment_path(attachment: Attachment, filename: str) -> str:
    """A private path that tells nothing: the original name stays in the row."""
    suffix = filename.rpartition(".")[2].lower()[:5]
    return f"entries/{attachment.entry_id}/{uuid.uuid4().hex}.{suffix}"


class Attachment(models.Model):
    """A file in a slot, or the reason why the slot does not apply.

    ``slot`` is the form's attachment key (``attachments.video``, ``cases.cases.<row>.contract``), ``scan`` or
    ``supplement``. A row says for good which file was there: what changes is ``removed_at`` and what a virus
    scanner said.
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
    supplement = models.ForeignKey(
        SupplementRequest,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="files",
        verbose_name="补充材料要求",
    )
    slot = models.CharField("材料", max_length=160)
    file = models.FileField("文件", upload_to=attachment_path, blank=True)
    name = models.CharField("文件名", max_length=150, blank=True)
    size = models.PositiveBigIntegerField("字节", default=0)
    sha256 = models.CharField("SHA-256", max_length=64, blank=True)
    content_type = models.CharField("类型", max_length=80, blank=True)
    #: What the inspection found out about the content: pages, width and height in pixels, unpacked bytes.
    facts = models.JSONField("检查所得", default=dict, blank=True)
    virus_scan = models.CharField(
        "查毒", max_length=8, choices=VirusScan.choices, default=VirusScan.NOT_SCANNED
    )
    virus_name = models.CharField("病毒名称", max_length=120, blank=True)
    virus_scanned_at = models.DateTimeField("查毒时间", null=True, blank=True)
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
            ),
            models.Index(
                fields=["id"],
                condition=Q(virus_scan=VirusScan.NOT_SCANNED) & ~Q(file=""),
                name="attachment_not_scanned",
            ),
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
            models.CheckConstraint(
                condition=Q(slot=SUPPLEMENT, supplement__isnull=False)
                | (~Q(slot=SUPPLEMENT) & Q(supplement__isnull=True)),
                name="a_supplement_answers_a_request",
            ),
            models.CheckConstraint(
                condition=Q(virus_scan=VirusScan.NOT_SCANNED) | Q(virus_scanned_at__isnull=False),
                name="a_scanned_file_says_when",
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
                    "entry",
                    "revision",
                    "supplement",
                    "slot",
                    "file",
                    "name",
                    "size",
                    "sha256",
                    "facts",
                    "not_applicable",
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

    @property
    def absent(self) -> str:
        """Why it is not handed out, as its readers are told; '' when it is."""
        return WITHHELD if self.virus_scan == VirusScan.INFECTED else ""

    @property
    def scan(self) -> str:
        """That no scanner vouches for it, as the office is told; '' when one does or when it is withheld."""
        vouched = self.virus_scan in {VirusScan.CLEAN, VirusScan.INFECTED}
        return "" if vouched else VirusScan(self.virus_scan).label
