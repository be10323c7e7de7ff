"""The final: date and place, drawn order, who presents when (R27-R31)."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from competition.models import Edition
from judging.models.result import Draw
from judging.workflow import FinalStatus
from submissions.models import Entry


class FinalSession(models.Model):
    """The final of an edition."""

    edition = models.OneToOneField(Edition, on_delete=models.PROTECT, related_name="final_session")
    status = models.CharField(
        "状态", max_length=10, choices=FinalStatus.choices, default=FinalStatus.PREPARING
    )
    starts_at = models.DateTimeField("开始时间", null=True, blank=True)
    place = models.CharField("地点", max_length=200, blank=True)
    minutes_each = models.PositiveSmallIntegerField("每项展示与答辩（分钟）", default=15)
    draw = models.ForeignKey(Draw, null=True, blank=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name = "决赛"
        verbose_name_plural = "决赛"

    def __str__(self) -> str:
        return f"{self.edition}决赛"


class Presentation(models.Model):
    """A finalist on the list of the final; its place in the order is drawn."""

    session = models.ForeignKey(FinalSession, on_delete=models.PROTECT, related_name="presentations")
    entry = models.OneToOneField(Entry, on_delete=models.PROTECT, related_name="presentation")
    position = models.PositiveSmallIntegerField("出场顺序", null=True, blank=True)
    checked_in_at = models.DateTimeField("签到时间", null=True, blank=True)
    started_at = models.DateTimeField("开始时间", null=True, blank=True)
    ended_at = models.DateTimeField("结束时间", null=True, blank=True)
    #: The entry left the contest after the draw; its place in the order stays, unused.
    is_void = models.BooleanField("已退出", default=False)

    class Meta:
        verbose_name = "决赛展示"
        verbose_name_plural = "决赛展示"
        ordering = [F("position").asc(nulls_last=True), "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["session", "position"],
                condition=Q(position__isnull=False),
                name="presentation_position_once",
            )
        ]

    def __str__(self) -> str:
        return f"{self.position or ''}"
