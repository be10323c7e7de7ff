"""Many at the same instant: one person on two teams is held once, a button pressed twice does its work once.

``make soak`` tries it a hundred times over.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import hypothesis
import pytest
from django.db import connections

from competition.errors import Refusal
from competition.models import AuditEvent, Edition, OutboxMessage, Stage, User
from registration import services
from registration.models import Correction, Representative, Review, Team, UnitConsent
from registration.services import claiming, corrections, unit_consents
from submissions.models import Entry
from tests import factories
from tests.fixtures import make_user

pytestmark = pytest.mark.django_db(transaction=True)

#: Whether this is the long run.
SOAK = hypothesis.settings.get_current_profile_name() == "soak"
ATTEMPTS = 100 if SOAK else 20
ROUNDS = 50 if SOAK else 5
#: PostgreSQL has a hundred connections for everybody.
WIDE = 50
DONE = "done"


@pytest.fixture(autouse=True)
def _registration_is_open(edition: Edition, open_stage: Callable[..., Stage]) -> None:
    open_stage("registration")


def at_once(*jobs: Callable[[], Any]) -> list[str]:
    """Do all jobs, ``WIDE`` at the same instant, each in its own connection: 'done' or the code of the refusal."""
    width = min(len(jobs), WIDE)
    start = Barrier(width)

    def run(job: Callable[[], Any]) -> str:
        try:
            start.wait(timeout=60)
            job()
        except Refusal as refusal:
            return refusal.code
        finally:
            connections.close_all()
        return DONE

    with ThreadPoolExecutor(width) as pool:
        return list(pool.map(run, jobs))


def twice(job: Callable[[], Any]) -> list[str]:
    """A double click."""
    return at_once(job, job)


def events(verb: str, **about: Any) -> int:
    return AuditEvent.objects.filter(verb=verb, **about).count()


@pytest.mark.rule("R52d")
def test_person_confirmed_on_two_teams_at_once_is_held_by_one(
    edition: Edition, lihua: User, zhaolei: User
) -> None:
    asked, codes = [], []
    for owner, name in ((lihua, "先锋一队"), (zhaolei, "先锋二队")):
        team = factories.started_team(owner, edition, name=name)
        factories.add_unit(team)
        mine = factories.add_person(team, 1, mobile=factories.mobile(owner.pk))
        asked.append(services.send_confirmation(mine, actor=owner))
        codes.append(factories.code_sent_to(mine))

    def confirm(place: int) -> Callable[[], Any]:
        return lambda: services.confirm(asked[place].token, code=codes[place], consent=True)

    outcomes = Counter(at_once(*(confirm(number % 2) for number in range(ATTEMPTS))))

    people = Representative.objects.filter(document_hash=asked[0].document_hash)
    assert people.count() == 2
    assert people.filter(holds=True).count() == 1
    assert people.filter(confirmed_at__isnull=False).count() == 1
    assert outcomes[DONE] == 1
    assert sum(outcomes.values()) == ATTEMPTS
    assert events("representative.confirmed") == 1


@pytest.fixture
def teams(edition: Edition) -> Callable[[int], Team]:
    """``teams(n)``: another team with two units and one person, nobody confirmed."""

    def make(number: int) -> Team:
        owner = make_user(f"owner{number}", "报名人")
        team = factories.started_team(owner, edition, name=f"第{number}队")
        for code in (2 * number, 2 * number + 1):
            factories.add_proofs(factories.add_unit(team, 100 + code, contact_way=f"unit{code}@example.com"))
        factories.add_person(team, number)
        team.refresh_from_db()
        return team

    return make


def press_every_button(team: Team, officer: User, chief: User) -> dict[str, int]:
    """Press each button of a registration's life twice at the same instant; how often each had its effect."""
    owner, person = team.owner, team.representatives.get()
    about = {"target_id": str(team.pk)}
    effects: dict[str, int] = {}

    assert DONE in twice(lambda: services.send_confirmation(person, actor=owner))
    effects["code"] = OutboxMessage.objects.filter(data__representative=person.pk).count()
    person.refresh_from_db()
    code = factories.code_sent_to(person)
    assert DONE in twice(lambda: services.confirm(person.token, code=code, consent=True))
    effects["confirm"] = events("representative.confirmed", target_id=str(person.pk))

    second = team.units.get(position=2)
    assert DONE in twice(lambda: unit_consents.ask(second, actor=owner))
    effects["ask"] = events("unit.asked", target_id=str(second.pk))
    token = UnitConsent.objects.get(unit=second).token
    assert DONE in twice(lambda: unit_consents.answer(token, agreed=True, by="赵敏，处长", note=""))
    effects["answer"] = events("unit.agreed", target_id=str(second.pk))
    told = OutboxMessage.objects.filter(kind=unit_consents.ANSWERED, edition=team.edition)
    effects["answer told"] = told.filter(subject__contains=str(second.pk)).count()

    team.refresh_from_db()
    version = team.version
    assert DONE in twice(lambda: services.submit(team, actor=owner, version=version))
    effects["submit"] = events("team.submitted", **about)
    assert DONE in twice(lambda: services.take_back(team, actor=owner))
    effects["take back"] = events("team.taken_back", **about)
    factories.submit(team)
    assert DONE in twice(lambda: claiming.claim(team, officer=officer))
    effects["claim"] = events("team.claimed", **about)
    factories.looked_up(team, officer)
    team.refresh_from_db()
    version = team.version
    assert DONE in twice(lambda: services.approve(team, officer=officer, version=version))
    effects["approve"] = Review.objects.filter(team=team).count()
    effects["entry"] = Entry.objects.filter(team=team).count()
    name = f"{team.name}改"
    twice(lambda: corrections.ask(team, path="name", new=name, reason="漏字", actor=owner))
    effects["ask correction"] = Correction.objects.filter(team=team).count()
    made = Correction.objects.get(team=team)
    assert DONE in twice(lambda: corrections.grant(made, chief=chief))
    effects["grant"] = events("team.corrected", **about)
    assert DONE in twice(lambda: services.withdraw(team, actor=owner))
    effects["withdraw"] = events("team.withdrawn", **about)
    return effects


@pytest.mark.rule("R75", "R76")
def test_double_clicks_have_one_effect(teams: Callable[[int], Team], qianjin: User, sunli: User) -> None:
    for number in range(1, ROUNDS + 1):
        effects = press_every_button(teams(number), qianjin, sunli)

        assert effects == dict.fromkeys(effects, 1)
