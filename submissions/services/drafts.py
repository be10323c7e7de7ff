"""The form as it stands, on paper: made by a job, kept for a quarter of an hour, marked as a draft."""

from __future__ import annotations

import time
from typing import Any, Final

from django.core.cache import cache

from competition import clock, outbox
from competition.models import OutboxMessage
from submissions.models import Entry
from submissions.pdf import render_draft
from submissions.sealing import content_hash
from submissions.services.progress import completeness
from submissions.services.revisions import content_of

CHANNEL: Final = "submissions.draft"
KIND: Final = "draft.pdf"
#: How long a printed draft is kept. It is longer than SPAN, so that what was asked for is there when looked at.
KEPT_SECONDS: Final = 15 * 60
#: The same draft is printed at most once in so many seconds.
SPAN: Final = 5 * 60


def draft_content(entry: Entry) -> dict[str, Any]:
    """What a version frozen now would hold, complete or not; six queries at most."""
    return content_of(entry, completeness(entry, proofs=True))


def draft_pdf(entry: Entry) -> bytes | None:
    """The printed draft of the material as it stands, None while nobody has made it."""
    found: bytes | None = cache.get(_key(entry))
    return found


def request_draft_pdf(entry: Entry) -> None:
    """Ask for the draft's PDF; asking again within five minutes does nothing."""
    outbox.post(
        KIND,
        f"{entry.pk}",
        f"{entry.version}:{int(time.time() // SPAN)}",
        channel=CHANNEL,
        edition=entry.edition,
        data={"entry": entry.pk},
    )


def send_draft_job(message: OutboxMessage) -> None:
    """The outbox's sender for this channel. Takes seconds; what was saved meanwhile is printed along."""
    entry = Entry.objects.select_related("team__topic__track", "edition").get(pk=message.data["entry"])
    if draft_pdf(entry) is not None:
        return
    content = draft_content(entry)
    document, _ = render_draft(
        entry.edition, content, sha256=content_hash(content), at=clock.now(entry.edition)
    )
    cache.set(_key(entry), document, KEPT_SECONDS)


def _key(entry: Entry) -> str:
    return f"draft-pdf:{entry.pk}:{entry.version}"
