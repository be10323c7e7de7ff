"""What experts of the blind round see of an entry: texts with names masked, pages looked at one by one (R16)."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q

from competition.models import Edition
from judging.workflow import MaterialStatus
from submissions.models import Entry, Revision


class BlindMaterial(models.Model):
    """The blind projection of an entry's accepted version; experts see it once an officer released it."""

    edition = models.ForeignKey(Edition, on_delete=models.PROTECT, related_name="blind_materials")
    entry = models.OneToOneField(Entry, on_delete=models.PROTECT, related_name="blind")
    revision = models.ForeignKey(Revision, on_delete=models.PROTECT, related_name="+")
    status = models.CharField(
        "状态",
        max_length=10,
        choices=MaterialStatus.choices,
        default=MaterialStatus.PREPARING,
        db_index=True,
    )
    #: The texts that experts read: [{key, title, rows: [...]}]; made by ``submissions.projection``, names masked.
    content = models.JSONField("评审内容", default=list)
    #: What the leak finder found: [{place, kind, sentence}]; never shown to experts.
    leaks = models.JSONField("疑似泄露", default=list)
    #: Words that an officer had masked besides those found.
    extra_words = models.JSONField("另行遮盖的词", default=list)
    problem = models.CharField("无法生成的原因", max_length=200, blank=True)
    prepared_at = models.DateTimeField("生成时间", null=True, blank=True)
    released_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    released_at = models.DateTimeField("放行时间", null=True, blank=True)

    class Meta:
        verbose_name = "匿名评审材料"
        verbose_name_plural = "匿名评审材料（逐页检查）"
        indexes = [models.Index(fields=["edition", "status"], name="blind_queue")]
        constraints = [
            models.CheckConstraint(
                condition=~Q(status=MaterialStatus.RELEASED) | Q(released_by__isnull=False),
                name="blind_material_is_released_by_somebody",
            )
        ]

    def __str__(self) -> str:
        return f"{self.entry_id}"


def page_path(page: BlindPage, filename: str) -> str:
    """A private path that tells nothing."""
    return f"blind/{uuid.uuid4().hex}.png"


class BlindPage(models.Model):
    """A page as a picture, drawn anew: no metadata of the file that the team made survives."""

    class Verdict(models.TextChoices):
        WAITING = "waiting", "待检查"
        SHOWN = "shown", "给专家看"
        WITHHELD = "withheld", "不给专家看"

    material = models.ForeignKey(BlindMaterial, on_delete=models.CASCADE, related_name="pages")
    number = models.PositiveSmallIntegerField("页")
    file = models.FileField("图片", upload_to=page_path)
    width = models.PositiveIntegerField("宽")
    height = models.PositiveIntegerField("高")
    #: What the leak finder found in the page's text.
    leaks = models.JSONField("疑似泄露", default=list)
    verdict = models.CharField("结论", max_length=10, choices=Verdict.choices, default=Verdict.WAITING)
    reason = models.CharField("原因", max_length=200, blank=True)
    looked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    looked_at = models.DateTimeField("检查时间", null=True, blank=True)

    class Meta:
        verbose_name = "匿名评审材料的一页"
        verbose_name_plural = "匿名评审材料的页"
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["material", "number"], name="blind_page_once"),
            models.CheckConstraint(
                condition=Q(verdict="waiting") | Q(looked_by__isnull=False),
                name="blind_page_was_looked_at_by_somebody",
            ),
            models.CheckConstraint(
                condition=~Q(verdict="withheld") | ~Q(reason=""), name="blind_page_withheld_has_a_reason"
            ),
        ]

    def __str__(self) -> str:
        return f"第{self.number}页"
