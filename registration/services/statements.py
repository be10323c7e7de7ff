"""The responsibility statement of each unit: printed with its data, stamped, scanned, tied to its version (R56).

A scan whose QR code says that it was made from other facts than those of the registration cannot be
submitted; one without a readable code is for officers to look at.
"""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Final

from django.db import transaction

from competition import audit, outbox
from competition.codes import read_codes
from competition.errors import WrongState
from competition.models import OutboxMessage
from registration import statement
from registration.models import Team, Unit, UnitProof
from registration.pdf import render_statement
from registration.services.editing import lock_team
from registration.services.facts import gather
from registration.services.findings import refresh_when_submitted
from registration.services.scans import digest_from, texts_of

CHANNEL: Final = "statement.scan"
KIND: Final = "registration.statement"


def digest(team: Team) -> str:
    """SHA-256 (hex) over what the team's statements say now; three queries."""
    return digest_from(gather(team), team.edition)


def statement_pdf(unit: Unit) -> bytes:
    """The unit's statement as a PDF, from what is registered now; WrongState while it would have blanks."""
    team = unit.team
    facts = gather(team)
    if blanks := statement.lacking(facts):
        raise WrongState(f"请先填写{'、'.join(blanks)}，再下载申报主体责任声明。")
    mine = next(one for one in facts.units if one.id == unit.pk)
    code = statement.make_code(team.pk, mine.position, digest_from(facts, team.edition))
    return render_statement(
        team.edition, facts, mine, texts=texts_of(team.edition), code=code, at=team.updated_at
    )


def standing(code: str) -> str:
    """``same`` when the code is of what a registration says now, ``older`` of what it said once, ``none``."""
    said = statement.read_code(code)
    team = Team.objects.select_related("edition", "topic").filter(pk=said.team_id).first() if said else None
    if said is None or team is None:
        return statement.UNFOUND
    facts = gather(team)
    current = statement.make_code(team.pk, said.position, digest_from(facts, team.edition))
    known = any(unit.position == said.position for unit in facts.units)
    return statement.SAME if code == current and known else statement.OLDER


def request_reading(proof: UnitProof) -> None:
    """Ask for the QR code of a new scan to be read; in the transaction of the upload."""
    outbox.post(
        KIND,
        f"proof:{proof.pk}",
        "read",
        channel=CHANNEL,
        edition=proof.team.edition,
        data={"proof": proof.pk},
    )


def send_job(message: OutboxMessage) -> None:
    """The outbox's sender for this channel; a scan that was removed meanwhile is left alone."""
    proof = UnitProof.objects.filter(pk=message.data["proof"], unit__isnull=False).first()
    if proof is not None:
        read_scan(proof)


def read_scan(proof: UnitProof) -> str:
    """Read the QR code of a scan and keep it: the code, or '-' when none is found. Takes seconds."""
    suffix = Path(proof.file.name or "").suffix
    with tempfile.NamedTemporaryFile(suffix=suffix) as copy:
        with proof.file.open("rb") as stored:
            for chunk in stored.chunks():
                copy.write(chunk)
        copy.flush()
        found = statement.code_in(read_codes(Path(copy.name)))
    with transaction.atomic():
        team = lock_team(proof.team.pk)
        UnitProof.objects.filter(pk=proof.pk).update(statement_read=found)
        audit.record(None, "statement.read", proof, edition=team.edition, found=found != statement.NONE)
        refresh_when_submitted(team)
    return found
