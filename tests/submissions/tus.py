"""A small tus client for tests of the protocol; the browser's own is tus-js-client."""

from __future__ import annotations

import base64
import hashlib
from typing import Any

from django.test import Client
from django.urls import reverse

from submissions.models import Entry, Upload


def metadata(**values: str) -> str:
    return ",".join(f"{name} {base64.b64encode(value.encode()).decode()}" for name, value in values.items())


def declare(
    client: Client, entry: Entry, data: bytes, *, slot: str, name: str = "演示.pdf", **headers: str
) -> Any:
    """POST a declaration of ``data``."""
    said = {
        "Tus-Resumable": "1.0.0",
        "Upload-Length": str(len(data)),
        "Upload-Metadata": metadata(slot=slot, filename=name, sha256=hashlib.sha256(data).hexdigest()),
        **headers,
    }
    return client.post(reverse("submissions:uploads", args=[entry.pk]), headers=said)


def patch(client: Client, url: str, piece: bytes, offset: int, **headers: str) -> Any:
    """PATCH a piece."""
    said = {"Tus-Resumable": "1.0.0", "Upload-Offset": str(offset), **headers}
    return client.patch(url, piece, content_type="application/offset+octet-stream", headers=said)


def send(client: Client, entry: Entry, data: bytes, *, slot: str, name: str = "演示.pdf") -> Upload:
    """Declare and send the whole in two pieces; the bytes are there, nothing is taken in yet."""
    answer = declare(client, entry, data, slot=slot, name=name)
    assert answer.status_code == 201, answer.content
    half = len(data) // 2
    for start, end in ((0, half), (half, len(data))):
        piece = patch(client, answer["Location"], data[start:end], start)
        assert piece.status_code == 204, piece.content
    return Upload.objects.get(key=answer["Location"].rstrip("/").rpartition("/")[2])
