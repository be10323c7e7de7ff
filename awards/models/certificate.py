"""Certificates: numbers committed first, files made afterwards, verifiable by anybody (R35, decision 18)."""

from __future__ import annotations

import secrets
import uuid

import pgtrigger
from django.db import models
from django.db.models import Q

from awards.models.award import Award, PrizeTier
from awards.workflow import CertificateStatus
from competition.models.immutable import append_only


def new_token() -> str:
    """128 random bits as 32 hex digits: what the QR code holds."""
    return secrets.token_hex(16)


def certificate_path(certificate: Certificate, filename: str) -> str:
    """A private path that tells nothing; a reprint gets a new one."""
    return f"certificates/{certificate.pk}-{uuid.uuid4().hex}.pdf"


class Certificate(models.Model):
    """A number is never given twice, not even when the award is revoked."""

    award = models.OneToOneField(Award, on_delete=models.PROTECT, related_name="certificate")
    tier = models.ForeignKey(PrizeTier, on_delete=models.PROTECT, related_name="+")
    serial = models.PositiveIntegerField("流水号")
    number = models.CharField("证书编号", max_length=60, unique=True)
    token = models.CharField("验证码", max_length=32, unique=True, default=new_token)
    status = models.CharField(
        "状态", max_length=10, choices=CertificateStatus.choices, default=CertificateStatus.NUMBERED
    )
    #: What is printed: prize, project, team, units, members, date.
    content = models.JSONField("证书内容")
    file = models.FileField("文件", upload_to=certificate_path, blank=True)
    sha256 = models.CharField("SHA-256", max_length=64, blank=True)
    #: Names with characters that no font has: staff must look before it is made.
    missing_glyphs = models.CharField("缺字", max_length=60, blank=True)
    numbered_at = models.DateTimeField("编号时间")
    issued_at = models.DateTimeField("签发时间", null=True, blank=True)
    revoked_at = models.DateTimeField("撤销时间", null=True, blank=True)

    class Meta:
        verbose_name = "证书"
        verbose_name_plural = "证书"
        ordering = ["tier__position", "serial"]
        constraints = [
            models.UniqueConstraint(fields=["tier", "serial"], name="certificate_serial_once_per_tier"),
            models.CheckConstraint(
                condition=~Q(status=CertificateStatus.ISSUED) | (~Q(file="") & ~Q(sha256="")),
                name="issued_certificate_has_a_file",
            ),
        ]
        triggers = [
            pgtrigger.Protect(name="certificate_no_delete", operation=pgtrigger.Delete),
            append_only("certificate")[2],
            pgtrigger.Protect(
                name="certificate_facts_stay",
                operation=pgtrigger.Update,
                condition=pgtrigger.AnyChange("award", "tier", "serial", "number", "token", "content"),
            ),
        ]

    def __str__(self) -> str:
        return self.number
