"""Who gets what at which address: one row per address and method.

``owner`` and ``member`` look at what is their own, ``stranger`` at what is foreign to them. Each module
beside this one that defines ``ROWS`` (and, if it needs things to exist, ``prepare(world)``) is read by
the walk in test_permissions.py. An address without a row fails.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any

from competition import roles

#: Roles of staff beyond the admin site; they sign in with a second factor like the others.
OTHER_STAFF = tuple(role for role in roles.LABELS if role not in roles.ADMIN_SITE)
ROLES = ("anonymous", "stranger", "owner", "member", *sorted(roles.ADMIN_SITE, reverse=True), *OTHER_STAFF)

#: Things that exist while the walk runs: edition, lihua, wangfang, zhaolei, ... and what prepare() adds.
World = SimpleNamespace
LOGIN = 302


@dataclass(frozen=True)
class Row:
    """An address by name, how it is called, and the status that each role gets."""

    name: str
    expect: dict[str, int]
    args: Callable[[Any], dict[str, Any]] = field(default=lambda world: {})
    method: str = "get"
    data: Callable[[Any], dict[str, Any]] = field(default=lambda world: {})


def everybody(status: int = 200) -> dict[str, int]:
    """The same status for every role: a public page."""
    return dict.fromkeys(ROLES, status)


def signed_in(status: int = 200, **others: int) -> dict[str, int]:
    """Visitors are sent to log in; everybody else gets ``status`` unless named."""
    return {**dict.fromkeys(ROLES, status), "anonymous": LOGIN, **others}


def only(*roles: str, status: int = 200, others: int = 404) -> dict[str, int]:
    """``roles`` get ``status``, visitors are sent to log in, all others get ``others``."""
    return {
        **dict.fromkeys(ROLES, others),
        "anonymous": LOGIN,
        **dict.fromkeys(roles, status),
    }


def admin_rows(
    model: str,
    *,
    view: set[str],
    change: set[str] = frozenset(),
    add: set[str] = frozenset(),  # type: ignore[assignment]
    pk: Callable[[Any], Any] | None = None,
) -> list[Row]:
    """The admin addresses of ``app_model``: roles of the admin site get 200 or 403, others log in."""

    def expect(may: set[str]) -> dict[str, int]:
        site = {role: (200 if role in may else 403) for role in ("officer", "chief")}
        return {**dict.fromkeys(ROLES, LOGIN), **site}

    rows = [
        Row(f"admin:{model}_changelist", expect(view)),
        Row(f"admin:{model}_add", expect(add)),
    ]
    if pk is not None:

        def arguments(world: Any) -> dict[str, Any]:
            return {"object_id": pk(world)}

        rows += [
            Row(f"admin:{model}_change", expect(view | change), args=arguments),
            Row(f"admin:{model}_history", expect(view | change), args=arguments),
            Row(f"admin:{model}_delete", expect(set()), args=arguments),
        ]
    return rows
