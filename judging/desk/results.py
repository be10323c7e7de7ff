"""Results at the work desk."""

from __future__ import annotations

from django.db.models import Count, Exists, OuterRef, Q

from competition import stages
from competition.dashboards import Card
from competition.desk import DeskPage, address_in
from competition.models import Edition, User
from judging.models import Assignment, Replacement, Result
from judging.permissions.results import is_office
from judging.services.results import preview
from judging.workflow import AssignmentStatus, ResultStatus, Round


def pages(edition: Edition, user: User) -> list[DeskPage]:
    """For the office, with what a second person has to decide: the result, or who moves up."""
    if not is_office(user):
        return []
    proposed = Q(status=ResultStatus.PROPOSED) & ~Q(proposed_by=user)
    replacements = Replacement.objects.filter(proposed, result=OuterRef("pk"))
    rows = Result.objects.filter(edition=edition, round=Round.PRELIMINARY)
    text = "排名、名额分配、结果的提出与确认，以及名单变化和递补（四（三）2、3）。"
    url = address_in(edition, "judging:results_home")
    waiting = rows.filter(proposed | Exists(replacements))
    return [DeskPage(60, "结果与名额", text, url, group="初赛", waiting=waiting)]


def due_card(edition: Edition, user: User) -> list[Card]:
    """What stands before the preliminary's result once scoring is over: sheets, draws, votes, the proposal itself.

    One query before and afterwards; the result is counted through only while it is due.
    """
    if not is_office(user) or not _is_due(edition):
        return []
    wanted = preview(edition, Round.PRELIMINARY).wanted
    text = wanted[0] if wanted else "评分已经结束，没有待表决或待抽签的事项，可以提出结果。"
    if len(wanted) > 1:
        text += f"另有{len(wanted) - 1}项。"
    url = address_in(edition, "judging:results_home")
    return [Card("初赛结果待提出", text, url, "去办理", len(wanted) or 1)]


def _is_due(edition: Edition) -> bool:
    """Sheets were handed in, none is open or the stage is over, and no result was proposed that stands."""
    standing = Q(status__in=[ResultStatus.PROPOSED, ResultStatus.CONFIRMED])
    result = Result.objects.filter(standing, edition=OuterRef("edition"), round=Round.PRELIMINARY)
    rows = Assignment.objects.filter(~Exists(result), edition=edition, round=Round.PRELIMINARY)
    sheets = rows.aggregate(
        open=Count("pk", filter=Q(status=AssignmentStatus.OPEN)),
        submitted=Count("pk", filter=Q(status=AssignmentStatus.SUBMITTED)),
    )
    if not sheets["submitted"]:
        return False
    if not sheets["open"]:
        return True
    stage = stages.view(edition, stages.PRELIMINARY)
    return stage is not None and stage.phase is stages.Phase.OVER
