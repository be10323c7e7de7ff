"""Synthetic numbers of the right form: credit codes, resident IDs, telephones, certificates.

All are drawn from a ``random.Random`` that the caller seeds; none is taken from a real register.
"""

from __future__ import annotations

from datetime import date, timedelta
from random import Random
from typing import Final

CODE_ALPHABET: Final = "0123456789ABCDEFGHJKLMNPQRTUWXY"
CODE_WEIGHTS: Final = (1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28)
ID_WEIGHTS: Final = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
ID_CHECKS: Final = "10X98765432"
#: Birth dates of people who are not alive: a drawn number can be nobody's.
BORN_FROM: Final = date(1901, 1, 1)
BORN_DAYS: Final = 3650
#: How many mobile numbers there are.
MOBILES: Final = 6_000_000


def code_check(body: str) -> str:
    """The check character of GB 32100 for the first 17 characters of a credit code (R47)."""
    total = sum(weight * CODE_ALPHABET.index(char) for weight, char in zip(CODE_WEIGHTS, body, strict=True))
    return CODE_ALPHABET[-total % 31]


def credit_code(rng: Random, *, prefix: str = "91", county: str = "140105") -> str:
    """A credit code with a right check character; ``prefix`` names the registry and kind (91, 12, 52, 11)."""
    body = prefix + county + "MA" + "".join(rng.choice(CODE_ALPHABET) for _ in range(7))
    return body + code_check(body)


def spoil(code: str) -> str:
    """The same code with a wrong check character."""
    place = CODE_ALPHABET.index(code[-1])
    return code[:-1] + CODE_ALPHABET[(place + 1) % 31]


def id_check(body: str) -> str:
    """The check character (MOD 11-2) for the first 17 digits of a resident ID."""
    return ID_CHECKS[sum(weight * int(digit) for weight, digit in zip(ID_WEIGHTS, body, strict=True)) % 11]


def resident_id(rng: Random, county: str) -> str:
    """A resident ID of nobody: a county's code, a birth date of 1901 to 1910, a right check character."""
    born = BORN_FROM + timedelta(days=rng.randrange(BORN_DAYS))
    body = f"{county}{born:%Y%m%d}{rng.randrange(1, 1000):03d}"
    return body + id_check(body)


def mobile(rng: Random) -> str:
    """Eleven digits of a satellite telephone (1740 0 to 1740 5): valid in form, in hardly anybody's pocket."""
    return mobile_at(rng.randrange(6) * 1_000_000 + rng.randrange(1_000_000))


def mobile_at(place: int) -> str:
    """The number at a place of the range; another one for each place, from the start again after the last."""
    return f"1740{place % MOBILES:07d}"


def patent_number(rng: Random) -> str:
    """A Chinese invention patent's number in form (ZL + year + kind + serial + check)."""
    return f"ZL{rng.randrange(2019, 2025)}1{rng.randrange(1_000_000):06d}.{rng.choice('0123456789X')}"


def copyright_number(rng: Random) -> str:
    """A software copyright registration number in form."""
    return f"{rng.randrange(2020, 2026)}SR{rng.randrange(100_000, 2_000_000):07d}"


def contract_number(rng: Random) -> str:
    """A contract's number as companies write them."""
    return f"HT-{rng.randrange(2022, 2026)}-{rng.randrange(1, 900):04d}"
