"""What changed between versions, and since the version that the office accepted (R71)."""

from __future__ import annotations

from competition.form_schema.comparing import Change
from submissions.comparison import compare_contents
from submissions.form import schema_of
from submissions.models import Entry, FormalCheck, Receipt, Revision
from submissions.services.drafts import draft_content
from submissions.workflow import FormalVerdict


def changes_between(entry: Entry, before: Revision, after: Revision | None) -> list[Change]:
    """What differs from one frozen version to another, or to the draft as it stands (``after`` None)."""
    content = after.content if after is not None else draft_content(entry)
    return compare_contents(schema_of(entry.edition), before.content, content)


def accepted_revision(entry: Entry) -> Revision | None:
    """The version that first passed the formal check: title and main content stay as they are there (R71)."""
    check = (
        FormalCheck.objects.filter(receipt__revision__entry=entry, verdict=FormalVerdict.ACCEPT)
        .select_related("receipt__revision")
        .defer("receipt__revision__private")
        .order_by("id")
        .first()
    )
    return check.receipt.revision if check else None


def changes_since_accepted(entry: Entry) -> list[Change]:
    """What the version that counts says otherwise than the accepted one; empty before acceptance (R71)."""
    accepted = accepted_revision(entry)
    last = Receipt.objects.filter(revision__entry=entry).select_related("revision").first()
    if accepted is None or last is None or last.revision_id == accepted.pk:
        return []
    return compare_contents(schema_of(entry.edition), accepted.content, last.revision.content)
