"""Clerical errors put right after approval: asked for by the team, granted by the chief (decision 5)."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from competition.fields import EncryptedTextField
from registration.models.team import Team


class Correction(models.Model):
    """One field of an approved registration, from what it says to what it should say.

    ``old`` is as pages show it: numbers of people are masked in it. ``new`` is kept encrypted, whatever it is.
    """

    class State(models.TextChoices):
        ASKED = "asked", "待负责人决定"
        GRANTED = "granted", "已更正"
        REFUSED = "refused", "未同意"

    team = models.ForeignKey(Team, on_delete=models.PROTECT, related_name="corrections")
    path = models.CharField("项目", max_length=80)
    label = models.CharField("项目名称", max_length=80)
    old = models.CharField("原内容", max_length=300, blank=True)
    new = EncryptedTextField("更正为")
    reason = models.CharField("理由", max_length=500)
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField("申请时间", auto_now_add=True)
    state = models.CharField("状态", max_length=8, choices=State.choices, default=State.ASKED)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    decided_at = models.DateTimeField("决定时间", null=True, blank=True)
    answer = models.CharField("答复", max_length=500, blank=True)

    class Meta:
        verbose_name = "信息更正"
        verbose_name_plural = "信息更正"
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["team", "path"], condition=Q(state="asked"), name="one_open_correction_per_field"
            ),
            models.CheckConstraint(
                condition=Q(state="asked", decided_by__isnull=True, decided_at__isnull=True)
                | (~Q(state="asked") & Q(decided_by__isnull=False, decided_at__isnull=False)),
                name="correction_decided_by_somebody",
            ),
            models.CheckConstraint(
                condition=Q(decided_by__isnull=True) | ~Q(decided_by=F("asked_by")),
                name="correction_needs_two_people",
            ),
            models.CheckConstraint(
                condition=~Q(state="refused") | ~Q(answer=""), name="refusal_has_an_answer"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.team_id} {self.label}"
