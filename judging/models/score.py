"""Who scores what, drafts of score sheets, and submitted sheets, which are immutable (R07, R18, R29)."""

from __future__ import annotations

import secrets
from typing import ClassVar, Final

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q

from competition.models import Edition
from competition.models.immutable import append_only
from judging.models.expert import Expert
from judging.querysets import AssignmentQuerySet
from judging.workflow import AssignmentStatus, Round
from submissions.models import Entry

#: Without letters and digits that are easily mistaken for each other.
_ALPHABET: Final = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"


def new_code() -> str:
    """A pseudonym such as 'K7RM2Q' that says nothing about entry or expert."""
    return "".join(secrets.choice(_ALPHABET) for _ in range(6))


class AssignmentRun(models.Model):
    """One computation of assignments, with its inputs and what it could not serve, in words."""

    edition = models.ForeignKey(Edition, on_delete=models.PROTECT, related_name="assignment_runs")
    per_entry = models.PositiveSmallIntegerField("每项专家数")
    content = models.JSONField("输入与结果")
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField("时间")

    class Meta:
        verbose_name = "分配记录"
        verbose_name_plural = "分配记录"
        ordering = ["-id"]
        triggers = append_only("assignment_run")

    def __str__(self) -> str:
        return f"{self.pk}"


class Assignment(models.Model):
    """An expert scores an entry in a round; in the preliminary under ``code``, which is all the expert knows."""

    edition = models.ForeignKey(Edition, on_delete=models.PROTECT, related_name="assignments")
    round = models.CharField("环节", max_length=12, choices=Round.choices)
    expert = models.ForeignKey(Expert, on_delete=models.PROTECT, related_name="assignments")
    entry = models.ForeignKey(Entry, on_delete=models.PROTECT, related_name="assignments")
    code = models.CharField("评审代号", max_length=8, default=new_code)
    status = models.CharField(
        "状态", max_length=10, choices=AssignmentStatus.choices, default=AssignmentStatus.OPEN, db_index=True
    )
    run = models.ForeignKey(
        AssignmentRun, null=True, blank=True, on_delete=models.PROTECT, related_name="assignments"
    )
    assigned_at = models.DateTimeField("分配时间")

    objects: ClassVar[AssignmentQuerySet] = AssignmentQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = "评审任务"
        verbose_name_plural = "评审任务"
        indexes = [
            models.Index(fields=["expert", "round", "status"], name="assignment_by_expert"),
            models.Index(fields=["entry", "round", "status"], name="assignment_by_entry"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["round", "expert", "entry"], name="assigned_once_per_round"),
            models.UniqueConstraint(fields=["edition", "code"], name="review_code_once_per_edition"),
        ]
        triggers = [
            # A conflict by unit, by declaration or by own team membership cannot be assigned, whoever tries.
            pgtrigger.Trigger(
                name="no_assignment_in_conflict",
                operation=pgtrigger.Insert | pgtrigger.UpdateOf("expert_id", "entry_id"),
                when=pgtrigger.Before,
                func="""
                    IF EXISTS (
                        SELECT 1 FROM judging_conflict c
                        WHERE c.expert_id = NEW.expert_id AND c.entry_id = NEW.entry_id
                    ) OR EXISTS (
                        SELECT 1 FROM judging_expertunit x
                        JOIN submissions_entry e ON e.id = NEW.entry_id
                        JOIN registration_unit u ON u.team_id = e.team_id
                        WHERE x.expert_id = NEW.expert_id
                          AND ((x.credit_key <> '' AND x.credit_key = u.credit_key) OR x.name_key = u.name_key)
                    ) OR EXISTS (
                        SELECT 1 FROM judging_expert p
                        JOIN competition_user a ON a.id = p.user_id
                        JOIN submissions_entry e ON e.id = NEW.entry_id
                        JOIN registration_team t ON t.id = e.team_id
                        WHERE p.id = NEW.expert_id
                          AND (t.owner_id = a.id OR EXISTS (
                            SELECT 1 FROM registration_representative r
                            WHERE r.team_id = t.id AND a.phone_hash <> '' AND r.mobile_hash = a.phone_hash))
                    ) THEN
                        RAISE EXCEPTION 'expert % has a conflict with entry %', NEW.expert_id, NEW.entry_id
                            USING ERRCODE = 'check_violation', CONSTRAINT = 'no_assignment_in_conflict';
                    END IF;
                    RETURN NEW;
                """,
            )
        ]

    def __str__(self) -> str:
        return self.code


class SheetDraft(models.Model):
    """Marks and comment as typed, right or wrong; autosaved, optimistic version."""

    assignment = models.OneToOneField(Assignment, on_delete=models.CASCADE, related_name="draft")
    marks = models.JSONField("评分", default=dict)
    comment = models.TextField("评语", blank=True)
    version = models.PositiveIntegerField("版本", default=1)
    updated_at = models.DateTimeField("保存时间", auto_now=True)

    class Meta:
        verbose_name = "评分表草稿"
        verbose_name_plural = "评分表草稿"

    def __str__(self) -> str:
        return str(self.assignment)


class ScoreSheet(models.Model):
    """A submitted score sheet, for good; a correction is a new row that names the old one and the reason."""

    assignment = models.ForeignKey(Assignment, on_delete=models.PROTECT, related_name="sheets")
    #: Points by item of the rubric, as decimal strings ({"effects.needs": "4.50"}).
    marks = models.JSONField("评分")
    total = models.DecimalField("总分", max_digits=9, decimal_places=6)
    comment = models.TextField("评语", blank=True)
    number = models.CharField("回执编号", max_length=40, unique=True)
    sha256 = models.CharField("SHA-256", max_length=64)
    replaces = models.OneToOneField(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="replaced_by"
    )
    reason = models.CharField("更正原因", max_length=300, blank=True)
    submitted_at = models.DateTimeField("提交时间")

    class Meta:
        verbose_name = "评分表"
        verbose_name_plural = "评分表"
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["assignment"],
                condition=Q(replaces__isnull=True),
                name="one_first_sheet_per_assignment",
            ),
            models.CheckConstraint(
                condition=Q(replaces__isnull=True) | ~Q(reason=""), name="corrected_sheet_has_a_reason"
            ),
            models.CheckConstraint(condition=Q(total__gte=0, total__lte=100), name="sheet_total_of_100"),
        ]
        triggers = append_only("score_sheet")

    def __str__(self) -> str:
        return self.number
