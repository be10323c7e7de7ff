"""What was tried, so that limits on trying hold without the cache."""

from __future__ import annotations

from django.db import models


class Attempt(models.Model):
    """One try under a limit; the key is a keyed hash of an account, a phone or an address."""

    limit = models.CharField(max_length=24)
    key = models.CharField(max_length=64)
    at = models.DateTimeField()

    class Meta:
        verbose_name = "尝试"
        verbose_name_plural = "尝试"
        indexes = [
            models.Index(fields=["limit", "key", "at"], name="attempt_by_key"),
            models.Index(fields=["at"], name="attempt_by_age"),
        ]

    def __str__(self) -> str:
        return f"{self.limit} {self.at:%H:%M:%S}"
