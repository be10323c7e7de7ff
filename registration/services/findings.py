"""Keep the stored findings equal to what the rules find now."""

from __future__ import annotations

import secrets
from collections import Counter
from dataclasses import replace
from typing import Final

from django.db import transaction
from django.db.models import Prefetch

from competition import outbox
from competition.lists import HOLIDAYS
from competition.models import Edition, OutboxMessage
from registration.eligibility import findings
from registration.facts import OrganisationFacts
from registration.found import Found
from registration.models import Finding, Team, Unit
from registration.services.editing import lock_team
from registration.services.facts import gather, gather_listings, gather_siblings
from registration.services.lookups import counting, due
from registration.services.matching import listed_for, others_like, phones_elsewhere, words_of
from registration.terms import terms_of
from registration.workflow import Severity, TeamStatus

CHANNEL: Final = "registration.find"
KIND: Final = "registration.refresh"
UNDECIDED: Final = (TeamStatus.SUBMITTED, TeamStatus.RETURNED)
#: Rules whose findings name another registration by its reference.
TWIN_RULES: Final = ("R52f", "R58")


@transaction.atomic
def refresh_findings(team: Team) -> list[Finding]:
    """Find anew and store the difference (R47-R100); returns the stored findings.

    Runs at submit, on every change after it, and before every decision.
    """
    fresh = _read(team)
    done = counting(fresh)
    facts = replace(gather(fresh), listings=gather_listings(fresh, done))
    terms = terms_of(team.edition)
    wanted = {
        (one.rule, one.subject[:60]): one
        for one in findings(
            facts,
            replace(terms, banned_words=(*terms.banned_words, *words_of(team.edition))),
            organisations=_organisations(team),
            siblings=gather_siblings(fresh),
            listed=listed_for(team.edition, facts),
            others=others_like(fresh),
            phones=phones_elsewhere(fresh, fresh.representatives.all()),
        )
    }
    stored = {(row.rule, row.subject): row for row in team.findings.all()}
    gone = [row.pk for key, row in stored.items() if key not in wanted]
    if gone:
        Finding.objects.filter(pk__in=gone).delete()
    new = [_row(team, one) for key, one in wanted.items() if key not in stored]
    Finding.objects.bulk_create(new)
    for key, one in wanted.items():
        if key in stored:
            _update(stored[key], one)
    rows = [*new, *(row for key, row in stored.items() if key in wanted)]
    _count(team, rows, len(due(fresh, done)))
    return rows


def _read(team: Team) -> Team:
    """The registration as it is stored now, with everything that findings rest on; four queries."""
    units = Unit.objects.select_related("consent").prefetch_related("proofs")
    rows = Team.objects.select_related("topic").prefetch_related(Prefetch("units", units), "representatives")
    fresh: Team = rows.get(pk=team.pk)
    fresh.edition = team.edition
    return fresh


def _count(team: Team, rows: list[Finding], lookups_due: int) -> None:
    """What the queue filters by."""
    severities = Counter(row.severity for row in rows)
    team.blocks, team.doubts = severities[Severity.BLOCK], severities[Severity.STAFF]
    team.lookups_due = lookups_due
    Team.objects.filter(pk=team.pk).update(
        blocks=team.blocks, doubts=team.doubts, lookups_due=team.lookups_due
    )


def refresh_when_submitted(team: Team) -> None:
    """Nobody reviews a draft: its findings are made at submit, then kept up with every change."""
    if team.submitted_at is not None:
        refresh_findings(team)


@transaction.atomic
def refresh_after_list(edition: Edition, kind: str) -> None:
    """A list changed: leave a job that finds anew for every registration that waits for a decision."""
    if kind != HOLIDAYS:
        outbox.post(
            KIND,
            edition.slug,
            secrets.token_hex(8),
            channel=CHANNEL,
            edition=edition,
            data={"edition": edition.pk},
        )


def send_job(message: OutboxMessage) -> None:
    """Deliver a job of the outbox: find anew, each registration in its own transaction."""
    refresh_waiting(message.data["edition"])


def refresh_waiting(edition_id: int) -> int:
    """Find anew for every undecided registration of an edition; returns how many."""
    waiting = Team.objects.filter(edition=edition_id, status__in=UNDECIDED).order_by("pk")
    keys = list(waiting.values_list("pk", flat=True))
    for pk in keys:
        with transaction.atomic():
            team = lock_team(pk)
            if team.status in UNDECIDED:
                refresh_findings(team)
    return len(keys)


def refresh_twins(team: Team) -> None:
    """Registrations that look like this one (names, units, phones) learn of it, or that it is gone."""
    named = team.findings.filter(rule__in=TWIN_RULES, subject__startswith="T").values_list(
        "subject", flat=True
    )
    keys = {int(reference[1:]) for reference in named} | set(_named_by(team))
    for sibling in Team.objects.filter(edition=team.edition, status__in=UNDECIDED, pk__in=keys):
        sibling.edition = team.edition
        refresh_findings(sibling)


def _named_by(team: Team) -> list[int]:
    rows = Finding.objects.filter(rule__in=TWIN_RULES, subject=team.reference, team__edition=team.edition)
    return list(rows.values_list("team_id", flat=True))


def _organisations(team: Team) -> list[OrganisationFacts]:
    return [
        OrganisationFacts(row.role, row.name, tuple(row.aliases), row.credit_code)
        for row in team.edition.organisations.all()
    ]


def _row(team: Team, one: Found) -> Finding:
    return Finding(
        team=team,
        rule=one.rule,
        severity=one.severity,
        subject=one.subject[:60],
        message=one.message[:300],
        evidence=one.evidence,
    )


def _update(row: Finding, one: Found) -> None:
    fresh = (one.severity, one.message[:300], one.evidence)
    if (row.severity, row.message, row.evidence) != fresh:
        row.severity, row.message, row.evidence = fresh
        row.save(update_fields=["severity", "message", "evidence"])
