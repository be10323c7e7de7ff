"""What the portal found and what officers decided about a registration."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils import timezone

from competition.models.immutable import append_only
from registration.models.team import Team
from registration.workflow import Severity, Verdict


class Finding(models.Model):
    """An automatic finding; found anew on every change of the registration."""

    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="findings")
    rule = models.CharField("规则", max_length=6)
    severity = models.CharField("程度", max_length=6, choices=Severity.choices)
    subject = models.CharField("对象", max_length=60, blank=True)
    message = models.CharField("说明", max_length=300)
    evidence = models.JSONField("依据", default=dict)
    found_at = models.DateTimeField("发现时间", auto_now_add=True)

    class Meta:
        verbose_name = "自动核查结果"
        verbose_name_plural = "自动核查结果"
        ordering = ["severity", "rule", "subject"]
        constraints = [models.UniqueConstraint(fields=["team", "rule", "subject"], name="finding_once")]

    def __str__(self) -> str:
        return f"{self.rule} {self.message}"


class Review(models.Model):
    """A decision on eligibility: immutable; another decision is another row."""

    team = models.ForeignKey(Team, on_delete=models.PROTECT, related_name="reviews")
    verdict = models.CharField("结论", max_length=10, choices=Verdict.choices)
    reason = models.TextField("理由", blank=True)
    field_reasons = models.JSONField("逐项意见", default=dict)
    #: Sentences of the findings and missing look-ups that a chief set aside, with ``reason``.
    overridden = models.JSONField("不顾的不符合项", default=list)
    team_version = models.PositiveIntegerField("所审版本")
    officer = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField("时间", default=timezone.now)

    class Meta:
        verbose_name = "资格审核结论"
        verbose_name_plural = "资格审核结论"
        ordering = ["-id"]
        triggers = append_only("review")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(verdict=Verdict.APPROVE)
                | ~models.Q(reason="")
                | ~models.Q(field_reasons={}),
                name="review_other_than_approval_has_a_reason",
            ),
            models.CheckConstraint(
                condition=models.Q(overridden=[]) | ~models.Q(reason=""), name="override_has_a_reason"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_verdict_display()} {self.team_id}"
