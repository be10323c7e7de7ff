"""Limits on trying: counted in the database, so that they hold with the cache gone and for every process.

A try is taken before it is made and given back when it succeeded; parallel guesses cannot slip past.
Keys are stored as keyed hashes only. Real time, never an edition's.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import connection, transaction
from django.utils import timezone

from competition import clock
from competition.crypto import keyed_hash
from competition.errors import TooMany
from competition.models import Attempt

#: Older tries are of no use to any limit.
KEPT_FOR = timedelta(days=2)


@dataclass(frozen=True)
class Limit:
    """At most ``count`` tries of one key within ``window``; ``what`` completes the sentence."""

    name: str
    count: int
    window: timedelta
    what: str


PASSWORD = Limit("password", 5, timedelta(minutes=15), "密码输错次数过多")
PASSWORD_ADDRESS = Limit("password.address", 60, timedelta(minutes=15), "本网络的登录尝试过多")
SECOND_FACTOR = Limit("second_factor", 5, timedelta(minutes=15), "动态码输错次数过多")
CODE = Limit("code", 1, timedelta(seconds=60), "验证码刚刚发出")
CODE_HOUR = Limit("code.hour", 6, timedelta(hours=1), "索取验证码次数过多")
CODE_ADDRESS = Limit("code.address", 120, timedelta(hours=1), "本网络索取验证码次数过多")

#: Letters that strangers may have sent: codes, and that an account exists or does not.
LETTER_HOUR = Limit("letter.hour", 6, timedelta(hours=1), "向该邮箱索取邮件次数过多")
LETTER_ADDRESS = Limit("letter.address", 120, timedelta(hours=1), "本网络索取邮件次数过多")


def take(*tries: tuple[Limit, str]) -> list[int]:
    """Take one try under each limit, or none and raise TooMany saying until when; returns their ids.

    The keys are the login as typed, whether or not such an account exists, so nothing is told by it.
    """
    with transaction.atomic():
        now = clock.real_now()
        hashed = sorted((limit.name, keyed_hash(limit.name, key), limit) for limit, key in tries)
        for name, key, _ in hashed:
            _lock(f"{name}:{key}")
        for _, key, limit in hashed:
            until = _full_until(limit, key, now)
            if until is not None:
                raise TooMany(sentence(limit, until, now))
        made = [Attempt(limit=name, key=key, at=now) for name, key, _ in hashed]
        return [attempt.pk for attempt in Attempt.objects.bulk_create(made)]


def require(*tries: tuple[Limit, str]) -> None:
    """Raise TooMany if one of these limits is full; takes nothing."""
    now = clock.real_now()
    for limit, key in tries:
        until = _full_until(limit, keyed_hash(limit.name, key), now)
        if until is not None:
            raise TooMany(sentence(limit, until, now))


def give_back(attempts: Iterable[int]) -> None:
    """Forget tries that succeeded; the failed ones before them still count."""
    Attempt.objects.filter(pk__in=list(attempts)).delete()


def forget_old() -> int:
    """Delete tries that no limit looks at any more; returns how many."""
    return Attempt.objects.filter(at__lt=clock.real_now() - KEPT_FOR).delete()[0]


def sentence(limit: Limit, until: datetime, now: datetime) -> str:
    """``密码输错次数过多，请在 14:35 以后再试（约 12 分钟）。``"""
    seconds = max(1, math.ceil((until - now).total_seconds()))
    if seconds < 90:
        return f"{limit.what}，请 {seconds} 秒后再试。"
    local = timezone.localtime(until) + timedelta(minutes=1)
    return f"{limit.what}，为保护账号安全，请在 {local:%H:%M} 以后再试（约 {math.ceil(seconds / 60)} 分钟）。"


def _full_until(limit: Limit, key: str, now: datetime) -> datetime | None:
    """When the next try is free, or None when one is free now."""
    rows = Attempt.objects.filter(limit=limit.name, key=key, at__gt=now - limit.window)
    latest = list(rows.order_by("-at").values_list("at", flat=True)[: limit.count])
    return latest[-1] + limit.window if len(latest) >= limit.count else None


def _lock(name: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [name])
