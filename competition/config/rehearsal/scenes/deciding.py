"""The secretariat settles a round: draws and votes where nothing else separates, then proposed by one, confirmed by two."""

from __future__ import annotations

from hashlib import sha256
from typing import Final

from competition import roles
from competition.config.rehearsal.ledger import Cases
from competition.config.rehearsal.theatre import Theatre
from competition.models import Track
from judging.services import draws, results
from judging.workflow import Round
from submissions.models import Entry

MINUTES: Final = "评审组全体成员到场，对得分及各比较项均相同的作品现场表决，排定先后。"
#: Votes may open further ties only in theory; a rehearsal that needs more rounds has gone wrong.
ROUNDS: Final = 5


def decide_preliminary(theatre: Theatre, pk: int, cases: Cases) -> None:
    """An officer proposes ranking and seats, the chief confirms."""
    settle_ties(theatre, Round.PRELIMINARY)
    result = results.propose(theatre.edition, round=Round.PRELIMINARY, actor=theatre.staff(roles.OFFICER))
    results.confirm(result, actor=theatre.staff(roles.CHIEF))


def decide_final(theatre: Theatre, pk: int, cases: Cases) -> None:
    """The host proposes, the supervisor locks."""
    settle_ties(theatre, Round.FINAL)
    result = results.propose(theatre.edition, round=Round.FINAL, actor=theatre.staff(roles.HOST))
    results.confirm(result, actor=theatre.staff(roles.SUPERVISOR))


def settle_ties(theatre: Theatre, round_: str) -> None:
    """Draw for equal remainders of seats, vote where equals stand on both sides of a cut line."""
    edition, officer = theatre.edition, theatre.staff(roles.OFFICER)
    for _ in range(ROUNDS):
        made = results.preview(edition, round_)
        for kind, _name, tie in made.seat_ties:
            tracks = [str(number) for number in sorted(tie.tracks)]
            labels = [str(edition.tracks.get(number=int(number))) for number in tracks]
            drawn = draws.publish(
                edition,
                kind=kind,
                items=tracks,
                labels=labels,
                actor=officer,
                secret=sha256(f"{theatre.seed}:{kind}".encode()).hexdigest(),
            )
            draws.hold(
                drawn,
                called=[("监督人员", 12), ("团队代表", 34)],
                actor=officer,
                witness=theatre.staff(roles.SUPERVISOR),
            )
        ties = [(part.track, tie.entries) for part in made.parts for tie in part.ranking.ties]
        for track, entries in ties:
            vote(theatre, round_, track, [int(entry) for entry in entries])
        if not made.seat_ties and not ties:
            return


def vote(theatre: Theatre, round_: str, track: Track | None, entries: list[int]) -> None:
    """The panel orders equals; here by dice of each entry, so that the same seed gives the same order."""
    rows = Entry.objects.filter(pk__in=entries).select_related("team")
    ordered = sorted(rows, key=lambda entry: theatre.rng(entry, "vote").random())
    results.record_vote(
        theatre.edition,
        round=round_,
        track=track,
        order=[entry.pk for entry in ordered],
        minutes=MINUTES,
        actor=theatre.staff(roles.HOST if round_ == Round.FINAL else roles.OFFICER),
    )
