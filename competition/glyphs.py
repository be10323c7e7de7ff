"""Whether the Song face of certificates and printed forms has every character (decision 18, records 134, 145)."""

from __future__ import annotations

import subprocess
from collections.abc import Iterable
from functools import lru_cache
from typing import Final

from fontTools.ttLib import TTFont

FAMILY: Final = "Noto Serif CJK SC"
#: So many characters are looked for in other fonts.
MOST: Final = 50
_ASK: Final = ("fc-match", "--format=%{family[0]}\n%{file}\n%{index}", f"{FAMILY}:style=Regular:lang=zh-cn")


class NoSongFace(RuntimeError):
    """The machine has no Song face: nothing can be printed, whatever the names are."""


@lru_cache(maxsize=1)
def characters() -> frozenset[int]:
    """Code points of the Song face that fontconfig finds. NoSongFace: it would print with another."""
    asked = subprocess.run(_ASK, capture_output=True, check=True, text=True, timeout=30)
    family, path, index = asked.stdout.splitlines()
    if family != FAMILY:
        raise NoSongFace(f"{FAMILY} is not installed (Debian: fonts-noto-cjk)")
    with TTFont(path, fontNumber=int(index), lazy=True) as font:
        return frozenset(font.getBestCmap())


def missing(texts: Iterable[str]) -> str:
    """Characters of the texts that the face has not, each once in the order met; '' when all are there."""
    known = characters()
    wanted = dict.fromkeys(character for text in texts for character in text if character > " ")
    return "".join(character for character in wanted if ord(character) not in known)


def unprintable(texts: Iterable[str]) -> str:
    """Characters of the texts that no font of this machine has; beyond fifty none is looked for elsewhere."""
    lacking = missing(texts)
    return "".join(one for one in lacking[:MOST] if not _elsewhere(ord(one))) + lacking[MOST:]


@lru_cache(maxsize=4096)
def _elsewhere(code: int) -> bool:
    """Whether another font would be taken for it."""
    asked = ("fc-list", f":charset={code:x}", "family")
    return bool(subprocess.run(asked, capture_output=True, check=True, timeout=30).stdout.strip())
