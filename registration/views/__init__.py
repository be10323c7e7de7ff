"""Pages of the registration: the team's own, the confirmation by link, private files."""

from registration.views.confirmation import confirm, resend
from registration.views.corrections import correction, corrections
from registration.views.corrections import grant as grant_correction
from registration.views.corrections import queue as correction_queue
from registration.views.corrections import refuse as refuse_correction
from registration.views.corrections import unmask as unmask_correction
from registration.views.join import join, unit_consent
from registration.views.known import known_unit
from registration.views.proofs import not_applicable, proof, remove_proof, upload_proof
from registration.views.rows import remove_representative, remove_unit, reopen_representative
from registration.views.statements import statement, statement_state
from registration.views.steps import step
from registration.views.teams import start, take_back, team, teams, withdraw

__all__ = [
    "confirm",
    "correction",
    "correction_queue",
    "corrections",
    "grant_correction",
    "join",
    "known_unit",
    "not_applicable",
    "proof",
    "refuse_correction",
    "remove_proof",
    "remove_representative",
    "remove_unit",
    "reopen_representative",
    "resend",
    "start",
    "statement",
    "statement_state",
    "step",
    "take_back",
    "team",
    "teams",
    "unit_consent",
    "unmask_correction",
    "upload_proof",
    "withdraw",
]
