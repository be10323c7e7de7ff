"""What a document may load: files of our own static folders and data: addresses, nothing else."""

from __future__ import annotations

import base64
import mimetypes
from pathlib import Path
from typing import Any
from urllib.parse import unquote, unquote_to_bytes, urlsplit

from django.contrib.staticfiles import finders
from weasyprint.urls import URLFetcher, URLFetcherResponse

MAX_DATA = 5 * 1024 * 1024
SCHEME = "static"


class NotFetched(ValueError):
    """The document asked for something that it may not load."""


class OwnFilesOnly(URLFetcher):
    """``static:name`` from the static folders and ``data:``; no network, no file: addresses, no redirects."""

    def __init__(self) -> None:
        super().__init__(allowed_protocols=(SCHEME, "data"), allow_redirects=False, fail_on_errors=True)

    def fetch(self, url: str, headers: Any = None) -> URLFetcherResponse:
        """The bytes behind an address; NotFetched for everything that is not ours."""
        parts = urlsplit(url)
        if parts.scheme == "data":
            body, kind = _data(url)
        elif parts.scheme == SCHEME:
            body, kind = _static(unquote(parts.path.lstrip("/")))
        else:
            raise NotFetched(f"{parts.scheme}: addresses are not loaded")
        return URLFetcherResponse(url, body, {"Content-Type": kind})


def _data(url: str) -> tuple[bytes, str]:
    head, comma, body = url.removeprefix("data:").partition(",")
    if not comma or len(body) > MAX_DATA:
        raise NotFetched("malformed or too large data: address")
    if head.endswith(";base64"):
        return base64.b64decode(body, validate=True), head.removesuffix(";base64")
    return unquote_to_bytes(body), head or "text/plain"


def _static(name: str) -> tuple[bytes, str]:
    found = None if ".." in Path(name).parts else finders.find(name)
    if not isinstance(found, str):
        raise NotFetched(f"no static file {name}")
    return Path(found).read_bytes(), mimetypes.guess_type(found)[0] or "application/octet-stream"
