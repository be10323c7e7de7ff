"""Exports: short ones made at once, workbooks of everything made by a job and kept for some days."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import timedelta
from tempfile import TemporaryFile
from typing import Any, Final

from django.conf import settings
from django.core.files import File
from django.db import transaction

from competition import audit, clock, outbox
from competition.desk import address_in
from competition.errors import NotAllowed, Refusal
from competition.exports import Workbook, export_of, request_like
from competition.models import Edition, OutboxMessage, PreparedExport, User
from competition.sheets import Sheet, write_workbook

CHANNEL: Final = "competition.exports"
KIND: Final = "export.make"
KEPT_FOR: Final = timedelta(days=3)
LONGEST_QUERY: Final = 2000
GONE: Final = "您已没有查看这份名单的权限。"


class Counted:
    """Rows on their way, counted for the record."""

    def __init__(self, rows: Iterable[Any]) -> None:
        self._rows = rows
        self.count = 0

    def __iter__(self) -> Iterator[Any]:
        for row in self._rows:
            self.count += 1
            yield row


@transaction.atomic
def ask(edition: Edition, user: User, *, table: str, title: str, query: str) -> PreparedExport:
    """Have a workbook made for a person who may have it; while one with the same filters is being made, that one.

    Raises NotAllowed when the person may not have it.
    """
    query = query[:LONGEST_QUERY]
    if export_of(table, edition, user, request_like(edition, user, query)) is None:
        raise NotAllowed(GONE)
    User.objects.select_for_update(no_key=True).get(pk=user.pk)  # a double click asks once
    waiting = PreparedExport.objects.filter(user=user, edition=edition, table=table, query=query)
    same = waiting.filter(made_at__isnull=True).first()
    if same is not None:
        return same
    made = PreparedExport.objects.create(edition=edition, user=user, table=table, title=title, query=query)
    outbox.post(KIND, str(made.key), "1", channel=CHANNEL, edition=edition, data={"export": made.pk})
    return made


def send_export_job(message: OutboxMessage) -> None:
    """The outbox's sender for this channel."""
    make(message.data["export"])


def make(export_id: int) -> PreparedExport | None:
    """Write the workbook, unless that was done; constant memory. None when it was discarded meanwhile.

    Who may have it is asked again: a role may have ended since.
    """
    prepared = PreparedExport.objects.select_related("edition", "user").filter(pk=export_id).first()
    if prepared is None or prepared.made_at is not None:
        return prepared
    edition, user = prepared.edition, prepared.user
    export = export_of(prepared.table, edition, user, request_like(edition, user, prepared.query))
    if not isinstance(export, Workbook):
        return _failed(prepared, GONE)
    with TemporaryFile() as target:
        try:
            rows = Counted(export.rows())
        except Refusal as refusal:
            return _failed(prepared, refusal.sentence)
        write_workbook(target, [Sheet(title, list(columns), ()) for title, columns in export.sheets], rows)
        target.seek(0)
        prepared.file.save("", File(target), save=False)
    return _made(prepared, rows.count)


@transaction.atomic
def _made(prepared: PreparedExport, rows: int) -> PreparedExport:
    prepared.rows, prepared.made_at = rows, clock.real_now()
    prepared.save(update_fields=["file", "rows", "made_at"])
    audit.record(
        prepared.user,
        "export.made",
        prepared.edition,
        edition=prepared.edition,
        export=prepared.table,
        rows=rows,
    )
    page = address_in(prepared.edition, "competition:prepared_export", key=prepared.key)
    outbox.tell(
        prepared.user,
        "export.ready",
        str(prepared.key),
        "1",
        title=f"导出文件“{prepared.title}”已生成",
        body=f"共{rows}行，请在{KEPT_FOR.days}天内登录网站下载：{settings.SITE_URL}{page}",
        edition=prepared.edition,
    )
    return prepared


def _failed(prepared: PreparedExport, sentence: str) -> PreparedExport:
    prepared.problem, prepared.made_at = sentence[:200], clock.real_now()
    prepared.save(update_fields=["problem", "made_at"])
    return prepared


def discard_old() -> int:
    """Discard workbooks and their files after three days; returns how many."""
    old = list(PreparedExport.objects.filter(asked_at__lt=clock.real_now() - KEPT_FOR)[:200])
    for prepared in old:
        if prepared.file:
            prepared.file.delete(save=False)
        prepared.delete()
    return len(old)
