"""The three credit records that officers look up for each unit and person (R49-R51), with evidence."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q

from competition.models.immutable import append_only
from registration.models.team import Team


def evidence_path(evidence: LookupEvidence, filename: str) -> str:
    """A private path that tells nothing: the original name stays in the row."""
    suffix = filename.rpartition(".")[2].lower()[:5]
    return f"lookups/{evidence.team_id}/{uuid.uuid4().hex}.{suffix}"


class LookupEvidence(models.Model):
    """A page saved from a credit web site; one may serve several look-ups."""

    team = models.ForeignKey(Team, on_delete=models.PROTECT, related_name="lookup_evidence")
    file = models.FileField("文件", upload_to=evidence_path)
    name = models.CharField("文件名", max_length=150)
    size = models.PositiveBigIntegerField("字节")
    sha256 = models.CharField("SHA-256", max_length=64)
    content_type = models.CharField("类型", max_length=80)
    uploaded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    uploaded_at = models.DateTimeField("上传时间", auto_now_add=True)

    class Meta:
        verbose_name = "信用查询凭证"
        verbose_name_plural = "信用查询凭证"
        triggers = append_only("lookup_evidence")

    def __str__(self) -> str:
        return self.name


class CreditLookup(models.Model):
    """One look-up: immutable; the latest about a subject and list counts.

    ``subject`` names whom it is about independently of rows that may be retyped: ``unit:<credit code>``
    or ``person:<keyed hash of the document>``. A look-up of a unit that has another code now counts no more.
    """

    class Outcome(models.TextChoices):
        CLEAR = "clear", "未列入"
        LISTED = "listed", "列入"

    team = models.ForeignKey(Team, on_delete=models.PROTECT, related_name="lookups")
    subject = models.CharField("对象", max_length=80)
    label = models.CharField("查询时的名称", max_length=120)
    list_key = models.SlugField("名单", max_length=30)
    outcome = models.CharField("结果", max_length=6, choices=Outcome.choices)
    looked_on = models.DateField("查询日期")
    evidence = models.ForeignKey(LookupEvidence, on_delete=models.PROTECT, related_name="lookups")
    note = models.CharField("说明", max_length=300, blank=True)
    officer = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField("登记时间", auto_now_add=True)

    class Meta:
        verbose_name = "信用记录查询"
        verbose_name_plural = "信用记录查询"
        ordering = ["-id"]
        triggers = append_only("credit_lookup")
        indexes = [models.Index(fields=["team", "subject", "list_key", "-id"], name="lookup_latest")]
        constraints = [
            models.CheckConstraint(
                condition=~Q(outcome="listed") | ~Q(note=""), name="a_listing_is_explained"
            )
        ]

    def __str__(self) -> str:
        return f"{self.label} {self.list_key} {self.get_outcome_display()}"
