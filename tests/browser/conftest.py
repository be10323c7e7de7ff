"""What every journey starts from: fresh counters, links that lead to this server, files of its own."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from allauth.mfa.totp.internal.auth import TOTP
from django.core.cache import cache
from django.test import Client

from competition.models import User
from tests.browser.doing import SECRET
from tests.chromium import Window


@pytest.fixture(autouse=True)
def _own_place(settings: Any, tmp_path: Any, live_server: Any) -> None:
    cache.clear()
    settings.SITE_URL = live_server.url
    settings.STORAGES = {
        **settings.STORAGES,
        "default": {
            "BACKEND": "django.core.files.storage.FileSystemStorage",
            "OPTIONS": {"location": str(tmp_path), "base_url": None},
        },
    }


@pytest.fixture
def officer(qianjin: User) -> User:
    """Qianjin with a verified address and an authenticator app."""
    qianjin.emailaddress_set.create(email=qianjin.email, verified=True, primary=True)  # type: ignore[attr-defined]
    TOTP.activate(qianjin, SECRET)
    return qianjin


@pytest.fixture
def window_of(
    open_window: Callable[..., Window], as_user: Callable[[User], Client], live_server: Any
) -> Callable[[User], Window]:
    """``window_of(lihua)``: an own browser in which that person is signed in."""

    def opener(user: User) -> Window:
        window = open_window()
        cookies = as_user(user).cookies
        window.context.add_cookies(
            [{"name": name, "value": one.value, "url": live_server.url} for name, one in cookies.items()]
        )
        return window

    return opener
