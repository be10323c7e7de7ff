"""The library of works, interest in them, opportunities, and the ceremony (R32-R34, R84, R86, R87)."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from awards.models.award import Award
from awards.workflow import WorkStatus
from competition.fields import EncryptedTextField
from competition.models import Edition, Track


class Work(models.Model):
    """What the public reads of an awarded work: only what its team consented to."""

    edition = models.ForeignKey(Edition, on_delete=models.PROTECT, related_name="works")
    award = models.OneToOneField(Award, on_delete=models.PROTECT, related_name="work")
    status = models.CharField(
        "状态", max_length=10, choices=WorkStatus.choices, default=WorkStatus.DRAFT, db_index=True
    )
    title = models.CharField("名称", max_length=120)
    summary = models.TextField("简介", blank=True)
    #: What the team looks for, in its words.
    wish = models.CharField("合作意向", max_length=300, blank=True)
    version = models.PositiveIntegerField("版本", default=1)
    consented_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    consented_at = models.DateTimeField("同意时间", null=True, blank=True)
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    published_at = models.DateTimeField("发布时间", null=True, blank=True)

    class Meta:
        verbose_name = "作品"
        verbose_name_plural = "作品库"
        ordering = ["-published_at", "-id"]
        indexes = [models.Index(fields=["edition", "status", "published_at"], name="library_list")]
        constraints = [
            models.CheckConstraint(
                condition=~Q(status__in=[WorkStatus.CONSENTED, WorkStatus.PUBLISHED])
                | Q(consented_by__isnull=False),
                name="work_is_published_with_consent",
            )
        ]

    def __str__(self) -> str:
        return self.title


class Interest(models.Model):
    """A company, investor or office that would like to talk to a work's team (R86)."""

    class Kind(models.TextChoices):
        COMPANY = "company", "企业合作"
        INVESTOR = "investor", "投资意向"
        GOVERNMENT = "government", "政府需求"

    work = models.ForeignKey(Work, on_delete=models.PROTECT, related_name="interests")
    visitor = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField("类别", max_length=10, choices=Kind.choices)
    organisation = models.CharField("单位", max_length=120)
    contact = EncryptedTextField("联系方式")
    message = models.TextField("留言")
    created_at = models.DateTimeField("时间")

    class Meta:
        verbose_name = "合作意向"
        verbose_name_plural = "合作意向"
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(fields=["work", "visitor", "kind"], name="interest_once_per_kind")
        ]

    def __str__(self) -> str:
        return f"{self.organisation}"


class Opportunity(models.Model):
    """A scenario or need that a public office or company publishes (R87)."""

    edition = models.ForeignKey(Edition, on_delete=models.PROTECT, related_name="opportunities")
    title = models.CharField("标题", max_length=120)
    organisation = models.CharField("发布单位", max_length=120)
    track = models.ForeignKey(
        Track, null=True, blank=True, on_delete=models.PROTECT, related_name="+", verbose_name="相关赛道"
    )
    body = models.TextField("内容")
    until = models.DateField("有效期至", null=True, blank=True)
    is_public = models.BooleanField("公开", default=False)
    published_at = models.DateTimeField("发布时间", null=True, blank=True)

    class Meta:
        verbose_name = "机会清单"
        verbose_name_plural = "机会清单"
        ordering = ["-published_at", "-id"]
        indexes = [models.Index(fields=["edition", "is_public", "published_at"], name="opportunity_list")]

    def __str__(self) -> str:
        return self.title


class Ceremony(models.Model):
    """Date and place of the ceremony; the run list follows from the awards (R32, R33)."""

    edition = models.OneToOneField(Edition, on_delete=models.PROTECT, related_name="ceremony")
    starts_at = models.DateTimeField("时间", null=True, blank=True)
    place = models.CharField("地点", max_length=200, blank=True)
    body = models.TextField("说明", blank=True)
    is_public = models.BooleanField("公开", default=False)

    class Meta:
        verbose_name = "颁奖"
        verbose_name_plural = "颁奖"

    def __str__(self) -> str:
        return f"{self.edition}颁奖"
