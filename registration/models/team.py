"""A team with its one project, and its representatives."""

from __future__ import annotations

from typing import ClassVar, Final

import pgtrigger
from django.conf import settings
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Case, Q, Value, When
from django.urls import reverse
from django.utils import timezone

from competition.fields import EncryptedTextField
from competition.models import Edition, Topic
from registration.models.frozen import frozen_with_team
from registration.querysets import TeamQuerySet
from registration.workflow import EDITABLE, TeamStatus

#: What is typed into one line is kept as typed up to this many characters; rules come on top.
LINE: Final = 300


class Team(models.Model):
    edition = models.ForeignKey(Edition, on_delete=models.PROTECT, related_name="teams")
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="teams",
        verbose_name="报名账号",
    )
    status = models.CharField(
        "状态",
        max_length=12,
        choices=TeamStatus.choices,
        default=TeamStatus.DRAFT,
        db_index=True,
    )
    version = models.PositiveIntegerField("版本", default=1)
    name = models.CharField("团队名称", max_length=LINE, blank=True)
    name_key = models.CharField(max_length=LINE, blank=True, editable=False)
    project_name = models.CharField("项目名称", max_length=LINE, blank=True)
    project_key = models.CharField(max_length=LINE, blank=True, editable=False)
    topic = models.ForeignKey(
        Topic,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="teams",
        verbose_name="赛题",
    )
    public_body_note = models.TextField("公共机构参与说明", blank=True)
    declarations = models.JSONField("声明", default=dict)
    created_at = models.DateTimeField("创建时间", default=timezone.now)
    updated_at = models.DateTimeField("更新时间", auto_now=True)
    updated_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name="更新人",
    )
    submitted_at = models.DateTimeField("提交时间", null=True, blank=True)
    decided_at = models.DateTimeField("审核时间", null=True, blank=True)
    claimed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name="经办人",
    )
    claimed_at = models.DateTimeField("领取时间", null=True, blank=True)
    #: What the queue filters and searches by, kept up by the services with every change.
    search = models.TextField(blank=True, default="", editable=False)
    lead_region = models.CharField("牵头单位所在地", max_length=12, blank=True, editable=False)
    blocks = models.PositiveSmallIntegerField("不符合项", default=0, editable=False)
    doubts = models.PositiveSmallIntegerField("需判断项", default=0, editable=False)
    lookups_due = models.PositiveSmallIntegerField("待查信用记录", default=0, editable=False)
    queue = models.GeneratedField(
        expression=Case(
            When(status=TeamStatus.SUBMITTED, then=Value(0)),
            When(status=TeamStatus.DRAFT, then=Value(2)),
            default=Value(1),
        ),
        output_field=models.SmallIntegerField(),
        db_persist=True,
    )

    objects: ClassVar[TeamQuerySet] = TeamQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = "参赛团队"
        verbose_name_plural = "参赛团队（资格审核）"
        triggers = [
            pgtrigger.Protect(
                name="team_topic_fixed_once_submitted",
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(old__submitted_at__isnull=False)
                & pgtrigger.Q(new__topic__df=pgtrigger.F("old__topic")),
            ),
            pgtrigger.Protect(
                name="team_frozen_at_approval",
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(old__status=TeamStatus.APPROVED)
                & (
                    pgtrigger.Q(new__name__df=pgtrigger.F("old__name"))
                    | pgtrigger.Q(new__project_name__df=pgtrigger.F("old__project_name"))
                    | pgtrigger.Q(new__edition__df=pgtrigger.F("old__edition"))
                ),
            ),
        ]
        indexes = [
            models.Index(fields=["edition", "status", "submitted_at"], name="team_queue"),
            models.Index(fields=["edition", "name_key"], name="team_by_name_key"),
            models.Index(fields=["edition", "project_key"], name="team_by_project_key"),
            models.Index(fields=["edition", "queue", "submitted_at", "id"], name="team_in_order"),
            models.Index(fields=["edition", "lead_region"], name="team_by_region"),
            models.Index(fields=["edition", "claimed_by", "status"], name="team_by_officer"),
            GinIndex(fields=["search"], opclasses=["gin_trgm_ops"], name="team_search"),
            GinIndex(fields=["name_key"], opclasses=["gin_trgm_ops"], name="team_name_alike"),
            GinIndex(fields=["project_key"], opclasses=["gin_trgm_ops"], name="team_project_alike"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(status__in=[TeamStatus.DRAFT, TeamStatus.WITHDRAWN])
                | (Q(topic__isnull=False, submitted_at__isnull=False) & ~Q(name="") & ~Q(project_name="")),
                name="submitted_team_has_name_project_topic",
            )
        ]

    def __str__(self) -> str:
        return self.name or "未命名团队"

    def get_absolute_url(self) -> str:
        return reverse("registration:team", args=[self.pk])

    @property
    def is_editable(self) -> bool:
        return self.status in EDITABLE

    @property
    def reference(self) -> str:
        """The number by which people name this registration."""
        return f"T{self.pk:06d}"


class Representative(models.Model):
    """A person who represents the team; counts once confirmed by a code to the own phone."""

    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="representatives")
    edition = models.ForeignKey(Edition, on_delete=models.PROTECT, related_name="+")
    position = models.PositiveSmallIntegerField("顺序")
    name = models.CharField("姓名", max_length=LINE, blank=True)
    document_type = models.CharField("证件类型", max_length=30, blank=True)
    document_number = EncryptedTextField("证件号码", blank=True, default="")
    document_hash = models.CharField(max_length=64, blank=True, editable=False)
    unit = models.ForeignKey(
        "registration.Unit",
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="representatives",
        verbose_name="所在单位",
    )
    title = models.CharField("职务/职称", max_length=LINE, blank=True)
    mobile = EncryptedTextField("手机", blank=True, default="")
    mobile_hash = models.CharField(max_length=64, blank=True, editable=False, db_index=True)
    role = models.CharField("项目中主要承担的角色", max_length=LINE, blank=True)
    is_contact = models.BooleanField("团队联络人", default=False)
    token = models.CharField(max_length=43, blank=True, editable=False)
    code_hash = models.CharField(max_length=64, blank=True, editable=False)
    code_sent_at = models.DateTimeField("验证码发送时间", null=True, blank=True)
    code_failures = models.PositiveSmallIntegerField(default=0)
    confirmed_at = models.DateTimeField("本人确认时间", null=True, blank=True)
    consent_version = models.CharField("同意的告知书版本", max_length=20, blank=True)
    holds = models.BooleanField("占用名额", default=False, editable=False)

    class Meta:
        verbose_name = "参赛代表"
        verbose_name_plural = "参赛代表"
        ordering = ["position"]
        triggers = frozen_with_team(
            "representative", ("name", "document_hash", "mobile_hash", "unit_id", "position", "is_contact")
        )
        constraints = [
            models.UniqueConstraint(
                fields=["token"],
                condition=~Q(token=""),
                name="confirmation_token_once",
            ),
            models.UniqueConstraint(fields=["team", "position"], name="representative_position_once"),
            models.CheckConstraint(
                condition=Q(position__gte=1, position__lte=5),
                name="at_most_five_representatives",
            ),
            models.UniqueConstraint(
                fields=["edition", "document_hash"],
                condition=Q(holds=True),
                name="one_person_one_team",
            ),
            models.CheckConstraint(
                condition=Q(holds=False)
                | (Q(confirmed_at__isnull=False) & ~Q(document_hash="") & ~Q(consent_version="")),
                name="only_confirmed_representatives_hold",
            ),
            models.UniqueConstraint(
                fields=["team"],
                condition=Q(is_contact=True),
                name="one_contact_per_team",
            ),
        ]

    def __str__(self) -> str:
        return self.name or f"代表{self.position}"

    @property
    def is_confirmed(self) -> bool:
        return self.confirmed_at is not None
