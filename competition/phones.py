"""Phone numbers as accounts keep and compare them: ``+8613800138000``."""

from __future__ import annotations

from competition.crypto import keyed_hash
from competition.identity import mask_phone, mobile_problem, normalise_mobile

COUNTRY = "+86"


def international(text: str) -> str:
    """The number with its country code; ValueError with the sentence why it is none."""
    if problem := mobile_problem(text):
        raise ValueError(problem)
    return f"{COUNTRY}{normalise_mobile(text)}"


def phone_hash(phone: str) -> str:
    """What equal numbers have in common, written with or without country code; '' for none."""
    number = phone.replace(" ", "").replace("-", "")
    return keyed_hash("user.phone", f"{COUNTRY}{number.removeprefix(COUNTRY)}") if number else ""


def masked(phone: str) -> str:
    """``138****8000`` for a number with or without country code; '' for none."""
    return mask_phone(phone.removeprefix(COUNTRY)) if phone else ""
