"""States of a registration and the moves between them."""

from __future__ import annotations

from typing import Final

from django.db.models import TextChoices


class TeamStatus(TextChoices):
    DRAFT = "draft", "填写中"
    SUBMITTED = "submitted", "待资格审核"
    RETURNED = "returned", "退回修改"
    APPROVED = "approved", "报名成功"
    REJECTED = "rejected", "审核未通过"
    WITHDRAWN = "withdrawn", "已撤回"
    DISQUALIFIED = "disqualified", "已取消资格"


TRANSITIONS: Final[dict[str, frozenset[str]]] = {
    TeamStatus.DRAFT: frozenset({TeamStatus.SUBMITTED, TeamStatus.WITHDRAWN}),
    TeamStatus.SUBMITTED: frozenset(
        {
            TeamStatus.APPROVED,
            TeamStatus.RETURNED,
            TeamStatus.REJECTED,
            TeamStatus.DRAFT,  # taken back by the team itself, to be corrected
            TeamStatus.WITHDRAWN,
            TeamStatus.DISQUALIFIED,
        }
    ),
    TeamStatus.RETURNED: frozenset(
        {
            TeamStatus.SUBMITTED,
            TeamStatus.REJECTED,
            TeamStatus.WITHDRAWN,
            TeamStatus.DISQUALIFIED,
        }
    ),
    TeamStatus.APPROVED: frozenset({TeamStatus.WITHDRAWN, TeamStatus.DISQUALIFIED}),
    TeamStatus.REJECTED: frozenset(),
    TeamStatus.WITHDRAWN: frozenset(),
    TeamStatus.DISQUALIFIED: frozenset(),
}

#: Teams whose confirmed representatives may be on no other team (R52d).
LIVE: Final = frozenset({TeamStatus.DRAFT, TeamStatus.SUBMITTED, TeamStatus.RETURNED, TeamStatus.APPROVED})
#: States in which the team may edit its registration.
EDITABLE: Final = frozenset({TeamStatus.DRAFT, TeamStatus.RETURNED})
#: States of a team that has no entry yet, or never will.
BEFORE_APPROVAL: Final = EDITABLE | {TeamStatus.SUBMITTED, TeamStatus.REJECTED}


class Severity(TextChoices):
    BLOCK = "block", "不符合"
    STAFF = "staff", "需人工判断"
    INFO = "info", "提示"


class Verdict(TextChoices):
    APPROVE = "approve", "通过"
    RETURN = "return", "退回修改"
    REJECT = "reject", "不通过"
    DISQUALIFY = "disqualify", "取消资格"
