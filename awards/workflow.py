"""States of awards, notices, reports, certificates and payouts, and the moves between them."""

from __future__ import annotations

from typing import Final

from django.db.models import TextChoices


class AwardStatus(TextChoices):
    PROPOSED = "proposed", "拟定"
    PUBLISHED = "published", "公示中"
    CONFIRMED = "confirmed", "已确认"
    VOID = "void", "未生效即取消"
    REVOKED = "revoked", "已撤销"
    RECLAIMED = "reclaimed", "已撤销并追回"


#: Decision 17. What was never confirmed is void; what was confirmed is revoked and, if paid, reclaimed.
AWARD: Final[dict[str, frozenset[str]]] = {
    AwardStatus.PROPOSED: frozenset({AwardStatus.PUBLISHED, AwardStatus.VOID}),
    AwardStatus.PUBLISHED: frozenset({AwardStatus.CONFIRMED, AwardStatus.VOID}),
    AwardStatus.CONFIRMED: frozenset({AwardStatus.REVOKED}),
    AwardStatus.REVOKED: frozenset({AwardStatus.RECLAIMED}),
    AwardStatus.RECLAIMED: frozenset(),
    AwardStatus.VOID: frozenset(),
}
#: Awards that count against the numbers and the money of the edition.
STANDING: Final = (AwardStatus.PROPOSED, AwardStatus.PUBLISHED, AwardStatus.CONFIRMED)


class NoticeStatus(TextChoices):
    PROPOSED = "proposed", "待第二人发布"
    PUBLISHED = "published", "公示中"
    CONCLUDED = "concluded", "公示结束"
    WITHDRAWN = "withdrawn", "未发布"


NOTICE: Final[dict[str, frozenset[str]]] = {
    NoticeStatus.PROPOSED: frozenset({NoticeStatus.PUBLISHED, NoticeStatus.WITHDRAWN}),
    NoticeStatus.PUBLISHED: frozenset({NoticeStatus.CONCLUDED}),
    NoticeStatus.CONCLUDED: frozenset(),
    NoticeStatus.WITHDRAWN: frozenset(),
}


class ReportStatus(TextChoices):
    RECEIVED = "received", "待受理"
    REFUSED = "refused", "不予受理"
    ACCEPTED = "accepted", "已受理，核查中"
    PROPOSED = "proposed", "已拟裁定，待组委会第二人确认"
    UPHELD = "upheld", "举报成立"
    DISMISSED = "dismissed", "举报不成立"


REPORT: Final[dict[str, frozenset[str]]] = {
    ReportStatus.RECEIVED: frozenset({ReportStatus.ACCEPTED, ReportStatus.REFUSED}),
    ReportStatus.ACCEPTED: frozenset({ReportStatus.PROPOSED}),
    # The second member of the committee agrees, or sends it back to be looked into again.
    ReportStatus.PROPOSED: frozenset({ReportStatus.UPHELD, ReportStatus.DISMISSED, ReportStatus.ACCEPTED}),
    ReportStatus.REFUSED: frozenset(),
    ReportStatus.UPHELD: frozenset(),
    ReportStatus.DISMISSED: frozenset(),
}
#: A report in one of these states holds up the award that it concerns.
OPEN_REPORT: Final = (ReportStatus.RECEIVED, ReportStatus.ACCEPTED, ReportStatus.PROPOSED)


class CertificateStatus(TextChoices):
    NUMBERED = "numbered", "已编号，待制作"
    ISSUED = "issued", "有效"
    REVOKED = "revoked", "已撤销"


CERTIFICATE: Final[dict[str, frozenset[str]]] = {
    CertificateStatus.NUMBERED: frozenset({CertificateStatus.ISSUED, CertificateStatus.REVOKED}),
    CertificateStatus.ISSUED: frozenset({CertificateStatus.REVOKED}),
    CertificateStatus.REVOKED: frozenset(),
}


class PayoutStatus(TextChoices):
    DUE = "due", "待领取"
    HANDED = "handed", "已登记领取，待第二人确认"
    PAID = "paid", "已领取"
    CANCELLED = "cancelled", "已取消"
    RECLAIMING = "reclaiming", "追回中"
    RECLAIMED = "reclaimed", "已追回"


PAYOUT: Final[dict[str, frozenset[str]]] = {
    PayoutStatus.DUE: frozenset({PayoutStatus.HANDED, PayoutStatus.CANCELLED}),
    # The second person confirms the handing over, or sends it back as mistaken.
    PayoutStatus.HANDED: frozenset({PayoutStatus.PAID, PayoutStatus.DUE, PayoutStatus.RECLAIMING}),
    PayoutStatus.PAID: frozenset({PayoutStatus.RECLAIMING}),
    PayoutStatus.RECLAIMING: frozenset({PayoutStatus.RECLAIMED}),
    PayoutStatus.RECLAIMED: frozenset(),
    PayoutStatus.CANCELLED: frozenset(),
}


class WorkStatus(TextChoices):
    DRAFT = "draft", "待团队同意"
    CONSENTED = "consented", "已同意，待发布"
    PUBLISHED = "published", "已发布"
    WITHDRAWN = "withdrawn", "已撤下"


WORK: Final[dict[str, frozenset[str]]] = {
    WorkStatus.DRAFT: frozenset({WorkStatus.CONSENTED, WorkStatus.WITHDRAWN}),
    # The team may take its consent back at any time.
    WorkStatus.CONSENTED: frozenset({WorkStatus.PUBLISHED, WorkStatus.DRAFT, WorkStatus.WITHDRAWN}),
    WorkStatus.PUBLISHED: frozenset({WorkStatus.DRAFT, WorkStatus.WITHDRAWN}),
    WorkStatus.WITHDRAWN: frozenset(),
}
