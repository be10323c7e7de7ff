"""What has to be forgotten: old tries, unfinished sign-ups, ended sessions, texts with codes."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Final

from django.db.models import Q

from competition import clock, limits
from competition.accounts.session_store import SessionStore
from competition.models import OutboxMessage
from competition.registries import due_work
from competition.services import people

#: A code is worthless after minutes; its text is kept this long to answer "where is my code?".
CODES_KEPT_FOR: Final = timedelta(days=1)
CODE_KINDS: Final = (
    "account.code",
    "account.login_code",
    "account.email_confirmation",
    "account.email_confirmation_signup",
    "account.password_reset_code",
)
#: Stands in the parameters of a message whose text is gone; the encrypted text cannot be searched.
FORGOTTEN: Final = {"forgotten": True}
EVERY: Final = timedelta(minutes=10)


class _Upkeep:
    """Runs at most every ten minutes in a process; running more often would be harmless."""

    def __init__(self) -> None:
        self.next_at = datetime.min.replace(tzinfo=UTC)

    def __call__(self) -> int:
        now = clock.real_now()
        if now < self.next_at:
            return 0
        self.next_at = now + EVERY
        return forget()


def forget() -> int:
    """Forget what is due; returns how many rows of tries, accounts and texts."""
    SessionStore.clear_expired()
    return limits.forget_old() + people.forget_unfinished() + forget_codes()


def forget_codes() -> int:
    """Empty the texts of codes that were sent, given up or expired more than a day ago; returns how many."""
    since = clock.real_now() - CODES_KEPT_FOR
    ended = Q(sent_at__lt=since) | Q(failed_at__lt=since) | Q(expired_at__lt=since)
    old = OutboxMessage.objects.filter(ended, kind__in=CODE_KINDS)
    return old.exclude(data=FORGOTTEN).update(title="", body="", data=FORGOTTEN)


upkeep = _Upkeep()


def register() -> None:
    """Called once when the app is ready."""
    due_work.register("accounts.upkeep", upkeep)
