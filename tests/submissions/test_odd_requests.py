"""Every address of the submissions, asked for with what no browser sends: never a server error."""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import Any
from urllib.parse import quote, urlencode
from uuid import uuid4

import pytest
from django.http.response import HttpResponseBase
from django.test import Client
from django.urls import reverse

from competition.models import User
from submissions.models import Receipt
from submissions.urls import urlpatterns

HUGE = 10**30
NAMES = [
    "version",
    "over",
    "do",
    "take",
    "place",
    "where",
    "path",
    "label",
    "text",
    "whose",
    "to",
    "from",
    "all",
    "key",
    "answer",
    "files",
    "file",
    "sure",
    "seen",
]
HEADERS = [
    "Tus-Resumable",
    "Upload-Length",
    "Upload-Offset",
    "Upload-Metadata",
    "Range",
    "If-Range",
    "Accept",
]
SAID = ["1.0.0", "", "-1", "9" * 30, "bytes=-0", "bytes=5-2", "slot AAAAAAAAA", "application/json"]
ODD = ["", "\x00", "-1", "9" * 30, "\ud800", "a" * 3000, "draft", "overview", "units@" + "9" * 30]
ODD += [
    "units@1",
    "attachments.video",
    "../..",
    "0",
    "1",
    "\r\nX: y",
    "1e400",
    "upload:\r\n",
    "remove:x",
    "drop:a:b",
]
CHARSETS = ["", "; charset=utf-16", "; charset=unicode_escape", "; charset=rot13", "; charset=idna"]


def _multipart(dice: random.Random, data: dict[str, str]) -> tuple[bytes, str]:
    fields = [
        f'--b\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'
        for name, value in data.items()
    ]
    slot = dice.choice(["file", "file-attachments.video", "file-\\ud800"])
    fields.append(
        f'--b\r\nContent-Disposition: form-data; name="{slot}"; filename="\\ud800\x01.pdf"\r\n\r\n%PDF-\x00\r\n'
    )
    body = "".join(fields[dice.randrange(2) :]).encode("utf-8", "surrogatepass") + b"--b--\r\n"
    return body, "multipart/form-data; boundary=b" + dice.choice(CHARSETS)


def _ask(dice: random.Random, client: Client, address: str) -> HttpResponseBase:
    data = {dice.choice(NAMES): dice.choice(ODD) for _ in range(dice.randrange(8))}
    headers = {name: dice.choice(SAID) for name in dice.sample(HEADERS, 3)}
    if dice.random() < 0.3:
        query = urlencode(data, errors="surrogatepass", quote_via=quote)
        return client.generic(dice.choice(["GET", "HEAD"]), f"{address}?{query}", headers=headers)
    method = dice.choice(["POST", "POST", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"])
    return client.generic(method, address, *_multipart(dice, data), headers=headers)


@pytest.mark.parametrize("seed", range(2))
def test_odd_requests_are_no_server_error(
    as_user: Callable[[User | None], Client],
    lihua: User,
    qianjin: User,
    sunmei: User,
    submitted: Receipt,
    seed: int,
) -> None:
    dice, entry = random.Random(seed), submitted.revision.entry
    lead = entry.team.units.get(is_lead=True)
    known: dict[str, list[Any]] = {
        "pk": [entry.pk] * 6 + [0, HUGE],
        "number": [1, 1, 0, 2, HUGE],
        "unit_id": [lead.pk, lead.pk, 0, HUGE],
        "key": ["overview", "units", "cases", "project", "market", "none", "a" * 3000],
        "UUIDConverter": [submitted.scan.key, uuid4()],
        "edition_slug": [entry.edition.slug, "none"],
    }
    clients = [as_user(one) for one in (lihua, lihua, qianjin, sunmei, None)]
    failed = []

    for _ in range(250):
        pattern, client = dice.choice(urlpatterns), dice.choice(clients)
        client.raise_request_exception = False
        named = {**known, "number": [submitted.number, "x" * 300]} if pattern.name == "receipt" else known
        arguments = {
            name: dice.choice(named.get(type(converter).__name__, named.get(name, [])))
            for name, converter in pattern.pattern.converters.items()
        }
        address = reverse(f"submissions:{pattern.name}", kwargs=arguments)
        response = _ask(dice, client, address)
        if response.streaming:
            list(response)  # read to its end, a file closes itself
        if response.status_code >= 500:
            failed.append((address[:80], response.status_code, getattr(response, "exc_info", None)))

    assert failed == []
