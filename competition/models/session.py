"""Sessions that know whose they are, so that a person can see and end the others."""

from __future__ import annotations

from typing import Any

from django.contrib.sessions.base_session import AbstractBaseSession
from django.db import models

from competition.models.user import User


class PortalSession(AbstractBaseSession):
    """One browser's session; ``seen_at`` is the last act of its owner (real time)."""

    user = models.ForeignKey(User, null=True, on_delete=models.CASCADE, related_name="sessions")
    device = models.CharField("设备", max_length=60, blank=True)
    seen_at = models.DateTimeField("最近操作", null=True)

    class Meta(AbstractBaseSession.Meta):
        verbose_name = "会话"
        verbose_name_plural = "会话"

    @classmethod
    def get_session_store_class(cls) -> Any:
        # The store imports this model.
        from competition.accounts.session_store import SessionStore

        return SessionStore
