"""The printed form of a version: asked for once, made by a job or on demand, kept with its hash."""

from __future__ import annotations

import hashlib

from django.core.files.base import ContentFile
from django.db import transaction

from competition import outbox
from competition.models import OutboxMessage
from submissions.models import Revision, RevisionPdf
from submissions.pdf import render_revision

CHANNEL = "submissions.pdf"
KIND = "revision.pdf"


def request_pdf(revision: Revision) -> None:
    """Ask for the version's PDF; asking again does nothing."""
    outbox.post(
        KIND,
        f"{revision.entry_id}",
        f"{revision.number}",
        channel=CHANNEL,
        edition=revision.entry.edition,
        data={"revision": revision.pk},
    )


@transaction.atomic
def make_pdf(revision_id: int) -> RevisionPdf:
    """Make the version's PDF unless it is there; safe to run twice and at the same time. Takes seconds."""
    revision = (
        Revision.objects.select_for_update(of=("self",)).select_related("entry__edition").get(pk=revision_id)
    )
    made = RevisionPdf.objects.filter(revision=revision).first()
    if made is not None:
        return made
    document, pages = render_revision(revision)
    return RevisionPdf.objects.create(
        revision=revision,
        file=ContentFile(document, name="form.pdf"),
        size=len(document),
        sha256=hashlib.sha256(document).hexdigest(),
        pages=pages,
    )


def send_pdf_job(message: OutboxMessage) -> None:
    """The outbox's sender for this channel."""
    make_pdf(message.data["revision"])
