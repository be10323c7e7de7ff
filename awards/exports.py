"""Reports without who reported, payouts and certificates as tables."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest

from awards.forms.payouts import PayoutFilter
from awards.forms.reports import award_label
from awards.models import Certificate, Payout, Report
from awards.permissions.certificates import sees_certificates
from awards.permissions.payouts import payouts_visible_to, sees_payouts
from awards.permissions.reports import handles_cases, reports_visible_to, rules_cases
from awards.views.payouts import chosen_payouts
from awards.workflow import OPEN_REPORT
from competition.exports import Export
from competition.identity import mask_document
from competition.models import Edition, User
from competition.reference import document_label

REPORTS = (
    "编号", "被举报奖项", "状态", "公示期后提出", "收到时间", "应受理日期", "应裁定日期", "受理人", "受理时间",
)  # fmt: skip
PAYOUTS = (
    "团队", "项目", "奖项", "证书编号", "金额（元）", "状态", "领取人", "证件类型", "证件号码", "收据编号", "经办人",
    "领取时间", "复核人", "确认时间",
)  # fmt: skip
CERTIFICATES = (
    "证书编号",
    "奖项",
    "项目或单位",
    "团队",
    "状态",
    "编号时间",
    "签发时间",
    "撤销时间",
    "SHA-256",
)


def reports(edition: Edition, user: User, request: HttpRequest) -> Export | None:
    """Those that a case handler or the committee sees; never who reported, nor what was written (R94)."""
    if not (handles_cases(user) or rules_cases(user)):
        return None
    return Export("举报", REPORTS, lambda: _reports(reports_visible_to(user, edition), "all" in request.GET))


def _reports(rows: QuerySet[Report], everything: bool) -> Iterator[list[Any]]:
    chosen = rows if everything else rows.filter(status__in=OPEN_REPORT)
    chosen = chosen.select_related("award__tier", "award__entry__team", "handler").order_by(
        "received_at", "pk"
    )
    for one in chosen.iterator(chunk_size=500):
        yield [
            one.number, award_label(one.award), one.get_status_display(), one.is_late, one.received_at,
            one.accept_by, one.rule_by, one.handler.display_name if one.handler else "", one.accepted_at,
        ]  # fmt: skip


def payouts(edition: Edition, user: User, request: HttpRequest) -> Export | None:
    """For the undertaking unit and the chief, with the list's filters; documents masked."""
    if not sees_payouts(user):
        return None
    form = PayoutFilter(request.GET)
    return Export(
        "奖金发放", PAYOUTS, lambda: _payouts(chosen_payouts(payouts_visible_to(user, edition), form))
    )


def _payouts(rows: QuerySet[Payout]) -> Iterator[list[Any]]:
    for one in rows.select_related(
        "award__tier", "award__certificate", "award__entry__team", "handed_by", "confirmed_by"
    ).iterator(chunk_size=500):
        award, team = one.award, one.award.entry.team if one.award.entry else None
        certificate: Certificate | None = getattr(award, "certificate", None)
        yield [
            team.name if team else award.unit_name, team.project_name if team else "", str(award.tier),
            certificate.number if certificate else "", Decimal(one.amount_fen) / 100, one.get_status_display(),
            one.receiver, document_label(one.document_type), mask_document(one.document_number), one.receipt,
            one.handed_by.display_name if one.handed_by else "", one.handed_at,
            one.confirmed_by.display_name if one.confirmed_by else "", one.confirmed_at,
        ]  # fmt: skip


def certificates(edition: Edition, user: User, request: HttpRequest) -> Export | None:
    """Every certificate of the edition, for the office."""
    if not sees_certificates(user):
        return None
    return Export("证书", CERTIFICATES, lambda: _certificates(edition))


def _certificates(edition: Edition) -> Iterator[list[Any]]:
    rows = Certificate.objects.filter(award__edition=edition).select_related("award__entry__team", "tier")
    for one in rows.order_by("tier__position", "serial").iterator(chunk_size=500):
        entry = one.award.entry
        yield [
            one.number, str(one.tier), one.content.get("project") or one.content.get("unit", ""),
            entry.team.name if entry else "", one.get_status_display(),
            one.numbered_at, one.issued_at, one.revoked_at, one.sha256,
        ]  # fmt: skip
