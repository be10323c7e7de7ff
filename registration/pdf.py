"""The responsibility statement as a document: HTML from a registration's facts, PDF by the press."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import segno
from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse

from competition.models import Edition
from competition.press import print_pdf
from registration.facts import TeamFacts, UnitFacts
from registration.statement import grouped


def address_of(code: str) -> str:
    """The absolute address that the QR code holds."""
    return f"{settings.SITE_URL}{reverse('registration:statement_state', args=[code])}"


def render_statement(
    edition: Edition,
    team: TeamFacts,
    unit: UnitFacts,
    *,
    texts: Sequence[str],
    code: str,
    at: datetime,
) -> bytes:
    """The statement of one unit, A4; a second or so."""
    names = {one.id: one.name for one in team.units}
    address = address_of(code)
    context = {
        "edition": edition,
        "team": team,
        "unit": unit,
        "texts": texts,
        "people": [(one.name, names.get(one.unit_id or 0, "")) for one in team.people],
        "code": grouped(code),
        "address": address,
        "at": at,
        "qr": segno.make(address, error="q", micro=False).svg_data_uri(border=0, dark="#000"),
    }
    return print_pdf(render_to_string("registration/pdf/statement.html", context), code)[0]
