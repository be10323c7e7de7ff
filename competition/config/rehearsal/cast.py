"""Who takes part in a rehearsal: drawn from the seed alone, so that the same seed gives the same teams."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from random import Random
from typing import Final

from competition.config.rehearsal import breaches, numbers, units
from competition.config.rehearsal.breaches import Breach
from competition.config.rehearsal.people import Person, crew
from competition.config.rehearsal.texts import Voice, project_names
from competition.config.rehearsal.texts.voice import words
from competition.config.rehearsal.units import UnitPlan
from competition.models import Edition, Organisation, Topic

NICKNAMES: Final = words("先锋 领航 攀登 追光 乘风 星火 远航 同心 启程 破晓 拓荒 磐石 飞轮 弄潮 知行 求是")
#: How many of the teams register in the last weeks, and do other things that happen.
LAST_SHARE, LAST_OUT_SHARE, RETURNED_SHARE, WITHDRAWS_SHARE = 0.2, 0.6, 0.1, 0.02
EARLY_SHARE, FORMAL_RETURNED_SHARE, FORMAL_REJECTED_SHARE, IDLE_SHARE = 0.25, 0.12, 0.03, 0.03


#: Numbers that are kept for the people of a team, so that no two of a rehearsal share one.
MOST_PEOPLE: Final = 8
#: Places of planted leaks, one team each.
LEAKS: Final = ("text", "page")


@dataclass(frozen=True)
class Habits:
    """What happens to a team besides breaches."""

    registers_last: bool = False
    returned_once: bool = False
    withdraws: bool = False
    submits_early: bool = False
    formally_returned: bool = False
    formally_rejected: bool = False
    never_submits: bool = False
    #: Where the team names itself although experts read it: "text", "page" or "".
    leaks: str = ""

    @property
    def goes_through(self) -> bool:
        """Nothing of this keeps the team from being judged."""
        return not (self.withdraws or self.formally_rejected or self.never_submits)


@dataclass(frozen=True)
class TeamPlan:
    """One team before it registers."""

    number: int
    name: str
    project_name: str
    topic_code: str
    topic_title: str
    units: tuple[UnitPlan, ...]
    people: tuple[Person, ...]
    breaches: frozenset[Breach]
    habits: Habits
    seed: str
    mail_name: str = ""

    @property
    def label(self) -> str:
        """How the report names the team."""
        return f"{self.number:03d} {self.name}"

    @property
    def is_early(self) -> bool:
        """Registers in time to be returned and reviewed again."""
        return not self.habits.registers_last and not self.breaks(breaches.LATE_REGISTRATION)

    @property
    def is_last(self) -> bool:
        """Registers in the last weeks."""
        return self.habits.registers_last and not self.breaks(breaches.LATE_REGISTRATION)

    def breaks(self, breach: Breach) -> bool:
        """Whether this team breaks a rule in this way."""
        return breach in self.breaches

    def rng(self, purpose: str) -> Random:
        """Dice of this team for one purpose; the same each time."""
        return Random(f"{self.seed}:{self.number}:{purpose}")

    def owner_mail(self, slug: str) -> str:
        """The owner's address; ``.invalid`` reaches nobody."""
        return f"{self.mail_name or f'team{self.number:03d}'}@{slug}.invalid"

    def voice(self) -> Voice:
        """How this team writes."""
        return Voice(
            self.rng("voice"),
            topic_code=self.topic_code,
            topic_title=self.topic_title,
            project=self.project_name,
        )


def cast(edition: Edition, *, teams: int, seed: str) -> list[TeamPlan]:
    """The teams of a rehearsal; three queries."""
    topics = list(Topic.objects.filter(track__edition=edition).select_related("track"))
    organisers = list(edition.organisations.exclude(role=Organisation.Role.GUIDE))
    planted = breaches.assign(Random(f"{seed}:breaches"), teams)
    names = _team_names(Random(f"{seed}:names"), teams)
    chosen = _topics(Random(f"{seed}:topics"), topics, planted)
    plans = [
        _plan(number, names[number - 1], chosen[number - 1], planted[number - 1], organisers, seed)
        for number in range(1, teams + 1)
    ]
    return [_with_phones(plan, edition.slug) for plan in _with_leaks(_with_copies(plans))]


def _with_copies(plans: list[TeamPlan]) -> list[TeamPlan]:
    """Who hands in a similar project takes the name of the first team's."""
    name = plans[0].project_name
    return [
        replace(plan, project_name=name) if plan.breaks(breaches.SIMILAR_PROJECT) else plan for plan in plans
    ]


def _with_leaks(plans: list[TeamPlan]) -> list[TeamPlan]:
    """Two sound teams name themselves where experts read: one in a text, one on a page."""
    places = iter(LEAKS)
    found = []
    for plan in plans:
        leak = next(places, "") if is_sound(plan) else ""
        found.append(replace(plan, habits=replace(plan.habits, leaks=leak)) if leak else plan)
    return found


def is_sound(plan: TeamPlan) -> bool:
    """Reaches the experts: breaks no rule that ends its contest. Others try to take the first team's member."""
    fatal = {one for one in plan.breaches if one.shows == breaches.OUT or one is breaches.LATE_SUBMISSION}
    return plan.number > 1 and not fatal and plan.habits.goes_through


def _with_phones(plan: TeamPlan, slug: str) -> TeamPlan:
    """Phones of this rehearsal alone: limits on codes count per phone in real time, over all editions."""
    first = Random(f"phones of {slug}").randrange(numbers.MOBILES) + plan.number * MOST_PEOPLE
    people = (replace(one, mobile=numbers.mobile_at(first + place)) for place, one in enumerate(plan.people))
    return replace(plan, people=tuple(people))


def _topics(rng: Random, topics: list[Topic], planted: Sequence[frozenset[Breach]]) -> list[Topic]:
    """A topic per team, every track in turn; a misplaced public body gets one where it does not belong."""
    closed = [topic for topic in topics if not topic.public_bodies]
    found = []
    for place, broken in enumerate(planted):
        pool = closed if breaches.PUBLIC_BODY in broken else topics
        number = topics[place * 11 % len(topics)].track.number if place < len(topics) else 0
        found.append(rng.choice([topic for topic in pool if topic.track.number == number] or pool))
    return found


def _team_names(rng: Random, teams: int) -> list[str]:
    pairs = [f"{first}{nickname}" for first in units.FIRST for nickname in NICKNAMES]
    rounds = -(-teams // len(pairs))
    every = [f"{pair}{number}队" for number in ("", "二", "三", "四", "五")[:rounds] for pair in pairs]
    return rng.sample(every, teams)


def _plan(
    number: int, name: str, topic: Topic, broken: frozenset[Breach], organisers: list[Organisation], seed: str
) -> TeamPlan:
    rng = Random(f"{seed}:{number}")
    county = rng.choice(units.counties())
    crew_size = 5 if breaches.SIXTH_MEMBER in broken else rng.randint(2, 4)
    return TeamPlan(
        number=number,
        name=name,
        project_name=_project_name(rng, topic.code),
        topic_code=topic.code,
        topic_title=topic.title,
        units=_units(rng, county, broken, organisers),
        people=tuple(crew(rng, county, crew_size)),
        breaches=broken,
        habits=_habits(rng, number, broken),
        seed=seed,
    )


def _project_name(rng: Random, code: str) -> str:
    name = rng.choice(project_names(code))
    voice = Voice(rng, topic_code=code, topic_title="", project=name)
    start = rng.choice(("", f"基于{voice.word('tech')}的", f"面向{voice.word('users')}的"))
    return start + name


def _units(
    rng: Random, county: str, broken: frozenset[Breach], organisers: list[Organisation]
) -> tuple[UnitPlan, ...]:
    lead = units.company(rng, county) if rng.random() < 0.8 else units.academy(rng, county)
    count = 5 if breaches.SIXTH_UNIT in broken else rng.choices((1, 2, 3), weights=(60, 30, 10))[0]
    partners = [units.some_unit(rng, rng.choice(units.counties())) for _ in range(count - 1)]
    if breaches.SOLE_TRADER in broken:
        lead = units.sole_trader(rng, county)
    if breaches.PUBLIC_BODY in broken:
        lead = units.government(rng, county)
    if breaches.ORGANISER in broken:
        lead = units.renamed(lead, rng.choice(organisers).name)
    if breaches.ORGANISER_ALIAS in broken:
        aliases = [alias for one in organisers for alias in one.aliases if alias != one.name]
        lead = units.renamed(lead, rng.choice(aliases or [one.name for one in organisers]))
    if breaches.ORGANISER_PARENT in broken:
        parents = [one.name for one in organisers if "国有资产" not in one.name]
        lead = units.owned_by(lead, rng.choice(parents))
    return (lead, *partners)


def _habits(rng: Random, number: int, broken: frozenset[Breach]) -> Habits:
    free = not broken and number > 1
    needs_return = bool(broken & {breaches.CHANGED_TOPIC, breaches.FORBIDDEN_WORD})
    share = LAST_OUT_SHARE if any(one.shows == breaches.OUT for one in broken) else LAST_SHARE
    last = rng.random() < share and not needs_return and number > 1
    roll = rng.random()
    return Habits(
        registers_last=last,
        returned_once=breaches.CHANGED_TOPIC in broken
        or (free and not last and rng.random() < RETURNED_SHARE),
        withdraws=free and roll < WITHDRAWS_SHARE,
        never_submits=free and WITHDRAWS_SHARE <= roll < WITHDRAWS_SHARE + IDLE_SHARE,
        submits_early=free and not last and rng.random() < EARLY_SHARE,
        formally_returned=rng.random() < FORMAL_RETURNED_SHARE,
        formally_rejected=free and rng.random() < FORMAL_REJECTED_SHARE,
    )
