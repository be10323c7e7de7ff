"""An edition: one year's contest of one division, with its tracks, topics, stages and organisers."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.db import models
from django.urls import reverse


class Edition(models.Model):
    slug = models.SlugField("标识", max_length=60, unique=True)
    name = models.CharField("全称", max_length=120)
    short_name = models.CharField("简称", max_length=60)
    theme = models.CharField("主题", max_length=60)
    data = models.JSONField("其余设定", default=dict)
    form = models.JSONField("申报书声明", default=dict)
    rubrics = models.JSONField("评分标准", default=dict)
    digest = models.CharField("内容摘要", max_length=64, editable=False)
    is_rehearsal = models.BooleanField("演练", default=False)
    clock_offset = models.DurationField("时钟偏移", default=timedelta(0))
    loaded_at = models.DateTimeField("载入时间", auto_now=True)

    class Meta:
        verbose_name = "届"
        verbose_name_plural = "届"
        constraints = [
            models.CheckConstraint(
                condition=models.Q(is_rehearsal=True) | models.Q(clock_offset=timedelta(0)),
                name="only_a_rehearsal_moves_its_clock",
            )
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("home", kwargs={"edition_slug": self.slug})

    def limit(self, key: str) -> int:
        """A number of the edition's ``limits`` (persons, units, MB ...); an edition gives each of them."""
        return int(self.data["limits"][key])

    @property
    def honoured_for(self) -> timedelta:
        """How long after a deadline a request that arrived before it may still begin its transaction."""
        return timedelta(seconds=self.data["grace"]["arrival_seconds"])

    def texts(self, key: str) -> Any:
        """Anything else of edition.yaml under ``key``; an empty list when absent."""
        return self.data.get(key, [])


class Department(models.Model):
    edition = models.ForeignKey(Edition, on_delete=models.CASCADE, related_name="departments")
    name = models.CharField("名称", max_length=80)

    class Meta:
        verbose_name = "把关部门"
        verbose_name_plural = "把关部门"
        constraints = [
            models.UniqueConstraint(fields=["edition", "name"], name="department_name_unique_in_edition")
        ]

    def __str__(self) -> str:
        return self.name


class Organisation(models.Model):
    """Who runs the contest; feeds the exclusion check of R53."""

    class Role(models.TextChoices):
        GUIDE = "guide", "指导单位"
        SPONSOR = "sponsor", "主办单位"
        UNDERTAKER = "undertaker", "承办单位"

    edition = models.ForeignKey(Edition, on_delete=models.CASCADE, related_name="organisations")
    role = models.CharField("身份", max_length=12, choices=Role.choices)
    position = models.PositiveSmallIntegerField("顺序")
    name = models.CharField("名称", max_length=80)
    short_name = models.CharField("简称", max_length=40, blank=True)
    aliases = models.JSONField("别名", default=list, blank=True)
    credit_code = models.CharField("统一社会信用代码", max_length=18, blank=True)

    class Meta:
        verbose_name = "组织单位"
        verbose_name_plural = "组织单位"
        ordering = ["role", "position"]
        constraints = [
            models.UniqueConstraint(fields=["edition", "role", "name"], name="organisation_once_per_role")
        ]

    def __str__(self) -> str:
        return self.name


class Track(models.Model):
    edition = models.ForeignKey(Edition, on_delete=models.CASCADE, related_name="tracks")
    number = models.PositiveSmallIntegerField("序号")
    name = models.CharField("名称", max_length=40)
    short_name = models.CharField("短名", max_length=20, blank=True)
    heading = models.CharField("赛题指南标题", max_length=80)
    summary = models.CharField("一句话介绍", max_length=200, blank=True)
    intro = models.TextField("说明")

    class Meta:
        verbose_name = "赛道"
        verbose_name_plural = "赛道"
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["edition", "number"], name="track_number_unique_in_edition")
        ]

    def __str__(self) -> str:
        return self.name


class Topic(models.Model):
    track = models.ForeignKey(Track, on_delete=models.CASCADE, related_name="topics")
    number = models.PositiveSmallIntegerField("序号")
    code = models.CharField("编号", max_length=8)
    title = models.CharField("标题", max_length=80)
    description = models.TextField("内容")
    public_bodies = models.BooleanField("各级政府部门及事业单位可参与", default=False)
    department = models.ForeignKey(
        Department,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        verbose_name="把关部门",
    )

    class Meta:
        verbose_name = "赛题"
        verbose_name_plural = "赛题"
        ordering = ["track__number", "number"]
        constraints = [
            models.UniqueConstraint(fields=["track", "number"], name="topic_number_unique_in_track")
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.title}"


class Stage(models.Model):
    """A window of time. The current stage is derived from these rows on every read."""

    edition = models.ForeignKey(Edition, on_delete=models.CASCADE, related_name="stages")
    key = models.SlugField("标识", max_length=20)
    name = models.CharField("名称", max_length=20)
    position = models.PositiveSmallIntegerField("顺序")
    opens_at = models.DateTimeField("开始")
    closes_at = models.DateTimeField("截止")
    provisional = models.BooleanField("暂定（页面只显示月份）", default=True)
    month_text = models.CharField("通知中的时间", max_length=40, blank=True)

    class Meta:
        verbose_name = "阶段"
        verbose_name_plural = "阶段"
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["edition", "key"], name="stage_key_unique_in_edition"),
            models.CheckConstraint(
                condition=models.Q(opens_at__lt=models.F("closes_at")),
                name="stage_opens_before_it_closes",
            ),
        ]

    def __str__(self) -> str:
        return self.name
