"""Prints HTML as PDF: one set of fonts for the whole process, one paper at a time."""

from __future__ import annotations

import atexit
from functools import lru_cache
from threading import Lock

from weasyprint import HTML
from weasyprint.text.fonts import FontConfiguration

from competition.fetcher import OwnFilesOnly

_one_at_a_time = Lock()


@lru_cache(maxsize=1)
def _fonts() -> FontConfiguration:
    """One for all: each holds the fonts' megabytes until the collector comes round."""
    return FontConfiguration()


# Its finaliser calls Pango, which is gone when the interpreter takes modules down in an order of its own.
atexit.register(_fonts.cache_clear)


def print_pdf(html: str, identifier: str) -> tuple[bytes, int]:
    """The PDF and its number of pages; ``identifier`` stands in the file, so that the same paper is the same bytes."""
    with _one_at_a_time:
        document = HTML(string=html, base_url="static:", url_fetcher=OwnFilesOnly()).render(
            font_config=_fonts()
        )
        body = document.write_pdf(pdf_identifier=identifier.encode())
    return bytes(body or b""), len(document.pages)
