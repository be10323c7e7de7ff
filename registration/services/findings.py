"""Keep the stored findings equal to what the rules find now."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

from django.db import transaction

from registration.eligibility import Found, findings
from registration.facts import OrganisationFacts
from registration.models import Finding, Team
from registration.services.facts import gather, gather_listings, gather_siblings
from registration.services.lookups import due
from registration.terms import terms_of
from registration.workflow import Severity, TeamStatus


@transaction.atomic
def refresh_findings(team: Team) -> list[Finding]:
    """Find anew and store the difference (R47-R100); returns the stored findings.

    Runs at submit, on every change after it, and before every decision.
    """
    wanted = {
        (one.rule, one.subject): one
        for one in findings(
            replace(gather(team), listings=gather_listings(team)),
            terms_of(team.edition),
            organisations=_organisations(team),
            siblings=gather_siblings(team),
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
    _count(team, rows)
    return rows


def _count(team: Team, rows: list[Finding]) -> None:
    """What the queue filters by."""
    severities = Counter(row.severity for row in rows)
    team.blocks, team.doubts = severities[Severity.BLOCK], severities[Severity.STAFF]
    team.lookups_due = len(due(team))
    Team.objects.filter(pk=team.pk).update(
        blocks=team.blocks, doubts=team.doubts, lookups_due=team.lookups_due
    )


def refresh_when_submitted(team: Team) -> None:
    """Nobody reviews a draft: its findings are made at submit, then kept up with every change."""
    if team.submitted_at is not None:
        refresh_findings(team)


def refresh_twins(team: Team) -> None:
    """Teams that look like this one twice (R52f) learn of it, or that it is gone."""
    found = set(team.findings.filter(rule="R52f").values_list("subject", flat=True))
    for sibling in Team.objects.filter(
        edition=team.edition, status__in=[TeamStatus.SUBMITTED, TeamStatus.RETURNED]
    ).filter(pk__in=[int(reference[1:]) for reference in found] + _named_by(team)):
        refresh_findings(sibling)


def _named_by(team: Team) -> list[int]:
    named = Finding.objects.filter(rule="R52f", subject=team.reference, team__edition=team.edition)
    return list(named.values_list("team_id", flat=True))


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
