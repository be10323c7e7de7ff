"""Awards: which prize an entry or a unit gets; counts and money are kept by the database (R31, R37-R44)."""

from __future__ import annotations

from typing import Final

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import F, Q

from awards.workflow import AwardStatus
from competition.models import Edition
from competition.models.immutable import append_only
from submissions.models import Entry

#: Counts and money of a tier and of the edition, checked under a lock so that two at once cannot pass.
_WITHIN_TIER_AND_TOTAL: Final = """
    DECLARE most integer; each bigint; most_fen bigint; given integer; fen bigint;
    BEGIN
        IF NEW.status NOT IN ('proposed', 'published', 'confirmed') THEN RETURN NEW; END IF;
        SELECT total_fen INTO most_fen FROM awards_prizebudget
            WHERE edition_id = NEW.edition_id FOR UPDATE;
        SELECT count, amount_fen INTO most, each FROM awards_prizetier WHERE id = NEW.tier_id FOR UPDATE;
        IF NEW.amount_fen <> each THEN
            RAISE EXCEPTION 'award of % fen in a tier of % fen', NEW.amount_fen, each
                USING ERRCODE = 'check_violation', CONSTRAINT = 'award_amount_is_that_of_its_tier';
        END IF;
        SELECT count(*) INTO given FROM awards_award
            WHERE tier_id = NEW.tier_id AND id IS DISTINCT FROM NEW.id
              AND status IN ('proposed', 'published', 'confirmed');
        IF most IS NOT NULL AND given + 1 > most THEN
            RAISE EXCEPTION 'tier % holds % awards', NEW.tier_id, most
                USING ERRCODE = 'check_violation', CONSTRAINT = 'awards_within_the_count_of_their_tier';
        END IF;
        SELECT coalesce(sum(amount_fen), 0) INTO fen FROM awards_award
            WHERE edition_id = NEW.edition_id AND id IS DISTINCT FROM NEW.id
              AND status IN ('proposed', 'published', 'confirmed');
        IF most_fen IS NULL OR fen + NEW.amount_fen > most_fen THEN
            RAISE EXCEPTION 'awards of edition % exceed % fen', NEW.edition_id, most_fen
                USING ERRCODE = 'check_violation', CONSTRAINT = 'awards_within_the_total';
        END IF;
        RETURN NEW;
    END;
"""


class PrizeBudget(models.Model):
    """The money of an edition: the sum of its standing awards never exceeds it (R37)."""

    edition = models.OneToOneField(Edition, on_delete=models.PROTECT, related_name="prize_budget")
    total_fen = models.PositiveBigIntegerField("奖金总额（分）")

    class Meta:
        verbose_name = "奖金总额"
        verbose_name_plural = "奖金总额"

    def __str__(self) -> str:
        return str(self.total_fen)


class PrizeTier(models.Model):
    """A prize of an edition as its data says it: how many, how much each, its code in certificate numbers."""

    edition = models.ForeignKey(Edition, on_delete=models.PROTECT, related_name="prize_tiers")
    key = models.SlugField("标识", max_length=20)
    name = models.CharField("名称", max_length=40)
    code = models.CharField("证书代码", max_length=4)
    position = models.PositiveSmallIntegerField("顺序")
    #: Null for awards to units, whose number is open (R43, R44).
    count = models.PositiveSmallIntegerField("个数", null=True, blank=True)
    amount_fen = models.PositiveBigIntegerField("每个奖金（分）", default=0)
    #: ``finalists`` or ``excellence``; '' for awards to units.
    pool = models.CharField("名单", max_length=12, blank=True)

    class Meta:
        verbose_name = "奖项设置"
        verbose_name_plural = "奖项设置"
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["edition", "key"], name="prize_tier_once_per_edition"),
            models.UniqueConstraint(fields=["edition", "code"], name="prize_code_once_per_edition"),
        ]

    def __str__(self) -> str:
        return self.name


class Award(models.Model):
    """A prize of an entry, or of a unit that organised or contributed (decision 20)."""

    edition = models.ForeignKey(Edition, on_delete=models.PROTECT, related_name="awards")
    tier = models.ForeignKey(PrizeTier, on_delete=models.PROTECT, related_name="awards", verbose_name="奖项")
    entry = models.ForeignKey(
        Entry, null=True, blank=True, on_delete=models.PROTECT, related_name="awards", verbose_name="参赛项目"
    )
    unit_name = models.CharField("单位名称", max_length=120, blank=True)
    reason = models.CharField("授予理由", max_length=500, blank=True)
    #: Place within the tier, from 1: the order of notices, certificates and the ceremony.
    position = models.PositiveSmallIntegerField("序号")
    amount_fen = models.PositiveBigIntegerField("奖金（分）", default=0)
    status = models.CharField(
        "状态",
        max_length=10,
        choices=AwardStatus.choices,
        default=AwardStatus.PROPOSED,
        db_index=True,
    )
    notice = models.ForeignKey(
        "awards.PublicityNotice",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="awards",
        verbose_name="公示",
    )
    cup_given_at = models.DateTimeField("奖杯发放时间", null=True, blank=True)
    proposed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField("拟定时间")
    confirmed_at = models.DateTimeField("确认时间", null=True, blank=True)
    ended_at = models.DateTimeField("取消或撤销时间", null=True, blank=True)
    ended_why = models.CharField("取消或撤销原因", max_length=500, blank=True)

    class Meta:
        verbose_name = "奖项授予"
        verbose_name_plural = "奖项授予"
        ordering = ["tier__position", "position", "id"]
        indexes = [models.Index(fields=["edition", "status", "tier"], name="award_lists")]
        constraints = [
            models.UniqueConstraint(
                fields=["entry"],
                condition=Q(status__in=["proposed", "published", "confirmed"]),
                name="one_standing_award_per_entry",
            ),
            models.UniqueConstraint(
                fields=["tier", "position"],
                condition=Q(status__in=["proposed", "published", "confirmed"]),
                name="award_position_once_per_tier",
            ),
            models.CheckConstraint(
                condition=Q(entry__isnull=False, unit_name="")
                | (Q(entry__isnull=True, amount_fen=0) & ~Q(unit_name="") & ~Q(reason="")),
                name="award_is_of_an_entry_or_of_a_unit_without_money",
            ),
            models.CheckConstraint(
                condition=~Q(status__in=["void", "revoked", "reclaimed"]) | ~Q(ended_why=""),
                name="award_ends_with_a_reason",
            ),
        ]
        triggers = [
            pgtrigger.Protect(name="award_no_delete", operation=pgtrigger.Delete),
            append_only("award")[2],
            pgtrigger.Protect(
                name="award_facts_stay",
                operation=pgtrigger.Update,
                condition=pgtrigger.AnyChange("edition", "tier", "entry", "unit_name", "amount_fen"),
            ),
            pgtrigger.Trigger(
                name="awards_within_tier_and_total",
                operation=pgtrigger.Insert | pgtrigger.UpdateOf("status", "tier_id", "amount_fen"),
                when=pgtrigger.Before,
                func=_WITHIN_TIER_AND_TOTAL,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.tier}"


class Revocation(models.Model):
    """The proposal to revoke a confirmed award; another person confirms it (decision 17, R54, R91)."""

    award = models.ForeignKey(Award, on_delete=models.PROTECT, related_name="revocations")
    reason = models.CharField("原因", max_length=500)
    proposed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField("提出时间")
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    decided_at = models.DateTimeField("决定时间", null=True, blank=True)
    is_confirmed = models.BooleanField("已确认", null=True, blank=True)

    class Meta:
        verbose_name = "撤销提议"
        verbose_name_plural = "撤销提议"
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["award"],
                condition=Q(decided_by__isnull=True),
                name="one_revocation_proposed_at_a_time",
            ),
            models.CheckConstraint(
                condition=Q(decided_by__isnull=True) | ~Q(decided_by=F("proposed_by")),
                name="revocation_confirmed_by_a_second_person",
            ),
        ]

    def __str__(self) -> str:
        return self.reason
