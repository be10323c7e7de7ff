"""What the office's lists and the edition's other registrations hold that looks like this registration."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

from django.contrib.postgres.search import TrigramSimilarity
from django.db.models import Case, IntegerField, Q, When
from django.db.models.functions import Greatest

from competition import identity
from competition.lists import EXCLUSIONS, WINNERS, WORDS
from competition.models import Edition, ListEntry
from registration.facts import TeamFacts
from registration.found import code_of
from registration.matches import Listed, Other
from registration.models import Representative, Team
from registration.workflow import TeamStatus

#: Registrations that others are compared with: what was handed in and still takes part.
HANDED_IN: Final = (TeamStatus.SUBMITTED, TeamStatus.RETURNED, TeamStatus.APPROVED)
#: The nearest names are compared letter by letter; more would be nobody's twin.
MOST_OTHERS: Final = 20
MOST_LISTED: Final = 100


def words_of(edition: Edition) -> tuple[str, ...]:
    """The imported words (R58); one query."""
    rows = ListEntry.objects.filter(edition=edition, kind=WORDS, live=True)
    return tuple(rows.order_by("id").values_list("name", flat=True))


def listed_for(edition: Edition, team: TeamFacts) -> list[Listed]:
    """Live rows of the lists that concern a registration by code, document, name or project; one query."""
    codes = {code for unit in team.units if (code := code_of(unit))}
    documents = {person.document_hash for person in team.people if person.document_hash}
    names = {identity.name_key(name) for unit in team.units for name in (unit.name, unit.parent_name)}
    names |= {identity.name_key(person.name) for person in team.people}
    project = identity.name_key(team.project_name)
    numbered = Q(credit_key__in=codes) | Q(document_hash__in=documents)
    mine = numbered | Q(name_key__in=names - {""})
    if project:
        mine |= Q(kind=WINNERS, project_key__trigram_similar=project)
    # However many namesakes there are, what a number names comes first.
    first = Case(
        When(numbered, then=0),
        When(kind__in=(EXCLUSIONS, WINNERS), then=1),
        default=2,
        output_field=IntegerField(),
    )
    rows = (
        ListEntry.objects.filter(mine, edition=edition, live=True).exclude(kind=WORDS).order_by(first, "id")
    )
    labels = {one["key"]: (one["label"], one["rule"]) for one in edition.texts("credit_lists")}
    labels |= {EXCLUSIONS: ("组织单位及关联单位", "R53"), WINNERS: ("往届全国总决赛获奖项目", "R74")}
    return [
        Listed(
            kind=row.kind,
            list_label=labels[row.kind][0],
            rule=labels[row.kind][1],
            name=row.name,
            credit_code=row.credit_key,
            document_hash=row.document_hash,
            project=row.project,
            detail=row.detail,
        )
        for row in rows.only(
            "kind", "name", "credit_key", "document_hash", "project", "detail", "batch_id", "row"
        )[:MOST_LISTED]
        if row.kind in labels
    ]


def others_like(team: Team) -> list[Other]:
    """Live registrations of the edition with the most similar names, found by trigrams; one query."""
    alike = Q(project_key__trigram_similar=team.project_key) | Q(name_key__trigram_similar=team.name_key)
    rows = (
        Team.objects.filter(alike, edition=team.edition_id, status__in=HANDED_IN)
        .exclude(pk=team.pk)
        .annotate(
            near=Greatest(
                TrigramSimilarity("project_key", team.project_key),
                TrigramSimilarity("name_key", team.name_key),
            )
        )
        .order_by("-near", "id")
    )
    return [
        Other(row.reference, row.name, row.project_name)
        for row in rows.only("name", "project_name")[:MOST_OTHERS]
    ]


def phones_elsewhere(team: Team, people: Iterable[Representative]) -> Mapping[int, list[str]]:
    """Person id -> references of other live registrations that give the same phone (R52d); one query."""
    by_phone = {person.mobile_hash: person.pk for person in people if person.mobile_hash}
    if not by_phone:
        return {}
    rows = (
        Representative.objects.filter(
            edition=team.edition_id, mobile_hash__in=by_phone, team__status__in=HANDED_IN
        )
        .exclude(team=team.pk)
        .order_by("team_id")
        .values_list("mobile_hash", "team_id")
    )
    found: dict[int, list[str]] = {}
    for phone, other in rows:
        found.setdefault(by_phone[phone], []).append(f"T{other:06d}")
    return found
