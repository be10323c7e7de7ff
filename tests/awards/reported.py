"""A published award and a report about it in a few rows: the ground of reports and rulings."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

from awards.models import Award, PublicityNotice, Report
from awards.services import reports
from awards.workflow import AwardStatus
from competition import clock
from competition.models import Edition, User
from submissions.models import Entry
from tests.awards.given import given
from tests.factories import pdf, resident_id

#: What a person who reports types; the names and numbers are nobody's.
NAME = "郑知晓"
DOCUMENT = resident_id(7)
PHONE = "13912345678"
UNIT = "太原某科技公司"
MATTER = "申报材料中的应用案例实际由其他单位完成，合同编号可以证明。"
FINDINGS = "已调阅合同原件并听取双方说明。"
ANSWER = "经核查，举报事项属实。"


def published(
    edition: Edition, entry: Entry, by: User, second: User, *, tier: str = "third", days: float = 5
) -> Award:
    """An award of ``entry`` on a public notice that ends in ``days`` (negative: it is over, not concluded)."""
    award = given(edition, by, entry, tier=tier, status=AwardStatus.PUBLISHED)
    now = clock.now(edition)
    ends = now + timedelta(days=days)
    number = PublicityNotice.objects.filter(edition=edition).count() + 51
    notice = PublicityNotice.objects.create(
        edition=edition, number=number, title=f"获奖名单公示{number}", status="published", proposed_by=by,
        proposed_at=now - timedelta(days=9), published_by=second, published_at=now - timedelta(days=8),
        last_day=ends.date(), ends_at=ends,
    )  # fmt: skip
    Award.objects.filter(pk=award.pk).update(notice=notice)
    return Award.objects.get(pk=award.pk)


def typed(**changes: Any) -> dict[str, Any]:
    """Everything that a report needs, with a piece of evidence."""
    return {
        "name": NAME,
        "document_type": "resident_id",
        "document_number": DOCUMENT,
        "phone": PHONE,
        "unit": UNIT,
        "matter": MATTER,
        "files": [evidence()],
    } | changes


def evidence(name: str = f"{NAME}的证据.pdf") -> SimpleUploadedFile:
    """A piece of evidence whose own name tells who made it."""
    return pdf(name)


def investigated(award: Award, handler: User) -> Report:
    """A report that was accepted and looked into."""
    report, _ = reports.receive(award, **typed())
    reports.accept(report, handler=handler)
    return reports.note_findings(report, handler=handler, findings=FINDINGS)
