"""Steps of a login that differ from allauth's."""

from __future__ import annotations

from typing import Any

from allauth.account import stages


class EmailVerificationStage(stages.EmailVerificationStage):
    """Whoever signs in by a proved phone needs no mail address."""

    def handle(self) -> Any:
        user: Any = self.login.user
        if user is not None and user.phone_verified and not self.login.email:
            return None, True
        return super().handle()
