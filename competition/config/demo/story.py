"""What the named people have done before somebody looks: by the same services and scenes as all others."""

from __future__ import annotations

from dataclasses import replace
from random import Random
from typing import Final

from django.db import transaction

from competition import audit
from competition.config.demo import people
from competition.config.rehearsal import numbers, units
from competition.config.rehearsal.cast import Habits, TeamPlan
from competition.config.rehearsal.ledger import Ledger
from competition.config.rehearsal.people import Person, crew
from competition.config.rehearsal.scenes.author import Author
from competition.config.rehearsal.scenes.registering import register, team_of
from competition.config.rehearsal.scenes.reviewing import look_up
from competition.config.rehearsal.scenes.writing import entry_of
from competition.config.rehearsal.theatre import Theatre
from competition.models import AuditEvent, Edition, Topic
from judging.services import experts
from registration import services

CONFIRMED: Final = "demo.stages_confirmed"
REGISTERED: Final = "demo.registered"
WRITTEN: Final = "demo.written"
RETURN_REASON: Final = "请按逐项意见更正后重新提交。"
#: The share of the form that is written when somebody takes over.
HALF: Final = 0.5


def plans(theatre: Theatre) -> tuple[TeamPlan, TeamPlan]:
    """Lihua's and Guojing's teams."""
    return (
        _plan(
            theatre,
            901,
            "lihua",
            "汾水之光队",
            "1-2",
            "煤矿综采工作面数据融合与智能协同平台",
            ("lihua", "wangfang"),
        ),
        _plan(
            theatre, 902, "guojing", "云冈数韵队", "4-3", "石窟寺数字复原与病害监测数据服务平台", ("guojing",)
        ),
    )


def _plan(
    theatre: Theatre, number: int, owner: str, name: str, code: str, project: str, names: tuple[str, ...]
) -> TeamPlan:
    edition = theatre.edition
    rng = Random(f"{theatre.seed}:{number}")
    topic = (
        Topic.objects.filter(track__edition=edition, code=code).first()
        or Topic.objects.filter(track__edition=edition).first()
    )
    county = rng.choice(units.counties())
    drawn = crew(rng, county, 3)
    crew_named = [_named(edition, key, person) for key, person in zip(names, drawn, strict=False)]
    rest = [replace(person, mobile=numbers.mobile(rng)) for person in drawn[len(names) :]]
    return TeamPlan(
        number=number,
        name=name,
        project_name=project,
        topic_code=topic.code if topic else code,
        topic_title=topic.title if topic else "",
        units=(units.company(rng, county), units.academy(rng, county)),
        people=(*crew_named, *rest),
        breaches=frozenset(),
        habits=Habits(),
        seed=theatre.seed,
        mail_name=owner,
    )


def _named(edition: Edition, key: str, drawn: Person) -> Person:
    found = people.person(key)
    return replace(drawn, name=found.name if found else drawn.name, mobile=people.phone(edition, key))


@transaction.atomic
def confirm_stages(edition: Edition) -> None:
    """The proposed times count as confirmed, so that pages show days and a countdown."""
    if edition.stages.filter(provisional=True).update(provisional=False):
        audit.record(None, CONFIRMED, edition, edition=edition)


@transaction.atomic
def tell_registrations(theatre: Theatre) -> None:
    """Lihua's registration was approved, Guojing's was returned; once, while registration is open."""
    if _told(theatre, REGISTERED):
        return
    for one in people.PEOPLE:
        people.account(theatre.edition, one.key)
    _enrol_expert(theatre.edition)
    officer = people.account(theatre.edition, "qianjin")
    approved, returned = plans(theatre)
    for plan in (approved, returned):
        register(theatre, plan, Ledger())
    team = team_of(theatre, approved)
    if team is not None:
        look_up(team, officer)
        services.approve(team, officer=officer, version=team.version)
    team = team_of(theatre, returned)
    if team is not None:
        lead = team.units.get(is_lead=True)
        notes = {
            f"units.{lead.pk}.contact_way": "请填写单位联系人本人的手机号码，与参赛代表区分。",
            "project_name": "请在名称中体现所使用的主要数据资源。",
        }
        services.return_for_correction(
            team, officer=officer, version=team.version, reason=RETURN_REASON, field_reasons=notes
        )
    audit.record(None, REGISTERED, theatre.edition, edition=theatre.edition)


def _enrol_expert(edition: Edition) -> None:
    """Sunmei is on the roll of her track before the panels are made."""
    experts.enrol(
        people.account(edition, "sunmei"),
        edition=edition,
        actor=people.account(edition, "qianjin"),
        title="教授",
        tracks=[people.EXPERT_TRACK],
        units=[("并州数据科学研究所", "")],
    )


@transaction.atomic
def tell_half_written(theatre: Theatre) -> None:
    """Lihua has written half of the form; once, after submission opened."""
    if _told(theatre, WRITTEN):
        return
    plan = plans(theatre)[0]
    entry = entry_of(theatre, plan)
    if entry is not None:
        Author(entry, entry.team.owner, plan).save_rest({}, share=HALF)
    audit.record(None, WRITTEN, theatre.edition, edition=theatre.edition)


def _told(theatre: Theatre, verb: str) -> bool:
    return AuditEvent.objects.filter(edition=theatre.edition, verb=verb).exists()
