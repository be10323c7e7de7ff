"""Files of the blind round, read for their words: asked for when a file comes, done by a job, kept with the file."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Final

from django.db import transaction

from competition import outbox, traces
from competition.form_schema.fields import SHOW
from competition.models import Edition, OutboxMessage
from submissions.form import schema_of
from submissions.models import Attachment, FileReading

CHANNEL: Final = "submissions.readings"
KIND: Final = "file.read"
#: The file is not where it was put.
LOST: Final = "lost"


def request_reading(attachment: Attachment, edition: Edition) -> None:
    """Ask for a file's words, if experts of the blind round see its pages; asking again does nothing (R16)."""
    slot = schema_of(edition).find_slot(attachment.slot)
    if slot is not None and slot[1].blind == SHOW and attachment.file:
        outbox.post(
            KIND,
            str(attachment.pk),
            "1",
            channel=CHANNEL,
            edition=edition,
            data={"attachment": attachment.pk},
        )


@transaction.atomic
def make_reading(attachment_id: int) -> FileReading:
    """Read a file's words unless they are there; safe to run twice and at the same time. Takes up to ten seconds."""
    attachment = Attachment.objects.select_for_update(no_key=True).get(pk=attachment_id)
    made = FileReading.objects.filter(attachment=attachment).first()
    if made is not None:
        return made
    found = _read(attachment)
    return FileReading.objects.create(
        attachment=attachment,
        pages=[{"text": page.text.replace("\0", ""), "picture": page.picture} for page in found.pages],
        marks=[
            {"where": mark.where, "text": mark.text.replace("\0", ""), "page": mark.page}
            for mark in found.marks
        ],
        problem=found.problem,
    )


def send_reading_job(message: OutboxMessage) -> None:
    """The outbox's sender for this channel."""
    make_reading(message.data["attachment"])


def _read(attachment: Attachment) -> traces.Traces:
    storage = attachment.file.storage
    if not storage.exists(attachment.file.name or ""):
        return traces.Traces([], [], LOST)
    with tempfile.TemporaryDirectory(prefix="reading-") as folder:
        copy = Path(folder) / "file.pdf"
        with attachment.file.open("rb") as source, copy.open("wb") as target:
            for chunk in source.chunks():
                target.write(chunk)
        return traces.read(copy)
