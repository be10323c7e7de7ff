"""Model fields of our own."""

from __future__ import annotations

from typing import Any

from django.db import models

from competition import crypto


class EncryptedTextField(models.TextField):
    """A text that is encrypted in the database and plain in Python; it cannot be searched."""

    def from_db_value(self, value: str | None, *args: Any) -> str | None:
        return value if value is None else crypto.decrypt(value)

    def get_prep_value(self, value: Any) -> Any:
        return value if value is None else crypto.encrypt(str(value))

    def get_lookup(self, lookup_name: str) -> Any:
        raise TypeError(f"an encrypted field has no look-up {lookup_name!r}; compare its keyed hash")
