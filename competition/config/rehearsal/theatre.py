"""Where a rehearsal is played: its edition and clock, its officers, and the record of what was done.

Every act of a team is one transaction together with its line in the audit log (``rehearsal.act``), so that
a rehearsal that was broken off is taken up where it stopped, and nothing is done twice.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cached_property
from random import Random
from typing import Final

from django.contrib.auth.models import Group
from django.db import connection, transaction
from django.db.models import QuerySet

from competition import audit, clock, reconciler, roles
from competition.config.rehearsal.cast import TeamPlan
from competition.config.rehearsal.ledger import Cases, Ledger
from competition.config.rehearsal.people import full_name
from competition.errors import Refusal
from competition.models import AuditEvent, Edition, User
from submissions.models import Entry

ACT: Final = "rehearsal.act"
CASE: Final = "rehearsal.case"
STEP: Final = "rehearsal.step"
CAST: Final = "rehearsal.cast"
OFFICERS: Final = 3
_LOCK_SPACE: Final = 7_315_201


@dataclass(frozen=True)
class Work:
    """Something that people of the staff do, row by row, between two instants of the edition's time.

    ``rows`` says what waits; what was done waits no longer, so a broken-off work goes on where it stopped.
    """

    key: str
    act: Callable[[Theatre, int, Cases], None]
    opens: datetime
    closes: datetime
    rows: Callable[[Theatre], list[int]]


@dataclass(frozen=True)
class Scene:
    """One thing that teams (or officers, for teams) do between two instants of the edition's time."""

    key: str
    act: Callable[[Theatre, TeamPlan, Ledger], None]
    opens: datetime
    closes: datetime
    who: Callable[[TeamPlan], bool] = field(default=lambda plan: True)


@dataclass(frozen=True)
class Step:
    """Scenes up to a point at which a rehearsal may rest; afterwards the clock stands at ``rests_at``."""

    key: str
    name: str
    scenes: tuple[Scene | Work, ...]
    rests_at: datetime


class Theatre:
    """One rehearsal of one edition."""

    def __init__(self, edition: Edition, plans: Sequence[TeamPlan], *, seed: str) -> None:
        self.edition, self.plans, self.seed = edition, plans, seed

    @cached_property
    def officers(self) -> list[User]:
        """The synthetic officers; made when they are first needed."""
        return [self._officer(number) for number in range(1, OFFICERS + 1)]

    def _officer(self, number: int) -> User:
        email = f"officer{number}@{self.edition.slug}.invalid"
        found = User.objects.filter(email=email).first()
        if found is None:
            name = full_name(Random(f"{self.seed}:officer:{number}"))
            found = User.objects.create_user(f"{self.edition.slug}-officer{number}", email, full_name=name)
            found.groups.add(Group.objects.get(name=roles.OFFICER))
        return found

    def owner(self, plan: TeamPlan) -> User:
        """The account that registers the team; made when it is first needed."""
        email = plan.owner_mail(self.edition.slug)
        found = User.objects.filter(email=email).first()
        return found or User.objects.create_user(
            f"{self.edition.slug}-{plan.number:03d}", email, full_name=plan.people[0].name
        )

    def officer(self, plan: TeamPlan) -> User:
        """Who of the secretariat looks after this team."""
        return self.officers[plan.number % OFFICERS]

    def staff(self, role: str, number: int = 1) -> User:
        """The synthetic person number so-and-so of a role; made when first needed."""
        email = f"{role.replace('_', '-')}{number}@{self.edition.slug}.invalid"
        found = User.objects.filter(email=email).first()
        if found is None:
            name = full_name(Random(f"{self.seed}:{role}:{number}"))
            found = User.objects.create_user(f"{self.edition.slug}-{role}{number}", email, full_name=name)
            found.groups.add(Group.objects.get(name=role))
        return found

    def rng(self, entry: Entry, purpose: str) -> Random:
        """Dice of an entry for one purpose; the same each time, whatever its number in the database."""
        return Random(f"{self.seed}:{entry.team.name}:{purpose}")

    def done(self) -> list[str]:
        """Keys of the steps that were played to their end, in order."""
        rows = AuditEvent.objects.filter(edition=self.edition, verb=STEP).order_by("id")
        return [str(row.data["step"]) for row in rows]

    def progress(self, step: Step) -> tuple[int, int]:
        """How many of a step's acts are done, and how many there are."""
        keys = [scene.key for scene in step.scenes]
        acts = AuditEvent.objects.filter(edition=self.edition, verb=ACT, data__scene__in=keys).count()
        total = 0
        for scene in step.scenes:
            if isinstance(scene, Work):
                total += self._acts(scene.key).count() + len(scene.rows(self))
            else:
                total += sum(scene.who(plan) for plan in self.plans)
        return acts, total

    def cases(self) -> list[dict[str, str]]:
        """What was planted in the second half and what became of it, in the order in which it was noted."""
        rows = AuditEvent.objects.filter(edition=self.edition, verb=CASE).order_by("id")
        return [{key: str(row.data[key]) for key in ("case", "team", "became")} for row in rows]

    def _acts(self, key: str) -> QuerySet[AuditEvent]:
        return AuditEvent.objects.filter(edition=self.edition, verb=ACT, data__scene=key)

    def play(self, step: Step, say: Callable[[str], None] = lambda line: None) -> float:
        """Play what is left of a step; returns the seconds it took."""
        began = time.monotonic()
        for scene in step.scenes:
            say(f"{step.key}: {scene.key}")
            if isinstance(scene, Work):
                self._do_work(scene)
            else:
                self._play_scene(scene)
            reconcile()
        clock.set_time(self.edition, step.rests_at)
        reconcile()
        audit.record(None, STEP, self.edition, edition=self.edition, step=step.key)
        return time.monotonic() - began

    def _play_scene(self, scene: Scene) -> None:
        played = set(self._acts(scene.key).values_list("data__team", flat=True))
        for instant, plan in self._order(scene):
            if plan.number not in played:
                clock.set_time(self.edition, instant)
                self._play_act(scene, plan)

    def _do_work(self, work: Work) -> None:
        """What waits, evenly spread over the time that is left."""
        begins = max(work.opens, clock.now(self.edition))
        clock.set_time(self.edition, begins)
        reconcile()
        rows = work.rows(self)
        span = max(work.closes - begins, timedelta(0))
        for number, row in enumerate(rows):
            clock.set_time(self.edition, begins + span * (number / len(rows)))
            with transaction.atomic():
                cases = Cases()
                work.act(self, row, cases)
                for case, team, became in cases.noted:
                    audit.record(
                        None, CASE, self.edition, edition=self.edition, case=case, team=team, became=became
                    )
                audit.record(None, ACT, self.edition, edition=self.edition, scene=work.key)

    @transaction.atomic
    def _play_act(self, scene: Scene, plan: TeamPlan) -> None:
        ledger = Ledger()
        scene.act(self, plan, ledger)
        audit.record(
            None,
            ACT,
            self.edition,
            edition=self.edition,
            scene=scene.key,
            team=plan.number,
            planted=ledger.planted,
            caught=ledger.caught,
        )

    def _order(self, scene: Scene) -> list[tuple[datetime, TeamPlan]]:
        """Whose turn it is when; the first team goes first, so that others can try to take its member."""
        span = (scene.closes - scene.opens).total_seconds()
        turns = []
        for plan in filter(scene.who, self.plans):
            share = 0.0 if plan.number == 1 else plan.rng(scene.key).uniform(0.02, 0.98)
            turns.append((scene.opens + timedelta(seconds=span * share), plan))
        return sorted(turns, key=lambda turn: turn[0])


def reconcile(patience: float = 10) -> None:
    """Let the reconciler do what the moved clock made due; waits a little while another one is at it."""
    give_up = time.monotonic() + patience
    while not reconciler.run() and time.monotonic() < give_up:
        time.sleep(0.1)


@contextmanager
def alone(edition: Edition) -> Iterator[None]:
    """One process plays a rehearsal at a time; refuses while another one does."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s, %s)", [_LOCK_SPACE, edition.pk])
        (mine,) = cursor.fetchone()
    if not mine:
        raise Refusal("这场演练正在进行，请稍候。")
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(%s, %s)", [_LOCK_SPACE, edition.pk])


def is_playing(edition: Edition) -> bool:
    """Whether some process is playing this rehearsal now."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND classid = %s AND objid = %s AND granted"
            " AND database = (SELECT oid FROM pg_database WHERE datname = current_database())",
            [_LOCK_SPACE, edition.pk],
        )
        (count,) = cursor.fetchone()
    return bool(count)
