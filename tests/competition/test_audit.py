"""The audit log is append-only, sealed into a chain, and notices a rewritten past."""

from __future__ import annotations

from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import InternalError, connection, transaction

from competition import audit, clock
from competition.models import AuditEvent, AuditSeal, User


def _old_event(actor: User, verb: str) -> AuditEvent:
    return AuditEvent.objects.create(
        at=clock.real_now() - timedelta(hours=1),
        actor=actor,
        verb=verb,
        target_type="competition.user",
        target_id=str(actor.pk),
    )


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE competition_auditevent SET verb = 'x'",
        "DELETE FROM competition_auditevent",
        "TRUNCATE competition_auditevent",
    ],
)
def test_audit_rows_refuse_every_change(lihua: User, statement: str) -> None:
    audit.record(lihua, "test.did", lihua)
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")

    with pytest.raises(InternalError, match="Cannot"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)

    assert AuditEvent.objects.get().verb == "test.did"


def test_seal_chains_what_has_settled(lihua: User) -> None:
    _old_event(lihua, "test.first")
    audit.seal()
    _old_event(lihua, "test.second")
    audit.record(lihua, "test.fresh", lihua)

    sealed = audit.seal()

    first, second = AuditSeal.objects.order_by("id")
    assert sealed == 1
    assert (first.previous, second.previous) == (audit.GENESIS, first.head)
    assert audit.broken_seals() == []


def test_broken_seals_names_a_rewritten_past(lihua: User) -> None:
    _old_event(lihua, "test.first")
    audit.seal()

    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        cursor.execute("UPDATE competition_auditevent SET verb = 'test.forged'")
        cursor.execute("RESET session_replication_role")

    assert audit.broken_seals() == [AuditSeal.objects.get().pk]
    with pytest.raises(CommandError, match="审计链有1处与封存时不符"):
        call_command("verify_audit")


def test_verify_audit_finds_an_untouched_chain_whole(lihua: User) -> None:
    _old_event(lihua, "test.first")
    audit.seal()
    said = StringIO()

    call_command("verify_audit", stdout=said)

    assert said.getvalue() == "审计链完整。\n"
