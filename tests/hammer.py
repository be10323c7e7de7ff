"""Bad input for every address of an app: whatever is typed, no role ever gets a server error."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.test import Client
from django.urls import reverse

from tests.permissions.table import ROLES, World
from tests.permissions.test_permissions import ROWS
from tests.solving import solved

#: What browsers do not send and people with a script do.
NASTY: Final = ("9" * 5000, "9" * 20, "-1", "文" * 6000, "<b>'\"%s{{x}}\u202e", "NaN", "9999-12-31")
#: Public forms that look at nothing before a puzzle is solved.
_PUZZLED: Final = ("registration:join", "registration:resend", "awards:report_new")
#: Nobody gets further than the door with these.
_CLOSED: Final = (302, 403, 404, 405)


def server_errors(app: str, world: World, clients: dict[str, Client], names: tuple[str, ...]) -> list[str]:
    """Method, address, role and error of every answer that is a server error, each tried and rolled back.

    ``names`` are the inputs of the app's forms; an address is tried by one role of those that its rows let in.
    """
    found = []
    tries: list[dict[str, str]] = [{}, dict.fromkeys(names, "\x00"), _mixed(names)]
    for name, args, method, role in _doors(app, world):
        address = reverse(name, kwargs=args)
        for typed in tries if method == "post" else tries[2:]:
            key = solved() if method == "post" and name in _PUZZLED else {}
            if error := _try(clients[role], method, address, {**typed, **key}):
                found.append(f"{method} {address} {role} {len(typed)}: {error}")
    return found


def _mixed(names: tuple[str, ...]) -> dict[str, str]:
    """Something nasty for every input: days are too late, what comes after is one after the other."""
    return {
        name: "9999-12-31" if "day" in name else NASTY[place % len(NASTY)] for place, name in enumerate(names)
    }


def file_errors(client: Client, address: str, field: str, typed: dict[str, Any]) -> list[str]:
    """Server errors of an address when files are not what their names say."""
    files = {
        "empty.pdf": b"",
        "no-name": b"%PDF-1.7",
        "broken.pdf": b"%PDF-1.7\n\x00\xff" * 50,
        "../../up.png": b"\x89PNG\r\n\x1a\n" + b"\x00" * 40,
        "n\u202egpj.exe": b"MZ" * 40,
        "文" * 200 + ".jpg": b"\xff\xd8\xff" + b"\x00" * 40,
    }
    found = []
    for name, content in files.items():
        sent = {**typed, field: SimpleUploadedFile(name, content)}
        if error := _try(client, "post", address, sent):
            found.append(f"{name:.20}: {error}")
    if error := _try(client, "post", address, {**typed, field: "no file"}):
        found.append(f"text: {error}")
    return found


def _doors(app: str, world: World) -> Iterator[tuple[str, dict[str, Any], str, str]]:
    """Address, arguments, method and a role that gets in, once for each of them."""
    seen = set()
    for row in ROWS:
        if not row.name.startswith(f"{app}:"):
            continue
        args = row.args(world)
        inside = [role for role in ROLES if row.expect[role] not in _CLOSED]
        inside = inside or [role for role in ROLES if row.expect[role] == 302 and role != "anonymous"]
        key = (row.name, row.method)
        if inside and key not in seen:
            seen.add(key)
            yield row.name, args, row.method, "chief" if "chief" in inside else inside[-1]


def _try(client: Client, method: str, address: str, typed: dict[str, Any]) -> str:
    """What went wrong, '' when nothing did."""
    cookies = dict(client.cookies)
    client.raise_request_exception = False
    with transaction.atomic():
        response = getattr(client, method)(address, typed)
        error = response.exc_info[1] if response.status_code >= 500 and response.exc_info else None
        status = response.status_code
        if response.streaming:
            list(response.streaming_content)  # read to its end, a file closes itself
        transaction.set_rollback(True)
    client.cookies.update(cookies)
    return f"{status} {error!r:.300}" if status >= 500 else ""
