"""What the database itself keeps."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.utils import timezone

from competition.models import User
from submissions import services
from submissions.models import Attachment, Entry, EntrySection, FormalCheck, Receipt, Revision, RevisionPdf
from tests.submissions.conftest import pdf, settled


@pytest.fixture
def sealed(submitted: Receipt, qianjin: User) -> dict[type, Any]:
    """One row of each immutable table."""
    check = services.accept(submitted, officer=qianjin, checklist=settled(submitted.revision.entry.edition))
    made = services.make_pdf(submitted.revision_id)
    return {Revision: submitted.revision, Receipt: submitted, FormalCheck: check, RevisionPdf: made}


@pytest.mark.parametrize("model", [Revision, Receipt, FormalCheck, RevisionPdf])
def test_immutable_rows_refuse_every_change(sealed: dict[type, Any], model: Any) -> None:
    row = sealed[model]
    field = {Revision: "sha256", Receipt: "sha256", FormalCheck: "note", RevisionPdf: "sha256"}[model]
    table = model._meta.db_table

    for statement in (
        f"UPDATE {table} SET {field} = 'x' WHERE id = {row.pk}",
        f"DELETE FROM {table} WHERE id = {row.pk}",
        f"TRUNCATE {table} CASCADE",
    ):
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)

    before = model.objects.filter(pk=row.pk).values().get()
    assert before["id"] == row.pk


def test_attachment_keeps_its_facts_and_stays_removed(entry: Entry, lihua: User) -> None:
    attachment = services.attach(entry, slot="attachments.slides", upload=pdf(), actor=lihua)
    rows = Attachment.objects.filter(pk=attachment.pk)

    for changes in (
        {"name": "x.pdf"},
        {"sha256": "0" * 64},
        {"file": "other.pdf"},
        {"slot": "attachments.video"},
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            rows.update(**changes)
    with pytest.raises(DatabaseError), transaction.atomic():
        rows.delete()
    rows.update(removed_at=timezone.now())
    with pytest.raises(DatabaseError), transaction.atomic():
        rows.update(removed_at=None)


@pytest.mark.rule("R52b")
def test_a_team_has_one_entry(entry: Entry) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Entry.objects.create(team=entry.team, edition=entry.edition)


def test_a_section_is_there_once(entry: Entry, lihua: User) -> None:
    EntrySection.objects.create(entry=entry, key="overview", updated_by=lihua)

    with pytest.raises(IntegrityError), transaction.atomic():
        EntrySection.objects.create(entry=entry, key="overview", updated_by=lihua)


def test_version_numbers_and_receipts_are_there_once(submitted: Receipt, lihua: User) -> None:
    revision = submitted.revision
    with pytest.raises(IntegrityError), transaction.atomic():
        Revision.objects.create(
            entry=revision.entry,
            number=1,
            content={},
            form_digest="",
            sha256="",
            frozen_by=lihua,
            frozen_at=timezone.now(),
        )
    with pytest.raises(IntegrityError), transaction.atomic():
        Receipt.objects.create(
            revision=revision,
            number="HZ-other",
            scan=submitted.scan,
            arrived_at=timezone.now(),
            submitted_at=timezone.now(),
            submitted_by=lihua,
        )


def test_a_file_or_a_reason_and_a_scan_with_its_version(entry: Entry, lihua: User) -> None:
    for values in (
        {"slot": "attachments.slides"},
        {"slot": "scan", "file": "x.pdf"},
        {"slot": "attachments.slides", "file": "x.pdf", "not_applicable": "没有"},
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            Attachment.objects.create(entry=entry, uploaded_by=lihua, **values)


def test_return_without_a_reason_is_impossible(submitted: Receipt, qianjin: User) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        FormalCheck.objects.create(receipt=submitted, verdict="return", officer=qianjin)
