"""What the computer noticed about a submitted version, for the officer who checks it; never a decision."""

from __future__ import annotations

from django.db import models

from submissions.models.revision import Revision
from submissions.workflow import HintKind


class Hint(models.Model):
    """A sentence at a place of a version; made anew as a whole when something it rests on changes."""

    revision = models.ForeignKey(Revision, on_delete=models.CASCADE, related_name="hints")
    kind = models.CharField("类别", max_length=20, choices=HintKind.choices)
    #: As :class:`submissions.places.Place` writes it; '' for the whole entry.
    place = models.CharField("位置", max_length=250, blank=True)
    sentence = models.CharField("提示", max_length=400)
    #: What it rests on: the file's key, the other entry's number, the share of alike words.
    data = models.JSONField("依据", default=dict)
    noticed_at = models.DateTimeField("时间", auto_now=True)

    class Meta:
        verbose_name = "审查提示"
        verbose_name_plural = "审查提示"
        ordering = ["kind", "place", "id"]

    def __str__(self) -> str:
        return self.sentence
