"""Experts of an edition, their units and tracks, panels, and conflicts of interest (R07, R18)."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q

from competition.models import Edition, Track
from judging.querysets import ExpertQuerySet
from judging.workflow import Round
from submissions.models import Entry


class Expert(models.Model):
    """A person on the roll of an edition's expert committee; the account has the role ``expert``."""

    edition = models.ForeignKey(Edition, on_delete=models.PROTECT, related_name="experts")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="expertises", verbose_name="账号"
    )
    title = models.CharField("职务、职称", max_length=60, blank=True)
    field = models.CharField("专业领域", max_length=120, blank=True)
    tracks = models.ManyToManyField(Track, blank=True, related_name="experts", verbose_name="可评赛道")
    is_active = models.BooleanField("参加评审", default=True)

    objects: ClassVar[ExpertQuerySet] = ExpertQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = "专家"
        verbose_name_plural = "专家"
        constraints = [models.UniqueConstraint(fields=["edition", "user"], name="expert_once_per_edition")]

    def __str__(self) -> str:
        return self.user.display_name


class ExpertUnit(models.Model):
    """A unit to which an expert belongs or is close: entries of it cannot be assigned to the expert."""

    expert = models.ForeignKey(Expert, on_delete=models.CASCADE, related_name="units")
    name = models.CharField("单位名称", max_length=120)
    name_key = models.CharField(max_length=120, editable=False, db_index=True)
    credit_key = models.CharField("统一社会信用代码", max_length=18, blank=True, db_index=True)
    relation = models.CharField("关系", max_length=60, default="现任职单位")

    class Meta:
        verbose_name = "专家的单位"
        verbose_name_plural = "专家的单位"
        constraints = [
            models.UniqueConstraint(fields=["expert", "name_key"], name="unit_once_per_expert"),
            models.CheckConstraint(condition=~Q(name_key=""), name="expert_unit_has_a_name"),
        ]

    def __str__(self) -> str:
        return self.name


class Conflict(models.Model):
    """An expert does not judge an entry: declared by the expert or found by staff, with the reason."""

    class Source(models.TextChoices):
        DECLARED = "declared", "专家申报"
        STAFF = "staff", "秘书处认定"

    expert = models.ForeignKey(Expert, on_delete=models.PROTECT, related_name="conflicts")
    entry = models.ForeignKey(Entry, on_delete=models.PROTECT, related_name="conflicts")
    source = models.CharField("来源", max_length=10, choices=Source.choices)
    reason = models.CharField("原因", max_length=300)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField("时间")

    class Meta:
        verbose_name = "利益冲突"
        verbose_name_plural = "利益冲突"
        constraints = [
            models.UniqueConstraint(fields=["expert", "entry"], name="conflict_once_per_expert_and_entry")
        ]

    def __str__(self) -> str:
        return self.reason


class Panel(models.Model):
    """A panel of experts: one per track in the preliminary, one for the final."""

    edition = models.ForeignKey(Edition, on_delete=models.PROTECT, related_name="panels")
    round = models.CharField("环节", max_length=12, choices=Round.choices)
    track = models.ForeignKey(
        Track, null=True, blank=True, on_delete=models.PROTECT, related_name="panels", verbose_name="赛道"
    )

    class Meta:
        verbose_name = "评审组"
        verbose_name_plural = "评审组"
        constraints = [
            models.UniqueConstraint(
                fields=["edition", "round", "track"],
                name="one_panel_per_round_and_track",
                nulls_distinct=False,
            ),
            models.CheckConstraint(
                condition=Q(round=Round.PRELIMINARY, track__isnull=False)
                | Q(round=Round.FINAL, track__isnull=True),
                name="panels_of_the_preliminary_have_a_track",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_round_display()}评审组"


class PanelMember(models.Model):
    panel = models.ForeignKey(Panel, on_delete=models.CASCADE, related_name="members")
    expert = models.ForeignKey(Expert, on_delete=models.PROTECT, related_name="memberships")
    is_chair = models.BooleanField("组长", default=False)

    class Meta:
        verbose_name = "评审组成员"
        verbose_name_plural = "评审组成员"
        constraints = [
            models.UniqueConstraint(fields=["panel", "expert"], name="expert_once_per_panel"),
            models.UniqueConstraint(fields=["panel"], condition=Q(is_chair=True), name="one_chair_per_panel"),
        ]

    def __str__(self) -> str:
        return str(self.expert)
