"""Awards in a few rows: confirmed results of both rounds over given entries, a published notice, the clock."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from awards.models import Award, PublicityNotice
from awards.services import awarding, notices
from competition import clock
from competition.models import Edition, User
from judging.models import Result, Verification
from judging.shortlist import Shortlist
from judging.workflow import ResultStatus, Round, VerificationStatus
from submissions.models import Entry
from tests.contest import accepted_entry

#: A Wednesday in the morning, as in decision 15: its publicity ends on 2025-08-27.
WEDNESDAY = datetime(2025, 8, 20, 2, tzinfo=UTC)


def entries_of(edition: Edition, owner: User, count: int) -> list[Entry]:
    """So many accepted entries of track one."""
    return [accepted_entry(edition, owner) for _ in range(count)]


def decided(
    edition: Edition,
    proposer: User,
    decider: User,
    *,
    finalists: Sequence[Entry],
    excellence: Sequence[Entry],
) -> None:
    """Both rounds are confirmed: ``finalists`` in the order of the final, all of them verified."""
    keys, others = [str(entry.pk) for entry in finalists], [str(entry.pk) for entry in excellence]
    everybody = [*finalists, *excellence]
    lists = Shortlist(
        tuple((key,) for key in [*keys, *others]), len(keys), len(others), tuple(keys), tuple(others)
    )
    for entry in everybody:
        Verification.objects.update_or_create(
            entry=entry, defaults={"edition": edition, "status": VerificationStatus.PASSED}
        )
    contents: dict[str, dict[str, Any]] = {
        Round.PRELIMINARY: {"lists": {"1": lists.as_data()}},
        Round.FINAL: {"parts": [{"ranking": {"places": [{"entry": key} for key in keys]}}]},
    }
    for round, content in contents.items():
        Result.objects.create(
            edition=edition,
            round=round,
            status=ResultStatus.CONFIRMED,
            content=content,
            sha256=notices.content_hash([content]),
            proposed_by=proposer,
            proposed_at=clock.now(edition),
            decided_by=decider,
            decided_at=clock.now(edition),
        )


def at(edition: Edition, instant: datetime) -> None:
    """Make the edition a rehearsal in which it is ``instant`` now."""
    edition.is_rehearsal = True
    edition.save(update_fields=["is_rehearsal"])
    clock.set_time(edition, instant)


def after_publicity(edition: Edition, notice: PublicityNotice) -> None:
    """Move the clock past the end of a published notice, and past the grace for what arrived before."""
    notice.refresh_from_db()
    assert notice.ends_at is not None
    at(edition, notice.ends_at + edition.honoured_for)


def published(edition: Edition, proposer: User, publisher: User) -> PublicityNotice:
    """The notice of everything that is proposed, published on a Wednesday."""
    at(edition, WEDNESDAY)
    return notices.publish(notices.propose(edition, actor=proposer), actor=publisher)


def confirmed(edition: Edition, proposer: User, publisher: User) -> list[Award]:
    """Prizes of the decided final, published and concluded without a report."""
    awarding.propose(edition, actor=proposer)
    after_publicity(edition, published(edition, proposer, publisher))
    notices.conclude_due()
    return list(Award.objects.filter(edition=edition))
