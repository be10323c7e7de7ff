"""Who may know of a report, who of the reporter, and the loaders of every page about reports (R92-R94, decision 16).

Nobody but case handlers and the committee knows of reports at all, and of these nobody who is related to the
team that is reported.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final
from uuid import UUID

from django.db.models import QuerySet
from django.http import Http404

from awards.models import Evidence, PublicityNotice, Report, Ruling
from awards.workflow import NoticeStatus
from competition import roles
from competition.crypto import keyed_hash
from competition.models import AuditEvent
from registration.models import Team
from submissions.permissions import is_of_team

if TYPE_CHECKING:
    from competition.models import Edition, User

#: The audit's word for a look at who reported.
REVEALED: Final = "reporter.revealed"
#: What a report's page needs; an edition's form and rubrics are long and stay in the database.
_WITH = ("edition", "notice", "award__tier", "award__entry__team", "handler")
_LARGE = ("edition__form", "edition__rubrics")


def handles_cases(user: User) -> bool:
    """Whether the person accepts and looks into reports (R94)."""
    return user.is_authenticated and user.has_role(roles.CASE_HANDLER)


def rules_cases(user: User) -> bool:
    """Whether the person is of the committee, which rules on reports (R94)."""
    return user.is_authenticated and user.has_role(roles.COMMITTEE)


def is_related(user: User, report: Report) -> bool:
    """Whether the person is of the reported team, and therefore recused (decision 16)."""
    entry = report.award.entry
    return entry is not None and is_of_team(user, entry)


def can_handle(user: User, report: Report) -> bool:
    """Who accepted the case; any case handler before that, or when that person is no case handler any more.

    Only who handles the case may see the reporter's identity (decision 16).
    """
    if not handles_cases(user) or is_related(user, report):
        return False
    handler = report.handler
    return handler is None or handler.pk == user.pk or not handles_cases(handler)


def can_rule(user: User, report: Report) -> bool:
    """The committee, without who handles the case, who saw the reporter's identity or is of the reported team (R94).

    One question to the database for a member of the committee.
    """
    if not rules_cases(user) or report.handler_id == user.pk or is_related(user, report):
        return False
    return not has_seen_reporter(user, report)


def has_seen_reporter(user: User, report: Report) -> bool:
    """Whether the person, as a case handler of then or now, looked at who reported; every look is recorded."""
    looks = AuditEvent.objects.filter(target_type=report._meta.label_lower, target_id=str(report.pk))
    return looks.filter(verb=REVEALED, actor=user).exists()


def can_confirm_ruling(user: User, ruling: Ruling) -> bool:
    """Another member of the committee than who proposed the ruling."""
    return ruling.proposed_by_id != user.pk and can_rule(user, ruling.report)


def reports_visible_to(user: User, edition: Edition) -> QuerySet[Report]:
    """Reports that a case handler or a member of the committee may know of; for all others there are none."""
    if not (handles_cases(user) or rules_cases(user)):
        return Report.objects.none()
    related = Team.objects.belonging_to(user).values("pk")
    return Report.objects.filter(edition=edition).exclude(award__entry__team__in=related)


def get_case_for(user: User, edition: Edition, number: str) -> Report:
    """A report for a case handler; 404 for everybody else and for who is of the reported team."""
    if not handles_cases(user):
        raise Http404("case")
    return _report(user, edition, number)


def get_committee_case_for(user: User, edition: Edition, number: str) -> Report:
    """A report for a member of the committee; 404 for everybody else and for who is of the reported team."""
    if not rules_cases(user):
        raise Http404("case")
    return _report(user, edition, number)


def get_evidence_for(user: User, edition: Edition, key: UUID) -> Evidence:
    """A piece of evidence of a report that the person may know of; else 404."""
    found = (
        Evidence.objects.filter(key=key, report__in=reports_visible_to(user, edition))
        .select_related("report")
        .first()
    )
    if found is None:
        raise Http404("evidence")
    return found


def get_reported_notice(edition: Edition, number: int) -> PublicityNotice:
    """A notice that is or was public, for anybody; else 404 (R90)."""
    found = PublicityNotice.objects.filter(
        edition=edition, number=number, status__in=[NoticeStatus.PUBLISHED, NoticeStatus.CONCLUDED]
    ).first()
    if found is None:
        raise Http404("notice")
    return found


def get_own_report(edition: Edition, token: str) -> Report:
    """The report whose reporter holds ``token``; else 404."""
    found = (
        Report.objects.filter(edition=edition, access_hash=access_hash(token))
        .select_related(*_WITH)
        .defer(*_LARGE)
        .first()
    )
    if found is None:
        raise Http404("report")
    return found


def access_hash(token: str) -> str:
    """What is stored of the token that opens a report for its reporter."""
    return keyed_hash("report.access", token)


def _report(user: User, edition: Edition, number: str) -> Report:
    found = (
        reports_visible_to(user, edition).filter(number=number).select_related(*_WITH).defer(*_LARGE).first()
    )
    if found is None:
        raise Http404("case")
    return found
