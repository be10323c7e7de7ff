"""How people type numbers."""

from __future__ import annotations

import re
import unicodedata


def compact(text: str) -> str:
    """Half-width, upper case, without blanks, hyphens and invisible characters."""
    plain = unicodedata.normalize("NFKC", text)
    visible = (character for character in plain if unicodedata.category(character) not in ("Cc", "Cf"))
    return re.sub(r"[\s\-‐-―−]", "", "".join(visible)).upper()
