"""Keep the stored findings equal to what the rules find now."""

from __future__ import annotations

import secrets
from collections import Counter
from dataclasses import replace
from typing import Any, Final

from django.db import transaction
from django.db.models import Prefetch, Q, QuerySet

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
#: The rule whose findings name others in their evidence: the same phone on several teams.
PHONE_RULE: Final = "R52d"
#: Registrations that one job finds anew.
BATCH: Final = 25


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
    _count(team, fresh, rows, len(due(fresh, done)))
    return rows


def _read(team: Team) -> Team:
    """The registration as it is stored now, with everything that findings rest on; four queries."""
    units = Unit.objects.select_related("consent").prefetch_related("proofs")
    rows = Team.objects.select_related("topic").prefetch_related(Prefetch("units", units), "representatives")
    fresh: Team = rows.get(pk=team.pk)
    fresh.edition = team.edition
    return fresh


def _count(team: Team, before: Team, rows: list[Finding], lookups_due: int) -> None:
    """What the queue filters by, written when it differs from what is stored (``before``)."""
    severities = Counter(row.severity for row in rows)
    team.blocks, team.doubts = severities[Severity.BLOCK], severities[Severity.STAFF]
    team.lookups_due = lookups_due
    now = (team.blocks, team.doubts, team.lookups_due)
    if now != (before.blocks, before.doubts, before.lookups_due):
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
        _leave_job(edition, after=0)


def _leave_job(edition: Edition, **data: Any) -> None:
    occurrence = secrets.token_hex(8)
    data["edition"] = edition.pk
    outbox.post(KIND, edition.slug, occurrence, channel=CHANNEL, edition=edition, data=data)


def send_job(message: OutboxMessage) -> None:
    """Deliver a job of the outbox: some registrations now, the next job the following ones.

    A job holds its registrations until it is delivered: few at a time, so that nobody waits long.
    """
    waiting = Team.objects.filter(edition=message.data["edition"], status__in=UNDECIDED)
    if "teams" in message.data:
        refresh_many(waiting.filter(pk__in=message.data["teams"]).order_by("pk"))
        return
    done = refresh_many(waiting.filter(pk__gt=message.data["after"]).order_by("pk")[:BATCH])
    if len(done) == BATCH and message.edition is not None:
        _leave_job(message.edition, after=done[-1].pk)


def refresh_many(teams: QuerySet[Team]) -> list[Team]:
    """Find anew for undecided registrations, each locked in turn; returns those that were looked at."""
    done = []
    for pk in list(teams.values_list("pk", flat=True)):
        with transaction.atomic():
            team = lock_team(pk)
            if team.status in UNDECIDED:
                refresh_findings(team)
        done.append(team)
    return done


def refresh_twins(team: Team) -> None:
    """Registrations that look like this one (names, units, phones) learn of it, or that it is gone.

    One that somebody has in hand is left to a job: two who change like registrations never wait for each other.
    """
    waiting = Team.objects.filter(
        edition=team.edition, status__in=UNDECIDED, pk__in=_named_in(team) | _naming(team)
    )
    keys = set(waiting.values_list("pk", flat=True))
    for sibling in waiting.select_for_update(of=("self",), skip_locked=True).order_by("pk") if keys else ():
        sibling.edition = team.edition
        refresh_findings(sibling)
        keys.discard(sibling.pk)
    if keys:
        _leave_job(team.edition, teams=sorted(keys))


def _named_in(team: Team) -> set[int]:
    """Registrations that findings of this one name."""
    rows = team.findings.filter(rule__in=(*TWIN_RULES, PHONE_RULE)).values_list("subject", "evidence")
    named = {reference for subject, evidence in rows for reference in (subject, *evidence.get("teams", ()))}
    return {int(one[1:]) for one in named if one.startswith("T") and one[1:].isdecimal()}


def _naming(team: Team) -> set[int]:
    """Registrations whose findings name this one."""
    names = Q(rule__in=TWIN_RULES, subject=team.reference)
    phones = Q(rule=PHONE_RULE, evidence__teams__contains=[team.reference])
    rows = Finding.objects.filter(names | phones, team__edition=team.edition)
    return set(rows.values_list("team_id", flat=True))


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
