"""Results at the work desk."""

from __future__ import annotations

from django.db.models import Exists, OuterRef, Q

from competition.desk import DeskPage, address_in
from competition.models import Edition, User
from judging.models import Replacement, Result
from judging.permissions.results import is_office
from judging.workflow import ResultStatus, Round


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
