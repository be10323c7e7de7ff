"""Lists of the office: preview a file, bring it in, take it back (R49-R51, R53, R58, R74, R89)."""

from __future__ import annotations

import base64
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final

from django.core.files.uploadedfile import SimpleUploadedFile, UploadedFile
from django.db import transaction
from django.db.models import QuerySet

from competition import audit, clock
from competition.documents import document_hash
from competition.errors import Invalid, NotAllowed, WrongState
from competition.files import clean_name, sha256_of
from competition.identity import name_key
from competition.lists import HOLIDAYS, ListKind, ListRow, all_kinds, read_list, row_key
from competition.models import Edition, ListEntry, ListImport, ListUpload, User
from competition.permissions import can_undo_list, works_on_lists
from competition.registries import list_changed
from competition.sheets import MOST_BYTES, MOST_ROWS, Sheet, read_rows, workbook

KEPT_FOR: Final = timedelta(days=1)
SOURCE_MOST: Final = 200
BATCH: Final = 1_000
_OFFICE_ONLY: Final = "只有秘书处工作人员可以导入名单。"

Place = tuple[int, str, str]


@dataclass(frozen=True)
class Preview:
    """A file as understood: rows to bring in; what is wrong; what is said twice, each (row, column, sentence)."""

    rows: list[ListRow]
    problems: list[Place]
    digest: str
    notes: list[Place]

    @property
    def can_be_brought_in(self) -> bool:
        return bool(self.rows) and not self.problems


def kinds(edition: Edition) -> dict[str, ListKind]:
    """The lists of an edition by key, in the order of the page."""
    return all_kinds(edition.texts("credit_lists"))


def template(kind: ListKind) -> bytes:
    """An xlsx file with the headings, a sample row, and a second sheet that says what belongs in each column."""
    help_rows = [[one.label, "必填" if one.required else "可不填", one.hint] for one in kind.columns]
    return workbook(
        [
            Sheet(kind.label, kind.labels, [list(row) for row in kind.samples]),
            Sheet("填写说明", ["列", "是否必填", "说明"], help_rows),
        ]
    )


def preview(edition: Edition, kind: str, upload: UploadedFile[Any]) -> Preview:
    """Understand a file without changing anything. Raises Invalid when it is no readable list at all."""
    found = _kind(edition, kind)
    reading = read_list(found, read_rows(upload, most_rows=MOST_ROWS, most_bytes=MOST_BYTES))
    problems, notes, rows = list(reading.problems), [], []
    first: dict[tuple[str, ...], ListRow] = {}
    column = found.columns[0].label
    for row in reading.rows:
        same = first.setdefault(row.key if kind != HOLIDAYS else (str(row.day or row.number),), row)
        if same is row:
            rows.append(row)
        elif same.detail.get("is_workday") != row.detail.get("is_workday"):
            problems.append((row.number, "类型", f"与第{same.number}行是同一天，类型却不同，请核对。"))
        else:
            notes.append((row.number, column, f"与第{same.number}行重复，只导入一次。"))
    notes += list(_known(edition, kind, column, rows))
    return Preview(rows, sorted(problems), sha256_of(upload), sorted(notes))


@transaction.atomic
def keep(edition: Edition, kind: str, upload: UploadedFile[Any], *, actor: User, source: str) -> ListUpload:
    """Keep a file until its preview is confirmed, a day at most, encrypted.

    Raises NotAllowed, Invalid (source over 200 characters; no readable file).
    """
    _require_office(actor)
    source = _source(source)
    read = preview(edition, kind, upload)
    ListUpload.objects.filter(edition=edition, kind=kind, actor=actor).delete()  # the newest counts
    return ListUpload.objects.create(
        edition=edition,
        kind=kind,
        file_name=clean_name(upload.name or ""),
        sha256=read.digest,
        content=base64.b64encode(b"".join(upload.chunks())).decode(),
        source=source,
        actor=actor,
        at=clock.real_now(),
    )


def waiting_of(actor: User) -> QuerySet[ListUpload]:
    """Files that ``actor`` uploaded within a day and has not confirmed."""
    return ListUpload.objects.filter(actor=actor, at__gte=clock.real_now() - KEPT_FOR)


def kept_file(kept: ListUpload) -> SimpleUploadedFile:
    """The bytes that were previewed."""
    return SimpleUploadedFile(kept.file_name, base64.b64decode(kept.content))


@transaction.atomic
def confirm(kept: ListUpload, *, actor: User, digest: str) -> ListImport:
    """Bring in exactly the previewed bytes; only who uploaded them may.

    Raises NotAllowed, WrongState (confirmed or gone meanwhile, another file), Invalid (problems).
    """
    row = ListUpload.objects.select_for_update(of=("self",)).filter(pk=kept.pk).first()
    if row is None or row.at < clock.real_now() - KEPT_FOR:
        raise WrongState("这份文件已经导入或已过期，请查看导入记录，需要时重新上传。")
    if row.actor_id != actor.pk:
        raise NotAllowed("须由上传文件的人确认导入。")
    upload = kept_file(row)
    if digest != row.sha256 or sha256_of(upload) != row.sha256:
        raise WrongState("文件与预览时不一致，请重新上传。")
    brought = bring_in(row.edition, row.kind, upload, actor=actor, source=row.source)
    row.delete()
    return brought


@transaction.atomic
def bring_in(
    edition: Edition, kind: str, upload: UploadedFile[Any], *, actor: User, source: str
) -> ListImport:
    """Bring a file's rows into force; all or nothing. ``count`` counts rows of the file.

    Raises NotAllowed, Invalid (a problem in any row, source too long), WrongState (the same file is in force).
    """
    _require_office(actor)
    source = _source(source)
    Edition.objects.select_for_update(no_key=True).only("pk").get(pk=edition.pk)
    read = preview(edition, kind, upload)
    if not read.can_be_brought_in:
        row, column, sentence = read.problems[0]
        raise Invalid({"file": f"还有{len(read.problems)}处需要更正，第{row}行“{column}”：{sentence}"})
    live = ListImport.objects.filter(edition=edition, kind=kind, undone_at__isnull=True)
    if same := live.filter(sha256=read.digest).first():
        raise WrongState(f"这份文件已于{_when(same)}导入，无需再次导入。")
    batch = ListImport.objects.create(
        edition=edition,
        kind=kind,
        file_name=clean_name(upload.name or ""),
        sha256=read.digest,
        source=source,
        count=len(read.rows),
        actor=actor,
    )
    ListEntry.objects.bulk_create(_entries(batch, read.rows), batch_size=BATCH)
    audit.record(
        actor, "list.imported", batch, edition=edition, kind=kind, rows=batch.count, sha256=read.digest
    )
    _follow(edition, kind)
    return batch


@transaction.atomic
def undo(list_import: ListImport, *, actor: User) -> ListImport:
    """Take an import back: its rows are not in force any more. Raises NotAllowed, WrongState (undone already)."""
    batch = (
        ListImport.objects.select_for_update(of=("self",)).select_related("edition").get(pk=list_import.pk)
    )
    if not can_undo_list(actor, batch):
        raise NotAllowed("只有导入人或秘书处负责人可以撤销这次导入。")
    if batch.undone_at is not None:
        raise WrongState("这次导入已经撤销。")
    batch.undone_at, batch.undone_by = clock.real_now(), actor
    batch.save(update_fields=["undone_at", "undone_by"])
    batch.entries.update(live=False)
    audit.record(actor, "list.undone", batch, edition=batch.edition, kind=batch.kind, rows=batch.count)
    _follow(batch.edition, batch.kind)
    return batch


def imported_days(edition: Edition) -> dict[date, bool]:
    """Whether each imported day is worked; what was imported last counts (R89). One query."""
    rows = ListEntry.objects.filter(edition=edition, kind=HOLIDAYS, live=True, day__isnull=False)
    days = rows.order_by("batch_id", "row").values_list("day", "detail__is_workday")
    return {day: bool(worked) for day, worked in days if day is not None}


def discard_old() -> int:
    """Discard files whose preview nobody confirmed within a day; returns how many."""
    gone, _ = ListUpload.objects.filter(at__lt=clock.real_now() - KEPT_FOR).delete()
    return gone


def _kind(edition: Edition, kind: str) -> ListKind:
    found = kinds(edition).get(kind)
    if found is None:
        raise Invalid({"kind": "没有这种名单。"})
    return found


def _source(source: str) -> str:
    source = source.strip()
    if len(source) > SOURCE_MOST:
        raise Invalid({"source": f"最多{SOURCE_MOST}字，现为{len(source)}字。"})
    return source


def _require_office(actor: User) -> None:
    if not works_on_lists(actor):
        raise NotAllowed(_OFFICE_ONLY)


def _known(edition: Edition, kind: str, column: str, rows: list[ListRow]) -> Iterator[Place]:
    """Rows that are in force already, with where they came from; one query."""
    live = ListEntry.objects.filter(edition=edition, kind=kind, live=True, part=0)
    fields = ("name_key", "credit_key", "document_hash", "project_key", "day")
    known = {
        row_key(**dict(zip(fields, values[:5], strict=True))): values[5:]
        for values in live.values_list(*fields, "batch__file_name", "row").iterator()
    }
    for row in rows:
        if found := known.get(row.key):
            yield row.number, column, f"名单中已有：“{found[0]}”第{found[1]}行。导入后两处都有效。"


def _entries(batch: ListImport, rows: Iterable[ListRow]) -> Iterator[ListEntry]:
    for row in rows:
        hashed = document_hash(row.document_type, row.document) if row.document else ""
        for part, name in enumerate((row.name, *row.aliases)):
            yield ListEntry(
                batch=batch,
                edition=batch.edition,
                kind=batch.kind,
                row=row.number,
                part=part,
                name=name,
                name_key=name_key(name)[:200],
                credit_key=row.credit_code if part == 0 else "",
                document=row.document if part == 0 else "",
                document_hash=hashed if part == 0 else "",
                project=row.project,
                project_key=name_key(row.project)[:200],
                day=row.day,
                detail=row.detail if part == 0 else {**row.detail, "also": row.name},
            )


def _follow(edition: Edition, kind: str) -> None:
    for _, follow in list_changed:
        follow(edition, kind)


def _when(batch: ListImport) -> str:
    return f"{batch.at:%Y-%m-%d}"
