"""Sessions: how long one lasts without an act of its owner, and whether the second factor was used in it.

Real time, kept in the session on the server; the cookie's age decides nothing.
"""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any, Final, cast

from allauth.account.internal.flows.login import get_authentication_records, record_authentication
from django.conf import settings
from django.contrib.auth import login
from django.http import HttpRequest

from competition import clock, roles
from competition.accounts.session_store import DEVICE, SEEN_AT
from competition.errors import NotAllowed
from competition.models import User

SHORT: Final = timedelta(minutes=30)
LONG: Final = timedelta(days=14)
#: The page warns this long before the end.
WARN_BEFORE: Final = timedelta(minutes=5)
#: An act is written down at most this often.
GRAIN: Final = timedelta(seconds=30)
DEMO_BACKEND: Final = "competition.accounts.backends.Codes"

_SYSTEMS: Final = (
    ("HarmonyOS", "鸿蒙"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "安卓"),
    ("Windows", "Windows"),
    ("Mac OS X", "Mac"),
    ("Linux", "Linux"),
)
_BROWSERS: Final = (
    ("MicroMessenger", "微信"),
    ("Edg/", "Edge"),
    ("Firefox/", "Firefox"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
)


def idle_limit(user: User) -> timedelta:
    """30 minutes for staff and experts, 14 days for teams and visitors."""
    return SHORT if user.has_role(*roles.SHORT_SESSION) else LONG


def begin(request: HttpRequest) -> None:
    """Start the clock of a fresh login and note the kind of device, for the owner's list."""
    request.session[SEEN_AT] = clock.real_now().timestamp()
    request.session[DEVICE] = device_name(request.headers.get("User-Agent", ""))


def touch(request: HttpRequest) -> None:
    """The owner did something: the clock starts anew."""
    now = clock.real_now().timestamp()
    if now - request.session.get(SEEN_AT, 0.0) >= GRAIN.total_seconds():
        request.session[SEEN_AT] = now


def seconds_left(request: HttpRequest) -> int:
    """Seconds until the session of a signed-in person ends, 0 when it is over or nobody is signed in."""
    user: Any = request.user
    if not user.is_authenticated:
        return 0
    seen = request.session.get(SEEN_AT)
    if seen is None:
        return int(idle_limit(user).total_seconds())
    # A clock that was set back gives nobody more time.
    idle = max(0.0, clock.real_now().timestamp() - float(seen))
    return max(0, int(idle_limit(user).total_seconds() - idle))


def needs_second_factor(user: User) -> bool:
    """Whether a role of this person asks for a second factor."""
    return user.has_role(*roles.SECOND_FACTOR)


def second_factor_done(request: HttpRequest) -> bool:
    """Whether a second factor was used in this session."""
    records = get_authentication_records(request, cast(User, request.user))
    return any(record.get("method") == "mfa" for record in records)


def note_second_factor(request: HttpRequest, kind: str) -> None:
    """A factor was just proved while it was set up: that counts as used, and as a fresh proof."""
    record_authentication(request, cast(User, request.user), "mfa", type=kind, reauthenticated=True)


def sign_in(request: HttpRequest, user: User) -> None:
    """Sign a demonstration's person in with the second factor counted as done; refuses without DEMO=1."""
    if not settings.DEMO:
        raise NotAllowed("只有演示环境可以一键登录。")
    login(request, user, backend=DEMO_BACKEND)
    record_authentication(request, user, "mfa", type="demo", reauthenticated=True)
    begin(request)


def device_name(user_agent: str) -> str:
    """``Windows · Chrome``: enough to recognise an own device, too little to track one."""
    system = next((name for sign, name in _SYSTEMS if sign in user_agent), "其他设备")
    browser = next((name for sign, name in _BROWSERS if re.search(re.escape(sign), user_agent)), "浏览器")
    return f"{system} · {browser}"
