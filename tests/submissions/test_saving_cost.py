"""Saving a section costs at most eight queries, whichever section, however much stands in it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from competition.form_schema import Condition, Field, Section
from competition.models import User
from submissions import services
from submissions.form import schema_of
from submissions.models import Entry, EntrySection
from submissions.places import Place
from submissions.views.desk import section_url
from tests.submissions.answers import complete

MOST = 8
_NO_QUERIES = ("SAVEPOINT", "RELEASE", "BEGIN", "COMMIT")


def cost(client: Client, entry: Entry, place: Place, section: Section, answers: dict[str, Any]) -> int:
    """How many queries it takes to save these answers as a browser does."""
    row = EntrySection.objects.filter(entry=entry, key=place.section, unit=place.unit_id).first()
    posted = {**section.initial(answers), "version": row.version if row else 0}
    with CaptureQueriesContext(connection) as captured:
        answer = client.post(
            section_url(entry, place),
            posted,
            headers={"X-Requested-With": "autosave", "Accept": "application/json"},
        )
    assert answer.status_code == 200, answer.content
    return sum(not one["sql"].startswith(_NO_QUERIES) for one in captured)


def test_saving_any_section_takes_at_most_eight_queries(
    entry: Entry, as_user: Callable[[User], Client], lihua: User
) -> None:
    client, facts = as_user(lihua), services.facts_of(entry)
    costs: dict[str, int] = {}

    for section in schema_of(entry.edition).sections:
        place = Place(section.key, facts.unit_ids[0] if section.repeat == "unit" else None)
        client.post(section_url(entry, place))  # what is read once a process has been read
        costs[f"{place} anew"] = cost(client, entry, place, section, complete(section))
        costs[f"{place} again"] = cost(client, entry, place, section, {})

    assert {place: count for place, count in costs.items() if count > MOST} == {}


def test_saving_many_rows_costs_no_more(entry: Entry, as_user: Callable[[User], Client], lihua: User) -> None:
    client, place = as_user(lihua), Place("cases")
    section = schema_of(entry.edition).section("cases")
    assert section is not None
    [row] = complete(section)["cases"]
    cost(client, entry, place, section, {})

    counts = [
        cost(client, entry, place, section, {"cases": [{**row, "_id": f"r{n}"} for n in range(1, rows + 1)]})
        for rows in (1, 3, 40)
    ]

    assert len(set(counts)) == 1


def test_only_parts_of_units_have_conditions_on_what_the_registration_says(entry: Entry) -> None:
    """What ``save_locked`` relies on when it reads nothing of the registration for other sections."""
    asked = {
        (section.key, condition.field)
        for section in schema_of(entry.edition).sections
        if section.repeat != "unit"
        for condition in _conditions(section.fields)
        if condition.field in {field.key for one in section.fields for field in one.walk() if field.derived}
    }

    assert asked == set()


def _conditions(fields: tuple[Field, ...]) -> Iterator[Condition]:
    for field in fields:
        for one in field.walk():
            yield from (condition for condition in (one.show_if, one.required_if) if condition)
