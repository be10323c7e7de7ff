"""People who sign in, and invitations for those who cannot sign up."""

from __future__ import annotations

import secrets
from functools import cached_property
from typing import ClassVar

from django.contrib.auth.models import AbstractUser, Group, UserManager
from django.db import models
from django.db.models.functions import Lower

from competition import roles
from competition.fields import EncryptedTextField
from competition.phones import masked, phone_hash


def random_username() -> str:
    """Users sign in by phone or e-mail; the user name is an opaque handle."""
    return f"u{secrets.token_hex(8)}"


class PortalUserManager(UserManager["User"]):
    def by_phone(self, phone: str) -> User | None:
        """The user with this phone number (``+8613800138000`` or ``13800138000``), if any."""
        return self.filter(phone_hash=phone_hash(phone)).exclude(phone_hash="").first()


class User(AbstractUser):
    username = models.CharField("用户标识", max_length=40, unique=True, default=random_username)
    full_name = models.CharField("姓名", max_length=60, blank=True)
    email = models.EmailField("电子邮箱", blank=True)
    phone = EncryptedTextField("手机", blank=True, default="")
    phone_hash = models.CharField(max_length=64, blank=True, default="", editable=False)
    phone_verified = models.BooleanField("手机已验证", default=False)
    department = models.ForeignKey(
        "competition.Department",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        verbose_name="所属部门",
    )

    objects: ClassVar[PortalUserManager] = PortalUserManager()  # type: ignore[assignment]

    class Meta:
        verbose_name = "用户"
        verbose_name_plural = "用户"
        constraints = [
            models.UniqueConstraint(
                Lower("email"),
                condition=~models.Q(email=""),
                name="user_email_unique_when_given",
            ),
            models.UniqueConstraint(
                fields=["phone_hash"],
                condition=~models.Q(phone_hash=""),
                name="user_phone_unique_when_given",
            ),
        ]

    def __str__(self) -> str:
        return self.display_name

    def set_phone(self, phone: str, *, verified: bool) -> None:
        """Set the normalised phone number and its keyed hash; does not save."""
        self.phone = phone
        self.phone_hash = phone_hash(phone)
        self.phone_verified = verified

    @property
    def masked_phone(self) -> str:
        """``138****8000``, or '' when there is none."""
        return masked(self.phone)

    @property
    def display_name(self) -> str:
        return (
            self.full_name or self.email.partition("@")[0] or self.masked_phone or f"用户{self.username[-4:]}"
        )

    @cached_property
    def roles(self) -> frozenset[str]:
        """Keys of ``competition.roles``; one query a request."""
        return frozenset(self.groups.values_list("name", flat=True)) if self.pk else frozenset()

    def has_role(self, *roles: str) -> bool:
        return self.is_active and not self.roles.isdisjoint(roles)


class Invitation(models.Model):
    """A role offered to a person: used once, before it expires."""

    group = models.ForeignKey(Group, on_delete=models.PROTECT, verbose_name="角色")
    full_name = models.CharField("姓名", max_length=60)
    email = models.EmailField("电子邮箱", blank=True)
    phone = EncryptedTextField("手机", blank=True, default="")
    department = models.ForeignKey(
        "competition.Department",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        verbose_name="部门",
    )
    token_hash = models.CharField(max_length=64, unique=True, editable=False)
    invited_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="invitations_sent")
    created_at = models.DateTimeField("发出时间", auto_now_add=True)
    expires_at = models.DateTimeField("有效期至")
    accepted_at = models.DateTimeField("接受时间", null=True, blank=True)
    accepted_by = models.ForeignKey(
        User,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="invitations_accepted",
    )
    revoked_at = models.DateTimeField("撤回时间", null=True, blank=True)

    class Meta:
        verbose_name = "邀请"
        verbose_name_plural = "邀请"
        constraints = [
            models.CheckConstraint(
                condition=models.Q(accepted_at__isnull=True, accepted_by__isnull=True)
                | models.Q(accepted_at__isnull=False, accepted_by__isnull=False),
                name="invitation_accepted_by_somebody_at_a_time",
            )
        ]

    def __str__(self) -> str:
        return f"{self.full_name}（{roles.LABELS.get(self.group.name, self.group.name)}）"
