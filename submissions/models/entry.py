"""An entry: one team's application form, answered section by section."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils import timezone

from competition.models import Edition
from registration.models import Team, Unit
from submissions.querysets import EntryQuerySet
from submissions.workflow import EDITABLE, EntryStatus


class Entry(models.Model):
    """One project per team (R52b): a one-to-one key the database keeps."""

    team = models.OneToOneField(Team, on_delete=models.PROTECT, related_name="entry", verbose_name="团队")
    edition = models.ForeignKey(Edition, on_delete=models.PROTECT, related_name="entries")
    status = models.CharField(
        "状态",
        max_length=12,
        choices=EntryStatus.choices,
        default=EntryStatus.DRAFT,
        db_index=True,
    )
    #: Rises with every saved section and every file; a revision remembers it.
    version = models.PositiveIntegerField("材料版本", default=1)
    #: Set by an officer who asks for corrections after the deadline (real time of the edition's clock).
    correction_until = models.DateTimeField("补正期限", null=True, blank=True)
    created_at = models.DateTimeField("创建时间", default=timezone.now)
    updated_at = models.DateTimeField("更新时间", auto_now=True)
    submitted_at = models.DateTimeField("最近提交时间", null=True, blank=True)
    #: The officer who does its formal check, so that nobody does it twice.
    claimed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        verbose_name="经办人",
    )
    claimed_at = models.DateTimeField("领取时间", null=True, blank=True)

    objects: ClassVar[EntryQuerySet] = EntryQuerySet.as_manager()  # type: ignore[assignment]

    #: Keys of users whom the loader of this instance found to be of the team.
    of_team: frozenset[int] = frozenset()

    class Meta:
        verbose_name = "参赛项目"
        verbose_name_plural = "参赛项目（形式审查）"
        indexes = [models.Index(fields=["edition", "status", "submitted_at"], name="entry_queue")]

    def __str__(self) -> str:
        return self.team.project_name

    def get_absolute_url(self) -> str:
        return reverse("submissions:entry", args=[self.pk])

    @property
    def is_editable(self) -> bool:
        return self.status in EDITABLE

    @property
    def reference(self) -> str:
        """The number by which people name this entry."""
        return f"E{self.pk:06d}"


class EntrySection(models.Model):
    """Answers of one section; a section that repeats per unit has one row per unit."""

    entry = models.ForeignKey(Entry, on_delete=models.CASCADE, related_name="sections")
    key = models.SlugField("部分", max_length=40)
    unit = models.ForeignKey(Unit, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    answers = models.JSONField("填写内容", default=dict)
    version = models.PositiveIntegerField("版本", default=1)
    updated_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    updated_at = models.DateTimeField("保存时间", auto_now=True)

    class Meta:
        verbose_name = "申报书部分"
        verbose_name_plural = "申报书部分"
        constraints = [
            models.UniqueConstraint(
                fields=["entry", "key", "unit"],
                name="section_once_per_entry_and_unit",
                nulls_distinct=False,
            )
        ]

    def __str__(self) -> str:
        return f"{self.key}"
