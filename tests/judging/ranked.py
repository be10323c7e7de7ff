"""A small contest whose sheets are in: four entries of track 1 and two of track 2, for three finalists and two more."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from decimal import Decimal
from itertools import count
from typing import Any

from competition import clock
from competition.models import Edition, User
from judging.models import Assignment, Expert, Gate, Panel, PanelMember, Result, ScoreSheet, Verification
from judging.rubric import round_of
from judging.scoring import items
from judging.services import final, results
from judging.workflow import Round
from submissions.models import Entry
from tests.contest import accepted_entry, expert
from tests.fixtures import make_user

_numbers = count(1)
#: (topic, percent of the points that every expert gives)
FIELD = (("1-1", 90), ("1-1", 80), ("1-2", 70), ("1-1", 60), ("2-1", 85), ("2-1", 75))


def small(edition: Edition, *, finalists: int = 3, excellence: int = 2) -> Edition:
    """The edition with few places: 1 first, 1 second prize and the rest third."""
    sizes = {"first": 1, "second": 1, "third": finalists - 2, "excellence": excellence}
    prizes = [{**prize, "count": sizes[prize["key"]]} for prize in edition.data["prizes"]]
    places = {**edition.data["seats"], "finalists": finalists, "excellence": excellence}
    edition.data = {**edition.data, "prizes": prizes, "seats": places}
    edition.save()
    return edition


def judges(edition: Edition, number: int = 3) -> list[Expert]:
    """Experts of the edition's roll for every track."""
    people = [
        make_user(f"judge{next(_numbers)}", f"评委{one}", role="expert") for one in range(1, number + 1)
    ]
    return [expert(edition, user, tracks=range(1, 10), unit=f"评委单位{next(_numbers)}") for user in people]


def recommended(edition: Edition, owner: User, topic: str = "1-1") -> Entry:
    """An entry that the gate recommends."""
    entry = accepted_entry(edition, owner, topic=topic)
    Gate.objects.filter(entry=entry).update(status="recommended")
    return entry


def sheet(
    one: Expert, entry: Entry, percent: int, *, round: str = Round.PRELIMINARY, **marks: str
) -> ScoreSheet:
    """A submitted sheet with ``percent`` of every item's points; ``marks`` replaces some ('__' for '.')."""
    lines = items(round_of(entry.edition, round))
    given = {item.key: f"{item.points * percent / 100:.2f}" for item in lines}
    given |= {key.replace("__", "."): value for key, value in marks.items()}
    assignment, _ = Assignment.objects.get_or_create(
        round=round,
        expert=one,
        entry=entry,
        defaults={"edition": entry.edition, "assigned_at": clock.now(entry.edition)},
    )
    Assignment.objects.filter(pk=assignment.pk).update(status="submitted")
    return ScoreSheet.objects.create(
        assignment=assignment,
        marks=given,
        total=sum(map(Decimal, given.values())),
        number=f"PF-{next(_numbers):05d}",
        sha256="0" * 64,
        submitted_at=clock.now(entry.edition),
    )


def score(panel: Sequence[Expert], entry: Entry, percent: int, **given: Any) -> None:
    for one in panel:
        sheet(one, entry, percent, **given)


def field_of(edition: Edition, owner: User, panel: Sequence[Expert]) -> list[Entry]:
    """Six entries, scored: 90, 80, 70, 60 in track 1 and 85, 75 in track 2."""
    entries = []
    for topic, percent in FIELD:
        entries.append(recommended(edition, owner, topic))
        score(panel, entries[-1], percent)
    return entries


def preliminary(edition: Edition, officer: User, chief: User) -> Result:
    """The preliminary's result, proposed and confirmed."""
    made = results.propose(edition, round=Round.PRELIMINARY, actor=officer)
    return results.confirm(made, actor=chief)


def passed(edition: Edition) -> None:
    """Every verification that waits is passed."""
    Verification.objects.filter(edition=edition, status="waiting").update(status="passed")


def final_panel(edition: Edition, panel: Sequence[Expert]) -> None:
    made = Panel.objects.create(edition=edition, round=Round.FINAL)
    PanelMember.objects.bulk_create(PanelMember(panel=made, expert=one) for one in panel)


def listed_final(edition: Edition, host: User, panel: Sequence[Expert]) -> None:
    """Verified finalists, the panel, date and place, and the list published."""
    passed(edition)
    final_panel(edition, panel)
    final.prepare(
        edition, actor=host, starts_at=clock.now(edition) + timedelta(days=1), place="山西省数据局一层大厅"
    )
    final.publish_list(edition, actor=host)


CALLED = [("数智先锋队", 17), ("公证员", 42)]
