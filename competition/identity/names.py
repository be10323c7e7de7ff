"""Names of units in one spelling, for comparison."""

from __future__ import annotations

import unicodedata
from typing import Final

_BRACKETS: Final = str.maketrans("[{〔【「『〈《<", "(((((((((") | str.maketrans(
    "]}〕】」』〉》>", ")))))))))"
)


def name_key(name: str) -> str:
    """The name half-width, in one kind of brackets, without blanks and invisible characters, upper case.

    For comparing names, never for showing them.
    """
    plain = unicodedata.normalize("NFKC", name).translate(_BRACKETS)
    kept = (one for one in plain if unicodedata.category(one) not in ("Cc", "Cf") and not one.isspace())
    return "".join(kept).upper()
