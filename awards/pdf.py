"""The certificate as a document: HTML from the frozen content, PDF by WeasyPrint."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any, Final

import segno
from django.conf import settings
from django.template.loader import render_to_string

from awards.models import Certificate
from competition.desk import address_in
from competition.press import print_pdf

#: Steps of the size at which a name is printed: up to so many characters, the class of the style sheet.
_STEPS: Final = ((16, "xl"), (24, "l"), (34, "m"))
#: Lines of units and people that leave room for large letters.
_ROOMY: Final = 4


def verification_address(certificate: Certificate) -> str:
    """The absolute address that the QR code holds: within the edition, by the token."""
    edition = certificate.award.edition
    return settings.SITE_URL + address_in(edition, "awards:certificates_verify", token=certificate.token)


def printed_texts(content: Mapping[str, Any]) -> Iterator[str]:
    """Every text of the content that names somebody or something."""
    for key in ("edition", "prize", "project", "team", "unit", "signature"):
        yield str(content.get(key, ""))
    yield from content.get("units", ())
    yield from content.get("people", ())


def render_certificate(certificate: Certificate) -> bytes:
    """One page, A4 landscape, from the frozen content, number and token alone; about a third of a second."""
    content = certificate.content
    address = verification_address(certificate)
    context = {
        "content": content,
        "number": certificate.number,
        "address": address,
        "by_number": settings.SITE_URL + address_in(certificate.award.edition, "awards:certificates_look_up"),
        "qr": segno.make(address, error="m", micro=False).svg_data_uri(border=0, dark="#14213d"),
        "date": date.fromisoformat(content["date"]),
        "size": size_of(content.get("project") or content.get("unit", "")),
        "dense": len(content.get("units", ())) + (len(content.get("people", ())) > _ROOMY) > _ROOMY - 1,
    }
    html = render_to_string("awards/pdf/certificate.html", context)
    return print_pdf(html, certificate.token)[0]


def size_of(name: str) -> str:
    """The class of the style sheet in which a name of this length stands on at most two lines."""
    return next((step for most, step in _STEPS if len(name) <= most), "s")
