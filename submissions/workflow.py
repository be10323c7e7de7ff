"""States of an entry and the moves between them."""

from __future__ import annotations

from typing import Final

from django.db.models import TextChoices


class EntryStatus(TextChoices):
    DRAFT = "draft", "撰写中"
    SUBMITTED = "submitted", "已提交，待形式审查"
    RETURNED = "returned", "退回修改"
    ACCEPTED = "accepted", "形式审查通过"
    REJECTED = "rejected", "形式审查未通过"
    WITHDRAWN = "withdrawn", "已退出"


TRANSITIONS: Final[dict[str, frozenset[str]]] = {
    EntryStatus.DRAFT: frozenset({EntryStatus.SUBMITTED, EntryStatus.WITHDRAWN}),
    EntryStatus.SUBMITTED: frozenset(
        {
            EntryStatus.SUBMITTED,
            EntryStatus.ACCEPTED,
            EntryStatus.RETURNED,
            EntryStatus.REJECTED,
            EntryStatus.WITHDRAWN,
        }
    ),
    EntryStatus.RETURNED: frozenset({EntryStatus.SUBMITTED, EntryStatus.REJECTED, EntryStatus.WITHDRAWN}),
    EntryStatus.ACCEPTED: frozenset({EntryStatus.WITHDRAWN}),
    EntryStatus.REJECTED: frozenset(),
    EntryStatus.WITHDRAWN: frozenset(),
}

#: States in which the team may edit the application form (editing after submit needs no withdrawal).
EDITABLE: Final = frozenset({EntryStatus.DRAFT, EntryStatus.SUBMITTED, EntryStatus.RETURNED})


class FormalVerdict(TextChoices):
    ACCEPT = "accept", "通过"
    RETURN = "return", "退回修改"
    REJECT = "reject", "不通过"
