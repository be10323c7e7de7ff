"""Handing over prize money at the undertaking unit, and getting it back (R36, R38, R91, decision 19)."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from awards.models.award import Award
from awards.workflow import PayoutStatus
from competition.fields import EncryptedTextField
from competition.models import Edition, Organisation
from competition.models.immutable import append_only


class PayoutPlace(models.Model):
    """The undertaking unit at which prizes are collected, named by the committee (R38)."""

    edition = models.OneToOneField(Edition, on_delete=models.PROTECT, related_name="payout_place")
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="+", verbose_name="承办单位"
    )
    address = models.CharField("地点", max_length=200, blank=True)
    hours = models.CharField("时间", max_length=200, blank=True)
    named_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    named_at = models.DateTimeField("指定时间")

    class Meta:
        verbose_name = "领奖地点"
        verbose_name_plural = "领奖地点"

    def __str__(self) -> str:
        return str(self.organisation)


class Payout(models.Model):
    """The money of a confirmed award: due, handed over before two people, or reclaimed."""

    edition = models.ForeignKey(Edition, on_delete=models.PROTECT, related_name="payouts")
    award = models.OneToOneField(Award, on_delete=models.PROTECT, related_name="payout")
    amount_fen = models.PositiveBigIntegerField("金额（分）")
    status = models.CharField(
        "状态", max_length=10, choices=PayoutStatus.choices, default=PayoutStatus.DUE, db_index=True
    )
    receiver = models.CharField("领取人", max_length=60, blank=True)
    document_type = models.CharField("证件类型", max_length=20, blank=True)
    document_number = EncryptedTextField("证件号码", blank=True, default="")
    certificate_number = models.CharField("出示的证书编号", max_length=60, blank=True)
    receipt = models.CharField("收据编号", max_length=60, blank=True)
    handed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    handed_at = models.DateTimeField("领取时间", null=True, blank=True)
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    confirmed_at = models.DateTimeField("确认时间", null=True, blank=True)

    class Meta:
        verbose_name = "领奖"
        verbose_name_plural = "领奖"
        ordering = ["award__tier__position", "award__position"]
        constraints = [
            models.CheckConstraint(
                condition=Q(confirmed_by__isnull=True) | ~Q(confirmed_by=F("handed_by")),
                name="payout_confirmed_by_a_second_person",
            ),
            models.CheckConstraint(
                condition=~Q(status__in=[PayoutStatus.HANDED, PayoutStatus.PAID])
                | (Q(handed_by__isnull=False) & ~Q(receiver="") & ~Q(certificate_number="") & ~Q(receipt="")),
                name="payout_says_who_took_it_against_what",
            ),
            models.CheckConstraint(
                condition=~Q(status=PayoutStatus.PAID) | Q(confirmed_by__isnull=False),
                name="payout_is_confirmed",
            ),
        ]

    def __str__(self) -> str:
        return str(self.award)


class Reclaim(models.Model):
    """What happened to money that must come back, one row per step, for good (R91)."""

    payout = models.ForeignKey(Payout, on_delete=models.PROTECT, related_name="reclaims")
    step = models.CharField(
        "步骤", max_length=20, choices=[("opened", "发出追回通知"), ("settled", "已追回")]
    )
    note = models.CharField("说明", max_length=500)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    at = models.DateTimeField("时间")

    class Meta:
        verbose_name = "追回记录"
        verbose_name_plural = "追回记录"
        ordering = ["id"]
        triggers = append_only("reclaim")
        constraints = [models.UniqueConstraint(fields=["payout", "step"], name="reclaim_step_once")]

    def __str__(self) -> str:
        return self.get_step_display()
