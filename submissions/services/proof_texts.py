"""What can be read in proofs: the text of PDF files, read once by a limited process and kept."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from django.core.cache import cache

from competition import traces
from registration.models import UnitProof
from submissions.models import Attachment, Entry
from submissions.services.readings import make_reading

_PDF: Final = "application/pdf"
KEPT_SECONDS: Final = 30 * 24 * 3600


def text_of(attachment: Attachment) -> str:
    """The text of a PDF, '' for what has none or is something else."""
    if attachment.content_type != _PDF:
        return ""
    return "\n".join(page["text"] for page in make_reading(attachment.pk).pages)


def texts_of_unit_proofs(entry: Entry) -> Iterator[tuple[str, str]]:
    """Name and text of the PDF files that the units handed in with the registration (R80)."""
    proofs = UnitProof.objects.filter(unit__team=entry.team_id, removed_at=None, content_type=_PDF)
    for proof in proofs.exclude(file="").order_by("id"):
        key = f"proof-text.{proof.sha256}"
        text = cache.get(key)
        if text is None:
            text = "\n".join(page.text for page in _read(proof).pages)
            cache.set(key, text, KEPT_SECONDS)
        yield proof.name, text


def _read(proof: UnitProof) -> traces.Traces:
    if not proof.file.storage.exists(proof.file.name or ""):
        return traces.Traces([], [], traces.BROKEN)
    with tempfile.TemporaryDirectory(prefix="proof-") as folder:
        copy = Path(folder) / "proof.pdf"
        with proof.file.open("rb") as source, copy.open("wb") as target:
            for chunk in source.chunks():
                target.write(chunk)
        return traces.read(copy)
