"""The form as a document: HTML from a frozen version, PDF by WeasyPrint."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final

import segno
from django.template.loader import render_to_string

from competition import glyphs
from competition.models import Edition
from competition.press import print_pdf
from submissions.facts import facts_from
from submissions.form import schema_of
from submissions.models import Receipt, Revision
from submissions.pdf.layout import Sheet, blank_sheet, sheet_of

#: Stands for a character that cannot be printed, as typesetters have always done.
GETA: Final = "〓"


def render_revision(revision: Revision) -> tuple[bytes, int]:
    """The printed form of a version and its number of pages. Takes seconds.

    Made from the frozen content alone. It shows document numbers and phones in full: this is the team's own
    form for stamping, and only the team and officers can open it.
    """
    schema = schema_of(revision.entry.edition)
    facts = facts_from(revision.content, revision.private)
    sheet = sheet_of(schema, revision.content, facts)
    return _render(
        sheet,
        {
            "edition": revision.entry.edition,
            "reference": revision.content["entry"],
            "number": revision.number,
            "sha256": revision.sha256,
            "date": revision.frozen_at,
        },
    )


def render_draft(
    edition: Edition, content: Mapping[str, Any], *, sha256: str, at: datetime
) -> tuple[bytes, int]:
    """The form as it stands, marked as a draft on every page. Takes seconds.

    Document numbers and phones are masked: only the version for stamping needs them.
    """
    sheet = sheet_of(schema_of(edition), content, facts_from(content, ""))
    context = {"edition": edition, "reference": content["entry"], "draft": True, "sha256": sha256, "date": at}
    lacking = _unprintable(json.dumps(content, ensure_ascii=False))
    return _render(sheet, {**context, "lacking": [f"U+{ord(one):04X}" for one in lacking]})


def _unprintable(text: str) -> str:
    """Characters that no font has; without the Song face nothing can be said about any."""
    try:
        return glyphs.unprintable([text])
    except glyphs.NoSongFace:
        return ""


def render_blank(edition: Edition) -> tuple[bytes, int]:
    """The empty form with its guides, for download (R78)."""
    return _render(blank_sheet(schema_of(edition)), {"edition": edition, "blank": True})


def render_receipt(receipt: Receipt, late_files: Sequence[Mapping[str, Any]], at: datetime) -> bytes:
    """The receipt of a submitted version, a page or two; under a second. ``late_files`` as its page shows them."""
    entry = receipt.revision.entry
    context = {"receipt": receipt, "entry": entry, "team": entry.team, "edition": entry.edition}
    html = render_to_string("submissions/pdf/receipt.html", {**context, "late_files": late_files, "at": at})
    return print_pdf(_printable(html), receipt.sha256)[0]


def _render(sheet: Sheet, context: dict[str, Any]) -> tuple[bytes, int]:
    if "sha256" in context:
        context["qr"] = qr_of(context["reference"], context.get("number"), context["sha256"])
    html = render_to_string("submissions/pdf/form.html", {**context, "sheet": sheet})
    return print_pdf(_printable(html), str(context.get("sha256", "blank")))


def _printable(html: str) -> str:
    """One character without a glyph spoils the searching and copying of all others of its face."""
    return html.translate(dict.fromkeys(map(ord, _unprintable(html)), GETA))


def qr_of(reference: str, number: int | None, sha256: str) -> str:
    """The QR code at the foot as a data: address: 'E000042 V2 SHA256:…', 'DRAFT' instead of a version's number.

    In capitals, which QR codes hold in half the room; hexadecimal digits mean the same.
    """
    version = f"V{number}" if number is not None else "DRAFT"
    text = f"{reference} {version} SHA256:{sha256}".upper()
    code = segno.make(text, error="m", micro=False)
    return str(code.png_data_uri(scale=4, border=0))
