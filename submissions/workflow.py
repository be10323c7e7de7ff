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


class UploadStatus(TextChoices):
    ARRIVING = "arriving", "上传中"
    ARRIVED = "arrived", "已传完，正在检查"
    DONE = "done", "已收下"
    FAILED = "failed", "未能收下"
    EXPIRED = "expired", "逾期未传完"
    CANCELLED = "cancelled", "已取消"


UPLOAD: Final[dict[str, frozenset[str]]] = {
    UploadStatus.ARRIVING: frozenset({UploadStatus.ARRIVED, UploadStatus.EXPIRED, UploadStatus.CANCELLED}),
    UploadStatus.ARRIVED: frozenset({UploadStatus.DONE, UploadStatus.FAILED, UploadStatus.CANCELLED}),
    UploadStatus.DONE: frozenset(),
    UploadStatus.FAILED: frozenset(),
    UploadStatus.EXPIRED: frozenset(),
    UploadStatus.CANCELLED: frozenset(),
}


class VirusScan(TextChoices):
    """What a virus scanner said about a file; not yet scanned is never clean."""

    NOT_SCANNED = "none", "尚未查毒"
    CLEAN = "clean", "查毒未发现问题"
    INFECTED = "infected", "发现病毒"
    NOT_SCANNABLE = "unfit", "超出查毒上限，无法查毒"


#: What is said in place of a file with a virus.
WITHHELD: Final = "发现病毒，已停止提供"


class HintKind(TextChoices):
    MISSING = "missing", "缺少材料"
    OTHER_UNIT = "other_unit", "出现其他单位名称"
    SIMILAR = "similar", "与其他作品相似"
    CHANGED = "changed", "与上一版相比有变化"
