"""Publicity notices with their end, and days that staff entered into the calendar (R88-R90, decision 15)."""

from __future__ import annotations

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import F, Q

from awards.workflow import NoticeStatus
from competition.models import Edition
from competition.models.immutable import append_only


class CalendarDay(models.Model):
    """A working day or day off that staff entered, because the known calendar ends or is wrong."""

    day = models.DateField("日期", unique=True)
    is_workday = models.BooleanField("工作日")
    note = models.CharField("依据", max_length=200)
    entered_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    entered_at = models.DateTimeField("录入时间", auto_now_add=True)

    class Meta:
        verbose_name = "工作日历"
        verbose_name_plural = "工作日历"
        ordering = ["day"]

    def __str__(self) -> str:
        return f"{self.day} {'工作日' if self.is_workday else '休息日'}"


class PublicityNotice(models.Model):
    """A public list of proposed awards; proposed by one, published by another, concluded by the clock."""

    edition = models.ForeignKey(Edition, on_delete=models.PROTECT, related_name="publicity_notices")
    number = models.PositiveSmallIntegerField("第几次公示")
    title = models.CharField("标题", max_length=120)
    status = models.CharField(
        "状态", max_length=10, choices=NoticeStatus.choices, default=NoticeStatus.PROPOSED
    )
    #: The list as published: [{tier, position, entry, project, team, units: [...], track, topic, amount_fen}].
    content = models.JSONField("公示名单", default=list)
    sha256 = models.CharField("SHA-256", max_length=64, blank=True)
    proposed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField("提出时间")
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    published_at = models.DateTimeField("发布时间", null=True, blank=True)
    #: The last local day and its 24:00; staff may only lengthen.
    last_day = models.DateField("公示截止日", null=True, blank=True)
    ends_at = models.DateTimeField("公示结束时间", null=True, blank=True, db_index=True)
    lengthened_why = models.CharField("延长原因", max_length=300, blank=True)
    concluded_at = models.DateTimeField("结束时间", null=True, blank=True)

    class Meta:
        verbose_name = "公示"
        verbose_name_plural = "公示"
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(fields=["edition", "number"], name="notice_number_once_per_edition"),
            models.UniqueConstraint(
                fields=["edition"],
                condition=Q(status=NoticeStatus.PROPOSED),
                name="one_notice_proposed_at_a_time",
            ),
            models.CheckConstraint(
                condition=Q(published_by__isnull=True) | ~Q(published_by=F("proposed_by")),
                name="notice_published_by_a_second_person",
            ),
            models.CheckConstraint(
                condition=~Q(status__in=[NoticeStatus.PUBLISHED, NoticeStatus.CONCLUDED])
                | Q(published_by__isnull=False, published_at__isnull=False, ends_at__isnull=False),
                name="published_notice_has_an_end",
            ),
        ]
        triggers = [
            pgtrigger.Protect(name="publicity_notice_no_delete", operation=pgtrigger.Delete),
            append_only("publicity_notice")[2],
            pgtrigger.Protect(
                name="published_notice_stays",
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(old__status__in=[NoticeStatus.PUBLISHED, NoticeStatus.CONCLUDED])
                & (
                    pgtrigger.Q(new__content__df=pgtrigger.F("old__content"))
                    | pgtrigger.Q(new__sha256__df=pgtrigger.F("old__sha256"))
                    | pgtrigger.Q(new__title__df=pgtrigger.F("old__title"))
                    | pgtrigger.Q(new__published_at__df=pgtrigger.F("old__published_at"))
                    | pgtrigger.Q(new__ends_at__lt=pgtrigger.F("old__ends_at"))
                    | pgtrigger.Q(new__last_day__lt=pgtrigger.F("old__last_day"))
                ),
            ),
        ]

    def __str__(self) -> str:
        return self.title
