"""Results proposed by one and confirmed by another, votes, draws, and what happened to the lists afterwards."""

from __future__ import annotations

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import F, Q

from competition.fields import EncryptedTextField
from competition.models import Edition, Track
from competition.models.immutable import append_only
from judging.workflow import ChangeKind, Pool, ResultStatus, Round
from submissions.models import Entry


class Result(models.Model):
    """A ranking with all its inputs (R18-R22, R30): proposed by one person, confirmed by another, then immutable."""

    edition = models.ForeignKey(Edition, on_delete=models.PROTECT, related_name="results")
    round = models.CharField("环节", max_length=12, choices=Round.choices)
    status = models.CharField(
        "状态", max_length=10, choices=ResultStatus.choices, default=ResultStatus.PROPOSED
    )
    content = models.JSONField("内容")
    sha256 = models.CharField("SHA-256", max_length=64)
    proposed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField("提出时间")
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    decided_at = models.DateTimeField("确认时间", null=True, blank=True)
    note = models.CharField("说明", max_length=300, blank=True)

    class Meta:
        verbose_name = "评审结果"
        verbose_name_plural = "评审结果"
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["edition", "round"],
                condition=Q(status=ResultStatus.PROPOSED),
                name="one_proposed_result_per_round",
            ),
            models.UniqueConstraint(
                fields=["edition", "round"],
                condition=Q(status=ResultStatus.CONFIRMED),
                name="one_confirmed_result_per_round",
            ),
            models.CheckConstraint(
                condition=Q(decided_by__isnull=True) | ~Q(decided_by=F("proposed_by")),
                name="result_confirmed_by_a_second_person",
            ),
            models.CheckConstraint(
                condition=~Q(status=ResultStatus.CONFIRMED) | Q(decided_by__isnull=False),
                name="result_is_confirmed_by_somebody",
            ),
        ]
        triggers = [
            pgtrigger.Protect(name="result_no_delete", operation=pgtrigger.Delete),
            append_only("result")[2],
            pgtrigger.Protect(
                name="result_content_stays",
                operation=pgtrigger.Update,
                condition=pgtrigger.AnyChange(
                    "edition", "round", "content", "sha256", "proposed_by", "proposed_at"
                ),
            ),
            pgtrigger.Protect(
                name="result_decided_stays",
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(old__status__in=[ResultStatus.CONFIRMED, ResultStatus.REFUSED]),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_round_display()}结果"


class Vote(models.Model):
    """The panel's recorded vote about entries that nothing else separates across a cut line (decision 11)."""

    edition = models.ForeignKey(Edition, on_delete=models.PROTECT, related_name="votes")
    round = models.CharField("环节", max_length=12, choices=Round.choices)
    track = models.ForeignKey(Track, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    #: Entry ids, the best first.
    order = models.JSONField("顺序")
    minutes = models.TextField("表决记录")
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField("时间")

    class Meta:
        verbose_name = "表决"
        verbose_name_plural = "表决"
        ordering = ["id"]
        triggers = append_only("vote")
        constraints = [models.CheckConstraint(condition=~Q(minutes=""), name="vote_has_minutes")]

    def __str__(self) -> str:
        return f"{self.pk}"


class Draw(models.Model):
    """A draw of lots: list and commitment first, then numbers called out, then everything published (decision 14)."""

    class Kind(models.TextChoices):
        PRESENTATION = "presentation", "决赛出场顺序"
        FINALIST_SEATS = "finalist_seats", "入围名额同余抽签"
        EXCELLENCE_SEATS = "excellence_seats", "优秀奖名额同余抽签"

    edition = models.ForeignKey(Edition, on_delete=models.PROTECT, related_name="draws")
    kind = models.CharField("用途", max_length=20, choices=Kind.choices)
    #: The published list: entry ids or track numbers as strings, with their labels for people.
    items = models.JSONField("名单")
    labels = models.JSONField("名单（文字）", default=list)
    list_hash = models.CharField("名单 SHA-256", max_length=64)
    commitment = models.CharField("承诺值", max_length=64)
    secret = EncryptedTextField("秘密")
    listed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    listed_at = models.DateTimeField("公布时间")
    #: The whole record as published afterwards (judging.draws.Draw.as_data); null until held.
    record = models.JSONField("抽签记录", null=True, blank=True)
    held_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    witnessed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    held_at = models.DateTimeField("抽签时间", null=True, blank=True)

    class Meta:
        verbose_name = "抽签"
        verbose_name_plural = "抽签"
        ordering = ["-id"]
        triggers = [
            pgtrigger.Protect(name="draw_no_delete", operation=pgtrigger.Delete),
            append_only("draw")[2],
            pgtrigger.Protect(
                name="draw_list_stays",
                operation=pgtrigger.Update,
                condition=pgtrigger.AnyChange(
                    "edition", "kind", "items", "labels", "list_hash", "commitment"
                ),
            ),
            pgtrigger.Protect(
                name="draw_held_once",
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(old__held_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.get_kind_display()


class ListChange(models.Model):
    """What happened to a track's confirmed lists: replayed in order over the result's lists (decision 13)."""

    result = models.ForeignKey(Result, on_delete=models.PROTECT, related_name="changes")
    track = models.ForeignKey(Track, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField("变化", max_length=14, choices=ChangeKind.choices)
    pool = models.CharField("名单", max_length=12, choices=Pool.choices, blank=True)
    entry = models.ForeignKey(
        Entry, null=True, blank=True, on_delete=models.PROTECT, related_name="list_changes"
    )
    reason = models.CharField("原因", max_length=300)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    at = models.DateTimeField("时间")

    class Meta:
        verbose_name = "名单变化"
        verbose_name_plural = "名单变化"
        ordering = ["id"]
        triggers = append_only("list_change")
        constraints = [
            models.UniqueConstraint(
                fields=["result", "entry"], condition=Q(kind=ChangeKind.VOID), name="voided_once"
            ),
            models.CheckConstraint(
                condition=Q(kind=ChangeKind.LEAVE_VACANT, entry__isnull=True)
                | (~Q(kind=ChangeKind.LEAVE_VACANT) & Q(entry__isnull=False)),
                name="list_change_names_its_entry",
            ),
            models.CheckConstraint(
                condition=Q(kind=ChangeKind.VOID)
                | (Q(by__isnull=False, confirmed_by__isnull=False) & ~Q(by=F("confirmed_by"))),
                name="replacement_decided_by_two_people",
            ),
        ]

    def __str__(self) -> str:
        return self.get_kind_display()


class Replacement(models.Model):
    """The proposal to fill a vacancy, or to leave it; another person confirms it (decision 13)."""

    result = models.ForeignKey(Result, on_delete=models.PROTECT, related_name="replacements")
    track = models.ForeignKey(Track, on_delete=models.PROTECT, related_name="+")
    pool = models.CharField("名单", max_length=12, choices=Pool.choices)
    #: Who moves up; null leaves the place vacant.
    entry = models.ForeignKey(Entry, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    reason = models.CharField("理由", max_length=300)
    status = models.CharField(
        "状态", max_length=10, choices=ResultStatus.choices, default=ResultStatus.PROPOSED
    )
    proposed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField("提出时间")
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    decided_at = models.DateTimeField("确认时间", null=True, blank=True)

    class Meta:
        verbose_name = "递补提议"
        verbose_name_plural = "递补提议"
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["result", "track", "pool"],
                condition=Q(status=ResultStatus.PROPOSED),
                name="one_replacement_proposed_at_a_time",
            ),
            models.CheckConstraint(
                condition=Q(decided_by__isnull=True) | ~Q(decided_by=F("proposed_by")),
                name="replacement_confirmed_by_a_second_person",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_pool_display()}"
