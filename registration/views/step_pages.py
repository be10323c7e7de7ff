"""What each step's page shows, from what is stored or, after a refusal, from what was just typed."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from django.db.models import Prefetch
from django.http import QueryDict
from django.urls import reverse

from competition import clock, identity
from competition.identity import mask_document
from competition.models import Topic, Track
from competition.phones import masked
from competition.reference import document_label
from registration.facts import TeamFacts
from registration.forms import Hints, PersonForm, TeamForm, TopicForm, UnitForm
from registration.models import Representative, Team
from registration.steps import Step
from registration.terms import Terms
from registration.views.join import consent_row
from registration.views.proof_slots import slots_of
from registration.views.wizard import Wizard, step_context, step_url


def context(
    wizard: Wizard,
    step: Step,
    *,
    data: QueryDict | None = None,
    problems: Mapping[str, str] | None = None,
) -> dict[str, Any]:
    """The template's context for a step; ``data`` is what was typed when it could not be saved."""
    merged = {**wizard.problems, **(problems or {})}
    hints = Hints(merged, wizard.reasons)
    builders = {
        Step.TEAM: _team,
        Step.UNITS: _units,
        Step.PEOPLE: _people,
        Step.TOPIC: _topic,
        Step.PROOFS: _proofs,
        Step.SUBMIT: _submit,
    }
    return {**step_context(wizard, step), "hints": hints, **builders[step](wizard, data, hints)}


def _team(wizard: Wizard, data: QueryDict | None, hints: Hints) -> dict[str, Any]:
    return {"form": TeamForm(wizard.team, data, hints=hints, terms=wizard.terms)}


def _units(wizard: Wizard, data: QueryDict | None, hints: Hints) -> dict[str, Any]:
    units = list(wizard.team.units.all())
    unit_forms = [UnitForm(unit, _sent(data, "unit", unit.pk), hints=hints) for unit in units]
    for form in unit_forms:
        form.consent = consent_row(form.unit)
    return {
        "forms": unit_forms,
        "lead": _chosen(data, "lead", next((unit.pk for unit in units if unit.is_lead), None)),
        "full": len(units) >= wizard.terms.max_units,
    }


def _people(wizard: Wizard, data: QueryDict | None, hints: Hints) -> dict[str, Any]:
    people = list(wizard.team.representatives.all())
    units = list(wizard.team.units.all())
    cards = [
        {
            "person": person,
            "form": PersonForm(
                person, _sent(data, "person", person.pk), hints=hints, units=units, terms=wizard.terms
            ),
            "document": document_label(person.document_type),
            "masked": mask_document(person.document_number.strip()),
            "mobile": masked(person.mobile.strip()),
            **sent_state(person, wizard.terms),
        }
        for person in people
    ]
    return {
        "cards": cards,
        "contact": _chosen(data, "contact", next((one.pk for one in people if one.is_contact), None)),
        "full": len(people) >= wizard.terms.max_people,
        "unconfirmed": sum(not person.is_confirmed for person in people),
    }


def sent_state(person: Representative, terms: Terms) -> dict[str, Any]:
    """Of the last confirmation SMS: whether its code still holds, until when, and seconds until another."""
    if person.code_sent_at is None:
        return {"wait": 0, "valid_until": None}
    passed = clock.real_now() - person.code_sent_at
    until = person.code_sent_at + timedelta(minutes=terms.code_minutes)
    return {
        "wait": max(0, terms.code_resend_seconds - int(passed.total_seconds())),
        "valid_until": until if passed < timedelta(minutes=terms.code_minutes) else None,
    }


def _topic(wizard: Wizard, data: QueryDict | None, hints: Hints) -> dict[str, Any]:
    topics = Prefetch("topics", queryset=Topic.objects.order_by("number"))
    tracks = Track.objects.filter(edition=wizard.team.edition).order_by("number").prefetch_related(topics)
    topics_of = [topic for track in tracks for topic in track.topics.all()]
    stored = wizard.facts.topic.code if wizard.facts.topic else ""
    return {
        "form": TopicForm(wizard.team, data, hints=hints, terms=wizard.terms),
        "tracks": tracks,
        "chosen": data.get("topic", stored) if data is not None else stored,
        "fixed": wizard.team.submitted_at is not None,
        "topic_title": f"{stored} {wizard.facts.topic.title}" if wizard.facts.topic else "",
        "public_body": public_body(wizard.facts),
        "public_codes": [topic.code for topic in topics_of if topic.public_bodies],
        "public_topics": [f"{topic.code} {topic.title}" for topic in topics_of if topic.public_bodies],
        "public_conflict": wizard.facts.topic is not None and not wizard.facts.topic.public_bodies,
    }


def public_body(facts: TeamFacts) -> str:
    """The word to a team with a public body on it, to be shown with a topic that is not for them (R55)."""
    for unit in facts.units:
        code = identity.normalise_credit_code(unit.credit_code)
        if unit.nature == "government" or code.startswith("11"):
            return f"{unit.name or unit.label}是政府机构，只能参加对公共机构开放的赛题。"
        if unit.nature == "institution" or code.startswith("12"):
            return (
                f"{unit.name or unit.label}是事业单位：属于本届主办单位所属事业单位的，只能参加对公共机构开放的赛题；"
                "高校、科研院所、医院等不受此限。"
            )
    return ""


def _proofs(wizard: Wizard, data: QueryDict | None, hints: Hints) -> dict[str, Any]:
    cards = [{"unit": unit, "slots": slots_of(unit, wizard.terms, hints)} for unit in wizard.team.units.all()]
    return {"cards": cards}


def _submit(wizard: Wizard, data: QueryDict | None, hints: Hints) -> dict[str, Any]:
    made = wizard.team.declarations
    rows = [
        {
            "key": one.key,
            "text": one.text,
            "checked": f"declaration_{one.key}" in data if data is not None else one.key in made,
        }
        for one in wizard.terms.declarations
    ]
    return {"declarations": rows, "missing_links": wizard.missing_links(), "fixed": wizard.team.submitted_at}


def _sent(data: QueryDict | None, name: str, pk: int) -> QueryDict | None:
    """What was typed, for rows that the page knew of."""
    return data if data is not None and str(pk) in data.getlist(name) else None


def _chosen(data: QueryDict | None, name: str, stored: int | None) -> int | None:
    typed = data.get(name, "") if data is not None else ""
    return int(typed) if typed.isdecimal() and len(typed) < 18 else stored


def target(team: Team, step: Step, verb: str, key: str) -> str:
    """Where a button leads after saving: remove and reopen ask first, the rest moves on."""
    pages = {
        ("remove", Step.UNITS): "registration:remove_unit",
        ("consent", Step.UNITS): "registration:unit_consent",
        ("remove", Step.PEOPLE): "registration:remove_representative",
        ("reopen", Step.PEOPLE): "registration:reopen_representative",
    }
    page = pages.get((verb, step))
    if page and key.isdecimal() and len(key) < 18:
        return reverse(page, args=[int(key)])
    order = list(Step)
    place = order.index(step)
    return step_url(team, step if verb == "stay" else order[min(place + 1, len(order) - 1)])
