"""What a file for the blind round says: read once, by a job, and looked through for names whenever somebody asks."""

from __future__ import annotations

from django.db import models

from submissions.models.attachment import Attachment


class FileReading(models.Model):
    """The text of a file's pages and what stands in it unseen; ``competition.traces`` says how."""

    attachment = models.OneToOneField(Attachment, on_delete=models.CASCADE, related_name="reading")
    #: [{text, picture}], one for each page.
    pages = models.JSONField("各页文字", default=list)
    #: [{where, text, page}]
    marks = models.JSONField("文件属性等", default=list)
    #: One word of ``competition.traces``, or nothing.
    problem = models.CharField("读不出的原因", max_length=20, blank=True)
    read_at = models.DateTimeField("读取时间", auto_now_add=True)

    class Meta:
        verbose_name = "文件文字"
        verbose_name_plural = "文件文字"

    def __str__(self) -> str:
        return f"{self.attachment_id}"
