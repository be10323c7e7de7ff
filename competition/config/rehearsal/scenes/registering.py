"""Teams register: everything typed, everybody confirmed by code, proofs uploaded, handed in."""

from __future__ import annotations

from dataclasses import replace

from competition.config.rehearsal import breaches, numbers
from competition.config.rehearsal.cast import TeamPlan
from competition.config.rehearsal.ledger import Ledger, problems_of
from competition.config.rehearsal.people import Person
from competition.config.rehearsal.scenes.applicant import Applicant, unit_values
from competition.config.rehearsal.theatre import Theatre
from competition.errors import Refusal, StageClosed, WrongState
from registration import services
from registration.models import Team, Unit
from registration.terms import Terms, terms_of


def team_of(theatre: Theatre, plan: TeamPlan) -> Team | None:
    """The team of a plan as it stands; None when it never registered."""
    found: Team | None = (
        Team.objects.filter(edition=theatre.edition, owner__email=plan.owner_mail(theatre.edition.slug))
        .select_related("edition", "owner", "topic")
        .defer("edition__form", "edition__rubrics")
        .first()
    )
    return found


def register(theatre: Theatre, plan: TeamPlan, ledger: Ledger) -> None:
    """From an account without a team to a submitted registration, with what the team does wrong on the way."""
    owner = theatre.owner(plan)
    team = services.start_team(owner, edition=theatre.edition, with_first_rows=True)
    applicant, terms = Applicant(team, owner, plan), terms_of(theatre.edition)
    applicant.reread()
    applicant.save_team(name=_name(plan, terms), project_name=plan.project_name, topic=plan.topic_code)
    units = _units(applicant, ledger, terms)
    _people(theatre, applicant, ledger, terms)
    for unit in units:
        for slot in applicant.slots():
            if not (
                unit == units[0] and slot == applicant.slots()[-1] and plan.breaks(breaches.MISSING_PROOF)
            ):
                applicant.add_proof(unit, slot)
    applicant.declare()
    if plan.breaks(breaches.CHECK_DIGIT) or plan.breaks(breaches.MISSING_PROOF):
        _submit_too_soon(applicant, ledger, units[0])
    applicant.have_units_agree()
    applicant.submit()


def _name(plan: TeamPlan, terms: Terms) -> str:
    if plan.breaks(breaches.FORBIDDEN_WORD) and terms.banned_words:
        return plan.name + plan.rng("word").choice(terms.banned_words)
    return plan.name


def _units(applicant: Applicant, ledger: Ledger, terms: Terms) -> list[Unit]:
    plan = applicant.plan
    lead = plan.units[0]
    if plan.breaks(breaches.CHECK_DIGIT):
        lead = replace(lead, credit_code=numbers.spoil(lead.credit_code))
    rows = [applicant.team.units.get(is_lead=True), *(applicant.add_unit() for _ in plan.units[1:])]
    typed = (lead, *plan.units[1:])
    applicant.save_units({row.pk: unit_values(unit) for row, unit in zip(rows, typed, strict=True)})
    if plan.breaks(breaches.SIXTH_UNIT):
        words = f"最多{terms.max_units}家参赛单位"
        ledger.expect_refusal(breaches.SIXTH_UNIT, applicant.add_unit, WrongState, words)
    if plan.breaks(breaches.NO_LEAD):
        applicant.save_units({rows[0].pk: {"is_lead": ""}})
        ledger.note(breaches.NO_LEAD, caught=applicant.team.units.filter(is_lead=True).count() == 1)
    return rows


def _people(theatre: Theatre, applicant: Applicant, ledger: Ledger, terms: Terms) -> None:
    plan = applicant.plan
    crew: list[Person] = list(plan.people)
    if plan.breaks(breaches.MEMBER_ELSEWHERE):
        taken = theatre.plans[0].people[0]
        phone = numbers.mobile(plan.rng(f"other phone of {theatre.edition.slug}"))
        crew[-1] = replace(crew[-1], name=taken.name, document=taken.document, mobile=phone)
    rows = [applicant.team.representatives.get(position=1), *(applicant.add_person() for _ in crew[1:])]
    applicant.save_people(dict(zip(rows, crew, strict=True)))
    if plan.breaks(breaches.SIXTH_MEMBER):
        words = f"最多{terms.max_people}名参赛代表"
        ledger.expect_refusal(breaches.SIXTH_MEMBER, applicant.add_person, WrongState, words)
    for row in rows:
        applicant.send_code(row)
    for row in rows[:-1] if plan.breaks(breaches.MEMBER_ELSEWHERE) else rows:
        applicant.confirm(row)
    if plan.breaks(breaches.MEMBER_ELSEWHERE):
        last = rows[-1]
        ledger.expect_refusal(breaches.MEMBER_ELSEWHERE, lambda: applicant.confirm(last), Refusal, "无法确认")
        applicant.save_people({last: plan.people[-1]})
        applicant.send_code(last)
        applicant.confirm(last)


def _submit_too_soon(applicant: Applicant, ledger: Ledger, unit: Unit) -> None:
    """Hand in what is wrong or incomplete, read what the portal says, put it right."""
    plan, slot = applicant.plan, applicant.slots()[-1]
    problems = problems_of(applicant.submit)
    if plan.breaks(breaches.CHECK_DIGIT):
        ledger.expect_problem(
            breaches.CHECK_DIGIT, problems, path=f"units.{unit.pk}.credit_code", words="校验位"
        )
        applicant.save_units({unit.pk: unit_values(plan.units[0])})
    if plan.breaks(breaches.MISSING_PROOF):
        ledger.expect_problem(
            breaches.MISSING_PROOF, problems, path=f"proofs.{unit.pk}.{slot.key}", words=slot.label
        )
        applicant.add_proof(unit, slot)


def register_too_late(theatre: Theatre, plan: TeamPlan, ledger: Ledger) -> None:
    """Come after the deadline."""
    owner = theatre.owner(plan)
    ledger.expect_refusal(
        breaches.LATE_REGISTRATION,
        lambda: services.start_team(owner, edition=theatre.edition, with_first_rows=True),
        StageClosed,
        "截止",
    )


def correct(theatre: Theatre, plan: TeamPlan, ledger: Ledger) -> None:
    """Put right what an officer returned, and hand in again."""
    team = team_of(theatre, plan)
    if team is None or not team.is_editable:
        return
    applicant = Applicant.of(team, plan)
    if plan.breaks(breaches.CHANGED_TOPIC):
        other = "9-0" if plan.topic_code != "9-0" else "1-1"
        ledger.expect_refusal(
            breaches.CHANGED_TOPIC, lambda: applicant.save_team(topic=other), Refusal, "赛题一经选定不得更改"
        )
        applicant.reread()
    applicant.save_team(name=plan.name)
    lead = plan.units[0]
    applicant.save_units(
        {team.units.get(is_lead=True).pk: unit_values(replace(lead, contact_title="项目联络人"))}
    )
    applicant.submit()
