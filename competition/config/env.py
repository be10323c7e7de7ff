"""A small typed reader of the environment.

A bad or missing value never raises: it is noted as a problem and a harmless value is used, so that
``manage.py check`` can name everything that is wrong at once, in plain words (see checks.py).
"""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

TRUE_WORDS = frozenset({"1", "true", "yes", "on"})
FALSE_WORDS = frozenset({"0", "false", "no", "off", ""})
POSTGRES_SCHEMES = frozenset({"postgres", "postgresql"})


@dataclass(frozen=True)
class Problem:
    """One variable that is wrong: what is wrong with it and what to write instead."""

    variable: str
    sentence: str
    hint: str


@dataclass
class Env:
    """Reads typed values; whatever is wrong is collected in ``problems``."""

    values: Mapping[str, str]
    problems: list[Problem] = field(default_factory=list)

    def given(self, name: str) -> bool:
        return bool(self.values.get(name, "").strip())

    def text(self, name: str, default: str = "") -> str:
        return self.values.get(name, "").strip() or default

    def words(self, name: str, default: tuple[str, ...] = ()) -> list[str]:
        """A list separated by commas; empty pieces are dropped."""
        pieces = [piece.strip() for piece in self.text(name).split(",")]
        return [piece for piece in pieces if piece] or list(default)

    def flag(self, name: str, *, default: bool = False) -> bool:
        raw = self.values.get(name, "")
        word = raw.strip().lower()
        if name not in self.values or word == "":
            return default
        if word not in TRUE_WORDS | FALSE_WORDS:
            self._note(name, f"is {raw!r}, which is neither yes nor no", "write 1 or 0")
            return default
        return word in TRUE_WORDS

    def number(self, name: str, default: int, *, least: int = 0, most: int = 2**31) -> int:
        raw = self.text(name)
        if not raw:
            return default
        if not raw.isascii() or not raw.isdecimal() or not least <= int(raw) <= most:
            self._note(name, f"is {raw!r}", f"write a whole number from {least} to {most}")
            return default
        return int(raw)

    def origins(self, name: str) -> list[str]:
        """Addresses such as ``https://portal.example`` (scheme and host, no path)."""
        found = []
        for word in self.words(name):
            parts = urlsplit(word)
            if parts.scheme not in {"http", "https"} or not parts.netloc or parts.path not in {"", "/"}:
                self._note(name, f"holds {word!r}", "write https://host, without a path")
                continue
            found.append(f"{parts.scheme}://{parts.netloc}")
        return found

    def keys(self, name: str) -> dict[str, bytes]:
        """AES-256 keys as ``id:base64,id:base64``; the first one encrypts, all decrypt."""
        hint = "write id:base64 of 32 random bytes; several are separated by commas, the current one first"
        found: dict[str, bytes] = {}
        for word in self.words(name):
            key_id, _, body = word.partition(":")
            key = _decoded(body)
            if not key_id.isidentifier() or key_id in found or key is None or len(key) != 32:
                # The value itself is a secret and is not repeated.
                self._note(name, f"has an unusable key (id {key_id[:12]!r})", hint)
                continue
            found[key_id] = key
        return found

    def secret(self, name: str) -> bytes:
        """Base64 of at least 32 bytes; empty when missing or unusable."""
        raw = self.text(name)
        if not raw:
            return b""
        key = _decoded(raw)
        if key is None or len(key) < 32:
            self._note(name, "is not base64 of at least 32 bytes", "make one with: openssl rand -base64 32")
            return b""
        return key

    def mapping(self, name: str) -> dict[str, str]:
        """Names and identifiers as a JSON object of texts."""
        raw = self.text(name)
        if not raw:
            return {}
        try:
            found = json.loads(raw)
        except ValueError:
            found = None
        if not isinstance(found, dict) or not all(isinstance(one, str) and one for one in found.values()):
            self._note(name, "is not a JSON object of texts", 'write {"code": "SMS_123456789", ...}')
            return {}
        return found

    def database(self, name: str) -> dict[str, Any]:
        """PostgreSQL's parts of ``postgres://user:password@host:port/name?host=/socket/folder``."""
        hint = "write postgres://user:password@host:5432/name"
        raw = self.text(name)
        parts = urlsplit(raw)
        try:
            port = str(parts.port or "")
        except ValueError:
            port = "?"
        options = dict(parse_qsl(parts.query))
        host = options.pop("host", "") or parts.hostname or ""
        if raw and (parts.scheme not in POSTGRES_SCHEMES or not parts.path.strip("/") or port == "?"):
            self._note(name, "is not the address of a PostgreSQL database", hint)
            raw = ""
        if not raw:
            return {
                "NAME": "missing",
                "HOST": "127.0.0.1",
                "PORT": "1",
                "USER": "",
                "PASSWORD": "",
                "OPTIONS": {},
            }
        return {
            "NAME": unquote(parts.path.strip("/")),
            "HOST": unquote(host),
            "PORT": options.pop("port", "") or port,
            "USER": unquote(parts.username or ""),
            "PASSWORD": unquote(parts.password or ""),
            "OPTIONS": options,
        }

    def storage(self, name: str, folder: Path) -> dict[str, Any]:
        """Where uploaded files are: ``folder``, or ``s3://key:secret@host:port/bucket?region=..&scheme=http``.

        Files of an S3-compatible store stay private: the portal hands them out, no address of them is given.
        """
        local = {
            "BACKEND": "django.core.files.storage.FileSystemStorage",
            "OPTIONS": {"location": str(folder), "base_url": None},
        }
        raw = self.text(name)
        if not raw:
            return local
        parts = urlsplit(raw)
        bucket, options = parts.path.strip("/"), dict(parse_qsl(parts.query))
        if (
            parts.scheme != "s3"
            or not parts.hostname
            or not bucket
            or not parts.username
            or not parts.password
        ):
            self._note(name, "is not the address of a store", "write s3://key:secret@host:port/bucket")
            return local
        host = parts.netloc.rpartition("@")[2]
        return {
            "BACKEND": "storages.backends.s3.S3Storage",
            "OPTIONS": {
                "access_key": unquote(parts.username),
                "secret_key": unquote(parts.password),
                "bucket_name": bucket,
                "endpoint_url": f"{options.get('scheme', 'https')}://{host}",
                "region_name": options.get("region", "us-east-1"),
                "addressing_style": options.get("addressing", "path"),
                "signature_version": "s3v4",
                "default_acl": None,
                "file_overwrite": False,
                "max_memory_size": 2 * 1024 * 1024,
            },
        }

    def scanner(self, name: str) -> str:
        """The address of clamd: ``tcp://host:port`` or ``unix:///path/of/socket``; '' for none."""
        raw = self.text(name)
        parts = urlsplit(raw)
        try:
            known = {"tcp": bool(parts.hostname) and parts.port != 0, "unix": bool(parts.path)}.get(
                parts.scheme
            )
        except ValueError:
            known = False
        if raw and not known:
            self._note(name, "is not the address of clamd", "write tcp://host:3310 or unix:///path/of/socket")
            return ""
        return raw

    def redis(self, name: str, default: str) -> str:
        raw = self.text(name)
        if raw and urlsplit(raw).scheme not in {"redis", "rediss", "unix"}:
            self._note(name, "is not the address of a Redis server", "write redis://host:6379/0")
            return default
        return raw or default

    def mail(self, name: str) -> dict[str, Any]:
        """Django's mail settings from ``smtp://``, ``smtps://`` (TLS) or ``smtp+tls://`` (STARTTLS)."""
        raw = self.text(name)
        if not raw:
            return {}
        parts = urlsplit(raw)
        if parts.scheme not in {"smtp", "smtps", "smtp+tls"} or not parts.hostname:
            self._note(name, "is not the address of a mail server", "write smtps://user:password@host:465")
            return {}
        return {
            "EMAIL_HOST": parts.hostname,
            "EMAIL_PORT": parts.port or (465 if parts.scheme == "smtps" else 25),
            "EMAIL_HOST_USER": unquote(parts.username or ""),
            "EMAIL_HOST_PASSWORD": unquote(parts.password or ""),
            "EMAIL_USE_SSL": parts.scheme == "smtps",
            "EMAIL_USE_TLS": parts.scheme == "smtp+tls",
        }

    def _note(self, name: str, sentence: str, hint: str) -> None:
        self.problems.append(Problem(name, f"{name} {sentence}.", f"{hint[0].upper()}{hint[1:]}."))


def _decoded(text: str) -> bytes | None:
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        return None
