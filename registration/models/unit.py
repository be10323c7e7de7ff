"""A participating unit of a team, and the proofs about it."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q

from competition.fields import EncryptedTextField
from registration.models.frozen import frozen_with_team
from registration.models.team import LINE, Team


class Unit(models.Model):
    class Nature(models.TextChoices):
        GOVERNMENT = "government", "政府机构"
        INSTITUTION = "institution", "事业单位"
        CENTRAL = "central_soe", "央企"
        STATE = "soe", "国企（非央企）"
        PRIVATE = "private", "民营"
        FOREIGN = "foreign", "外资"
        JOINT = "joint", "合资"
        ACADEMY = "research", "科研院校"
        OTHER = "other", "其他"

    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="units")
    position = models.PositiveSmallIntegerField("顺序")
    is_lead = models.BooleanField("牵头单位", default=False)
    name = models.CharField("单位名称", max_length=LINE, blank=True)
    name_key = models.CharField(max_length=LINE, blank=True, editable=False, db_index=True)
    credit_code = models.CharField("统一社会信用代码", max_length=LINE, blank=True)
    credit_key = models.CharField(max_length=18, blank=True, editable=False, db_index=True)
    region = models.CharField("地址（省市区代码）", max_length=12, blank=True)
    address = models.CharField("详细地址", max_length=LINE, blank=True)
    nature = models.CharField("单位性质", max_length=12, choices=Nature.choices, blank=True)
    nature_other = models.CharField("其他性质", max_length=LINE, blank=True)
    central_subsidiary = models.BooleanField("是否央企子公司", null=True)
    parent_name = models.CharField("母公司（控股单位）", max_length=LINE, blank=True)
    contact = models.CharField("联系人", max_length=LINE, blank=True)
    contact_title = models.CharField("职务", max_length=LINE, blank=True)
    contact_way = EncryptedTextField("联系方式", blank=True, default="")

    class Meta:
        verbose_name = "参赛单位"
        verbose_name_plural = "参赛单位"
        ordering = ["position"]
        triggers = frozen_with_team(
            "unit", ("name", "credit_code", "region", "address", "nature", "contact", "is_lead", "position")
        )
        constraints = [
            models.UniqueConstraint(fields=["team", "position"], name="unit_position_once"),
            models.CheckConstraint(condition=Q(position__gte=1, position__lte=5), name="at_most_five_units"),
            models.UniqueConstraint(
                fields=["team"],
                condition=Q(is_lead=True),
                name="one_lead_unit_per_team",
            ),
            models.UniqueConstraint(
                fields=["team", "credit_key"],
                condition=~Q(credit_key=""),
                name="unit_once_per_team",
            ),
        ]

    def __str__(self) -> str:
        return self.name or f"单位{self.position}"


class UnitConsent(models.Model):
    """Whether a unit agrees to take part; asked by a link to its contact, void when the unit's facts change.

    ``asked_about`` is the keyed digest of what the contact was shown.
    """

    class Answer(models.TextChoices):
        WAITING = "waiting", "等待确认"
        AGREED = "agreed", "同意参赛"
        REFUSED = "refused", "不同意参赛"

    unit = models.OneToOneField(Unit, on_delete=models.CASCADE, related_name="consent")
    token = models.CharField(max_length=43, unique=True, editable=False)
    sent_to = EncryptedTextField("发往", blank=True, default="")
    sent_at = models.DateTimeField("发送时间", null=True, blank=True)
    asked_about = models.CharField(max_length=64, blank=True, editable=False)
    answer = models.CharField("答复", max_length=8, choices=Answer.choices, default=Answer.WAITING)
    answered_at = models.DateTimeField("答复时间", null=True, blank=True)
    answered_by = models.CharField("答复人", max_length=60, blank=True)
    note = models.CharField("说明", max_length=300, blank=True)

    class Meta:
        verbose_name = "参赛单位确认"
        verbose_name_plural = "参赛单位确认"
        constraints = [
            models.CheckConstraint(
                condition=Q(answer="waiting", answered_at__isnull=True)
                | (~Q(answer="waiting") & Q(answered_at__isnull=False) & ~Q(answered_by="")),
                name="unit_answer_has_time_and_person",
            ),
            models.CheckConstraint(
                condition=~Q(answer="refused") | ~Q(note=""), name="unit_refusal_has_a_reason"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.unit} {self.get_answer_display()}"


def proof_path(proof: UnitProof, filename: str) -> str:
    """A private path that tells nothing: the original name stays in the row."""
    assert proof.unit is not None  # nothing is uploaded for a unit that has left
    suffix = filename.rpartition(".")[2].lower()[:5]
    return f"proofs/{proof.unit.team_id}/{uuid.uuid4().hex}.{suffix}"


class UnitProof(models.Model):
    """A file in a slot of the unit (R80), or the reason why the slot does not apply."""

    unit = models.ForeignKey(Unit, null=True, on_delete=models.CASCADE, related_name="proofs")
    #: A unit that goes after the first submit leaves what an officer may have seen: its team, its name.
    left_team = models.ForeignKey(
        Team, null=True, blank=True, on_delete=models.PROTECT, related_name="left_proofs"
    )
    left_unit = models.CharField("已移除的单位", max_length=LINE, blank=True)
    slot = models.SlugField("材料", max_length=30)
    file = models.FileField("文件", upload_to=proof_path, blank=True)
    name = models.CharField("文件名", max_length=150, blank=True)
    size = models.PositiveBigIntegerField("字节", default=0)
    sha256 = models.CharField("SHA-256", max_length=64, blank=True)
    content_type = models.CharField("类型", max_length=80, blank=True)
    not_applicable = models.CharField("不适用的理由", max_length=200, blank=True)
    #: Of a responsibility statement's scan: the digest of the data that the statement was made from,
    #: and the one read from the QR code on the scan ('' not read yet, '-' none found).
    statement = models.CharField(max_length=64, blank=True, editable=False)
    statement_read = models.CharField(max_length=64, blank=True, editable=False)
    uploaded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    uploaded_at = models.DateTimeField("上传时间", auto_now_add=True)
    removed_at = models.DateTimeField("移除时间", null=True, blank=True)

    class Meta:
        verbose_name = "单位证明材料"
        verbose_name_plural = "单位证明材料"
        ordering = ["slot", "id"]
        constraints = [
            models.CheckConstraint(
                condition=(Q(file="") & ~Q(not_applicable="")) | (~Q(file="") & Q(not_applicable="")),
                name="proof_is_a_file_or_a_reason",
            ),
            models.CheckConstraint(
                condition=Q(unit__isnull=False, left_team__isnull=True)
                | Q(unit__isnull=True, left_team__isnull=False, removed_at__isnull=False),
                name="proof_of_a_unit_or_of_one_that_left",
            ),
        ]

    def __str__(self) -> str:
        return self.name or self.slot

    @property
    def team(self) -> Team:
        """The team it was supplied for, also when its unit has left it."""
        owner = self.unit.team if self.unit is not None else self.left_team
        assert owner is not None  # the database holds it
        return owner
