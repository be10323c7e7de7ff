"""Alibaba Cloud's request signature V3, ACS3-HMAC-SHA256, for requests without a body.

https://help.aliyun.com/zh/sdk/product-overview/v3-request-structure-and-signature; the vector of that
page stands in tests/competition/test_aliyun.py.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Final
from urllib.parse import quote

ALGORITHM: Final = "ACS3-HMAC-SHA256"
EMPTY: Final = hashlib.sha256(b"").hexdigest()


def canonical_query(params: Mapping[str, str]) -> str:
    """Names in order, names and values percent-encoded by RFC 3986."""
    pairs = sorted((quote(name, safe="~"), quote(value, safe="~")) for name, value in params.items())
    return "&".join(f"{name}={value}" for name, value in pairs)


def headers(host: str, action: str, version: str, *, at: datetime, nonce: str = "") -> dict[str, str]:
    """The headers that are signed; ``at`` is aware, ``nonce`` is made unless given."""
    return {
        "host": host,
        "x-acs-action": action,
        "x-acs-content-sha256": EMPTY,
        "x-acs-date": at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "x-acs-signature-nonce": nonce or secrets.token_hex(16),
        "x-acs-version": version,
    }


def authorization(method: str, query: str, signed: Mapping[str, str], *, key_id: str, key_secret: str) -> str:
    """The header ``Authorization`` for a request to ``/`` with this canonical query and these headers."""
    names = ";".join(sorted(signed))
    lines = "".join(f"{name}:{signed[name].strip()}\n" for name in sorted(signed))
    request = "\n".join([method, "/", query, lines, names, signed["x-acs-content-sha256"]])
    to_sign = f"{ALGORITHM}\n{hashlib.sha256(request.encode()).hexdigest()}"
    signature = hmac.new(key_secret.encode(), to_sign.encode(), hashlib.sha256).hexdigest()
    return f"{ALGORITHM} Credential={key_id},SignedHeaders={names},Signature={signature}"
