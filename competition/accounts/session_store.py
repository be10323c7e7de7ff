"""Database sessions whose rows name their owner (Django's documented way of extending them).

What stands in them is encrypted: a sign-in under way keeps the phone that it is about.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore as DatabaseStore

from competition import crypto
from competition.models import PortalSession

SEEN_AT = "seen_at"
DEVICE = "device"


class SessionStore(DatabaseStore):
    def _validate_session_key(self, key: str | None) -> bool:
        """Only what Django makes itself: a cookie may hold what the database cannot even look for."""
        return bool(key) and key.isascii() and key.isalnum() and super()._validate_session_key(key)  # type: ignore[union-attr,misc]

    def encode(self, session_dict: dict[str, Any]) -> str:
        return crypto.encrypt(super().encode(session_dict))

    def decode(self, session_data: str) -> dict[str, Any]:
        """What was encoded; a session under a key that is gone is empty, as one with a wrong signature."""
        return super().decode(crypto.decrypt(session_data))

    @classmethod
    def get_model_class(cls) -> type[PortalSession]:
        return PortalSession

    def create_model_instance(self, data: dict[str, Any]) -> PortalSession:
        row: PortalSession = super().create_model_instance(data)  # type: ignore[assignment]
        row.user_id = data.get(SESSION_KEY) or None
        row.device = data.get(DEVICE, "")[:60]
        seen = data.get(SEEN_AT)
        row.seen_at = datetime.fromtimestamp(seen, UTC) if seen else None
        return row
