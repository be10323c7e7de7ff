"""The final: list, draw, presentations, score sheets, and the lock by two."""

from __future__ import annotations

from datetime import timedelta
from random import Random

from competition import clock, roles
from competition.config.rehearsal.ledger import Cases
from competition.config.rehearsal.scenes.judging import open_sheets, undecided
from competition.config.rehearsal.theatre import Theatre
from judging.models import FinalSession, Presentation
from judging.services import final
from judging.workflow import FinalStatus, Round


def not_drawn(theatre: Theatre) -> list[int]:
    """The edition, while the order of the final is not drawn."""
    session = FinalSession.objects.filter(edition=theatre.edition).first()
    waits = session is None or session.status in {FinalStatus.PREPARING, FinalStatus.LISTED}
    return [theatre.edition.pk] if waits else []


def draw(theatre: Theatre, pk: int, cases: Cases) -> None:
    """Say where and when, publish the list, draw with numbers called out by two teams."""
    edition, host = theatre.edition, theatre.staff(roles.HOST)
    session = FinalSession.objects.filter(edition=edition).first()
    if session is None or session.status == FinalStatus.PREPARING:
        final.prepare(
            edition,
            actor=host,
            starts_at=clock.now(edition) + timedelta(days=1),
            place="太原市（演练）",
            minutes_each=15,
        )
        final.publish_list(edition, actor=host)
    callers = list(
        Presentation.objects.filter(session__edition=edition)
        .order_by("entry_id")
        .values_list("entry__team__name", flat=True)[:2]
    )
    dice = Random(f"{theatre.seed}:called")
    final.draw(
        edition,
        called=[(name, dice.randrange(1, 1000)) for name in callers],
        actor=host,
        witness=theatre.staff(roles.SUPERVISOR),
    )


def to_present(theatre: Theatre) -> list[int]:
    """Presentations that were not held, in the order drawn."""
    rows = Presentation.objects.filter(
        session__edition=theatre.edition, ended_at__isnull=True, is_void=False, position__isnull=False
    )
    return list(rows.order_by("position").values_list("pk", flat=True))


def present(theatre: Theatre, pk: int, cases: Cases) -> None:
    """A team checks in, presents and defends."""
    host, one = theatre.staff(roles.HOST), Presentation.objects.get(pk=pk)
    final.check_in(one, actor=host)
    final.begin(Presentation.objects.get(pk=pk), actor=host)
    final.end(Presentation.objects.get(pk=pk), actor=host)


def sheets_of_the_final(theatre: Theatre) -> list[int]:
    """Every sheet of the final that is not in."""
    return open_sheets(theatre, Round.FINAL)


def not_locked(theatre: Theatre) -> list[int]:
    """The edition, while the final's result is not locked."""
    return undecided(theatre, Round.FINAL)
