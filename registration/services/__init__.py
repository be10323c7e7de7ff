"""Verbs of the registration: each refuses first, then changes, records and notifies in one transaction."""

from registration.services.confirmation import confirm, remind, send_confirmation
from registration.services.findings import refresh_findings
from registration.services.known import known_unit
from registration.services.proofs import add_proof, declare_not_applicable, remove_proof
from registration.services.reminders import send_reminders
from registration.services.representatives import (
    add_representative,
    remove_representative,
    reopen_representative,
    save_representative,
    save_representatives,
    set_contact,
)
from registration.services.reviewing import (
    Blocked,
    approve,
    approve_clear,
    disqualify,
    reject,
    return_for_correction,
)
from registration.services.submitting import missing, submit, take_back, withdraw
from registration.services.teams import save_team, start_team
from registration.services.units import add_unit, remove_unit, save_unit, save_units, set_lead

__all__ = [
    "Blocked",
    "add_proof",
    "add_representative",
    "add_unit",
    "approve",
    "approve_clear",
    "confirm",
    "declare_not_applicable",
    "disqualify",
    "known_unit",
    "missing",
    "refresh_findings",
    "reject",
    "remind",
    "remove_proof",
    "remove_representative",
    "remove_unit",
    "reopen_representative",
    "return_for_correction",
    "save_representative",
    "save_representatives",
    "save_team",
    "save_unit",
    "save_units",
    "send_confirmation",
    "send_reminders",
    "set_contact",
    "set_lead",
    "start_team",
    "submit",
    "take_back",
    "withdraw",
]
