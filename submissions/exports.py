"""The queue of the formal check as a table, and all that the entries say as a workbook."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any, Final

from django.db.models import OuterRef, QuerySet, Subquery
from django.http import HttpRequest

from competition.admin.exporting import listed
from competition.exports import Export, Workbook
from competition.form_schema.tabulating import Book, tabulate
from competition.models import Edition, User
from registration.models import Unit
from registration.permissions import is_officer
from submissions.comparison import version_of
from submissions.form import schema_of
from submissions.models import Entry, Receipt
from submissions.services.drafts import draft_content

COLUMNS = (
    "编号", "团队编号", "项目", "团队", "赛道", "赛题", "牵头单位", "统一社会信用代码", "状态", "最近提交时间", "补正期限",
)  # fmt: skip
#: What stands before the form's own columns on the first sheet, and before the rows of every other.
ENTRY_COLUMNS: Final = (
    "编号", "团队编号", "团队", "赛道", "状态", "内容来源", "提交时间", "牵头单位", "参赛单位数",
)  # fmt: skip
ROW_COLUMNS: Final = ("编号", "项目")
CHUNK: Final = 100


def entries(edition: Edition, user: User, request: HttpRequest) -> Export | None:
    """For officers and the chief, with the filters of the queue."""
    if not is_officer(user):
        return None
    return Export("形式审查", COLUMNS, lambda: _rows(listed(request, Entry)))


def _rows(rows: QuerySet[Entry]) -> Iterator[list[Any]]:
    lead = Unit.objects.filter(team=OuterRef("team"), is_lead=True)
    found = rows.select_related("team__topic__track").annotate(
        lead_name=Subquery(lead.values("name")[:1]), lead_code=Subquery(lead.values("credit_code")[:1])
    )
    for entry in found.iterator(chunk_size=500):
        team = entry.team
        yield [
            entry.reference, team.reference, team.project_name, team.name,
            team.topic.track.name if team.topic else "", str(team.topic or ""),
            entry.lead_name, entry.lead_code, entry.get_status_display(),
            entry.submitted_at, entry.correction_until,
        ]  # fmt: skip


def forms(edition: Edition, user: User, request: HttpRequest) -> Workbook | None:
    """Every structured field of the submitted entries, with the filters of the queue; for officers and the chief.

    What the version says that counts. Document numbers and phones are masked: versions hold no others.
    """
    return _workbook("参赛项目", edition, user, request)


def drafts(edition: Edition, user: User, request: HttpRequest) -> Workbook | None:
    """The same, and entries that were never submitted as they stand now."""
    return _workbook("参赛项目（含草稿）", edition, user, request, drafts=True)


def _workbook(
    title: str, edition: Edition, user: User, request: HttpRequest, *, drafts: bool = False
) -> Workbook | None:
    if not is_officer(user):
        return None
    book = tabulate(schema_of(edition))
    sheets = tuple(
        (table.title, (*(ENTRY_COLUMNS if at == 0 else ROW_COLUMNS), *table.labels))
        for at, table in enumerate(book.tables)
    )
    return Workbook(title, sheets, lambda: _form_rows(listed(request, Entry), edition, book, drafts))


def _form_rows(
    rows: QuerySet[Entry], edition: Edition, book: Book, drafts: bool
) -> Iterator[tuple[int, list[Any]]]:
    found = rows.filter(edition=edition).select_related("team__topic__track", "edition").order_by("id")
    all_entries = found.defer("edition__form", "edition__rubrics").iterator(chunk_size=CHUNK)
    while chunk := list(islice(all_entries, CHUNK)):
        for entry, source, content in _contents(chunk, drafts):
            version = version_of(content)
            lead = _lead(entry, source, version.units.values())
            for at, row in book.rows(version):
                yield at, [*(lead if at == 0 else (entry.reference, entry.team.project_name)), *row]


def _contents(chunk: list[Entry], drafts: bool) -> Iterator[tuple[Entry, str, dict[str, Any]]]:
    """The content that counts of each entry that has one; a query for all of them."""
    receipts = (
        Receipt.objects.filter(revision__entry__in=chunk)
        .order_by("revision__entry_id", "-id")
        .distinct("revision__entry_id")
        .select_related("revision")
        .defer("revision__private")
    )
    counts = {receipt.revision.entry_id: receipt.revision for receipt in receipts}
    for entry in chunk:
        revision = counts.pop(entry.pk, None)
        if revision is not None:
            yield entry, str(revision), revision.content
        elif drafts:
            yield entry, "草稿", draft_content(entry)


def _lead(entry: Entry, source: str, units: Iterable[str]) -> list[Any]:
    names, team = list(units), entry.team
    return [
        entry.reference, team.reference, team.name, team.topic.track.name if team.topic else "",
        entry.get_status_display(), source, entry.submitted_at, names[0] if names else "", len(names),
    ]  # fmt: skip
