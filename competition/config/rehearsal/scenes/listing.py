"""The office brings in its lists: who is barred by a credit record, and who won the national final before."""

from __future__ import annotations

from collections.abc import Iterable

from django.core.files.uploadedfile import SimpleUploadedFile

from competition import roles
from competition.config.rehearsal import breaches
from competition.config.rehearsal.ledger import Cases
from competition.config.rehearsal.theatre import Theatre
from competition.lists import WINNERS, ListKind
from competition.models import ListImport
from competition.services import lists
from competition.sheets import Sheet, workbook


def not_brought_in(theatre: Theatre) -> list[int]:
    """What waits: nothing once a list of this edition is in force."""
    return [] if ListImport.objects.filter(edition=theatre.edition).exists() else [0]


def bring_in(theatre: Theatre, row: int, cases: Cases) -> None:
    """One file for each list: the teams that break these rules stand in them, by code and by project."""
    kinds = lists.kinds(theatre.edition)
    debtors = next((one for one in kinds.values() if one.rule == breaches.BLACKLISTED.rule), None)
    if debtors is not None:
        _file(theatre, debtors, (
            {"名称或姓名": plan.units[0].name, "统一社会信用代码": plan.units[0].credit_code, "案号或文号": "演练1号"}
            for plan in theatre.plans if plan.breaks(breaches.BLACKLISTED)
        ))  # fmt: skip
    _file(theatre, kinds[WINNERS], (
        {"获奖单位": plan.units[0].name, "项目名称": plan.project_name, "年份": "2024", "奖项": "二等奖"}
        for plan in theatre.plans if plan.breaks(breaches.PAST_WINNER)
    ))  # fmt: skip


def _file(theatre: Theatre, kind: ListKind, rows: Iterable[dict[str, str]]) -> None:
    cells = [[row.get(label, "") for label in kind.labels] for row in rows]
    upload = SimpleUploadedFile(f"{kind.label}.xlsx", workbook([Sheet(kind.label, kind.labels, cells)]))
    lists.bring_in(
        theatre.edition, kind.key, upload, actor=theatre.staff(roles.CHIEF), source="演练用的虚构名单"
    )
