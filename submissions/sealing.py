"""Hashes that anybody can compute again: canonical JSON and SHA-256."""

from __future__ import annotations

import hashlib
import json
from typing import Any


def canonical(value: Any) -> bytes:
    """JSON with sorted keys, no spaces and no escapes, as UTF-8: the same bytes for the same value."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def content_hash(content: dict[str, Any]) -> str:
    """SHA-256 (hex) of a revision's content."""
    return hashlib.sha256(canonical(content)).hexdigest()


def receipt_hash(content_sha256: str, scan_sha256: str) -> str:
    """SHA-256 (hex) over the two hex digests, one after the other: content, then scan."""
    return hashlib.sha256(f"{content_sha256}{scan_sha256}".encode()).hexdigest()
