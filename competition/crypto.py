"""Sensitive values: AES-256-GCM with a key id, and a keyed hash for equality.

A stored value reads ``<key id>:<base64 of nonce + ciphertext>``. New values use the first key of
``settings.FIELD_KEYS``; older keys stay readable until they are destroyed at the end of retention.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import os

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings

UNREADABLE = "（已无法解密）"


def encrypt(text: str) -> str:
    """Encrypt ``text`` under the current key; an empty text stays empty."""
    if not text:
        return ""
    key_id, key = next(iter(settings.FIELD_KEYS.items()))
    nonce = os.urandom(12)
    sealed = nonce + AESGCM(key).encrypt(nonce, text.encode(), key_id.encode())
    return f"{key_id}:{base64.b64encode(sealed).decode()}"


def decrypt(stored: str) -> str:
    """Return the text behind ``stored``; a destroyed key or damaged value gives a fixed phrase."""
    if not stored:
        return ""
    key_id, _, body = stored.partition(":")
    key = settings.FIELD_KEYS.get(key_id)
    if key is None:
        return UNREADABLE
    try:
        sealed = base64.b64decode(body)
        return AESGCM(key).decrypt(sealed[:12], sealed[12:], key_id.encode()).decode()
    except (ValueError, InvalidTag):
        return UNREADABLE


def keyed_hash(purpose: str, text: str) -> str:
    """HMAC-SHA256 (hex) of a normalised value, separated by purpose; empty stays empty."""
    if not text:
        return ""
    return hmac.new(settings.HASH_KEY, f"{purpose}\0{text}".encode(), hashlib.sha256).hexdigest()
